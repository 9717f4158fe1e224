using BacktestOps.Contracts;

namespace BacktestOps.Operations.Reports;

/// <summary>What must hold for a deployment to be accepted, each computed from the items that say so.</summary>
internal static class AcceptanceItems
{
    public static IReadOnlyList<ReportItem> Of(LedgerView view, WatchFacts watch, IReadOnlyList<ReportStage> stages)
    {
        var sections = stages.SelectMany(stage => stage.Sections).ToDictionary(section => section.Number);
        return
        [
            Item("deployed", view.RolledBackBy() is null ? ChecklistStates.Of(view.End.Verdict) : ChecklistState.Failed, [view.End.Sequence], new Phrase("item.accept.deployed", view.Data.Version ?? "-")),
            Item("health", sections["2.1"]),
            Item("smoke", stages[1].State, Evidence(stages[1].Sections)),
            Item("watch", watch.Coverage, watch.Summary is null ? watch.Evidence : [.. watch.Evidence, watch.SummaryEvidence],
                watch.First is { } first ? new Phrase("item.accept.watch-of", TimeSpan.FromSeconds(first.DurationSeconds)) : new Phrase("item.accept.watch")),
            // What the logs and the requests say; that somebody looked all the time is the item above.
            Item("errors", new ReportSection("3.1", [.. sections["3.1"].Items.Where(item => item.Id != "3.1.watched"), sections["3.2"].Items.Single(item => item.Id == "3.2.requests")])),
            Item("performance", new ReportSection("3.2", [.. sections["3.2"].Items.Where(item => item.Id != "3.2.requests")])),
            Item("feedback", sections["3.3"]),
            Item("criteria", sections["4.2"]),
        ];
    }

    private static ReportItem Item(string name, ReportSection section) => Item(name, section.State, Evidence([section]));

    private static ReportItem Item(string name, ChecklistState state, IReadOnlyList<int> evidence, Phrase? text = null) => new()
    {
        Id = $"accept.{name}", State = state, Text = text ?? new Phrase($"item.accept.{name}"), Evidence = evidence,
    };

    private static List<int> Evidence(IEnumerable<ReportSection> sections) =>
        [.. sections.SelectMany(section => section.Items).SelectMany(item => item.Evidence).Distinct().Order()];
}
