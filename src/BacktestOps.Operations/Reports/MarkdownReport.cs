using System.Text;
using BacktestOps.Contracts;

namespace BacktestOps.Operations.Reports;

/// <summary>A report as a Markdown checklist, in the form that such documents have had here for years.</summary>
internal sealed class MarkdownReport(ReportModel report, ReportText text, ReportStamp stamp)
{
    private readonly StringBuilder _out = new();
    private readonly ReportTables _tables = new(report, text);

    public string Write()
    {
        Head();
        foreach (var stage in report.Stages) Stage(stage);
        Acceptance();
        Line($"## {text["times.title"]}").Line();
        Table(_tables.Times());
        Summary();
        Approval();
        Line("---").Line();
        Line(Say(new Phrase("foot", report.Head.Sequence, report.Head.Hash))).Line();
        Line(stamp.ToString());
        return _out.ToString();
    }

    private void Head()
    {
        Line($"# {Say(new Phrase("title", report.Data.Name, report.Data.Version ?? "-"))}").Line();
        foreach (var (label, value) in ReportSummary.Head(report, text, TextForm.Markdown)) Line($"**{label}**: {value}  ");
        Line().Line("---").Line();
    }

    private void Stage(ReportStage stage)
    {
        var planned = stage.Expected is { } expected ? $" ({Say(new Phrase("planned", expected))})" : "";
        Line($"## {text[$"stage.{stage.Number}"]}{planned}{Tick(stage.State)}").Line();
        foreach (var section in stage.Sections)
        {
            Line($"### {text[$"section.{section.Number}"]}{Tick(section.State)}").Line();
            foreach (var item in section.Items) Item(item, 0);
            Line();
            if (section.Number == "3.2") SampleTables();
            if (section.Number == "3.4") RecordLines();
        }

        Line("---").Line();
    }

    private void Item(ReportItem item, int depth)
    {
        var indent = new string(' ', 2 * depth);
        var references = item.Facts.Count == 0 || item.State == ChecklistState.Done || item.Items.Count > 0 ? Reference(item.Evidence) : "";
        Line($"{indent}- {Box(item)} {Say(item.Text)}{Mark(item.State)}{references}");
        foreach (var fact in item.Facts)
            Line($"{indent}  - {(item.State == ChecklistState.Done ? "✅ " : "")}{Say(fact.Text)}{Reference(fact.Evidence)}");
        foreach (var inner in item.Items) Item(inner, depth + 1);
    }

    private static string Box(ReportItem item) => item.State switch
    {
        ChecklistState.Done => "[x]",
        ChecklistState.NotApplicable => "➖",
        _ => "[ ]",
    };

    private string Mark(ChecklistState state) => state switch
    {
        ChecklistState.Done => "",
        ChecklistState.Failed => $" — ❌ **{text["mark.failed"]}**",
        ChecklistState.Missed => $" — ⛔ **{text["mark.missed"]}**",
        ChecklistState.Inconclusive => $" — ⚠️ **{text["mark.inconclusive"]}**",
        ChecklistState.Error => $" — ⚠️ **{text["mark.error"]}**",
        ChecklistState.Scheduled => $" — 📅 {text["mark.scheduled"]}",
        ChecklistState.NotApplicable => $" — {text["mark.not-applicable"]}",
        _ => $" — ◻️ {text["mark.open"]}",
    };

    private static string Tick(ChecklistState state) => state switch
    {
        ChecklistState.Done => " ✅",
        ChecklistState.Failed => " ❌",
        ChecklistState.Missed => " ⛔",
        ChecklistState.Scheduled => " 📅",
        ChecklistState.NotApplicable => "",
        _ => " ⚠️",
    };

    private void SampleTables()
    {
        if (report.Watch.Rows.Count == 0) return;
        Table(_tables.Samples());
        Table(_tables.Endpoints());
    }

    private void RecordLines()
    {
        var lines = _tables.RecordLines();
        if (lines.Count == 0) return;
        Line("```");
        foreach (var line in lines) Line(line);
        Line("```").Line();
    }

    private void Acceptance()
    {
        Line($"## {text["accept.title"]}{Tick(ChecklistStates.Combine(report.Acceptance.Select(item => item.State)))}").Line();
        Line($"### {text["accept.required"]}").Line();
        foreach (var item in report.Acceptance) Item(item, 0);
        Line().Line("---").Line();
    }

    private void Summary()
    {
        Line("---").Line().Line($"## {text["summary.title"]}").Line();
        foreach (var (heading, lines) in ReportSummary.Chapters(report, text, TextForm.Markdown))
        {
            Line($"### {heading}").Line();
            foreach (var line in lines) Line($"- {line}");
            Line();
        }

        Line("---").Line();
    }

    private void Approval()
    {
        Line($"## {text["approval.title"]}").Line();
        foreach (var (label, value) in ReportSummary.Approval(report, text, TextForm.Markdown)) Line(label.Length == 0 ? value : $"**{label}**: {value}  ");
        Line();
    }

    private void Table(ReportTable table)
    {
        if (table.Rows.Count == 0) return;
        Line($"| {string.Join(" | ", table.Header)} |");
        Line($"|{string.Concat(table.Header.Select(_ => "------|"))}");
        foreach (var row in table.Rows) Line($"| {string.Join(" | ", row.Select((cell, column) => Cell(table, row, cell, column)))} |");
        Line();
    }

    private static string Cell(ReportTable table, IReadOnlyList<string> row, string cell, int column) =>
        table.HasTotal && ReferenceEquals(row, table.Rows[^1]) && cell.Length > 0 && column < 3 ? $"**{cell}**" : cell.Replace("|", "\\|", StringComparison.Ordinal);

    private string Reference(IReadOnlyList<int> evidence) => evidence.Count == 0 ? "" : $" ({text.Reference(evidence)})";

    private string Say(Phrase phrase) => text.Say(phrase, TextForm.Markdown);

    private MarkdownReport Line(string line = "")
    {
        _out.Append(line).Append('\n');
        return this;
    }
}
