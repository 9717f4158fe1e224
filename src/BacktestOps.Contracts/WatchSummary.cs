namespace BacktestOps.Contracts;

/// <summary>A watch that has ended: what was due, what was seen, and its figures over all samples.</summary>
public sealed record WatchSummary
{
    /// <summary>The watch: when it began, <c>20260208T143000000Z</c>.</summary>
    public required string Watch { get; init; }

    /// <summary>The deployment that was watched; null where the root has none.</summary>
    public int? Deployment { get; init; }

    /// <summary>The version that was watched; null where none was live.</summary>
    public string? Version { get; init; }

    /// <summary>When it began, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended by the wall clock, UTC.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>How long it was to be, in seconds.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>From its begin to its last sample in seconds, by a clock that is never set.</summary>
    public required double WatchedSeconds { get; init; }

    /// <summary>How many slots were due in all of its duration.</summary>
    public required int Slots { get; init; }

    /// <summary>How many of them were seen.</summary>
    public required int Seen { get; init; }

    /// <summary>How many were missed, or never came because it ended before.</summary>
    public required int Missed { get; init; }

    /// <summary>How it ended.</summary>
    public required WatchEnding Ending { get; init; }

    /// <summary>A fail of any sample is a fail; a pass needs every slot to be seen.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    /// <summary>Each value over all samples beside its threshold.</summary>
    public IReadOnlyList<WatchFigure> Figures { get; init => field = ReadableList.Of(value); } = ReadableList.Of<WatchFigure>([]);

    /// <summary>What happened beside the figures, in its order.</summary>
    public IReadOnlyList<WatchIncident> Incidents { get; init => field = ReadableList.Of(value); } = ReadableList.Of<WatchIncident>([]);

    /// <summary>The numbers of the ledger's records that it rests on.</summary>
    public IReadOnlyList<int> Evidence { get; init => field = ReadableList.Of(value); } = ReadableList.Of<int>([]);

    /// <summary>The number of the rollback that it began; null for none.</summary>
    public int? Rollback { get; init; }
}

/// <summary>One value over all samples of a watch.</summary>
/// <param name="Name">What it is, as in the samples' checks.</param>
/// <param name="Verdict">The samples' verdicts taken together.</param>
/// <param name="Unit"><c>%</c>, <c>ms</c>, <c>count</c>.</param>
/// <param name="Slots">How many slots have a value.</param>
/// <param name="Samples">How many observations the values rest on.</param>
/// <param name="Mean">The mean of the slots' values; null without one.</param>
/// <param name="Max">The largest; null without one.</param>
/// <param name="Total">For a count, the sum; null otherwise.</param>
/// <param name="Limit">The threshold; null where nothing is asked.</param>
public sealed record WatchFigure(string Name, Verdict Verdict, string Unit, int Slots, int Samples, double? Mean, double? Max, double? Total, double? Limit);

/// <summary>The answer of one rollback criterion, from evidence alone.</summary>
public sealed record RollbackCriterion
{
    /// <summary>The criterion: <c>download_404</c>, <c>feature_broken</c>, <c>severe_slowdown</c>, <c>data_loss</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The deployment that is judged; null where the root has none.</summary>
    public int? Deployment { get; init; }

    /// <summary>
    /// <see cref="Verdict.Fail"/>: it is met, go back. <see cref="Verdict.Pass"/>: enough was seen, and it is not met.
    /// <see cref="Verdict.Inconclusive"/>: the evidence does not say.
    /// </summary>
    public required Verdict Verdict { get; init; }

    /// <summary>True when it says to go back.</summary>
    public bool IsMet => Verdict == Verdict.Fail;

    /// <summary>What must hold for the release to stay.</summary>
    public required string Expected { get; init; }

    /// <summary>What the evidence has; null when it has nothing.</summary>
    public string? Observed { get; init; }

    /// <summary>Why, where expected and observed do not say it all.</summary>
    public string? Detail { get; init; }

    /// <summary>How many observations it rests on.</summary>
    public required int Samples { get; init; }

    /// <summary>
    /// The largest share of failures that so many observations without one leave possible at 95 %: 1 − 0.05^(1/n). Null where
    /// there was a failure, or nothing was seen.
    /// </summary>
    public double? UpperBound { get; init; }

    /// <summary>How many observations there were before the deployment, for a comparison.</summary>
    public int? Before { get; init; }

    /// <summary>The one-sided exact p of the Mann-Whitney test: after is longer than before.</summary>
    public double? PValue { get; init; }

    /// <summary>Vargha and Delaney's A: the chance that a value from after is larger than one from before; 0.5 is no difference.</summary>
    public double? EffectSize { get; init; }

    /// <summary>The Hodges-Lehmann estimate of how many times as long answers take: the median of all ratios.</summary>
    public double? Ratio { get; init; }

    /// <summary>The numbers of the ledger's records that it rests on.</summary>
    public IReadOnlyList<int> Evidence { get; init => field = ReadableList.Of(value); } = ReadableList.Of<int>([]);

    /// <summary>When it was answered, UTC.</summary>
    public required DateTimeOffset At { get; init; }
}
