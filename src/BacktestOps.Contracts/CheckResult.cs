namespace BacktestOps.Contracts;

/// <summary>What one check found: its verdict, and the evidence that the verdict rests on.</summary>
public sealed record CheckResult
{
    /// <summary>What was checked, short: <c>services.database</c>, <c>HTTP status</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it was checked on: an address, a file, a process.</summary>
    public required string Subject { get; init; }

    /// <summary>What the check concludes.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>What was expected, as JSON or with its unit.</summary>
    public required string Expected { get; init; }

    /// <summary>What was seen, as JSON or with its unit; null when nothing was.</summary>
    public string? Observed { get; init; }

    /// <summary>Why the verdict is what it is, where expected and observed do not say it all.</summary>
    public string? Detail { get; init; }

    /// <summary>What to do next; null for a pass.</summary>
    public string? Action { get; init; }

    /// <summary>How many samples the verdict rests on.</summary>
    public int Samples { get; init; }

    /// <summary>From the first sample to the end of the last.</summary>
    public TimeSpan Window { get; init; }

    /// <summary>When the last sample was seen, UTC.</summary>
    public required DateTimeOffset ObservedAt { get; init; }

    /// <summary>What was kept of the samples, by digest; empty where nothing was.</summary>
    public IReadOnlyList<Artifact> Artifacts { get; init => field = ReadableList.Of(value); } = ReadableList.Of<Artifact>([]);
}
