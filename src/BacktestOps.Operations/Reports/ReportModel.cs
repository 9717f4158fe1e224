using BacktestOps.Contracts;
using BacktestOps.Operations.Evidence;

namespace BacktestOps.Operations.Reports;

/// <summary>A text of the report in no language yet: its key, and what stands in its places.</summary>
/// <param name="Key">The key of <see cref="ReportText"/>.</param>
/// <param name="Values">Texts that were recorded, numbers, durations, moments, or further phrases.</param>
internal sealed record Phrase(string Key, params IReadOnlyList<object> Values);

/// <summary>One line under an item: what was seen.</summary>
internal sealed record ReportFact(Phrase Text, params IReadOnlyList<int> Evidence);

/// <summary>One item of the checklist, with what it rests on.</summary>
internal sealed record ReportItem
{
    /// <summary>Stable id: <c>2.3.file-name</c>.</summary>
    public required string Id { get; init; }

    public required ChecklistState State { get; init; }

    public required Phrase Text { get; init; }

    /// <summary>The records that it rests on, ascending.</summary>
    public IReadOnlyList<int> Evidence { get; init; } = [];

    /// <summary>What was seen, or why it is not done.</summary>
    public IReadOnlyList<ReportFact> Facts { get; init; } = [];

    public IReadOnlyList<ReportItem> Items { get; init; } = [];

    public TimeSpan? Expected { get; init; }

    public TimeSpan? Actual { get; init; }

    public string? AnsweredBy { get; init; }
}

/// <summary>A section of a stage: <c>2.3</c>.</summary>
internal sealed record ReportSection(string Number, IReadOnlyList<ReportItem> Items)
{
    public ChecklistState State => ChecklistStates.Combine(Items.Select(item => item.State));
}

/// <summary>A stage of the procedure.</summary>
internal sealed record ReportStage(int Number, TimeSpan? Expected, TimeSpan? Actual, IReadOnlyList<ReportSection> Sections)
{
    public ChecklistState State => ChecklistStates.Combine(Sections.Select(section => section.State));
}

/// <summary>A row of expected against actual times; null where a time is not known.</summary>
internal sealed record ReportTime(string Key, TimeSpan? Expected, TimeSpan? Actual, IReadOnlyList<int> Evidence);

/// <summary>A row of the watch, as it is shown: what the report's figures are computed of.</summary>
internal sealed record ReportSample(
    DateTimeOffset At, bool IsMissed, decimal? Cpu, decimal? Memory, decimal? MemoryMegabytes, decimal? Disk, decimal? Api, int? Errors, int Evidence);

/// <summary>An approval.</summary>
internal sealed record ReportApproval(ApprovalData Data, DateTimeOffset At, int Evidence);

/// <summary>What became of the deployment as a whole.</summary>
internal enum ReportState
{
    /// <summary>Everything is done.</summary>
    Complete,

    /// <summary>Everything that was due is done; follow-ups are still to come.</summary>
    FollowUpsOutstanding,

    /// <summary>Something that was due is open, missed or undecided.</summary>
    Incomplete,

    /// <summary>Something failed.</summary>
    Failed,

    /// <summary>The release was taken back.</summary>
    RolledBack,
}

/// <summary>The whole report, computed from a ledger, in no language yet.</summary>
internal sealed record ReportModel
{
    public required int Deployment { get; init; }

    public required DeploymentData Data { get; init; }

    /// <summary>When the deployment ended.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>The record of the deployment's end.</summary>
    public required int End { get; init; }

    /// <summary>The head of the ledger that the report was computed from.</summary>
    public required LedgerHead Head { get; init; }

    /// <summary>When that head was written: the time that the report speaks of.</summary>
    public required DateTimeOffset AsOf { get; init; }

    public required ReportState State { get; init; }

    /// <summary>The rollback that took the release back; null for none.</summary>
    public (int Deployment, int Evidence)? RolledBackBy { get; init; }

    public required IReadOnlyList<ReportStage> Stages { get; init; }

    public required IReadOnlyList<ReportItem> Acceptance { get; init; }

    public required IReadOnlyList<ReportTime> Times { get; init; }

    public required WatchFacts Watch { get; init; }

    public required IReadOnlyList<(RollbackCriterion Criterion, int Evidence)> Criteria { get; init; }

    public required IReadOnlyList<ReportApproval> Approvals { get; init; }

    /// <summary>Every item of every stage, those within items not among them.</summary>
    public IEnumerable<ReportItem> Items => Stages.SelectMany(stage => stage.Sections).SelectMany(section => section.Items);
}
