namespace BacktestOps.Operations.Monitoring.Runs;

/// <summary>What a source says of one completed run.</summary>
/// <param name="Digest">SHA-256 of its result; null when it has none, or that can't be said.</param>
/// <param name="IsGone">True when it is surely not there, or can't be read by anybody.</param>
/// <param name="Problem">Why nothing can be said now; null when it can.</param>
internal readonly record struct RunDigest(string? Digest, bool IsGone, string? Problem);

/// <summary>A place where completed runs can be seen: the service's API, or its files.</summary>
internal interface IRunSource
{
    /// <summary>Stands before the ids of this source in the catalogue.</summary>
    string Prefix { get; }

    /// <summary>The runs that are there and may be completed; null, and why, when that can't be told.</summary>
    Task<(IReadOnlyList<ListedRun>? Runs, string? Problem)> ListAsync(CancellationToken cancellationToken);

    /// <summary>The result of a run.</summary>
    Task<RunDigest> ReadAsync(string id, CancellationToken cancellationToken);
}
