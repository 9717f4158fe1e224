using BacktestOps.Contracts;

namespace BacktestOps.Operations.Feedback;

/// <summary>Reads what users say, from every channel of a plan.</summary>
public interface IFeedbackReader
{
    /// <summary>Reads every channel. A channel that can't be read is a reading with <see cref="Verdict.Error"/>, not an exception.</summary>
    /// <param name="since">From when on messages count.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>One reading a channel, in the plan's order.</returns>
    Task<IReadOnlyList<FeedbackReading>> ReadAsync(DateTimeOffset since, CancellationToken cancellationToken);
}
