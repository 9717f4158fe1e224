using System.Text.Json.Serialization;

namespace BacktestOps.Contracts;

/// <summary>How a run did. Fractions, not percent: 0.25 is 25 %.</summary>
public sealed partial record Performance
{
    /// <summary>Final equity / initial cash − 1.</summary>
    public required double TotalReturn { get; init; }

    /// <summary>
    /// (mean(r) − f) / std(r, ddof 1) × √periods per year over the n−1 bar returns of the equity; f, the risk-free return of a
    /// bar, is 0 unless a rate was given
    /// (Sharpe, "The Sharpe Ratio", J. Portfolio Management 1994). Null with fewer than two returns or no variation.
    /// </summary>
    public double? SharpeRatio { get; init; }

    /// <summary>The lowest value of equity / highest equity so far − 1; zero or negative.</summary>
    public required double MaxDrawdown { get; init; }

    /// <summary>Closed round trips. A position still open at the end is reported apart and not counted.</summary>
    public required int TotalTrades { get; init; }

    /// <summary>Closed trades with a profit after costs above zero / closed trades, 0 to 1. Null without a closed trade.</summary>
    public double? WinRate { get; init; }

    /// <summary>Cash at the first bar.</summary>
    public required double InitialCash { get; init; }

    /// <summary>Equity at the last close, open positions marked there without exit costs.</summary>
    public required double FinalEquity { get; init; }

    /// <summary>All commission paid.</summary>
    public required double CommissionPaid { get; init; }
}

/// <summary>Equity at one close.</summary>
/// <param name="Date">The bar's date, or date and time for bars shorter than a day.</param>
/// <param name="Equity">Cash + positions at the close.</param>
public readonly record struct EquityPoint(DateTime Date, double Equity);

/// <summary>A closed round trip in one symbol.</summary>
public sealed record Trade
{
    /// <summary>The symbol traded.</summary>
    public required string Symbol { get; init; }

    /// <summary>Shares; negative for a short trade.</summary>
    public required double Quantity { get; init; }

    /// <summary>The bar that filled the entry, the first where there were several.</summary>
    public required DateTime EntryDate { get; init; }

    /// <summary>The price of the entry, slippage included; the mean over shares where there were several.</summary>
    public required double EntryPrice { get; init; }

    /// <summary>The bar that filled the exit.</summary>
    public required DateTime ExitDate { get; init; }

    /// <summary>The price of the exit, slippage included.</summary>
    public required double ExitPrice { get; init; }

    /// <summary>Commission of both fills; of an entry that is closed in parts, by shares.</summary>
    public required double Commission { get; init; }

    /// <summary>What the borrowed shares of a short trade cost.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double BorrowCost { get; init; }

    /// <summary>Why it was closed; null in a document of an earlier release.</summary>
    public ExitReason? ExitReason { get; init; }

    /// <summary>Money won or lost, after all costs.</summary>
    public required double Profit { get; init; }

    /// <summary>Profit / (|quantity| × entry price).</summary>
    public required double Return { get; init; }
}

/// <summary>A position that was still open at the last bar, marked at the last close without exit costs.</summary>
public sealed record OpenPosition
{
    /// <summary>The symbol held.</summary>
    public required string Symbol { get; init; }

    /// <summary>Shares; negative for a short position.</summary>
    public required double Quantity { get; init; }

    /// <summary>The bar that filled the entry, the first where there were several.</summary>
    public required DateTime EntryDate { get; init; }

    /// <summary>The price of the entry, slippage included; the mean over shares where there were several.</summary>
    public required double EntryPrice { get; init; }

    /// <summary>The close of the symbol's last bar.</summary>
    public required double LastPrice { get; init; }

    /// <summary>Commission of the entry.</summary>
    public required double Commission { get; init; }

    /// <summary>What the borrowed shares of a short position cost so far.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double BorrowCost { get; init; }

    /// <summary>Money won or lost so far: (last − entry price) × quantity − costs so far.</summary>
    public required double UnrealizedProfit { get; init; }
}
