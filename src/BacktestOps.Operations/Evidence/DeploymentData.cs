using System.Text.Json.Serialization;
using BacktestOps.Contracts;

namespace BacktestOps.Operations.Evidence;

/// <summary>The data of a record of kind <see cref="EvidenceKind.Deployment"/>: a deployment or rollback that ended.</summary>
public sealed record DeploymentData
{
    /// <summary>The plan's name.</summary>
    public required string Name { get; init; }

    /// <summary>What was asked for.</summary>
    public required DeploymentKind Kind { get; init; }

    /// <summary>How it ended.</summary>
    public required DeploymentOutcome Outcome { get; init; }

    /// <summary>The version that was asked for; null where none was.</summary>
    public string? Version { get; init; }

    /// <summary>The release that it was about; null where it was refused before one was chosen.</summary>
    public string? Release { get; init; }

    /// <summary>The commit, or the digest of the archive, that the release was made from; null where that was never found out.</summary>
    public string? Revision { get; init; }

    /// <summary>The release that was live before; null for none.</summary>
    public string? Previous { get; init; }

    /// <summary>The release that is live after it; null for none.</summary>
    public string? Live { get; init; }

    /// <summary>Who began it.</summary>
    public string? Operator { get; init; }

    /// <summary>Why: the operator's reason, or what failed.</summary>
    public string? Reason { get; init; }

    /// <summary>SHA-256 of the plan file that it followed.</summary>
    public string? PlanSha256 { get; init; }

    /// <summary>When it began, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>From its beginning to its end, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Between the stop of the old process and the first healthy answer of the new, in seconds; null when nothing was stopped.</summary>
    public double? GapSeconds { get; init; }

    /// <summary>What the plan asks for beside the rest, of <see cref="DeploymentScope"/>: what is not among it is not missing from a checklist.</summary>
    public IReadOnlyList<string> Scope { get; init; } = [];

    /// <summary>
    /// The items that the plan asks people for, of <see cref="Plans.ChecklistPlan.All"/>; null in records of before a plan could
    /// say so, which asked for all.
    /// </summary>
    public IReadOnlyList<string>? Manual { get; init; }

    /// <summary>Its steps in the order of beginning.</summary>
    public IReadOnlyList<DeploymentStepData> Steps { get; init; } = [];
}

/// <summary>What a plan may ask for, or not.</summary>
public static class DeploymentScope
{
    /// <summary>A database is backed up.</summary>
    public const string Database = "database";

    /// <summary>A journey through the API is made.</summary>
    public const string Smoke = "smoke";

    /// <summary>The journey leads through the page too.</summary>
    public const string Page = "page";

    /// <summary>What a plan asks for.</summary>
    /// <param name="plan">The plan.</param>
    internal static IReadOnlyList<string> Of(Plans.DeploymentPlan plan)
    {
        var scope = new List<string>();
        if (plan.Database is not null) scope.Add(Database);
        if (plan.Smoke is not null) scope.Add(Smoke);
        if (plan.Smoke?.Page is not null) scope.Add(Page);
        return scope;
    }
}

/// <summary>One step of a deployment that ended.</summary>
public sealed record DeploymentStepData
{
    /// <summary>The step: <c>backup</c>, <c>stop</c>, <c>rollback.start</c>.</summary>
    public required string Name { get; init; }

    /// <summary>When it was begun, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long it took, in seconds; null when its end was never recorded.</summary>
    public double? Seconds { get; init; }

    /// <summary>How long it took the last time it succeeded, in seconds; null when it never had.</summary>
    public double? ExpectedSeconds { get; init; }

    /// <summary>True when it ended without a failure.</summary>
    public required bool Succeeded { get; init; }

    /// <summary>What it found or did; the reason where it failed.</summary>
    public string? Detail { get; init; }
}

/// <summary>The JSON of <see cref="DeploymentData"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DeploymentData))]
internal sealed partial class DeploymentDataJson : JsonSerializerContext;
