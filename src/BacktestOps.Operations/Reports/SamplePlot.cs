using System.Globalization;
using System.Net;
using System.Text;

namespace BacktestOps.Operations.Reports;

/// <summary>One figure of a watch over time.</summary>
/// <param name="Title">What it is, with its unit.</param>
/// <param name="Points">When and how much; a slot that was missed, or had no value, has null and leaves a hole.</param>
/// <param name="Limit">The threshold; null for none.</param>
internal sealed record PlotSeries(string Title, IReadOnlyList<(DateTimeOffset At, decimal? Value)> Points, decimal? Limit);

/// <summary>
/// A figure as an SVG drawing, written by hand: a line, its points and its limit need no library, the page stays one file,
/// and the same samples give the same bytes on every machine, with or without fonts.
/// </summary>
internal sealed class SamplePlot(ReportText text)
{
    private const double Width = 640;
    private const double Height = 180;
    private const double Left = 56;
    private const double Right = 12;
    private const double Top = 14;
    private const double Bottom = 26;

    public string Draw(PlotSeries series)
    {
        var seen = series.Points.Where(point => point.Value is not null).ToList();
        if (seen.Count == 0) return "";
        var (from, to) = (series.Points[0].At, series.Points[^1].At);
        var highest = seen.Max(point => point.Value!.Value);
        // The limit is always in the picture: how far away it is, is what the picture is for.
        var top = Nice(Math.Max((double)highest, (double)(series.Limit ?? highest)) * 1.05);
        var said = text.Say(new Phrase("plot.of", series.Title, seen.Count, text.TimeOf(from), text.TimeOf(to), highest), TextForm.Plain);
        var svg = new StringBuilder();
        svg.Append(Inv($"<svg role=\"img\" viewBox=\"0 0 {Width} {Height}\" aria-label=\"{WebUtility.HtmlEncode(said)}\">"));
        for (var step = 0; step <= 4; step++)
        {
            var (value, y) = (top * step / 4, Y(top * step / 4, top));
            svg.Append(Inv($"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y:0.#}\" y2=\"{y:0.#}\"/><text class=\"tick\" x=\"{Left - 6}\" y=\"{y + 4:0.#}\" text-anchor=\"end\">{value:0.##}</text>"));
        }

        foreach (var (at, anchor) in new[] { (from, "start"), (from + ((to - from) / 2), "middle"), (to, "end") })
            svg.Append(Inv($"<text class=\"tick\" x=\"{X(at, from, to):0.#}\" y=\"{Height - 8}\" text-anchor=\"{anchor}\">{text.TimeOf(at)}</text>"));
        if (series.Limit is { } limit)
        {
            var y = Y((double)limit, top);
            svg.Append(Inv($"<line class=\"limit\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y:0.#}\" y2=\"{y:0.#}\"/><text class=\"limit-text\" x=\"{Width - Right}\" y=\"{y - 4:0.#}\" text-anchor=\"end\">{WebUtility.HtmlEncode(text.Say(new Phrase("plot.limit", limit), TextForm.Plain))}</text>"));
        }

        foreach (var run in Runs(series.Points))
            svg.Append(Inv($"<polyline class=\"line\" points=\"{string.Join(' ', run.Select(point => Inv($"{X(point.At, from, to):0.#},{Y((double)point.Value!.Value, top):0.#}")))}\"/>"));
        foreach (var (at, value) in seen)
        {
            var over = series.Limit is { } most && value!.Value >= most ? " over" : "";
            svg.Append(Inv($"<circle class=\"point{over}\" cx=\"{X(at, from, to):0.#}\" cy=\"{Y((double)value!.Value, top):0.#}\" r=\"3\"><title>{text.TimeOf(at)}: {ReportText.Number(value.Value)}</title></circle>"));
        }

        return svg.Append("</svg>").ToString();
    }

    /// <summary>The values between two holes: a line over a hole would be a claim.</summary>
    private static IEnumerable<List<(DateTimeOffset At, decimal? Value)>> Runs(IReadOnlyList<(DateTimeOffset At, decimal? Value)> points)
    {
        var run = new List<(DateTimeOffset, decimal?)>();
        foreach (var point in points)
        {
            if (point.Value is not null)
            {
                run.Add(point);
                continue;
            }

            if (run.Count > 1) yield return run;
            run = [];
        }

        if (run.Count > 1) yield return run;
    }

    private static double X(DateTimeOffset at, DateTimeOffset from, DateTimeOffset to) =>
        to == from ? (Left + Width - Right) / 2 : Left + ((Width - Left - Right) * ((at - from) / (to - from)));

    private static double Y(double value, double top) => Height - Bottom - ((Height - Top - Bottom) * Math.Min(1, value / top));

    /// <summary>The next of 1, 2, 4, 6, 8 and 10 times a power of ten.</summary>
    private static double Nice(double value)
    {
        if (value <= 0) return 1;
        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return power * new[] { 1.0, 2, 4, 6, 8, 10 }.First(step => step * power >= value * 0.999_999);
    }

    private static string Inv(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
