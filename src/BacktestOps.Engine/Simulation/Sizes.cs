using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Rules;

namespace BacktestOps.Engine.Simulation;

/// <summary>How large positions are to be, decided at a close.</summary>
/// <param name="book">The books.</param>
/// <param name="timeline">The dates.</param>
internal sealed class Sizes(Book book, Timeline timeline)
{
    /// <summary>Returns in the window of a volatility target, where none is given.</summary>
    public const int DefaultWindow = 20;

    private readonly SizingRule? _rule = book.Rules.Sizing;
    private (int Date, double Periods) _known = (-1, 0);

    /// <summary>The money that a position is to have, costs included, and the most shares.</summary>
    /// <param name="symbol">The symbol.</param>
    /// <param name="bar">Its bar.</param>
    /// <param name="date">The date of the bar.</param>
    /// <param name="equity">Equity at the close.</param>
    /// <param name="symbols">Among how many symbols an equal weight is shared out.</param>
    /// <returns>Money, NaN where it is undefined; infinite for all there is or for a number of shares.</returns>
    public (double Money, double MostShares) Of(int symbol, int bar, int date, double equity, int symbols)
    {
        var (money, mostShares) = Whole(symbol, bar, date, equity, symbols);
        if (book.Signals[symbol].Weights?[bar] is not { } part || part == 1) return (money, mostShares);
        return double.IsInfinity(money) && double.IsInfinity(mostShares) ? (equity * part, mostShares) : (money * part, mostShares * part);
    }

    private (double Money, double MostShares) Whole(int symbol, int bar, int date, double equity, int symbols) => _rule?.Kind switch
    {
        null when book.Bars.Length == 1 => (double.PositiveInfinity, double.PositiveInfinity),
        null or SizingKind.EqualWeight => (equity / symbols, double.PositiveInfinity),
        SizingKind.PercentOfEquity => (equity * _rule!.Value, double.PositiveInfinity),
        SizingKind.FixedCash => (_rule!.Value, double.PositiveInfinity),
        SizingKind.FixedShares => (double.PositiveInfinity, _rule!.Value),
        _ => (equity * _rule!.Value / Volatility(symbol, bar, date), double.PositiveInfinity),
    };

    // std(ddof 1) of the returns up to this close × √periods per year; NaN before the window is full and where nothing moves.
    private double Volatility(int symbol, int bar, int date)
    {
        var (bars, before) = book.Signals[symbol].Past ?? new PastBars(book.Bars[symbol], 0);
        var (window, last) = (_rule!.Window ?? DefaultWindow, before + bar);
        if (last < window) return double.NaN;
        var spread = Spread.Of(EquityFigures.Returns(bars.Close.Slice(last - window, window + 1)));
        return spread.Varies ? spread.Deviation * Math.Sqrt(PeriodsPerYear(bars.Dates[..(last + 1)], before > 0, date)) : double.NaN;
    }

    // From the dates up to this one: a later date must not change an earlier size.
    private double PeriodsPerYear(ReadOnlySpan<DateTime> past, bool isLonger, int date)
    {
        if (book.Rules.PeriodsPerYear is { } given) return given;
        // Of a walk-forward the symbol's own dates reach further back than those of the account.
        if (isLonger) return BarSpacing.PeriodsPerYear(past);
        if (_known.Date != date) _known = (date, BarSpacing.PeriodsPerYear(timeline.Dates.AsSpan(0, date + 1)));
        return _known.Periods;
    }
}
