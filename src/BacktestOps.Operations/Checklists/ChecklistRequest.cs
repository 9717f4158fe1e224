using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;

namespace BacktestOps.Operations.Checklists;

/// <summary>A run of the whole procedure.</summary>
public sealed record ChecklistRequest
{
    /// <summary>The version to bring up.</summary>
    public required string Version { get; init; }

    /// <summary>Why, for the record.</summary>
    public string? Reason { get; init; }

    /// <summary>How long to watch; null for what the plan says.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The time between two samples; null for what the plan says.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>The time between two lines of the record; null for what the plan says.</summary>
    public TimeSpan? RecordEvery { get; init; }

    /// <summary>True to go back by itself when a rollback criterion is met during the watch.</summary>
    public bool AutoRollback { get; init; }

    /// <summary>The language of the items and of the record's lines.</summary>
    public string Culture { get; init; } = "en-US";

    /// <summary>
    /// Asks a person; null to leave what only a person can answer open. It gets the item and gives the answer, or null when
    /// the person does not want to answer now.
    /// </summary>
    public Func<ChecklistItem, Task<ChecklistAnswer?>>? Ask { get; init; }

    /// <summary>Puts the follow-ups on the machine's scheduler; null to leave that out. It gives what an operator must know.</summary>
    public Func<CancellationToken, Task<IReadOnlyList<string>>>? Register { get; init; }

    /// <summary>Hears of each step of the deployment.</summary>
    public IProgress<StepProgress>? Progress { get; init; }

    /// <summary>Hears of each sample of the watch.</summary>
    public IProgress<WatchSample>? Sampled { get; init; }

    /// <summary>Hears what an operator must know beside the items.</summary>
    public IProgress<string>? Notices { get; init; }
}

/// <summary>A person's answer to an item.</summary>
/// <param name="IsYes">True when it is done and as it should be.</param>
/// <param name="Comment">What was said beside it; null for nothing.</param>
public sealed record ChecklistAnswer(bool IsYes, string? Comment = null);
