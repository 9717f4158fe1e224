using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;

namespace BacktestOps.Runs.MarketData;

/// <summary>A symbol's bars with what identifies them.</summary>
/// <param name="Bars">The bars.</param>
/// <param name="Name">The symbol's name, for people.</param>
/// <param name="Source">Where the bars come from, for people.</param>
/// <param name="Fingerprint">SHA-256 of the whole data, lower-case hex.</param>
/// <param name="Warnings">What is odd about the data and tolerated; empty when nothing is.</param>
internal sealed record MarketSeries(
    BarSeries Bars, string Name, string Source, string Fingerprint, IReadOnlyList<string> Warnings)
{
    /// <summary>What was found in the data when it was read; empty where nothing was.</summary>
    public IReadOnlyList<MarketDataFinding> Findings { get; init; } = [];

    /// <summary>The line of the catalog for this series.</summary>
    public SymbolInfo Describe() => new()
    {
        Symbol = Bars.Symbol,
        Name = Name,
        Source = Source,
        First = Bars.Dates[0],
        Last = Bars.Dates[^1],
        Bars = Bars.Count,
        HasAdjustedClose = Bars.HasAdjustedClose,
    };

    /// <summary>The half-open range of bars whose days lie between both ends, inclusive.</summary>
    public Range Within(DateOnly? from, DateOnly? to)
    {
        var first = from is null ? 0 : LowerBound(from.Value.ToDateTime(TimeOnly.MinValue));
        var end = to is null || to == DateOnly.MaxValue ? Bars.Count : LowerBound(to.Value.AddDays(1).ToDateTime(TimeOnly.MinValue));
        return first..Math.Max(first, end);
    }

    /// <summary>The bars whose days lie between both ends, inclusive, one object each.</summary>
    public IReadOnlyList<Bar> Rows(DateOnly? from, DateOnly? to)
    {
        var (start, count) = Within(from, to).GetOffsetAndLength(Bars.Count);
        var rows = new Bar[count];
        for (var i = 0; i < count; i++)
        {
            var at = start + i;
            rows[i] = new Bar(Bars.Symbol, Bars.Dates[at], Bars.Open[at], Bars.High[at], Bars.Low[at], Bars.Close[at],
                Bars.HasAdjustedClose ? Bars.AdjustedClose[at] : null, Bars.Volume[at])
            {
                Growth = Bars.HasActions ? Bars.Growth[at] : null,
            };
        }

        return rows;
    }

    private int LowerBound(DateTime date)
    {
        var index = Bars.Dates.BinarySearch(date);
        return index < 0 ? ~index : index;
    }
}
