namespace BacktestOps.Runs;

/// <summary>What one run, and all that wait, may take. A home that serves strangers wants them lower.</summary>
public sealed record RunLimits
{
    /// <summary>Runs that may wait in this process; one more is refused.</summary>
    public int Queued { get; init; } = 20_000;

    /// <summary>Symbols of one run.</summary>
    public int Symbols { get; init; } = 1_000;

    /// <summary>Bars of one run, over all its symbols.</summary>
    public long Bars { get; init; } = 20_000_000;

    /// <summary>Combinations of one sweep, or as many as it draws of them.</summary>
    public long Variants { get; init; } = 10_000_000;

    /// <summary>How long one execution may take.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Processes that may die in a row while they execute a run and it gets no further; then it fails instead of being tried once more.</summary>
    public int Deaths { get; init; } = 5;
}
