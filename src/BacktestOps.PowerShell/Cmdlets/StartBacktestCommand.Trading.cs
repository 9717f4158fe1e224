using System.Collections;
using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Binding;

namespace BacktestOps.PowerShell.Cmdlets;

// How it is traded: stops, sizes, cash and costs.
public sealed partial class StartBacktestCommand
{
    private static readonly MarginTerms DefaultMargin = new();

    /// <summary>Distance of the stop loss: a fraction of the entry price, or an expression in money.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(string))]
    public string? StopLoss { get; set => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>Distance of the profit target.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(string))]
    public string? TakeProfit { get; set => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>Distance of the trailing stop from the best price.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(string))]
    public string? TrailingStop { get; set => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>What -Size means.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(SizingKind))]
    public SizingKind? Sizing { get; set; }

    /// <summary>How large a position is, as -Sizing says; without it a fraction of the equity.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(double))]
    public double? Size { get; set; }

    /// <summary>Returns from which a volatility target takes the volatility.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(int))]
    public int? VolatilityWindow { get; set; }

    /// <summary>How often sizes are put right; rules are read at these closes alone.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(RebalancePeriod))]
    public RebalancePeriod? Rebalance { get; set; }

    /// <summary>The fraction of the equity by which a position may be off its size.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(double))]
    public double? RebalanceDrift { get; set; }

    /// <summary>Who shares the cash.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(CashSharing))]
    public CashSharing? Cash { get; set; }

    /// <summary>Groups of symbols that share a part of the cash: hashtables of Symbols and Share.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(IDictionary[]))]
    public IDictionary[]? Sleeve { get; set; }

    /// <summary>When market orders fill.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(FillTiming))]
    public FillTiming? Fill { get; set; }

    /// <summary>Commission for each share.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(double))]
    public double? CommissionPerShare { get; set; }

    /// <summary>The most that a fill costs.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(double))]
    public double? CommissionMaximum { get; set; }

    /// <summary>Slippage in basis points of the price.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(double))]
    public double? SlippageBasisPoints { get; set; }

    /// <summary>Slippage as a fraction of the bar's range.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(double))]
    public double? SlippageRange { get; set; }

    /// <summary>Slippage by the square of the share of the bar's volume.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(double))]
    public double? VolumeImpact { get; set; }

    /// <summary>The whole spread in basis points of the price.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(double))]
    public double? SpreadBasisPoints { get; set; }

    /// <summary>The most of a bar's volume that a fill takes.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(double))]
    public double? VolumeLimit { get; set; }

    /// <summary>Equity that an entry must leave for each unit of money in positions.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(double))]
    public double? InitialMargin { get; set; }

    /// <summary>Equity for each unit of money in positions below which they are closed.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(double))]
    public double? MaintenanceMargin { get; set; }

    /// <summary>What borrowed shares cost in a year.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(double))]
    public double? BorrowRate { get; set; }

    /// <summary>What borrowed cash costs in a year.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(double))]
    public double? LoanRate { get; set; }

    // What is not asked for is null, so that the request says no more than the user did.
    private BacktestRequest WithTrading(BacktestRequest request, List<RequestFault> faults)
    {
        var stops = new StopRules { StopLoss = StopLoss, TakeProfit = TakeProfit, TrailingStop = TrailingStop };
        var slippage = new SlippageTerms
        {
            BasisPoints = SlippageBasisPoints ?? 0, RangeFraction = SlippageRange ?? 0, VolumeImpact = VolumeImpact ?? 0, SpreadBasisPoints = SpreadBasisPoints ?? 0,
        };
        var margin = new MarginTerms
        {
            Initial = InitialMargin ?? DefaultMargin.Initial, Maintenance = MaintenanceMargin ?? DefaultMargin.Maintenance, BorrowRate = BorrowRate ?? 0, LoanRate = LoanRate ?? 0,
        };
        return request with
        {
            Stops = stops == new StopRules() ? null : stops,
            Sizing = SizingParameters.Read(Sizing, Size, VolatilityWindow),
            Rebalance = Rebalance is { } every ? new RebalanceRule { Every = every, Drift = RebalanceDrift ?? 0 } : null,
            Cash = Cash,
            Sleeves = SleeveParameters.Read(Sleeve, faults),
            Fill = Fill ?? default,
            Commission = request.Commission with { PerShare = CommissionPerShare ?? 0, Maximum = CommissionMaximum },
            Slippage = slippage == new SlippageTerms() ? null : slippage,
            VolumeLimit = VolumeLimit,
            Margin = margin == DefaultMargin ? null : margin,
        };
    }
}
