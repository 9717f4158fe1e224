using BacktestOps.Contracts;
using BacktestOps.Engine.Rules.Evaluation;

namespace BacktestOps.Engine.Simulation;

/// <summary>All that a simulation is told beside bars and signals.</summary>
internal sealed record TradingRules
{
    /// <summary>Commission, and whether shares are whole.</summary>
    public required Costs Costs { get; init; }

    /// <summary>How far from the price market orders fill.</summary>
    public SlippageSum Slippage { get; init; } = new(null);

    /// <summary>The most of a bar's volume that one fill takes; infinite for no limit.</summary>
    public double VolumeLimit { get; init; } = double.PositiveInfinity;

    /// <summary>What may be owed, and what that costs.</summary>
    public MarginTerms Margin { get; init; } = new();

    /// <summary>True when market orders fill at the close at which they are ordered.</summary>
    public bool FillsAtClose { get; init; }

    /// <summary>How large positions are; null for all the cash of one symbol, an equal weight of several.</summary>
    public SizingRule? Sizing { get; init; }

    /// <summary>The calendar; null where rules are read at every close.</summary>
    public RebalanceRule? Rebalance { get; init; }

    /// <summary>Bars in a year, for a volatility target; null to take it from the dates.</summary>
    public double? PeriodsPerYear { get; init; }

    /// <summary>True when nothing may be bought on credit.</summary>
    public bool IsCashAccount => Margin.Initial == 1;

    /// <summary>True where one symbol with its own cash can be simulated by <see cref="SleeveSimulator"/>.</summary>
    public bool IsPlain => Slippage.IsNone && double.IsPositiveInfinity(VolumeLimit) && IsCashAccount && !FillsAtClose && Sizing is null && Rebalance is null;

    /// <summary>The columns of the bars that fills read.</summary>
    public PriceFields Fields =>
        (Slippage.ReadsRange ? PriceFields.High | PriceFields.Low : 0)
        | (Slippage.DependsOnSize || !double.IsPositiveInfinity(VolumeLimit) ? PriceFields.Volume : 0);

    /// <summary>The rules of a request.</summary>
    /// <param name="request">A request without faults.</param>
    /// <param name="strategy">Its strategy, with what the request puts in its place.</param>
    public static TradingRules Of(BacktestRequest request, StrategyDefinition strategy) => new()
    {
        Costs = new Costs(request.Commission, request.FractionalShares),
        Slippage = new SlippageSum(request.Slippage),
        VolumeLimit = request.VolumeLimit ?? double.PositiveInfinity,
        Margin = request.Margin ?? new(),
        FillsAtClose = request.Fill == FillTiming.Close,
        Sizing = strategy.Sizing,
        Rebalance = strategy.Rebalance,
        PeriodsPerYear = request.PeriodsPerYear,
    };
}
