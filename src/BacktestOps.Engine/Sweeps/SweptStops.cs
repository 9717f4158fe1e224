using BacktestOps.Engine.Rules.Evaluation;
using BacktestOps.Engine.Rules.Language;

namespace BacktestOps.Engine.Sweeps;

/// <summary>The distance of a stop for every combination of the swept parameters that it names.</summary>
/// <param name="Places">The combinations.</param>
/// <param name="Fractions">A part of the price, by the number of the combination; 0 where it is money.</param>
/// <param name="Nodes">Money, by the number of the combination; null where it is a part.</param>
internal sealed record SweptDistance(SweptPlaces Places, double[] Fractions, SeriesNode?[] Nodes);

/// <summary>The stops of a strategy in a sweep; each may be absent.</summary>
internal sealed record SweptStops(SweptDistance? StopLoss, SweptDistance? TakeProfit, SweptDistance? TrailingStop)
{
    /// <summary>True where there is none.</summary>
    public bool IsNone => (StopLoss ?? TakeProfit ?? TrailingStop) is null;

    /// <summary>All that there are.</summary>
    public IEnumerable<SweptDistance> All => new[] { StopLoss, TakeProfit, TrailingStop }.OfType<SweptDistance>();

    /// <summary>Binds them.</summary>
    public static SweptStops Bind(SlotBinder binder, Syntax? stopLoss, Syntax? takeProfit, Syntax? trailingStop) => new(
        stopLoss is null ? null : binder.Distance(stopLoss, 1),
        takeProfit is null ? null : binder.Distance(takeProfit, double.PositiveInfinity),
        trailingStop is null ? null : binder.Distance(trailingStop, 1));
}

/// <summary>A stop's distances over one series of bars.</summary>
internal sealed class DistanceTable
{
    private readonly SweptDistance _distance;
    private readonly double[]?[] _money;

    /// <summary>Computes them.</summary>
    public DistanceTable(SweptDistance distance, SeriesEvaluator evaluator)
    {
        _distance = distance;
        _money = [.. distance.Nodes.Select(node => node is null ? null : evaluator.Column(node).Values)];
    }

    /// <summary>The distance of a variant.</summary>
    public Rules.StopDistance Of(ReadOnlySpan<int> at)
    {
        var place = _distance.Places.Of(at);
        return new(_distance.Fractions[place], _money[place]);
    }
}
