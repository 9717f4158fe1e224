using System.Globalization;

namespace BacktestOps.Service.Charts;

/// <summary>Where the bars stand from left to right, and the dates below them.</summary>
/// <param name="width">The width of the drawing in pixels.</param>
/// <param name="dates">The date of each bar.</param>
internal sealed class ChartFrame(int width, IReadOnlyList<DateTime> dates)
{
    private const double Left = 62, Right = 12, DateWidth = 120;

    /// <summary>How many columns of pixels the bars have.</summary>
    public int Columns { get; } = (int)(width - Left - Right);

    /// <summary>The pixel column of a bar. Bars are equally far apart: a closed exchange is no gap.</summary>
    public double X(int bar) => Left + (dates.Count == 1 ? 0 : Columns * (double)bar / (dates.Count - 1));

    /// <summary>The ticks of an axis: a line across and its value at the left.</summary>
    public void DrawTicks(SvgPicture picture, Axis axis, Func<double, string>? label = null)
    {
        foreach (var tick in axis.Ticks)
        {
            picture.Line("grid", Left, axis.At(tick), width - Right, axis.At(tick), "stroke=\"#ccd\"");
            picture.Text(Left - 8, axis.At(tick) + 4, "end", (label ?? axis.Label)(tick));
        }
    }

    /// <summary>Dates along the bottom, as many as have room.</summary>
    public void DrawDates(SvgPicture picture, double y)
    {
        var count = Math.Clamp((int)(Columns / DateWidth), 2, 7);
        for (var label = 0; label < Math.Min(count, dates.Count); label++)
        {
            var bar = count == 1 ? 0 : (int)Math.Round((double)label * (dates.Count - 1) / (count - 1));
            picture.Text(X(bar), y, label == 0 ? "start" : label == count - 1 ? "end" : "middle", dates[bar].ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        }
    }

    /// <summary>The points of some bars.</summary>
    public IEnumerable<(double X, double Y)> Points(IEnumerable<int> bars, IReadOnlyList<double> values, Axis axis) =>
        bars.Select(bar => (X(bar), axis.At(values[bar])));
}
