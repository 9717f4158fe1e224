using BacktestOps.Contracts;

namespace BacktestOps.Operations.Feedback.Channels;

/// <summary>Somewhere that users write to.</summary>
internal interface IFeedbackChannel
{
    /// <summary>Reads what came since a time, read-only: what is unread stays unread.</summary>
    /// <exception cref="FeedbackException">It can't be read.</exception>
    Task<ChannelContent> ReadAsync(DateTimeOffset since, int most, CancellationToken cancellationToken);
}

/// <summary>What a channel had.</summary>
/// <param name="Messages">The messages since the time that was asked for.</param>
/// <param name="Gap">Why this is not all; null when it is.</param>
internal sealed record ChannelContent(IReadOnlyList<ChannelMessage> Messages, string? Gap = null);

/// <summary>One message as its channel gives it.</summary>
/// <param name="Id">What the channel calls it.</param>
/// <param name="At">When the channel got it.</param>
/// <param name="From">Who wrote it; null where the channel does not say.</param>
/// <param name="Text">What was written; null where that can't be read.</param>
/// <param name="Problem">Why it can't be read, or not wholly; null where it can.</param>
/// <param name="IsByProgram">True when a program wrote it.</param>
internal sealed record ChannelMessage(string Id, DateTimeOffset At, string? From, string? Text, string? Problem = null, bool IsByProgram = false);

/// <summary>A feedback channel could not be read.</summary>
/// <param name="errorId">Stable id.</param>
/// <param name="message">What was wrong and where.</param>
/// <param name="recommendedAction">What to do next.</param>
/// <param name="innerException">What caused it.</param>
public sealed class FeedbackException(string errorId, string message, string recommendedAction, Exception? innerException = null)
    : BacktestOpsException(errorId, message, recommendedAction, innerException);
