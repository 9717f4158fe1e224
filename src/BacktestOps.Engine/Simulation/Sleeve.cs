using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;

namespace BacktestOps.Engine.Simulation;

/// <summary>Symbols that share some cash, one or several, after their simulation.</summary>
internal sealed record Sleeve
{
    /// <summary>Its symbols, in ordinal order.</summary>
    public required IReadOnlyList<BarSeries> Bars { get; init; }

    /// <summary>The union of the dates of several symbols; null for the dates of the only one.</summary>
    public DateTime[]? UnionOfDates { get; init; }

    /// <summary>The dates at whose closes it is marked.</summary>
    public ReadOnlySpan<DateTime> Dates => UnionOfDates is null ? Bars[0].Dates : UnionOfDates;

    /// <summary>Cash at the first bar.</summary>
    public required double InitialCash { get; init; }

    /// <summary>Cash + positions at every one of its dates.</summary>
    public required double[] Equity { get; init; }

    /// <summary>Closed trades, oldest first.</summary>
    public required IReadOnlyList<Trade> Trades { get; init; }

    /// <summary>Positions open at the last bar, in order of symbols.</summary>
    public required IReadOnlyList<OpenPosition> Open { get; init; }

    /// <summary>Commission of all fills.</summary>
    public required double CommissionPaid { get; init; }

    /// <summary>Slippage, spread, borrowed shares and borrowed cash.</summary>
    public double OtherCosts { get; init; }

    /// <summary>What the reader should know of each symbol, in the order of <see cref="Bars"/>.</summary>
    public required IReadOnlyList<SymbolNotes> Notes { get; init; }

    /// <summary>Closes at which equity was below the maintenance margin.</summary>
    public Occurrences MarginCalls { get; init; }

    /// <summary>Closes at which there was no equity left.</summary>
    public Occurrences Ruin { get; init; }
}

/// <summary>How often something happened, and when first.</summary>
/// <param name="Count">How often.</param>
/// <param name="First">When first; of no meaning when it never did.</param>
internal readonly record struct Occurrences(int Count, DateTime First)
{
    /// <summary>Once more.</summary>
    public Occurrences And(DateTime date) => Count == 0 ? new(1, date) : this with { Count = Count + 1 };
}

/// <summary>What the reader should know of one symbol's fills.</summary>
internal record struct SymbolNotes
{
    /// <summary>Entries that were due and bought nothing because the cash covered no share.</summary>
    public Occurrences Unaffordable { get; set; }

    /// <summary>Fills that were cut because of the volume limit.</summary>
    public Occurrences Cut { get; set; }

    /// <summary>Entries that were smaller than their size because the cash or the margin did not suffice.</summary>
    public Occurrences Short { get; set; }

    /// <summary>Entries that were not ordered because a stop, a price or a volatility was undefined.</summary>
    public Occurrences Undefined { get; set; }

    /// <summary>Exits that were not ordered because their price was undefined.</summary>
    public Occurrences UndefinedExits { get; set; }
}
