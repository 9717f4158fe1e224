namespace BacktestOps.Contracts;

/// <summary>The file with every variant of a sweep, open for reading.</summary>
/// <param name="BacktestId">The run's id.</param>
/// <param name="FileName">The file name that the publisher gives: <c>backtest-sweep-{id}.csv</c>.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Digest">SHA-256 of its bytes, lower-case hex, as the result document names it.</param>
/// <param name="Content">Its bytes, read from the beginning; disposed with this.</param>
public sealed record VariantsDocument(string BacktestId, string FileName, long Length, string Digest, Stream Content) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Content.Dispose();
}
