using System.Runtime.Intrinsics;
using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Rules;

namespace BacktestOps.Engine.Simulation;

/// <summary>The books of one account: its cash, what it holds of each symbol, and what happened.</summary>
internal sealed class Book
{
    private const int MostExpected = 1 << 16;

    /// <summary>Opens the books.</summary>
    /// <param name="bars">The symbols, in ordinal order.</param>
    /// <param name="signals">What the rules say of each.</param>
    /// <param name="rules">The rules of trading.</param>
    /// <param name="cash">Cash at the first bar.</param>
    public Book(BarSeries[] bars, Signals[] signals, TradingRules rules, double cash)
    {
        (Bars, Signals, Rules, Cash, LastEquity) = (bars, signals, rules, cash, cash);
        (Positions, Shares, Notes) = (new Position[bars.Length], new double[bars.Length], new SymbolNotes[bars.Length]);
        // An entry for each trade: a list of the right size, where a rule does not hold for long, spares the memory of its growth.
        Trades = new(Math.Min(MostExpected, signals.Sum(said => said.Entry.CountSet() + said.ShortEntry.CountSet())));
    }

    /// <summary>The symbols.</summary>
    public BarSeries[] Bars { get; }

    /// <summary>What the rules say of each.</summary>
    public Signals[] Signals { get; }

    /// <summary>The rules of trading.</summary>
    public TradingRules Rules { get; }

    /// <summary>What is held and ordered of each symbol.</summary>
    public Position[] Positions { get; }

    /// <summary>Shares of each symbol, negative for a short position. Apart from the rest, because every close is marked from them.</summary>
    public double[] Shares { get; }

    /// <summary>What the reader should know of each symbol.</summary>
    public SymbolNotes[] Notes { get; }

    /// <summary>Closed trades.</summary>
    public List<Trade> Trades { get; }

    /// <summary>The cash; below 0 it is owed.</summary>
    public double Cash { get; set; }

    /// <summary>Equity at the close before.</summary>
    public double LastEquity { get; set; }

    /// <summary>How many positions are held.</summary>
    public int Held { get; set; }

    /// <summary>How many of them are short.</summary>
    public int Shorts { get; set; }

    /// <summary>True when nothing is owed and nothing can be: no credit, and no short position.</summary>
    public bool IsFreeOfDebt => Rules.IsCashAccount && Shorts == 0;

    /// <summary>Commission of all fills.</summary>
    public double CommissionPaid { get; set; }

    /// <summary>Slippage, spread, borrowed shares and borrowed cash.</summary>
    public double OtherCosts { get; set; }

    /// <summary>Cash + positions.</summary>
    /// <param name="marks">A price for each symbol.</param>
    public double Equity(ReadOnlySpan<double> marks) => Cash + Sum(Shares, marks);

    /// <summary>The money in positions, long and short added.</summary>
    /// <param name="marks">A price for each symbol.</param>
    public double Gross(ReadOnlySpan<double> marks)
    {
        var sum = 0.0;
        for (var i = 0; i < Shares.Length; i++) sum += Math.Abs(Shares[i] * marks[i]);
        return sum;
    }

    // Four lanes of fixed width, so that every machine adds in the same order.
    private static double Sum(ReadOnlySpan<double> shares, ReadOnlySpan<double> marks)
    {
        var sums = Vector256<double>.Zero;
        var i = 0;
        for (; i <= shares.Length - 4; i += 4) sums += Vector256.Create(shares.Slice(i, 4)) * Vector256.Create(marks.Slice(i, 4));
        var sum = Vector256.Sum(sums);
        for (; i < shares.Length; i++) sum += shares[i] * marks[i];
        return sum;
    }
}
