using System.Text.Json.Serialization;

namespace BacktestOps.Contracts;

/// <summary>Where an item of a checklist stands.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<ChecklistState>))]
public enum ChecklistState : long
{
    /// <summary>Its evidence passes. Nothing else is ticked.</summary>
    Done,

    /// <summary>The deployment has nothing of the kind; it is not asked for.</summary>
    NotApplicable,

    /// <summary>Its time has not come.</summary>
    Scheduled,

    /// <summary>There is no evidence of it.</summary>
    Open,

    /// <summary>The evidence decides nothing.</summary>
    Inconclusive,

    /// <summary>It could not be looked at.</summary>
    Error,

    /// <summary>Its time passed unseen. Nothing ticks it any more.</summary>
    Missed,

    /// <summary>Its evidence fails.</summary>
    Failed,
}

/// <summary>States taken together.</summary>
public static class ChecklistStates
{
    /// <summary>The gravest of many; items that don't apply count for nothing, and no item at all is open.</summary>
    /// <param name="states">The states.</param>
    public static ChecklistState Combine(IEnumerable<ChecklistState> states)
    {
        var all = states.ToList();
        if (all.Count == 0) return ChecklistState.Open;
        var counted = all.Where(state => state != ChecklistState.NotApplicable).ToList();
        return counted.Count == 0 ? ChecklistState.NotApplicable : counted.Max();
    }

    /// <summary>The state that a verdict gives.</summary>
    /// <param name="verdict">The verdict.</param>
    public static ChecklistState Of(Verdict verdict) => verdict switch
    {
        Verdict.Pass => ChecklistState.Done,
        Verdict.Fail => ChecklistState.Failed,
        Verdict.Error => ChecklistState.Error,
        _ => ChecklistState.Inconclusive,
    };
}

/// <summary>One item of the deployment's checklist, as its evidence has it now.</summary>
public sealed record ChecklistItem
{
    /// <summary>Stable id: <c>2.3.file-name</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The stage: 1 deploy, 2 smoke test, 3 watch, 4 the week.</summary>
    public required int Stage { get; init; }

    /// <summary>The section: <c>2.3</c>.</summary>
    public required string Section { get; init; }

    /// <summary>What is asked.</summary>
    public required string Text { get; init; }

    /// <summary>Where it stands.</summary>
    public required ChecklistState State { get; init; }

    /// <summary>What was seen, or why it is not done.</summary>
    public string? Detail { get; init; }

    /// <summary>The numbers of the ledger's records that it rests on.</summary>
    public IReadOnlyList<int> Evidence { get; init => field = ReadableList.Of(value); } = ReadableList.Of<int>([]);

    /// <summary>How long it was expected to take; null where that is not known.</summary>
    public TimeSpan? ExpectedDuration { get; init; }

    /// <summary>How long it took; null where it was not done, or takes no time of its own.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Who answered it; null where the evidence did.</summary>
    public string? AnsweredBy { get; init; }

    /// <summary>The deployment that it belongs to; null before there is one.</summary>
    public int? Deployment { get; init; }
}

/// <summary>An approval of a deployment.</summary>
public sealed record DeploymentApproval
{
    /// <summary>The deployment.</summary>
    public required int Deployment { get; init; }

    /// <summary>The version that it brought up.</summary>
    public string? Version { get; init; }

    /// <summary>Who approved.</summary>
    public required string Approver { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The head of the ledger that was approved: nothing that came later is.</summary>
    public required LedgerHead Head { get; init; }

    /// <summary>True when the approver deployed it, and that was allowed.</summary>
    public bool IsSelfApproval { get; init; }

    /// <summary>What the approver says.</summary>
    public string? Comment { get; init; }

    /// <summary>How the checklist stood at that head.</summary>
    public required ChecklistState State { get; init; }

    /// <summary>The number of the approval's own record.</summary>
    public required int Evidence { get; init; }
}
