using BacktestOps.Engine.Bars;

namespace BacktestOps.Engine.Tests;

/// <summary>
/// Splits and dividends of the real prices, read off the vendor's adjusted closes: a factor that jumps by a split's ratio is that
/// split, any other is a dividend of so many dollars to six decimals, as funds declare them.
/// </summary>
internal static class RealActions
{
    private static readonly double[] s_splits = [2, 4, 7, 1.5, 1.25, 0.05];

    public static IReadOnlyList<string> Symbols { get; } = ["AAPL", "AIG", "BAC", "GOOG", "IBM", "IWM", "QQQ", "SPY"];

    /// <summary>The prices as traded with their actions and an adjusted close made of them, and the vendor's series.</summary>
    public static (BarSeries Bars, BarSeries Vendor) Of(string symbol)
    {
        var vendor = RealPrices.Shared(symbol);
        var actions = new List<CorporateAction>();
        for (var t = 1; t < vendor.Count; t++)
        {
            var growth = vendor.AdjustedClose[t] / vendor.Close[t] / (vendor.AdjustedClose[t - 1] / vendor.Close[t - 1]);
            if (Math.Abs(growth - 1) < 1e-4) continue;
            var split = s_splits.FirstOrDefault(ratio => Math.Abs(growth / ratio - 1) < 1e-4);
            var dividend = split == 0 ? Math.Round(vendor.Close[t - 1] * (1 - 1 / growth), 6) : 0;
            actions.Add(new CorporateAction(DateOnly.FromDateTime(vendor.Dates[t]), split == 0 ? 1 : split, dividend));
        }
        var shares = CorporateActions.Growth(symbol, vendor.Dates, vendor.Close, actions);
        var bars = new BarSeries(
            symbol, vendor.Dates.ToArray(), vendor.Open.ToArray(), vendor.High.ToArray(), vendor.Low.ToArray(), vendor.Close.ToArray(), vendor.Volume.ToArray(),
            CorporateActions.AdjustedClose(vendor.Close, shares), shares);
        return (bars, vendor);
    }
}
