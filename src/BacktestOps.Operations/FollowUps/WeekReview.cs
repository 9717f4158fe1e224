using System.Globalization;
using BacktestOps.Contracts;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Monitoring;
using BacktestOps.Operations.Monitoring.Statistics;

namespace BacktestOps.Operations.FollowUps;

/// <summary>The week as a whole, from what its days left in the ledger.</summary>
internal static class WeekReview
{
    /// <summary>Judges the week.</summary>
    /// <param name="week">Every follow-up of the week but the review.</param>
    /// <param name="alerts">How fast failures came.</param>
    public static FollowUpFinding Judge(IReadOnlyList<FollowUp> week, IReadOnlyList<BurnAlert> alerts)
    {
        var missed = week.Where(item => item.State == FollowUpState.Missed).ToList();
        var open = week.Where(item => item.State is FollowUpState.Due or FollowUpState.Upcoming).ToList();
        var against = week.Where(item => item.State == FollowUpState.Done && item.Verdict != Verdict.Pass).ToList();
        var parts = new List<string>();
        if (against.Count > 0) parts.Add($"not passed: {Name(against)}");
        if (missed.Count > 0) parts.Add($"missed, and no later run can make up for it: {Name(missed)}");
        if (open.Count > 0) parts.Add($"not done: {Name(open)}");
        parts.AddRange(alerts.Where(alert => alert.Verdict != Verdict.Pass).Select(alert => $"burn rate of the {alert.Window.Name}: {alert.Detail}"));
        return new FollowUpFinding(
            Verdicts.Combine([.. week.Select(item => item.State == FollowUpState.Done ? item.Verdict!.Value : Verdict.Inconclusive), .. alerts.Select(alert => alert.Verdict)]),
            string.Create(
                CultureInfo.InvariantCulture,
                $"{week.Count(item => item is { State: FollowUpState.Done, Verdict: Verdict.Pass })} of {week.Count} follow-ups done and passed; {string.Join("; ", alerts.Select(alert => $"{alert.Window.Name}: {alert.Bad} of {alert.Total} checks failed"))}"),
            parts.Count > 0 ? string.Join("; ", parts) : null,
            [.. week.Select(item => item.Evidence).OfType<int>()]);
    }

    /// <summary>What was checked since a deployment ended, for burn rates: the checks of its days, and the requests of its watches.</summary>
    /// <param name="records">The ledger's records.</param>
    /// <param name="schedule">Whose week it is.</param>
    public static IReadOnlyList<BurnEvent> Events(IEnumerable<EvidenceRecord> records, ScheduleData schedule)
    {
        var events = new List<BurnEvent>();
        foreach (var record in records.Where(record => record.Deployment == schedule.Deployment && record.At >= schedule.DeployedAt))
        {
            if (MonitoringEvidence.Sample(record) is { IsMissed: false } sample)
                events.Add(new BurnEvent(record.At, sample.Endpoints.Sum(endpoint => endpoint.Requests), sample.Endpoints.Sum(endpoint => endpoint.Errors)));
            else if (record.Kind is "health" or "smoke" or "performance" && record.Verdict is Verdict.Pass or Verdict.Fail)
                events.Add(new BurnEvent(record.At, 1, record.Verdict == Verdict.Fail ? 1 : 0));
        }

        return events;
    }

    private static string Name(IEnumerable<FollowUp> items) => string.Join(", ", items.GroupBy(item => item.Day).Select(day => string.Create(
        CultureInfo.InvariantCulture, $"{day.Key:yyyy-MM-dd} ({string.Join(", ", day.Select(item => item.State == FollowUpState.Done ? $"{item.Item} {Deployments.Facts.Write(item.Verdict!.Value)}" : item.Item))})")));
}
