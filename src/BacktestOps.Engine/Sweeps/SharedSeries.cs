using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Rules.Evaluation;
using BacktestOps.Engine.Simulation;

namespace BacktestOps.Engine.Sweeps;

/// <summary>What all variants over one series of bars share.</summary>
internal sealed class SharedSeries
{
    /// <summary>Prepares it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="plan">The rules.</param>
    /// <param name="stops">The stops.</param>
    /// <param name="trading">The rules of trading.</param>
    /// <param name="bars">The bars, prepared.</param>
    public SharedSeries(BacktestRequest request, MaskPlan plan, SweptStops stops, TradingRules trading, BarSeries bars)
    {
        (Plan, Bars) = (plan, bars);
        var evaluator = new SeriesEvaluator(bars);
        Columns = new PlanColumns(plan, evaluator);
        var periods = request.PeriodsPerYear ?? BarSpacing.PeriodsPerYear(bars.Dates);
        var measures = new SweepMeasures(bars.Count, periods, EquityFigures.RiskFreeReturn(request.RiskFreeRate, periods));
        Delay = trading.FillsAtClose ? 0 : 1;
        if (stops.IsNone && IsProportional(request, trading))
        {
            var slippage = (request.Slippage?.BasisPoints ?? 0) / 10_000 + (request.Slippage?.SpreadBasisPoints ?? 0) / 20_000;
            var terms = new FillTerms(bars, trading.Costs.Rate, slippage, trading.FillsAtClose);
            Sparse = new SparseSimulator(terms, new HeldRanges(bars.Close), measures, request.InitialCash, Delay) { LastClose = bars.Close[^1] };
            return;
        }
        DistanceTable? Table(SweptDistance? distance) => distance is null ? null : new DistanceTable(distance, evaluator);
        Dense = new DenseSimulator(
            bars, trading, measures, request.InitialCash, [Table(stops.StopLoss), Table(stops.TakeProfit), Table(stops.TrailingStop)]);
    }

    /// <summary>The rules.</summary>
    public MaskPlan Plan { get; }

    /// <summary>The bars.</summary>
    public BarSeries Bars { get; }

    /// <summary>The columns that the rules compare.</summary>
    public PlanColumns Columns { get; }

    /// <summary>Bars from a signal to its fill.</summary>
    public int Delay { get; }

    /// <summary>Simulates by position changes; null where equity is not proportional to the price.</summary>
    public SparseSimulator? Sparse { get; }

    /// <summary>Simulates mark by mark; null where there is a shorter way.</summary>
    public DenseSimulator? Dense { get; }

    // Nothing of a fill is fixed: fractions of a share, and costs that are a part of the money.
    private static bool IsProportional(BacktestRequest request, TradingRules trading) =>
        trading.Costs is { FractionalShares: true, Minimum: 0, PerShare: 0, Maximum: double.PositiveInfinity }
        && (request.Slippage is null or { RangeFraction: 0, VolumeImpact: 0 });
}
