using System.Net;
using System.Text;
using BacktestOps.Contracts;

namespace BacktestOps.Operations.Reports;

/// <summary>A report as one page of HTML: its style and its drawings are in it, and it asks nothing of any network.</summary>
internal sealed class HtmlReport(ReportModel report, ReportText text)
{
    private readonly StringBuilder _out = new();
    private readonly ReportTables _tables = new(report, text);

    public string Write()
    {
        var title = text.Say(new Phrase("title", report.Data.Name, report.Data.Version ?? "-"), TextForm.Html);
        Line("<!doctype html>");
        Line($"<html lang=\"{text["lang"]}\">");
        Line("<head>");
        Line("<meta charset=\"utf-8\">");
        Line("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        Line("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">");
        Line("<link rel=\"icon\" href=\"data:,\">");
        Line($"<title>{title}</title>");
        Line($"<style>\n{Style()}</style>");
        Line("</head>");
        Line("<body>");
        Line("<main>");
        Line($"<h1>{title}</h1>");
        Pairs([.. ReportSummary.Head(report, text, TextForm.Html).SkipLast(1)]);
        Line($"<strong class=\"verdict {ReportSummary.Key(report.State)}\">{ReportSummary.State(report, text, TextForm.Html)}</strong>");
        foreach (var stage in report.Stages) Stage(stage);
        Line($"<h2>{text["accept.title"]}</h2>");
        Items(report.Acceptance);
        Line($"<h2>{text["times.title"]}</h2>");
        Table(_tables.Times(), caption: false);
        Line($"<h2>{text["summary.title"]}</h2>");
        foreach (var (heading, lines) in ReportSummary.Chapters(report, text, TextForm.Html))
        {
            Line($"<h3>{heading}</h3>");
            Line($"<ul>{string.Concat(lines.Select(line => $"<li>{Emphasis(line)}</li>"))}</ul>");
        }

        Line($"<h2>{text["approval.title"]}</h2>");
        Pairs([.. ReportSummary.Approval(report, text, TextForm.Html)]);
        Line($"<footer>{text.Say(new Phrase("foot", report.Head.Sequence, report.Head.Hash), TextForm.Html)}</footer>");
        Line("</main>");
        Line("</body>");
        Line("</html>");
        return _out.ToString();
    }

    private void Stage(ReportStage stage)
    {
        var planned = stage.Expected is { } expected ? $" ({text.Say(new Phrase("planned", expected), TextForm.Html)})" : "";
        Line($"<h2>{text[$"stage.{stage.Number}"]}{planned} {Glyph(stage.State)}</h2>");
        foreach (var section in stage.Sections)
        {
            Line($"<h3>{text[$"section.{section.Number}"]} {Glyph(section.State)}</h3>");
            Items(section.Items);
            if (section.Number == "3.2" && report.Watch.Rows.Count > 0) Samples();
            if (section.Number == "3.4" && _tables.RecordLines() is { Count: > 0 } lines) Line($"<pre>{Encode(string.Join('\n', lines))}</pre>");
        }
    }

    private void Samples()
    {
        var plot = new SamplePlot(text);
        foreach (var series in Series())
        {
            if (plot.Draw(series) is { Length: > 0 } drawing) Line($"<figure><figcaption>{Encode(series.Title)}</figcaption>{drawing}</figure>");
        }

        Table(_tables.Samples(), caption: true);
        Table(_tables.Endpoints(), caption: true);
    }

    private IEnumerable<PlotSeries> Series()
    {
        PlotSeries Of(string key, string check, Func<ReportSample, decimal?> value) => new(
            text[key], [.. report.Watch.Rows.Select(row => (row.At, row.IsMissed ? null : value(row)))],
            report.Watch.Checks(name => name == check).Select(entry => (decimal?)entry.Check.Limit).LastOrDefault());
        yield return Of("plot.cpu", "service CPU", row => row.Cpu);
        yield return Of("plot.memory", "service memory", row => row.Memory);
        yield return Of("plot.disk", "disk", row => row.Disk);
        yield return Of("plot.api", "API response", row => row.Api);
    }

    private void Items(IReadOnlyList<ReportItem> items)
    {
        Line("<ul>");
        foreach (var item in items) Item(item);
        Line("</ul>");
    }

    private void Item(ReportItem item)
    {
        var key = ChecklistView.Key(item.State);
        var mark = item.State == ChecklistState.Done ? "" : $"<span class=\"mark {key}\">{text[$"mark.{key}"]}</span>";
        var references = item.Facts.Count == 0 || item.State == ChecklistState.Done || item.Items.Count > 0 ? Reference(item.Evidence) : "";
        Line($"<li class=\"item\"><span class=\"box {key}\" title=\"{text[$"mark.{key}"]}\">{Sign(item.State)}</span>{text.Say(item.Text, TextForm.Html)}{mark}{references}");
        if (item.Facts.Count + item.Items.Count > 0)
        {
            Line("<ul>");
            foreach (var fact in item.Facts) Line($"<li class=\"fact\">{text.Say(fact.Text, TextForm.Html)}{Reference(fact.Evidence)}</li>");
            foreach (var inner in item.Items) Item(inner);
            Line("</ul>");
        }

        Line("</li>");
    }

    private void Pairs(IReadOnlyList<(string Label, string Value)> pairs) =>
        Line($"<dl>{string.Concat(pairs.Select(pair => $"<dt>{pair.Label}</dt><dd>{pair.Value}</dd>"))}</dl>");

    private void Table(ReportTable table, bool caption)
    {
        if (table.Rows.Count == 0) return;
        Line($"<div class=\"table\"><table>{(caption ? $"<caption>{table.Title}</caption>" : "")}<thead><tr>{string.Concat(table.Header.Select(cell => $"<th scope=\"col\">{cell}</th>"))}</tr></thead><tbody>");
        for (var row = 0; row < table.Rows.Count; row++)
        {
            var total = table.HasTotal && row == table.Rows.Count - 1 ? " class=\"total\"" : "";
            Line($"<tr{total}>{string.Concat(table.Rows[row].Select(cell => $"<td>{Emphasis(Encode(cell))}</td>"))}</tr>");
        }

        Line("</tbody></table></div>");
    }

    private string Glyph(ChecklistState state) => $"<span class=\"{ChecklistView.Key(state)}\" title=\"{text[$"mark.{ChecklistView.Key(state)}"]}\">{Sign(state)}</span>";

    private static string Sign(ChecklistState state) => state switch
    {
        ChecklistState.Done => "✓",
        ChecklistState.Failed => "✗",
        ChecklistState.Missed => "⊘",
        ChecklistState.Scheduled => "◷",
        ChecklistState.NotApplicable => "–",
        ChecklistState.Open => "☐",
        _ => "?",
    };

    private string Reference(IReadOnlyList<int> evidence) => evidence.Count == 0 ? "" : $" <span class=\"evidence\">({text.Reference(evidence)})</span>";

    /// <summary>The little Markdown that tables and labelled lines have.</summary>
    private static string Emphasis(string line)
    {
        var parts = line.Split("**");
        var html = new StringBuilder();
        for (var at = 0; at < parts.Length; at++) html.Append(at % 2 == 1 ? $"<strong>{parts[at]}</strong>" : parts[at]);
        parts = html.ToString().Split('`');
        html.Clear();
        for (var at = 0; at < parts.Length; at++) html.Append(at % 2 == 1 ? $"<code>{parts[at]}</code>" : parts[at]);
        return html.ToString();
    }

    private static string Encode(string plain) => WebUtility.HtmlEncode(plain);

    private static string Style()
    {
        using var reader = new StreamReader(typeof(HtmlReport).Assembly.GetManifestResourceStream("report.css")!);
        return reader.ReadToEnd();
    }

    private void Line(string line) => _out.Append(line).Append('\n');
}
