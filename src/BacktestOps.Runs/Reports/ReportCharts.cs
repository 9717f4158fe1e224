using System.Globalization;
using BacktestOps.Contracts;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace BacktestOps.Runs.Reports;

/// <summary>The plots of a report.</summary>
internal static class ReportCharts
{
    private const double LogarithmicFrom = 5;

    /// <summary>True where the equity grows so much that only a logarithmic scale shows its beginning.</summary>
    public static bool IsLogarithmic(BacktestResult result)
    {
        var all = result.EquityCurve.Concat(result.BenchmarkCurve ?? []).Select(point => point.Equity).ToArray();
        return all.Min() > 0 && all.Max() / all.Min() >= LogarithmicFrom;
    }

    /// <summary>The equity, and the benchmark's where there is one.</summary>
    public static PlotModel Equity(BacktestResult result, int width)
    {
        var plot = Plot();
        plot.Axes.Add(Dates());
        plot.Axes.Add(IsLogarithmic(result) ? Style(new LogarithmicAxis { LabelFormatter = Short }) : Style(new LinearAxis { LabelFormatter = Short }));
        if (result.BenchmarkCurve is { Count: > 0 } benchmark)
            plot.Series.Add(Line(benchmark.Select(point => (point.Date, point.Equity)), ChartPicture.Held, width, LineStyle.Dash));
        plot.Series.Add(Line(result.EquityCurve.Select(point => (point.Date, point.Equity)), ChartPicture.Run, width));
        return plot;
    }

    /// <summary>Equity / highest equity so far − 1, in percent.</summary>
    public static PlotModel Drawdown(BacktestResult result, int width)
    {
        var plot = Plot();
        plot.Axes.Add(Dates());
        plot.Axes.Add(Style(new LinearAxis { StringFormat = "0'%'", Maximum = 0, MaximumPadding = 0 }));
        var peak = double.NegativeInfinity;
        var area = new AreaSeries { Color = ChartPicture.Fall, Color2 = OxyColors.Undefined, Fill = OxyColor.FromAColor(60, ChartPicture.Fall), StrokeThickness = 1, ConstantY2 = 0 };
        area.Points.AddRange(Thin(result.EquityCurve.Select(point => (point.Date, (point.Equity / (peak = Math.Max(peak, point.Equity)) - 1) * 100)), width));
        plot.Series.Add(area);
        return plot;
    }

    /// <summary>The rolling Sharpe ratio at month ends.</summary>
    public static PlotModel Rolling(IReadOnlyList<RollingSharpePoint> points, int width)
    {
        var plot = Plot();
        plot.Axes.Add(Dates());
        plot.Axes.Add(Style(new LinearAxis { StringFormat = "0.#" }));
        plot.Annotations.Add(new OxyPlot.Annotations.LineAnnotation { Type = OxyPlot.Annotations.LineAnnotationType.Horizontal, Y = 0, Color = ChartPicture.Ink, LineStyle = LineStyle.Solid, StrokeThickness = 1 });
        plot.Series.Add(Line(points.Where(point => point.SharpeRatio is not null).Select(point => (point.Date, point.SharpeRatio!.Value)), ChartPicture.Run, width));
        return plot;
    }

    private static PlotModel Plot() => new()
    {
        DefaultFont = "inherit",
        DefaultFontSize = 12,
        TextColor = ChartPicture.Ink,
        PlotAreaBorderColor = ChartPicture.Grid,
        PlotAreaBorderThickness = new OxyThickness(0, 0, 0, 1),
        Background = OxyColors.Undefined,
        Padding = new OxyThickness(0, 8, 14, 2),
        // What the reader's font makes of a label is not known here: the room for it is given, not measured.
        PlotMargins = new OxyThickness(46, double.NaN, double.NaN, double.NaN),
    };

    private static string Short(double value) => Math.Abs(value) switch
    {
        // A tick is what powers of ten give, and may lie a little below the round number.
        >= 0.9995e9 => (value / 1e9).ToString("0.###", CultureInfo.InvariantCulture) + "G",
        >= 0.9995e6 => (value / 1e6).ToString("0.###", CultureInfo.InvariantCulture) + "M",
        >= 1e4 => (value / 1e3).ToString("0.###", CultureInfo.InvariantCulture) + "k",
        _ => value.ToString("0.###", CultureInfo.InvariantCulture),
    };

    private static DateTimeAxis Dates() => new()
    {
        Position = AxisPosition.Bottom,
        TicklineColor = ChartPicture.Grid,
        TextColor = ChartPicture.Ink,
        IntervalLength = 70,
        MinimumPadding = 0,
        MaximumPadding = 0,
    };

    private static Axis Style(Axis axis)
    {
        axis.Position = AxisPosition.Left;
        axis.MajorGridlineStyle = LineStyle.Solid;
        axis.MajorGridlineColor = ChartPicture.Grid;
        axis.MinorTickSize = 0;
        axis.MajorTickSize = 0;
        axis.TextColor = ChartPicture.Ink;
        return axis;
    }

    private static LineSeries Line(IEnumerable<(DateTime Date, double Value)> points, OxyColor colour, int width, LineStyle style = LineStyle.Solid)
    {
        var line = new LineSeries { Color = colour, StrokeThickness = style == LineStyle.Solid ? 1.8 : 1.4, LineStyle = style, LineJoin = LineJoin.Round };
        line.Points.AddRange(Thin(points, width));
        return line;
    }

    // Of each column of pixels the lowest and the highest point: no peak is lost, and a page stays small.
    private static IEnumerable<DataPoint> Thin(IEnumerable<(DateTime Date, double Value)> points, int columns)
    {
        DataPoint[] all = [.. points.Select(point => DateTimeAxis.CreateDataPoint(point.Date, point.Value))];
        if (all.Length <= 2 * columns) return all;
        var kept = new SortedSet<int> { 0, all.Length - 1 };
        for (var column = 0; column < columns; column++)
        {
            var (from, to) = ((int)((long)column * all.Length / columns), (int)((long)(column + 1) * all.Length / columns));
            var (lowest, highest) = (from, from);
            for (var t = from + 1; t < to; t++)
            {
                if (all[t].Y < all[lowest].Y) lowest = t;
                if (all[t].Y > all[highest].Y) highest = t;
            }
            kept.Add(lowest);
            kept.Add(highest);
        }
        return kept.Select(t => all[t]);
    }
}
