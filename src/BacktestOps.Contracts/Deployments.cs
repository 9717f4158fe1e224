using System.Text.Json.Serialization;

namespace BacktestOps.Contracts;

/// <summary>What a deployment was asked to do.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<DeploymentKind>))]
public enum DeploymentKind : long
{
    /// <summary>Bring up a new release.</summary>
    Deploy,

    /// <summary>Go back to a release that was good.</summary>
    Rollback,

    /// <summary>Mend what was found broken: an ended service, a link that points nowhere.</summary>
    Repair,
}

/// <summary>How a deployment ended.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<DeploymentOutcome>))]
public enum DeploymentOutcome : long
{
    /// <summary>It has not ended: it runs now, or its process died; <c>Resume-Deployment</c> finishes it.</summary>
    Open,

    /// <summary>The release that was asked for runs and was verified.</summary>
    Succeeded,

    /// <summary>It was refused before anything was changed.</summary>
    Refused,

    /// <summary>It failed, and what ran before runs again and was verified (or nothing ran before, and nothing runs now).</summary>
    RolledBack,

    /// <summary>It failed, and no rollback was wanted: what it left is what there is.</summary>
    Failed,
}

/// <summary>One step of a deployment, as it was recorded.</summary>
public sealed record DeploymentStep
{
    /// <summary>The step: <c>backup</c>, <c>stop</c>, <c>rollback.start</c>.</summary>
    public required string Name { get; init; }

    /// <summary>When it was begun, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long it took; null when its end was never recorded.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>How long it took the last time it succeeded; null when it never did.</summary>
    public TimeSpan? ExpectedDuration { get; init; }

    /// <summary>True when its end was recorded without a failure.</summary>
    public bool Succeeded { get; init; }

    /// <summary>What it found or did; the reason where it failed.</summary>
    public string? Detail { get; init; }
}

/// <summary>One deployment or rollback, as its journal tells it.</summary>
public sealed record Deployment
{
    /// <summary>Its number, in the order of beginning, from 1.</summary>
    public required int Id { get; init; }

    /// <summary>The plan's name.</summary>
    public required string Name { get; init; }

    /// <summary>What was asked for.</summary>
    public required DeploymentKind Kind { get; init; }

    /// <summary>The version that was asked for; null where none was.</summary>
    public string? Version { get; init; }

    /// <summary>The release that it was about: <c>000007-2.0.2</c>; null where it was refused before one was chosen.</summary>
    public string? Release { get; init; }

    /// <summary>The commit, or the digest of the archive, that the release was made from.</summary>
    public string? Revision { get; init; }

    /// <summary>The release that was live when it began; null when none was.</summary>
    public string? Previous { get; init; }

    /// <summary>The release that is live after it; null when none is.</summary>
    public string? Live { get; init; }

    /// <summary>How it ended.</summary>
    public required DeploymentOutcome Outcome { get; init; }

    /// <summary>All verifications of the release taken together.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Why: the operator's reason, or what failed.</summary>
    public string? Reason { get; init; }

    /// <summary>What to do next; null when nothing is left to do.</summary>
    public string? Action { get; init; }

    /// <summary>Who began it.</summary>
    public string? Operator { get; init; }

    /// <summary>When it began, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>From its beginning to its end; null while it is open.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Between the stop of the old process and the first healthy answer of the new; null when nothing was stopped.</summary>
    public TimeSpan? Gap { get; init; }

    /// <summary>True for the deployment whose release is live now.</summary>
    public bool IsCurrent { get; init; }

    /// <summary>True when the release that it was about is marked bad.</summary>
    public bool IsBad { get; init; }

    /// <summary>Its steps in the order of beginning.</summary>
    public IReadOnlyList<DeploymentStep> Steps { get; init => field = ReadableList.Of(value); } = ReadableList.Of<DeploymentStep>([]);

    /// <summary>What an operator must know beside how it ended: who could not be told of it. Empty for one read from the history.</summary>
    public IReadOnlyList<string> Notices { get; init => field = ReadableList.Of(value); } = ReadableList.Of<string>([]);

    /// <summary>The checks of this run, where it was run by this session; empty for one read from the history.</summary>
    public IReadOnlyList<CheckResult> Checks { get; init => field = ReadableList.Of(value); } = ReadableList.Of<CheckResult>([]);
}
