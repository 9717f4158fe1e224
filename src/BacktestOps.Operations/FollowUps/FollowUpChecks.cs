using System.Globalization;
using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Feedback;
using BacktestOps.Operations.Health;
using BacktestOps.Operations.Plans;

namespace BacktestOps.Operations.FollowUps;

/// <summary>What one follow-up found.</summary>
/// <param name="Verdict">What it concludes.</param>
/// <param name="Observed">What was seen, on one line; null for nothing.</param>
/// <param name="Detail">Why, where that does not say it all.</param>
/// <param name="Evidence">The numbers of the records that it rests on.</param>
internal sealed record FollowUpFinding(Verdict Verdict, string? Observed, string? Detail, IReadOnlyList<int> Evidence)
{
    /// <summary>What checks that were written to the ledger say together.</summary>
    public static FollowUpFinding Of(IReadOnlyList<(CheckResult Check, int Number)> checks)
    {
        var against = checks.Where(check => check.Check.Verdict != Verdict.Pass).Select(check => Checks.Describe(check.Check)).ToList();
        return new FollowUpFinding(
            Verdicts.Combine(checks.Select(check => check.Check.Verdict)),
            checks.Count == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{checks.Count - against.Count} of {checks.Count} checks passed"),
            against.Count > 0 ? string.Join("; ", against) : null,
            [.. checks.Select(check => check.Number)]);
    }
}

/// <summary>Looks at the service as the days after a deployment ask for it, and writes what it sees to the ledger.</summary>
/// <param name="plan">The plan.</param>
/// <param name="tools">The outside things.</param>
/// <param name="ledger">The ledger.</param>
/// <param name="schedule">Whose day it is.</param>
internal sealed class FollowUpChecks(DeploymentPlan plan, DeploymentTools tools, EvidenceLedger ledger, ScheduleData schedule)
{
    private IReadOnlyList<(CheckResult Check, int Number)>? _journey;

    /// <summary>Makes one of the daily follow-ups.</summary>
    /// <param name="item">Which.</param>
    /// <param name="since">From when on feedback is asked for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<FollowUpFinding> RunAsync(string item, DateTimeOffset since, CancellationToken cancellationToken)
    {
        try
        {
            return item switch
            {
                FollowUpItem.Health => await HealthAsync(cancellationToken).ConfigureAwait(false),
                FollowUpItem.Backtest => FollowUpFinding.Of([.. (await JourneyAsync(cancellationToken).ConfigureAwait(false)).Where(check => !IsDownload(check.Check))]),
                FollowUpItem.Download => FollowUpFinding.Of([.. (await JourneyAsync(cancellationToken).ConfigureAwait(false)).Where(check => IsDownload(check.Check))]),
                FollowUpItem.Feedback => await FeedbackAsync(since, cancellationToken).ConfigureAwait(false),
                FollowUpItem.Performance => FollowUpFinding.Of(await KeepAsync(
                    "performance", [await new PerformanceCheck(plan, tools, schedule).RunAsync(ledger.Read(), cancellationToken).ConfigureAwait(false)]).ConfigureAwait(false)),
                _ => new FollowUpFinding(Verdict.Error, null, $"This version does not know what '{item}' is.", []),
            };
        }
        catch (BacktestOpsException error) when (error.ErrorId != "LedgerDamaged")
        {
            // What kept a follow-up from being made is its result: the others of the day are made all the same.
            return new FollowUpFinding(Verdict.Error, null, $"{error.ErrorId}: {error.Message} {error.RecommendedAction}", []);
        }
    }

    private async Task<FollowUpFinding> HealthAsync(CancellationToken cancellationToken)
    {
        using var check = new HealthCheck(tools.Http?.Invoke(), tools.Clock);
        var report = await check.RunAsync(HealthExpectations.Of(plan, schedule.Version, null), cancellationToken).ConfigureAwait(false);
        return FollowUpFinding.Of(await KeepAsync("health", report.Checks).ConfigureAwait(false));
    }

    /// <summary>One journey answers for the backtest and for the download.</summary>
    private async Task<IReadOnlyList<(CheckResult Check, int Number)>> JourneyAsync(CancellationToken cancellationToken)
    {
        if (_journey is not null) return _journey;
        var outcome = await SmokeRuns.RunAsync(plan, tools, new DeploymentLayout(plan), schedule.Version, cancellationToken).ConfigureAwait(false);
        return _journey = await KeepAsync(Step.Smoke, outcome.Checks).ConfigureAwait(false);
    }

    private async Task<FollowUpFinding> FeedbackAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var feedback = new DeploymentFeedback(plan, tools);
        var readings = await feedback.ReadAsync(since, cancellationToken).ConfigureAwait(false);
        var numbers = await feedback.RecordAsync(readings, schedule.Deployment, cancellationToken).ConfigureAwait(false);
        var details = readings.Where(reading => reading.Detail is not null).Select(reading => $"{reading.Channel}: {reading.Detail}").ToList();
        return new FollowUpFinding(
            Verdicts.Combine(readings.Select(reading => reading.Verdict)),
            string.Join("; ", readings.Where(reading => reading.Verdict != Verdict.Error).Select(reading => $"{reading.Channel}: {FeedbackRecord.Observed(reading)}")) is { Length: > 0 } seen ? seen : null,
            details.Count > 0 ? string.Join("; ", details) : null,
            numbers);
    }

    private async Task<IReadOnlyList<(CheckResult Check, int Number)>> KeepAsync(string kind, IReadOnlyList<CheckResult> checks)
    {
        var kept = new List<(CheckResult, int)>();
        foreach (var check in checks)
            kept.Add((check, (await ledger.AppendAsync(EvidenceRecord.Of(kind, check, schedule.Deployment)).ConfigureAwait(false)).Sequence));
        return kept;
    }

    private static bool IsDownload(CheckResult check) =>
        check.Name.StartsWith("result: ", StringComparison.Ordinal) || check.Name is "unknown id: result" || check.Name.StartsWith("page file: ", StringComparison.Ordinal)
        || check.Name is "page: download" or "page: download time" or "page: file name";
}
