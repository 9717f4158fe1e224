using BacktestOps.Contracts;
using static System.FormattableString;

namespace BacktestOps.Runs.MarketData.Inspection;

/// <summary>Holds splits and the factor adjusted close / close against what prices did.</summary>
/// <remarks>
/// A split that the factor does not know: open and close stand within 3 % of a split's ratio to the close before, and the money
/// traded is ordinary. A crash that happens to halve the price (AAPL on 2000-09-29, at 25 times the usual money) is none.
/// </remarks>
internal static class FactorJumps
{
    private const double Fit = 0.03, OrdinaryCrowd = 4;

    // A dividend above a seventh of the price is rare; a factor that jumps by more is held against splits.
    private const double SplitLike = 0.15;

    private static readonly (string Name, double Ratio)[] s_splits = [.. Ratios()];

    /// <summary>Looks at every bar, or at none whose bar before lies beyond a hole.</summary>
    public static void Find(InspectedBars bars, Func<int, bool> followsHole, List<MarketDataFinding> found)
    {
        // A close that stands alone looks like a split there and back; it has been named as what it is.
        HashSet<DateTime?> badCloses = [.. found.Where(other => other is { Kind: MarketDataFindingKind.BadPrint, Field: "close" }).Select(other => other.Date)];
        for (var t = 1; t < bars.Count; t++)
        {
            if (followsHole(t)) continue;
            if (bars.FactorMoves(t))
                Judge(bars, t, bars.Factor[t] / bars.Factor[t - 1], found);
            else if (!badCloses.Contains(bars.Raw.Dates[t]) && !badCloses.Contains(bars.Raw.Dates[t - 1]))
                FindUnadjusted(bars, t, found);
        }
        foreach (var (t, factor) in bars.Lone)
        {
            if (badCloses.Contains(bars.Raw.Dates[t])) continue;
            found.Add(bars.At(
                t, MarketDataFindingKind.WrongFactor, FindingSeverity.Error, "adj_close", bars.Raw.AdjustedClose[t],
                Invariant($"adjusted close / close is {factor:0.######} in this bar alone and {bars.Factor[t]:0.######} in the bars beside it.")));
        }
    }

    private static void FindUnadjusted(InspectedBars bars, int t, List<MarketDataFinding> found)
    {
        var before = bars.Close[t - 1];
        var (atOpen, atClose) = (before / bars.Open[t], before / bars.Close[t]);
        if (Math.Abs(Math.Log(atClose)) < 0.3) return;
        foreach (var (name, ratio) in s_splits)
        {
            if (Math.Abs(atOpen / ratio - 1) > Fit || Math.Abs(atClose / ratio - 1) > Fit) continue;
            // Bars without volume (an index) can't show what was traded, and an index does not split.
            if (bars.Raw.Volume[t] <= 0 || bars.Crowd(t) > OrdinaryCrowd) return;
            found.Add(bars.At(
                t, MarketDataFindingKind.UnadjustedSplit, FindingSeverity.Error, bars.Raw.HasAdjustedClose ? "adj_close" : "close", bars.Raw.Close[t],
                Invariant($"the price goes from {bars.Raw.Close[t - 1]:0.####} to {bars.Raw.Open[t]:0.####} as in a split of {name}, with as much money traded as usual")
                + (bars.Raw.HasAdjustedClose ? "; the adjusted close falls with it and should not." : "; there is no adjusted close, so a run takes it for a loss or a gain.")));
            return;
        }
    }

    private static void Judge(InspectedBars bars, int t, double change, List<MarketDataFinding> found)
    {
        var raw = bars.Raw;
        // The price that would be if nothing had happened but the split or the dividend.
        var expected = raw.Close[t - 1] / change;
        var off = Math.Abs(Math.Log(raw.Open[t] / expected));
        var split = Split(change);
        if (Math.Abs(Math.Log(change)) > SplitLike)
        {
            // Out by half of what the factor says, and far beyond a bad day: the price did not do what the factor undoes.
            if (off > 0.5 * Math.Abs(Math.Log(change)) && off > 4 * bars.UsualRange(t))
            {
                found.Add(Wrong(bars, t, change, Invariant($"the price would have to open near {expected:0.####} and opens at {raw.Open[t]:0.####} after a close of {raw.Close[t - 1]:0.####}.")));
            }
            else if (split is not null)
            {
                found.Add(bars.At(
                    t, MarketDataFindingKind.Split, FindingSeverity.Note, "close", raw.Close[t],
                    Invariant($"a split of {split}: prices as traded go from {raw.Close[t - 1]:0.####} to {raw.Open[t]:0.####}, adjusted prices do not jump.")));
            }
        }
        else if (change < 1 && split is null)
        {
            found.Add(Wrong(bars, t, change, "a dividend makes it rise and only a reverse split makes it fall."));
        }
    }

    private static MarketDataFinding Wrong(InspectedBars bars, int t, double change, string why) => bars.At(
        t, MarketDataFindingKind.WrongFactor, FindingSeverity.Error, "adj_close", bars.Raw.AdjustedClose[t],
        Invariant($"adjusted close / close goes from {bars.Factor[t - 1]:0.######} to {bars.Factor[t]:0.######}, times {change:0.####}; {why}"));

    private static string? Split(double change)
    {
        foreach (var (name, ratio) in s_splits)
            if (Math.Abs(change / ratio - 1) < 0.001) return name;
        return null;
    }

    private static IEnumerable<(string Name, double Ratio)> Ratios()
    {
        foreach (var (to, from) in new[] { (3, 2), (5, 4), (4, 3), (5, 3), (5, 2), (7, 2) })
        {
            yield return (Invariant($"{to}:{from}"), (double)to / from);
            yield return (Invariant($"{from}:{to}"), (double)from / to);
        }
        foreach (var many in new[] { 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30, 35, 40, 50, 60, 75, 100, 150, 200 })
        {
            yield return (Invariant($"{many}:1"), many);
            yield return (Invariant($"1:{many}"), 1.0 / many);
        }
    }
}
