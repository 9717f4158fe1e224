using System.Globalization;
using System.Text.Json;
using BacktestOps.Contracts;
using static BacktestOps.Runs.Reports.ReportNumbers;

namespace BacktestOps.Runs.Reports;

/// <summary>The tables of a report.</summary>
internal static class ReportTables
{
    private const int MostTrades = 500;

    // Beyond this a month has the full colour.
    private const double FullColour = 0.10;

    public static void Months(HtmlText page, ReportLanguage words, IReadOnlyList<YearReturns> years)
    {
        page.Begin(words["months"]).Raw("<div class=\"scroll\"><table class=\"months\"><thead><tr>").Element("th", words["year"]);
        for (var month = 1; month <= 12; month++)
            page.Element("th", words.Code == "ko" ? string.Create(CultureInfo.InvariantCulture, $"{month}월") : CultureInfo.InvariantCulture.DateTimeFormat.GetAbbreviatedMonthName(month));
        page.Element("th", words["whole"]).Raw("</tr></thead><tbody>\n");
        foreach (var year in years)
        {
            page.Raw("<tr>").Element("th", Plain(year.Year));
            foreach (var month in year.Months) Heat(page, month);
            Heat(page, year.Return);
            page.Raw("</tr>\n");
        }
        page.Raw("</tbody></table></div>").End();
    }

    private static void Heat(HtmlText page, double? value)
    {
        if (value is not { } number)
        {
            page.Raw("<td></td>");
            return;
        }
        var strength = (int)Math.Round(Math.Min(1, Math.Abs(number) / FullColour) * 70);
        // Rounded first and a zero added: a small loss is 0.0 and not -0.0.
        page.Element("td", (Math.Round(number * 100, 1) + 0.0).ToString("0.0", CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"class=\"{(number < 0 ? "down" : "up")}\" style=\"--heat:{strength}%\""));
    }

    public static void Figures(HtmlText page, ReportLanguage words, Performance performance)
    {
        page.Begin(words["figures"]).Element("p", words["definitions"], "class=\"soft\"").Raw("<div class=\"scroll\"><table class=\"figures\"><thead>")
            .Raw("<tr>").Element("th", words["figure"]).Element("th", words["value"], "class=\"number\"").Element("th", words["definition"]).Raw("</tr></thead>");
        foreach (var (group, figures) in ReportFigures.All)
        {
            var shown = figures.Select(figure => (figure.Member, figure.Formula, Value: figure.Show(performance, words))).Where(figure => figure.Value is not null).ToArray();
            if (shown.Length == 0) continue;
            page.Raw("<tbody><tr>").Element("th", words.Figure("group." + group), "colspan=\"3\" class=\"group\"").Raw("</tr>\n");
            foreach (var (member, formula, value) in shown)
            {
                page.Raw("<tr>").Element("th", words.Figure("figure." + member)).Element("td", value, "class=\"number\"").Raw("<td>").Element("span", words.Figure("meaning." + member) ?? "");
                if (formula.Length > 0) page.Raw(" ").Element("code", formula);
                page.Raw("</td></tr>\n");
            }
            page.Raw("</tbody>");
        }
        page.Raw("</table></div>").End();
    }

    public static void Trades(HtmlText page, ReportLanguage words, BacktestResult result)
    {
        page.Begin(words["trades"]);
        var trades = result.Trades;
        if (trades.Count == 0) page.Element("p", words["trades.none"]);
        if (trades.Count > 2 * MostTrades) page.Element("p", words["trades.some", trades.Count, MostTrades], "class=\"soft\"");
        if (trades.Count > 0)
        {
            page.Raw("<div class=\"scroll tall\"><table><thead>").Row("th", "#", words["symbol"], words["quantity"], words["entry"], words["price"], words["exit"], words["price"], words["profit"], words["return"]).Raw("</thead><tbody>\n");
            for (var i = 0; i < trades.Count; i++)
            {
                if (trades.Count > 2 * MostTrades && i == MostTrades) i = trades.Count - MostTrades;
                var trade = trades[i];
                page.Row("td", Count(i + 1), trade.Symbol, Quantity(trade.Quantity), Date(trade.EntryDate), Price(trade.EntryPrice), Date(trade.ExitDate), Price(trade.ExitPrice), Money(trade.Profit), Percent(trade.Return));
            }
            page.Raw("</tbody></table></div>");
        }
        if (result.OpenPositions.Count > 0)
        {
            page.Element("h3", words["open"]).Raw("<div class=\"scroll\"><table><thead>").Row("th", words["symbol"], words["quantity"], words["entry"], words["price"], words["mark"], words["profit"]).Raw("</thead><tbody>\n");
            foreach (var open in result.OpenPositions)
                page.Row("td", open.Symbol, Quantity(open.Quantity), Date(open.EntryDate), Price(open.EntryPrice), Price(open.LastPrice), Money(open.UnrealizedProfit));
            page.Raw("</tbody></table></div>");
        }
        page.End();
    }

    public static void Provenance(HtmlText page, ReportLanguage words, BacktestResult result)
    {
        page.Begin(words["data"]).Raw("<div class=\"scroll\"><table><thead>").Row("th", words["symbol"], words["source"], words["first"], words["last"], words["bars"], words["fingerprint"]).Raw("</thead><tbody>\n");
        foreach (var data in result.BenchmarkData is { } benchmark ? result.Data.Append(benchmark) : result.Data)
            page.Row("td", data.Symbol, data.Source, Date(data.First), Date(data.Last), Count(data.Bars), data.Fingerprint);
        page.Raw("</tbody></table></div>").End();
        // As they stand in the result's file: a reader who holds this against it finds the same words.
        page.Begin(words["conventions"]).Element("pre", JsonSerializer.Serialize(result.Conventions, ContractsJson.Default.ResultConventions)).End();
        page.Begin(words["request"]).Element("pre", JsonSerializer.Serialize(result.Request, ContractsJson.Default.BacktestRequest)).End();
    }

    private static string Quantity(double shares) => shares.ToString("#,0.####", CultureInfo.InvariantCulture);

    private static string Price(double price) => price.ToString("#,0.00##", CultureInfo.InvariantCulture);
}
