using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Rules;
using BacktestOps.Engine.Simulation;

namespace BacktestOps.Engine.Sweeps;

/// <summary>Finds where a long position meets its stops, with the very comparisons of <see cref="StopLevels"/>.</summary>
internal sealed class StopScan
{
    private readonly double[] _open, _highest, _lowest;

    /// <summary>Prepares the prices of bars.</summary>
    public StopScan(BarSeries bars)
    {
        (_open, _highest, _lowest) = (bars.Open.ToArray(), new double[bars.Count], new double[bars.Count]);
        for (var t = 0; t < bars.Count; t++) (_highest[t], _lowest[t]) = (StopLevels.Highest(bars, t), StopLevels.Lowest(bars, t));
    }

    /// <summary>Looks for an exit.</summary>
    /// <param name="stops">The stops of the variant.</param>
    /// <param name="price">The price of the entry.</param>
    /// <param name="orderedAt">The close at which it was ordered.</param>
    /// <param name="first">The first bar that is looked at.</param>
    /// <param name="isOpenSeen">True where the open of the first bar came after the entry.</param>
    /// <param name="end">The bar at which something else ends the position, which is not looked at.</param>
    /// <returns>The bar of the exit, its price, and whether it is a stop rather than a target; the end where there is none.</returns>
    public (int Bar, double Price, bool IsMarket) Find(in VariantStops stops, double price, int orderedAt, int first, bool isOpenSeen, int end)
    {
        var target = stops.TakeProfit is { } profit ? price + profit.From(orderedAt, price) : double.NaN;
        var loss = stops.StopLoss is { } lost ? price - lost.From(orderedAt, price) : double.NaN;
        // What StopLevels lets pass as a rounding, worked out once for a level instead of at every bar.
        var targetReached = Above(target);
        var best = price;
        for (var t = first; t < end; t++)
        {
            var stop = loss;
            if (stops.TrailingStop is { } trailing)
            {
                var trail = best - trailing.From(orderedAt, best);
                if (double.IsNaN(stop) || trail > stop) stop = trail;
                if (_highest[t] > best) best = _highest[t];
            }
            var stopReached = stop + Math.Abs(stop) * StopLevels.Doubt;
            if (isOpenSeen)
            {
                var open = _open[t];
                if (open <= stopReached) return (t, open, true);
                if (open >= targetReached) return (t, open, false);
            }
            if (_lowest[t] <= stopReached) return (t, stop, true);
            if (_highest[t] >= targetReached) return (t, target, false);
            isOpenSeen = true;
        }
        return (end, 0, true);
    }

    private static double Above(double level) => level - Math.Abs(level) * StopLevels.Doubt;
}

/// <summary>The stops of one variant.</summary>
internal readonly record struct VariantStops(StopDistance? StopLoss, StopDistance? TakeProfit, StopDistance? TrailingStop)
{
    /// <summary>True where there is none.</summary>
    public bool IsNone => (StopLoss ?? TakeProfit ?? TrailingStop) is null;

    /// <summary>True when an entry of this close has all of them.</summary>
    public bool AreDefined(int t) => StopLoss?.IsDefined(t) != false && TakeProfit?.IsDefined(t) != false && TrailingStop?.IsDefined(t) != false;
}
