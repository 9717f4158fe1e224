using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Notifications;

namespace BacktestOps.Operations.Monitoring;

/// <summary>Takes the samples of a watch together.</summary>
internal static class WatchEnd
{
    private const string Number = "count";

    /// <summary>The summary of a watch. A slot that was missed keeps the whole from being a pass; a fail of any sample is one of the whole.</summary>
    /// <param name="schedule">When slots were due.</param>
    /// <param name="recorded">The samples, with their records.</param>
    /// <param name="ending">How it ended.</param>
    /// <param name="at">When, by the wall clock, UTC.</param>
    /// <param name="reason">Why; null for the usual.</param>
    public static WatchSummary Summarize(
        WatchSchedule schedule, IReadOnlyList<RecordedSample> recorded, WatchEnding ending, DateTimeOffset at, string? reason)
    {
        var samples = recorded.Select(record => record.Sample).ToList();
        var seen = samples.Where(sample => !sample.IsMissed).ToList();
        var missed = schedule.Slots - seen.Count;
        var verdict = Verdicts.Combine([.. seen.Select(sample => sample.Verdict), .. missed > 0 ? (Verdict[])[Verdict.Inconclusive] : []]);
        return new WatchSummary
        {
            Watch = schedule.Watch,
            Deployment = samples.LastOrDefault()?.Deployment,
            Version = samples.LastOrDefault()?.Version,
            StartedAt = schedule.StartedAt,
            EndedAt = at,
            DurationSeconds = schedule.Duration.TotalSeconds,
            WatchedSeconds = seen.Count == 0 ? 0 : seen.Max(sample => sample.ElapsedSeconds),
            Slots = schedule.Slots,
            Seen = seen.Count,
            Missed = missed,
            Ending = ending,
            Verdict = verdict,
            Reason = reason ?? (missed == 0 ? null : $"not seen: {missed} of {Facts.Many(schedule.Slots, "slot")}"),
            Figures = [.. seen.SelectMany(sample => sample.Checks).Select(check => check.Name).Distinct().Select(name => Figure(name, seen))],
            Incidents = [.. samples.SelectMany(sample => sample.Incidents)],
            Evidence = [.. recorded.Select(record => record.Sequence)],
        };
    }

    /// <summary>What people are told of the end of a watch.</summary>
    /// <param name="name">The plan's name.</param>
    /// <param name="summary">The end.</param>
    /// <param name="met">The rollback criteria that were met.</param>
    public static Notification Tell(string name, WatchSummary summary, IReadOnlyList<RollbackCriterion> met) => new()
    {
        Event = NotificationEvent.Watch,
        Verdict = summary.Verdict,
        Title = $"the watch of {name} {summary.Version} ended: {Facts.Write(summary.Ending)}, {Facts.Write(summary.Verdict)}",
        Lines =
        [
            FormattableString.Invariant($"{summary.Seen} of {Facts.Many(summary.Slots, "sample")} seen, {summary.Missed} missed"),
            .. summary.Reason is { } reason ? (string[])[reason] : [],
            .. summary.Figures.Where(figure => figure.Verdict != Verdict.Pass).Select(figure => FormattableString.Invariant($"{figure.Name}: {Facts.Write(figure.Verdict)}, largest {figure.Max:0.##} {figure.Unit}, limit {figure.Limit:0.##}")),
            .. met.Select(criterion => $"{criterion.Name}: {criterion.Observed}"),
        ],
        Deployment = summary.Deployment,
    };

    private static WatchFigure Figure(string name, List<WatchSample> seen)
    {
        var checks = seen.SelectMany(sample => sample.Checks.Where(check => check.Name == name)).ToList();
        var values = checks.Select(check => check.Value).OfType<double>().ToList();
        return new WatchFigure(
            name,
            Verdicts.Combine(checks.Select(check => check.Verdict)),
            checks[^1].Unit,
            values.Count,
            checks.Sum(check => check.Samples),
            values.Count == 0 ? null : values.Average(),
            values.Count == 0 ? null : values.Max(),
            checks[^1].Unit == Number && values.Count > 0 ? values.Sum() : null,
            checks[^1].Limit);
    }
}
