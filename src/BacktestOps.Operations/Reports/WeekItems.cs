using BacktestOps.Contracts;
using BacktestOps.Operations.FollowUps;

namespace BacktestOps.Operations.Reports;

/// <summary>The items of the fourth stage: the week of follow-ups, and whether to go back.</summary>
internal static class WeekItems
{
    public static IReadOnlyList<ReportSection> Of(LedgerView view) => [new ReportSection("4.1", Days(view)), new ReportSection("4.2", Criteria(view))];

    private static IReadOnlyList<ReportItem> Days(LedgerView view)
    {
        if (view.Schedules() is not [.., { Schedule: { } schedule } found])
            return [new ReportItem { Id = "4.1.schedule", Text = new Phrase("item.4.1.schedule"), State = ChecklistState.Open, Facts = [new ReportFact(new Phrase("no-evidence"))] }];
        var done = view.FollowUps(found.Evidence);
        var planned = new ReportItem
        {
            Id = "4.1.schedule", Text = new Phrase("item.4.1.schedule"), State = ChecklistState.Done, Evidence = [found.Evidence],
            Facts = [new ReportFact(new Phrase("schedule", schedule.Items.Count, schedule.TimeZone), found.Evidence)],
        };
        return [planned, .. schedule.Items.GroupBy(item => item.Day).OrderBy(day => day.Key).Select(day => Day(view, found.Evidence, day, done))];
    }

    private static ReportItem Day(
        LedgerView view, int schedule, IGrouping<DateOnly, ScheduledFollowUp> day, IReadOnlyList<(FollowUpData Data, Evidence.EvidenceRecord Record)> done)
    {
        var items = day.Select(planned => FollowUp(view, schedule, planned, [.. done.Where(entry => entry.Data.Day == planned.Day && entry.Data.Item == planned.Item)])).ToList();
        return new ReportItem
        {
            Id = $"4.1.{day.Key:yyyy-MM-dd}",
            Text = new Phrase("day", day.Key),
            State = ChecklistStates.Combine(items.Select(item => item.State)),
            Evidence = [.. items.SelectMany(item => item.Evidence).Distinct().Order()],
            Items = items,
        };
    }

    private static ReportItem FollowUp(LedgerView view, int schedule, ScheduledFollowUp planned, List<(FollowUpData Data, Evidence.EvidenceRecord Record)> records)
    {
        var item = new ReportItem { Id = $"4.1.{planned.Day:yyyy-MM-dd}.{planned.Item}", Text = new Phrase($"follow-up.{planned.Item}"), State = ChecklistState.Scheduled, Evidence = [schedule] };
        // A miss stands against everything; else the last look counts.
        var (data, record) = records.Find(entry => entry.Data.State == FollowUpState.Missed) is { Data: not null } missed ? missed : records.LastOrDefault();
        if (data is null)
            return view.AsOf < planned.Until
                ? item
                : item with { State = ChecklistState.Missed, Facts = [new ReportFact(new Phrase("follow-up.unseen"), schedule)] };
        if (data.State == FollowUpState.Missed)
            return item with { State = ChecklistState.Missed, Evidence = [record.Sequence], Facts = [new ReportFact(new Phrase("follow-up.missed"), record.Sequence)] };
        return item with
        {
            State = ChecklistStates.Of(record.Verdict),
            Evidence = [record.Sequence, .. data.Evidence],
            Facts = record.Verdict == Verdict.Pass ? [new ReportFact(new Phrase("follow-up.seen", new Raw(record.Observed ?? record.Expected)), record.Sequence)] : [CheckItem.Against(record)],
        };
    }

    private static List<ReportItem> Criteria(LedgerView view)
    {
        var last = view.Criteria().GroupBy(entry => entry.Criterion.Name).Select(name => name.Last()).OrderBy(entry => entry.Evidence).ToList();
        var items = new List<ReportItem> { ManualItems.Of(view, "4.2.reviewed") };
        items.AddRange(last.Select(entry => new ReportItem
        {
            Id = $"4.2.{entry.Criterion.Name}",
            Text = new Phrase($"criterion.{entry.Criterion.Name}"),
            State = ChecklistStates.Of(entry.Criterion.Verdict),
            Evidence = [entry.Evidence, .. entry.Criterion.Evidence],
            Facts = [.. Facts(entry.Criterion, entry.Evidence)],
        }));
        var state = ChecklistStates.Combine(last.Select(entry => ChecklistStates.Of(entry.Criterion.Verdict)));
        items.Add(new ReportItem
        {
            Id = "4.2.needed",
            Text = new Phrase("item.4.2.needed"),
            State = state,
            Evidence = [.. last.Select(entry => entry.Evidence)],
            Facts = [new ReportFact(new Phrase(last.Count == 0 ? "no-evidence" : $"needed.{(state is ChecklistState.Done ? "no" : state is ChecklistState.Failed ? "yes" : "unknown")}"), [.. last.Select(entry => entry.Evidence)])],
        });
        return items;
    }

    private static IEnumerable<ReportFact> Facts(RollbackCriterion criterion, int evidence)
    {
        yield return new ReportFact(new Phrase("criterion.seen", new Raw(criterion.Observed ?? "-"), new Raw(criterion.Expected), criterion.Samples), evidence);
        // Where a bound is stated below, the detail says the same.
        if (criterion is { Detail: { } detail, UpperBound: null }) yield return new ReportFact(new Phrase("criterion.detail", new Raw(detail)), evidence);
        if (criterion is { PValue: { } p, EffectSize: { } effect })
            yield return new ReportFact(
                new Phrase("criterion.test", criterion.Before ?? 0, criterion.Samples, Rounded(p, 4), Rounded(effect, 3), criterion.Ratio is { } ratio ? Rounded(ratio, 2) : "-"), evidence);
        if (criterion.UpperBound is { } bound) yield return new ReportFact(new Phrase("criterion.bound", criterion.Samples, Rounded(100 * bound, 1)), evidence);
    }

    private static decimal Rounded(double value, int places) => Math.Round((decimal)value, places, MidpointRounding.AwayFromZero);
}
