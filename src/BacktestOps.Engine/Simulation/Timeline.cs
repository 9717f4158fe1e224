using BacktestOps.Engine.Bars;

namespace BacktestOps.Engine.Simulation;

/// <summary>The dates of several symbols put together, and where each symbol's bars lie on them.</summary>
internal sealed class Timeline
{
    private readonly int[]?[] _barAt;
    private readonly int[]?[] _dateOf;

    /// <summary>Puts the dates together.</summary>
    /// <param name="bars">The symbols.</param>
    public Timeline(IReadOnlyList<BarSeries> bars)
    {
        Dates = PortfolioCurve.UnionOfDates(bars);
        (_barAt, _dateOf) = (new int[bars.Count][], new int[bars.Count][]);
        for (var i = 0; i < bars.Count; i++)
        {
            // Most symbols of a market share one calendar, and need no map.
            if (bars[i].Count < Dates.Length) (_barAt[i], _dateOf[i]) = Map(bars[i].Dates);
        }
    }

    /// <summary>The union of the dates, ascending.</summary>
    public DateTime[] Dates { get; }

    /// <summary>True when a symbol has a bar on every date.</summary>
    public bool IsFull(int symbol) => _barAt[symbol] is null;

    /// <summary>The bar of a symbol on a date; −1 where it has none.</summary>
    public int BarAt(int symbol, int date) => _barAt[symbol] is { } map ? map[date] : date;

    /// <summary>The date of a symbol's bar.</summary>
    public int DateOf(int symbol, int bar) => _dateOf[symbol] is { } map ? map[bar] : bar;

    private (int[] BarAt, int[] DateOf) Map(ReadOnlySpan<DateTime> own)
    {
        var (barAt, dateOf) = (new int[Dates.Length], new int[own.Length]);
        var bar = 0;
        for (var date = 0; date < barAt.Length; date++)
        {
            if (bar == own.Length || own[bar] != Dates[date])
            {
                barAt[date] = -1;
                continue;
            }
            (barAt[date], dateOf[bar]) = (bar, date);
            bar++;
        }
        return (barAt, dateOf);
    }
}
