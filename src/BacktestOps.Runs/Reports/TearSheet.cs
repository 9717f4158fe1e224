using System.Globalization;
using System.Text;
using BacktestOps.Contracts;
using static BacktestOps.Runs.Reports.ReportNumbers;

namespace BacktestOps.Runs.Reports;

/// <summary>A result as one page to read, send and print: a single HTML file that asks the network for nothing.</summary>
/// <remarks>
/// Same result and language, same bytes. It has no script; its policy forbids any request. Colours follow the reader's light or dark
/// setting, and charts come in two widths.
/// </remarks>
public static class TearSheet
{
    /// <summary>The languages that a report can be written in, by code.</summary>
    public static IReadOnlyCollection<string> Languages => ReportLanguage.Codes;

    /// <summary>Writes the page.</summary>
    /// <param name="result">The result.</param>
    /// <param name="language">A language's code or a culture's name; null for that of the user interface, English where there is none.</param>
    /// <returns>The file, UTF-8.</returns>
    /// <exception cref="MarketDataException">The result has no equity curve to draw.</exception>
    public static byte[] Write(BacktestResult result, string? language = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (result.EquityCurve is null or { Count: 0 })
            throw new MarketDataException(result.BacktestId, null, "the result has no equity curve, so there is nothing to draw.");
        var words = ReportLanguage.For(language);
        var title = words["title", result.Request.Strategy, Symbols(result, words)];
        var page = new HtmlText()
            .Raw($"<!doctype html>\n<html lang=\"{words.Code}\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n")
            .Element("title", title + " · BacktestOps").Raw("\n<style>\n").Raw(Style()).Raw("</style>\n</head>\n<body>\n");
        Head(page, words, result, title);
        page.Raw("<main>\n");
        Tiles(page, words, result.Performance);
        Warnings(page, words, result.Warnings);
        if (result.Sweep is { } sweep) ReportSweep.Write(page, words, result, sweep);
        Charts(page, words, result);
        if (result.MonthlyReturns is { Count: > 0 } years && years.Any(year => year.Months.Any(month => month is not null)))
            ReportTables.Months(page, words, years);
        ReportTables.Figures(page, words, result.Performance);
        ReportTables.Trades(page, words, result);
        ReportTables.Provenance(page, words, result);
        page.Raw("</main>\n").Element("footer", words["footer"]).Raw("\n</body>\n</html>\n");
        return Encoding.UTF8.GetBytes(page.ToString());
    }

    private static void Head(HtmlText page, ReportLanguage words, BacktestResult result, string title)
    {
        var (first, last) = (result.EquityCurve[0].Date, result.EquityCurve[^1].Date);
        page.Raw("<header>\n").Element("h1", title);
        if (Parameters(result) is { Length: > 0 } parameters) page.Element("p", parameters);
        if (result.Sweep is { } sweep && ResultBasis.ParametersOf(result) is null) page.Element("p", ReportSweep.Choice(words, sweep));
        page.Element("p", result.Sweep?.Windows is { } windows
                ? words["range.outside", Date(first), Date(last), result.EquityCurve.Count, windows.Count]
                : words["range", Date(first), Date(last), result.EquityCurve.Count])
            .Element("p", words["completed", result.BacktestId, result.CompletedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), result.Conventions.EngineVersion], "class=\"soft\"")
            .Raw("</header>\n");
    }

    // Where each stretch has its own, those that all have: what the sweep did not vary.
    private static string Parameters(BacktestResult result) => ReportSweep.Names(ResultBasis.ParametersOf(result) ?? result.Request.Parameters);

    private static void Tiles(HtmlText page, ReportLanguage words, Performance performance)
    {
        page.Raw("<dl class=\"tiles\">\n");
        foreach (var (member, value) in new[]
        {
            ("total_return", Percent(performance.TotalReturn)), ("cagr", Percent(performance.Cagr)), ("sharpe_ratio", Ratio(performance.SharpeRatio)),
            ("max_drawdown", Percent(performance.MaxDrawdown)), ("total_trades", Count(performance.TotalTrades)), ("win_rate", Percent(performance.WinRate)),
        })
        {
            page.Raw("<div>").Element("dt", words.Figure("figure." + member)).Element("dd", value).Raw("</div>\n");
        }
        page.Raw("</dl>\n");
    }

    private static void Warnings(HtmlText page, ReportLanguage words, IReadOnlyList<string> warnings)
    {
        if (warnings.Count == 0) return;
        page.Begin(words["warnings"], "class=\"warnings\"").Raw("<ul>\n");
        foreach (var warning in warnings) page.Element("li", warning).Raw("\n");
        page.Raw("</ul>").End();
    }

    private static void Charts(HtmlText page, ReportLanguage words, BacktestResult result)
    {
        var equity = words[ReportCharts.IsLogarithmic(result) ? "equity.log" : "equity"];
        page.Begin(equity).Raw("<p class=\"legend\">").Element("span", words["run"]);
        if (result.BenchmarkData is { } benchmark) page.Element("span", words["benchmark", benchmark.Symbol], "class=\"held\"");
        page.Raw("</p>\n").Raw(ChartPicture.Draw(width => ReportCharts.Equity(result, width), 340, "equity", equity)).End();
        page.Begin(words["drawdown"]).Raw(ChartPicture.Draw(width => ReportCharts.Drawdown(result, width), 200, "drawdown", words["drawdown"])).End();
        if (result.RollingSharpe is { } rolling && rolling.Count(point => point.SharpeRatio is not null) > 1)
        {
            var heading = words["rolling", result.Conventions.RollingWindow ?? 0];
            page.Begin(heading).Raw(ChartPicture.Draw(width => ReportCharts.Rolling(rolling, width), 200, "rolling", heading)).End();
        }
    }

    private static string Symbols(BacktestResult result, ReportLanguage words)
    {
        const int Named = 5;
        var symbols = result.Request.Symbols;
        return symbols.Count <= Named ? string.Join(", ", symbols) : words["symbols", symbols.Count];
    }

    private static string Style()
    {
        using var stream = typeof(TearSheet).Assembly.GetManifestResourceStream("tear-sheet.css")
            ?? throw new InvalidOperationException("The report's style sheet is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
