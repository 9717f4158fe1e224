using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Rules;

namespace BacktestOps.Engine.Simulation;

/// <summary>Where stops, targets and waiting exits are reached within a bar.</summary>
/// <remarks>
/// A bar says nothing of the order of its prices between open and close. So what can have happened against the position is
/// taken to have happened, and what can have happened for it is not: stops before targets and limits; on the bar of an entry
/// within it, the stop where the bar reached it at all, the target only where it can't have been reached before the entry.
/// </remarks>
internal static class StopLevels
{
    /// <summary>A level is a product of prices; one that a price meets in exact arithmetic must not be missed by a rounding.</summary>
    public const double Doubt = 1.0 / (1L << 40);

    /// <summary>True when a price is at a level or below it.</summary>
    public static bool IsAtOrBelow(double price, double level) => price <= level + Math.Abs(level) * Doubt;

    /// <summary>True when a price is at a level or above it.</summary>
    public static bool IsAtOrAbove(double price, double level) => price >= level - Math.Abs(level) * Doubt;

    /// <summary>The lowest price of a bar, also where its low is wrong.</summary>
    public static double Lowest(BarSeries bars, int t) => Math.Min(bars.Low[t], Math.Min(bars.Open[t], bars.Close[t]));

    /// <summary>The highest price of a bar, also where its high is wrong.</summary>
    public static double Highest(BarSeries bars, int t) => Math.Max(bars.High[t], Math.Max(bars.Open[t], bars.Close[t]));

    // The nearest stop of a position, and its kind; NaN where it has none.
    private static (double Level, ExitReason Reason) Stop(Signals signals, in Position position, int side, int t)
    {
        var (level, reason) = (double.NaN, ExitReason.StopLoss);
        if (signals.StopLoss is { } loss) level = position.EntryPrice - side * Distance(loss, position, position.EntryPrice);
        if (signals.TrailingStop is { } trailing)
        {
            var trail = position.Best - side * Distance(trailing, position, position.Best);
            if (double.IsNaN(level) || side * (trail - level) > 0) (level, reason) = (trail, ExitReason.TrailingStop);
        }
        var order = position.WaitingExit.StopAt(t);
        if (!double.IsNaN(order) && !(side * (order - level) <= 0)) (level, reason) = (order, ExitReason.Rule);
        return (level, reason);
    }

    // The nearest target or limit of a position, and its kind; NaN where it has none.
    private static (double Level, ExitReason Reason) Target(Signals signals, in Position position, int side, int t)
    {
        var (level, reason) = (double.NaN, ExitReason.TakeProfit);
        if (signals.TakeProfit is { } target) level = position.EntryPrice + side * Distance(target, position, position.EntryPrice);
        var order = position.WaitingExit.LimitAt(t);
        if (!double.IsNaN(order) && !(side * (order - level) >= 0)) (level, reason) = (order, ExitReason.Rule);
        return (level, reason);
    }

    // Money for a share as the order saw it is less for one of what that has grown to; a part of the price is a part of any price.
    private static double Distance(StopDistance distance, in Position position, double price) =>
        distance.Money is null ? distance.From(position.OrderedAt, price) : distance.From(position.OrderedAt, price) / position.Growth;

    /// <summary>The exit at the open of a bar; null for none.</summary>
    /// <param name="signals">The rules of the symbol.</param>
    /// <param name="position">The position.</param>
    /// <param name="side">Its side.</param>
    /// <param name="bars">The bars.</param>
    /// <param name="t">Which bar.</param>
    public static LevelExit? AtOpen(Signals signals, in Position position, int side, BarSeries bars, int t)
    {
        var open = bars.Open[t];
        var (stop, why) = Stop(signals, position, side, t);
        if (Reaches(open, stop, -side)) return new(open, why, IsLimit: false);
        var (target, reason) = Target(signals, position, side, t);
        return Reaches(open, target, side) ? new(open, reason, IsLimit: true) : null;
    }

    /// <summary>The exit after the open of a bar; null for none.</summary>
    public static LevelExit? Within(Signals signals, in Position position, int side, BarSeries bars, int t)
    {
        var (worst, best) = side > 0 ? (Lowest(bars, t), Highest(bars, t)) : (Highest(bars, t), Lowest(bars, t));
        var (stop, why) = Stop(signals, position, side, t);
        if (Reaches(worst, stop, -side)) return new(stop, why, IsLimit: false);
        // A limit order was filled on the way to the worst price, and the best one may have been before.
        if (position.Moment == EntryMoment.Limit) best = bars.Close[t];
        var (target, reason) = Target(signals, position, side, t);
        return Reaches(best, target, side) ? new(target, reason, IsLimit: true) : null;
    }

    /// <summary>The best price that a position has seen at the end of a bar.</summary>
    public static double BestAfter(in Position position, int side, BarSeries bars, int t)
    {
        var isWithin = position.Moment is EntryMoment.Limit or EntryMoment.Stop;
        var best = isWithin ? bars.Close[t] : side > 0 ? Highest(bars, t) : Lowest(bars, t);
        return side > 0 ? Math.Max(position.Best, best) : Math.Min(position.Best, best);
    }

    /// <summary>True when a price lies at a level or beyond it in a direction; false where there is no level.</summary>
    /// <param name="price">The price.</param>
    /// <param name="level">The level, or NaN.</param>
    /// <param name="direction">1 for above, −1 for below.</param>
    public static bool Reaches(double price, double level, int direction) => direction > 0 ? IsAtOrAbove(price, level) : IsAtOrBelow(price, level);
}
