using System.Globalization;
using System.Text.RegularExpressions;
using OxyPlot;

namespace BacktestOps.Runs.Reports;

/// <summary>A plot as SVG inside a page: coloured by the page's style sheet, in two widths of which the page shows one.</summary>
internal static partial class ChartPicture
{
    /// <summary>Width of a picture for a wide window and for a phone, in pixels.</summary>
    public const int Wide = 960, Narrow = 400, Between = 640;

    public static OxyColor Ink { get; } = OxyColor.FromRgb(1, 2, 3);

    public static OxyColor Grid { get; } = OxyColor.FromRgb(4, 5, 6);

    public static OxyColor Run { get; } = OxyColor.FromRgb(7, 8, 9);

    public static OxyColor Held { get; } = OxyColor.FromRgb(10, 11, 12);

    public static OxyColor Fall { get; } = OxyColor.FromRgb(13, 14, 15);

    // A plot has colours and no style sheet; these stand for the page's variables and become them.
    private static IReadOnlyList<(OxyColor Colour, string Variable)> Theme =>
    [
        (Ink, "--soft"), (Grid, "--line"), (Run, "--accent"), (Held, "--held"), (Fall, "--down"),
    ];

    /// <summary>Draws the plot in both widths.</summary>
    /// <param name="draw">Makes the plot for a width; a plot can be drawn only once.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="name">A word of its own on the page, for what must be unique.</param>
    /// <param name="says">What it shows, for who can't see it.</param>
    /// <param name="widths">1 for one picture of a size between, where a second would only cost room.</param>
    public static string Draw(Func<int, PlotModel> draw, int height, string name, string says, int widths = 2) => widths == 1
        ? Draw(draw(Between), Between, height, name, "single", says)
        : Draw(draw(Wide), Wide, height, name + "-wide", "wide", says) + Draw(draw(Narrow), Narrow, height, name + "-narrow", "narrow", says);

    private static string Draw(PlotModel plot, int width, int height, string name, string kind, string says)
    {
        plot.Culture = CultureInfo.InvariantCulture;
        var svg = new SvgExporter { Width = width, Height = height }.ExportToString(plot);
        var at = svg.IndexOf("<svg", StringComparison.Ordinal);
        var root = string.Create(CultureInfo.InvariantCulture,
            $"<svg xmlns:xlink=\"http://www.w3.org/1999/xlink\" class=\"chart {kind}\" role=\"img\" aria-label=\"{HtmlText.Escape(says)}\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">");
        var body = svg[(svg.IndexOf('>', at) + 1)..];
        // Every picture counts its clip paths from one, and a page finds the first of a name.
        body = ClipPath().Replace(body, $"clip-{name}-$1");
        foreach (var (colour, variable) in Theme)
            body = body.Replace(string.Create(CultureInfo.InvariantCulture, $"rgb({colour.R},{colour.G},{colour.B})"), $"var({variable})", StringComparison.Ordinal);
        return root + Blank().Replace(body.Trim(), "\n") + "\n";
    }

    [GeneratedRegex(@"clipPath(\d+)")]
    private static partial Regex ClipPath();

    [GeneratedRegex(@"\r?\n\s*")]
    private static partial Regex Blank();
}
