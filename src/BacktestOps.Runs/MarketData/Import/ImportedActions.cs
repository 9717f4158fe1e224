using System.Globalization;
using System.Text;
using BacktestOps.Engine.Bars;
using static System.FormattableString;

namespace BacktestOps.Runs.MarketData.Import;

/// <summary>Splits and dividends of imported bars, as the file that stands beside them.</summary>
internal static class ImportedActions
{
    // What a vendor's rounding of its adjusted close can come to.
    private const double Tolerance = 1e-3;

    /// <summary>The file; null where no bar has a split or a dividend.</summary>
    /// <param name="bars">The bars, oldest first.</param>
    public static byte[]? Write(IReadOnlyList<ImportedBar> bars)
    {
        var text = new StringBuilder("date,split,dividend\n");
        var any = false;
        foreach (var bar in bars)
        {
            if (bar is { Split: 1, Dividend: 0 }) continue;
            any = true;
            text.Append(CultureInfo.InvariantCulture, $"{bar.Date:yyyy-MM-dd},{Text(bar.Split, 1)},{Text(bar.Dividend, 0)}\n");
        }
        return any ? Encoding.UTF8.GetBytes(text.ToString()) : null;
    }

    /// <summary>What there is to say about them.</summary>
    /// <param name="bars">The bars as they came.</param>
    /// <param name="adjusted">True when the vendor's adjusted close came with them.</param>
    /// <param name="series">The same with an adjusted close made of splits and dividends.</param>
    /// <param name="file">The file's name.</param>
    public static IEnumerable<string> Notes(IReadOnlyList<ImportedBar> bars, bool adjusted, BarSeries series, string file)
    {
        var (splits, dividends) = (bars.Count(bar => bar.Split != 1), bars.Count(bar => bar.Dividend != 0));
        yield return Invariant($"{splits} {(splits == 1 ? "split" : "splits")} and {dividends} {(dividends == 1 ? "dividend" : "dividends")} written to {file}; the adjusted close is made of them.");
        if (!adjusted) yield break;
        // Both are 1 at the last bar, whatever happened after it.
        var last = bars[^1].Adjusted / series.AdjustedClose[^1];
        var (worst, at) = (0.0, 0);
        for (var t = 0; t < bars.Count; t++)
        {
            var off = Math.Abs(series.AdjustedClose[t] * last / bars[t].Adjusted - 1);
            if (off > worst) (worst, at) = (off, t);
        }
        if (worst > Tolerance)
            yield return Invariant($"The vendor's adjusted close is another by up to {worst:P2}, most on {bars[at].Date:yyyy-MM-dd}: a split or a dividend is missing in its columns, or in that close.");
    }

    private static string Text(double value, double none) => value == none ? "" : value.ToString("R", CultureInfo.InvariantCulture);
}
