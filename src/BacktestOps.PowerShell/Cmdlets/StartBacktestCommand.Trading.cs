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
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? StopLoss { get; set; }

    /// <summary>Distance of the profit target.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? TakeProfit { get; set; }

    /// <summary>Distance of the trailing stop from the best price.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? TrailingStop { get; set; }

    /// <summary>What -Size means.</summary>
    [Parameter]
    public SizingKind? Sizing { get; set; }

    /// <summary>How large a position is, as -Sizing says; without it a fraction of the equity.</summary>
    [Parameter]
    public double? Size { get; set; }

    /// <summary>Returns from which a volatility target takes the volatility.</summary>
    [Parameter]
    public int? VolatilityWindow { get; set; }

    /// <summary>How often sizes are put right; rules are read at these closes alone.</summary>
    [Parameter]
    public RebalancePeriod? Rebalance { get; set; }

    /// <summary>The fraction of the equity by which a position may be off its size.</summary>
    [Parameter]
    public double RebalanceDrift { get; set; }

    /// <summary>Who shares the cash.</summary>
    [Parameter]
    public CashSharing? Cash { get; set; }

    /// <summary>Groups of symbols that share a part of the cash: hashtables of Symbols and Share.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public IDictionary[]? Sleeve { get; set; }

    /// <summary>When market orders fill.</summary>
    [Parameter]
    public FillTiming Fill { get; set; }

    /// <summary>Commission for each share.</summary>
    [Parameter]
    public double CommissionPerShare { get; set; }

    /// <summary>The most that a fill costs.</summary>
    [Parameter]
    public double? CommissionMaximum { get; set; }

    /// <summary>Slippage in basis points of the price.</summary>
    [Parameter]
    public double SlippageBasisPoints { get; set; }

    /// <summary>Slippage as a fraction of the bar's range.</summary>
    [Parameter]
    public double SlippageRange { get; set; }

    /// <summary>Slippage by the square of the share of the bar's volume.</summary>
    [Parameter]
    public double VolumeImpact { get; set; }

    /// <summary>The whole spread in basis points of the price.</summary>
    [Parameter]
    public double SpreadBasisPoints { get; set; }

    /// <summary>The most of a bar's volume that a fill takes.</summary>
    [Parameter]
    public double? VolumeLimit { get; set; }

    /// <summary>Equity that an entry must leave for each unit of money in positions.</summary>
    [Parameter]
    public double InitialMargin { get; set; } = DefaultMargin.Initial;

    /// <summary>Equity for each unit of money in positions below which they are closed.</summary>
    [Parameter]
    public double MaintenanceMargin { get; set; } = DefaultMargin.Maintenance;

    /// <summary>What borrowed shares cost in a year.</summary>
    [Parameter]
    public double BorrowRate { get; set; }

    /// <summary>What borrowed cash costs in a year.</summary>
    [Parameter]
    public double LoanRate { get; set; }

    // What is not asked for is null, so that the request says no more than the user did.
    private BacktestRequest WithTrading(BacktestRequest request, List<RequestFault> faults)
    {
        var stops = new StopRules { StopLoss = StopLoss, TakeProfit = TakeProfit, TrailingStop = TrailingStop };
        var slippage = new SlippageTerms
        {
            BasisPoints = SlippageBasisPoints, RangeFraction = SlippageRange, VolumeImpact = VolumeImpact, SpreadBasisPoints = SpreadBasisPoints,
        };
        var margin = new MarginTerms { Initial = InitialMargin, Maintenance = MaintenanceMargin, BorrowRate = BorrowRate, LoanRate = LoanRate };
        return request with
        {
            Stops = stops == new StopRules() ? null : stops,
            Sizing = SizingParameters.Read(Sizing, Size, VolatilityWindow),
            Rebalance = Rebalance is { } every ? new RebalanceRule { Every = every, Drift = RebalanceDrift } : null,
            Cash = Cash,
            Sleeves = SleeveParameters.Read(Sleeve, faults),
            Fill = Fill,
            Commission = request.Commission with { PerShare = CommissionPerShare, Maximum = CommissionMaximum },
            Slippage = slippage == new SlippageTerms() ? null : slippage,
            VolumeLimit = VolumeLimit,
            Margin = margin == DefaultMargin ? null : margin,
        };
    }
}
