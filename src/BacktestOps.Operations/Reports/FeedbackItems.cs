using BacktestOps.Contracts;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Plans;

namespace BacktestOps.Operations.Reports;

/// <summary>What users said: from channels where the plan has any, else from who looked.</summary>
internal static class FeedbackItems
{
    private static readonly string[] Ids = ["3.3.channels", "3.3.bugs", "3.3.downloads"];

    public static IReadOnlyList<ReportItem> Of(LedgerView view, WatchFacts watch)
    {
        var checks = watch.Checks(name => name.StartsWith("feedback ", StringComparison.Ordinal));
        return checks.Count == 0 ? [.. Ids.Select(id => ManualItems.Of(view, id))] : FromChannels(watch, checks);
    }

    private static IReadOnlyList<ReportItem> FromChannels(WatchFacts watch, IReadOnlyList<(WatchCheck Check, int Evidence)> checks)
    {
        var counts = watch.Samples.Where(entry => !entry.Sample.IsMissed).SelectMany(entry => entry.Sample.Feedback.Select(count => (Count: count, entry.Evidence))).ToList();
        var evidence = counts.Select(entry => entry.Evidence).Distinct().ToList();
        var unread = counts.Where(entry => entry.Count.Verdict is Verdict.Error or Verdict.Inconclusive).ToList();
        var read = unread.Count == 0 ? ChecklistState.Done : ChecklistStates.Combine(unread.Select(entry => ChecklistStates.Of(entry.Count.Verdict)));
        ReportFact[] faults = [.. unread.GroupBy(entry => (entry.Count.Channel, entry.Count.Detail)).Select(same => new ReportFact(
            new Phrase("channel.unread", new Raw(same.Key.Channel), new Raw(same.Key.Detail ?? "-")), [.. same.Select(entry => entry.Evidence)]))];
        var items = counts.Sum(entry => entry.Count.Items);
        ReportItem Item(string id, int against) => new()
        {
            Id = id,
            Text = new Phrase($"item.{id}"),
            State = watch.Summary is null ? ChecklistState.Open : against > 0 ? ChecklistState.Failed : read,
            Evidence = evidence,
            Facts = [.. faults, new ReportFact(new Phrase("feedback.count", against, items), evidence)],
        };

        _ = checks;
        return [Item(Ids[0], counts.Sum(entry => entry.Count.Negative)), Item(Ids[1], counts.Sum(entry => entry.Count.BugReports)), Positive(items, counts.Sum(entry => entry.Count.Positive))];

        ReportItem Positive(int all, int positive) => Item(Ids[2], 0) with { Facts = [.. faults, new ReportFact(new Phrase("feedback.positive", positive, all), evidence)] };
    }
}

/// <summary>Items that only a person can answer.</summary>
internal static class ManualItems
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["3.3.channels"] = ChecklistPlan.UserChannels,
        ["3.3.bugs"] = ChecklistPlan.BugReports,
        ["3.3.downloads"] = ChecklistPlan.UserReaction,
        ["4.2.reviewed"] = ChecklistPlan.CriteriaReviewed,
    };

    /// <summary>The ids of all of them.</summary>
    public static IReadOnlyCollection<string> Ids => Names.Keys;

    /// <summary>Whether a plan asks a person for an item.</summary>
    public static bool IsAsked(DeploymentData data, string id) => data.Manual?.Contains(Names[id]) ?? true;

    public static ReportItem Of(LedgerView view, string id)
    {
        var item = new ReportItem { Id = id, Text = new Phrase($"manual.{id}"), State = ChecklistState.Open, Facts = [new ReportFact(new Phrase("manual.open"))] };
        if (view.Answer(id) is not { } answered)
            return IsAsked(view.Data, id) ? item : item with { State = ChecklistState.NotApplicable, Evidence = [view.End.Sequence], Facts = [new ReportFact(new Phrase("manual.not-asked"), view.End.Sequence)] };
        var (answer, record) = answered;
        return item with
        {
            State = answer.Answer ? ChecklistState.Done : ChecklistState.Failed,
            AnsweredBy = answer.By,
            Evidence = [record.Sequence],
            Facts = [new ReportFact(new Phrase(answer.Answer ? "manual.yes" : "manual.no", answer.By, new Moment(record.At), answer.Comment is null ? new Phrase("empty") : new Phrase("because", new Raw(answer.Comment))), record.Sequence)],
        };
    }
}
