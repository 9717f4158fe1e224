using System.Globalization;
using BacktestOps.Contracts;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;
using static BacktestOps.Runs.Reports.ReportNumbers;

namespace BacktestOps.Runs.Reports;

/// <summary>The part of a report that tells of a sweep: how many were tried, what the best is worth, where it lies.</summary>
internal static class ReportSweep
{
    private const int Ticks = 10, MostVariants = 20;

    private static readonly string[] s_columns = ["total_return", "cagr", "sharpe_ratio", "max_drawdown", "total_trades", "win_rate"];

    /// <summary>How the figures came to their parameters, where there is no one set of them.</summary>
    public static string Choice(ReportLanguage words, SweepResult sweep) => sweep.Windows is null
        ? words["unchosen", sweep.Variants]
        : words["walk", Objective(words, sweep), sweep.Variants];

    /// <summary>Parameters and their values.</summary>
    public static string Names(IEnumerable<KeyValuePair<string, double>> parameters) =>
        string.Join(", ", parameters.Select(parameter => string.Create(CultureInfo.InvariantCulture, $"{parameter.Key} = {parameter.Value}")));

    public static void Write(HtmlText page, ReportLanguage words, BacktestResult result, SweepResult sweep)
    {
        if (sweep.Windows is { Count: > 0 } windows) Windows(page, words, windows);
        var objective = Objective(words, sweep);
        page.Begin(sweep.Heatmap is { } map ? words["sweep", objective, map.X, map.Y] : words["sweep.plain"])
            .Element("p", Summary(words, result, sweep));
        var statistics = sweep.Statistics;
        page.Raw("<dl class=\"tiles\">");
        foreach (var (name, value) in new[] { ("psr", statistics.ProbabilisticSharpeRatio), ("dsr", statistics.DeflatedSharpeRatio), ("pbo", statistics.ProbabilityOfOverfitting) })
            page.Raw("<div>").Element("dt", words["sweep." + name]).Element("dd", Percent(value)).Raw("</div>");
        page.Raw("</dl>\n");
        if (sweep.Heatmap is { } heatmap && heatmap.Values.Any(row => row.Any(value => value is not null)))
            page.Raw(ChartPicture.Draw(_ => Heatmap(heatmap), 420, "sweep", words["sweep", objective, heatmap.X, heatmap.Y], widths: 1));
        Top(page, words, sweep);
        page.End();
    }

    private static string Objective(ReportLanguage words, SweepResult sweep) => words.Figure("figure." + sweep.Objective) ?? sweep.Objective;

    private static string Summary(ReportLanguage words, BacktestResult result, SweepResult sweep) => sweep switch
    {
        { Windows: not null } => words["sweep.walk", sweep.Variants, sweep.Combinations, Date(result.Data.Min(data => data.First)), Date(result.Data.Max(data => data.Last))],
        { Best: null } => words["unchosen", sweep.Variants],
        _ => words["sweep.summary", sweep.Variants, sweep.Combinations],
    };

    private static void Windows(HtmlText page, ReportLanguage words, IReadOnlyList<WalkForwardWindow> windows)
    {
        page.Begin(words["windows"]).Raw("<div class=\"scroll tall\"><table><thead>")
            .Row("th", "#", words["windows.chosen"], words["windows.judged"], words["windows.parameters"], words["windows.inside"], words["windows.outside"])
            .Raw("</thead><tbody>\n");
        for (var i = 0; i < windows.Count; i++)
        {
            var window = windows[i];
            page.Row("td", Count(i + 1), words["span", Date(window.InSampleFirst), Date(window.InSampleLast)],
                words["span", Date(window.OutOfSampleFirst), Date(window.OutOfSampleLast)],
                window.Chosen is { } chosen ? Names(chosen.Parameters) : words["windows.none"], Percent(window.Chosen?.TotalReturn), Percent(window.OutOfSampleReturn));
        }
        page.Raw("</tbody></table></div>").End();
    }

    private static PlotModel Heatmap(SweepHeatmap map)
    {
        var plot = new PlotModel { DefaultFont = "inherit", DefaultFontSize = 12, TextColor = ChartPicture.Ink, PlotAreaBorderColor = ChartPicture.Grid, Background = OxyColors.Undefined, PlotMargins = new OxyThickness(64, double.NaN, double.NaN, 52) };
        plot.Axes.Add(Places(AxisPosition.Bottom, map.X, map.XValues));
        plot.Axes.Add(Places(AxisPosition.Left, map.Y, map.YValues));
        plot.Axes.Add(new LinearColorAxis
        {
            Position = AxisPosition.Right, Palette = OxyPalettes.Viridis(128), InvalidNumberColor = OxyColors.Transparent,
            TicklineColor = ChartPicture.Ink, TextColor = ChartPicture.Ink, StringFormat = "0.###",
        });
        var data = new double[map.XValues.Count, map.YValues.Count];
        for (var y = 0; y < map.YValues.Count; y++)
            for (var x = 0; x < map.XValues.Count; x++) data[x, y] = map.Values[y][x] ?? double.NaN;
        plot.Series.Add(new HeatMapSeries { X0 = 0, X1 = map.XValues.Count - 1, Y0 = 0, Y1 = map.YValues.Count - 1, Interpolate = false, RenderMethod = HeatMapRenderMethod.Bitmap, Data = data });
        return plot;
    }

    // Places are counted and named by their values, which need not be equally far apart.
    private static LinearAxis Places(AxisPosition position, string name, IReadOnlyList<double> values) => new()
    {
        Position = position,
        Title = name,
        AxisTitleDistance = 14,
        Minimum = -0.5,
        Maximum = values.Count - 0.5,
        MajorStep = Math.Max(1, Math.Ceiling((double)values.Count / Ticks)),
        MinorTickSize = 0,
        TicklineColor = ChartPicture.Grid,
        TextColor = ChartPicture.Ink,
        LabelFormatter = place => place >= 0 && place < values.Count && place == Math.Floor(place) ? Plain(values[(int)place]) : "",
    };

    private static void Top(HtmlText page, ReportLanguage words, SweepResult sweep)
    {
        if (sweep.Top.Count == 0) return;
        string[] parameters = [.. sweep.Top[0].Parameters.Keys];
        page.Element("h3", words["sweep.top"]).Raw("<div class=\"scroll\"><table><thead>")
            .Row("th", ["#", .. parameters, .. s_columns.Select(figure => words.Figure("figure." + figure))])
            .Raw("</thead><tbody>\n");
        foreach (var variant in sweep.Top.Take(MostVariants))
        {
            page.Row("td", [
                variant.Variant.ToString("N0", CultureInfo.InvariantCulture), .. parameters.Select(parameter => Plain(variant.Parameters[parameter])),
                Percent(variant.TotalReturn), Percent(variant.Cagr), Ratio(variant.SharpeRatio), Percent(variant.MaxDrawdown), Count(variant.TotalTrades), Percent(variant.WinRate)]);
        }
        page.Raw("</tbody></table></div>");
    }
}
