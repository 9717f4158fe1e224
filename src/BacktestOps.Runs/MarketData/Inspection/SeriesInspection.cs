using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;
using static System.FormattableString;

namespace BacktestOps.Runs.MarketData.Inspection;

/// <summary>Everything that can be found in the bars of one symbol.</summary>
internal static class SeriesInspection
{
    /// <summary>The findings, by date.</summary>
    /// <param name="bars">Bars whose dates ascend and whose prices are above zero, as the readers give them.</param>
    /// <param name="path">The file, as the caller named it.</param>
    /// <param name="lines">The line of each bar; null where there are no lines.</param>
    public static IReadOnlyList<MarketDataFinding> Inspect(BarSeries bars, string path, int[]? lines)
    {
        var inspected = new InspectedBars(bars, path, lines);
        var calendar = new Calendar(inspected);
        var found = new List<MarketDataFinding>();
        calendar.Find(found);
        BadPrints.Find(inspected, found);
        FactorJumps.Find(inspected, calendar.FollowsHole, found);
        FindOutside(inspected, found);
        // Stable, so that findings of one bar keep the order in which they were looked for.
        return [.. found.OrderBy(finding => finding.Date)];
    }

    private static void FindOutside(InspectedBars inspected, List<MarketDataFinding> found)
    {
        var raw = inspected.Raw;
        for (var t = 0; t < raw.Count; t++)
        {
            foreach (var (field, price) in new[] { ("open", raw.Open[t]), ("close", raw.Close[t]) })
            {
                if (price >= raw.Low[t] && price <= raw.High[t]) continue;
                found.Add(inspected.At(
                    t, MarketDataFindingKind.OutsideRange, FindingSeverity.Warning, field, price,
                    Invariant($"{field} {price:0.####} lies outside low {raw.Low[t]:0.####} to high {raw.High[t]:0.####}.")));
            }
        }
    }
}
