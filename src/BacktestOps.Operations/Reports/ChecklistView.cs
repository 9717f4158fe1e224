using BacktestOps.Contracts;

namespace BacktestOps.Operations.Reports;

/// <summary>A report's items as objects.</summary>
internal static class ChecklistView
{
    public static IReadOnlyList<ChecklistItem> Of(ReportModel model, ReportText text) =>
    [
        .. from stage in model.Stages
           from section in stage.Sections
           from item in section.Items
           select Of(model, stage.Number, section.Number, item, text),
    ];

    public static string DetailOf(ReportItem item, ReportText text)
    {
        var facts = item.Facts.Select(fact => text.Say(fact.Text, TextForm.Plain))
            .Concat(item.Items.Where(inner => item.Facts.Count == 0 && (inner.State != ChecklistState.Done || item.State == ChecklistState.Done))
                .Select(inner => $"{text.Say(inner.Text, TextForm.Plain)}{(inner.State == ChecklistState.Done ? "" : $" ({text[$"mark.{Key(inner.State)}"]})")}"));
        return string.Join("; ", facts.Where(fact => fact.Length > 0));
    }

    public static string Key(ChecklistState state) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(state.ToString());

    private static ChecklistItem Of(ReportModel model, int stage, string section, ReportItem item, ReportText text) => new()
    {
        Id = item.Id,
        Stage = stage,
        Section = section,
        Text = text.Say(item.Text, TextForm.Plain),
        State = item.State,
        Detail = DetailOf(item, text) is { Length: > 0 } detail ? detail : null,
        Evidence = item.Evidence,
        ExpectedDuration = item.Expected,
        Duration = item.Actual,
        AnsweredBy = item.AnsweredBy,
        Deployment = model.Deployment,
    };
}
