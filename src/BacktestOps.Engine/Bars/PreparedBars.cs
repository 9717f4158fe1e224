using System.Runtime.Intrinsics;
using BacktestOps.Contracts;
using BacktestOps.Engine.Indicators;
using BacktestOps.Engine.Rules.Evaluation;
using static System.FormattableString;

namespace BacktestOps.Engine.Bars;

/// <summary>The bars as a run reads them: cut to the range, adjusted when asked for, checked, in order of symbols.</summary>
internal static class PreparedBars
{
    /// <summary>Prepares the whole universe or names every symbol that can't be used.</summary>
    /// <param name="request">A request without faults.</param>
    /// <param name="universe">The whole data of each symbol.</param>
    /// <param name="fields">The columns that the rules read, beside open and close, which every run reads.</param>
    /// <returns>The series in ordinal order of symbols, so that no sum depends on the request's order.</returns>
    /// <exception cref="MarketDataException">A symbol has no bar in the range, or a price that can't be.</exception>
    public static BarSeries[] Prepare(BacktestRequest request, IReadOnlyList<BarSeries> universe, PriceFields fields)
    {
        var bars = new BarSeries[universe.Count];
        var faults = new List<(string Symbol, string Detail)>();
        string? fault = null;
        for (var i = 0; i < bars.Length; i++)
        {
            // Cut before adjusting: nothing from outside the range takes part in anything.
            var cut = universe[i].Between(request.From, request.To);
            bars[i] = request.Adjusted ? cut.ToAdjusted() : cut;
            // Symbols of one market have one calendar: it is checked once, and kept once.
            var sharesDates = i > 0 && bars[i].TryShareDates(bars[i - 1], out bars[i]);
            fault = Fault(universe[i], bars[i], request, fields, areDatesGood: sharesDates && fault is null);
            if (fault is not null) faults.Add((universe[i].Symbol, fault));
        }
        if (faults.Count > 0)
        {
            throw new MarketDataException(
                string.Join(", ", faults.Select(found => found.Symbol)),
                line: null,
                string.Join("; ", faults.Select(found => found.Detail)));
        }
        Array.Sort(bars, (a, b) => string.CompareOrdinal(a.Symbol, b.Symbol));
        return bars;
    }

    private static string? Fault(BarSeries whole, BarSeries bars, BacktestRequest request, PriceFields fields, bool areDatesGood)
    {
        if (whole.Count == 0) return $"'{whole.Symbol}' has no bars";
        if (bars.Count == 0)
        {
            var range = (request.From, request.To) switch
            {
                ({ } from, { } to) => Invariant($"from {from:yyyy-MM-dd} to {to:yyyy-MM-dd}"),
                ({ } from, null) => Invariant($"from {from:yyyy-MM-dd} on"),
                _ => Invariant($"up to {request.To:yyyy-MM-dd}"),
            };
            return $"'{whole.Symbol}' has no bar {range}; "
                + Invariant($"its bars run from {whole.Dates[0]:yyyy-MM-dd} to {whole.Dates[^1]:yyyy-MM-dd}");
        }
        var dates = bars.Dates;
        var open = bars.Open;
        var close = bars.Close;
        var areGood = areDatesGood && ArePrices(open, close);
        for (var t = 0; t < dates.Length && !areGood; t++)
        {
            if (t > 0 && dates[t] <= dates[t - 1])
                return Invariant($"'{whole.Symbol}' goes from {dates[t - 1]:s} to {dates[t]:s}; dates must ascend");
            if (!IsPrice(open[t])) return NotAPrice(bars, t, "open", open[t]);
            if (!IsPrice(close[t])) return NotAPrice(bars, t, request.Adjusted ? "adjusted close" : "close", close[t]);
        }
        return FaultOfOtherFields(bars, fields);
    }

    private static string? FaultOfOtherFields(BarSeries bars, PriceFields fields)
    {
        for (var t = 0; t < bars.Count && (fields & (PriceFields.High | PriceFields.Low | PriceFields.Volume)) != 0; t++)
        {
            if ((fields & PriceFields.High) != 0 && !IsPrice(bars.High[t])) return NotAPrice(bars, t, "high", bars.High[t]);
            if ((fields & PriceFields.Low) != 0 && !IsPrice(bars.Low[t])) return NotAPrice(bars, t, "low", bars.Low[t]);
            if ((fields & PriceFields.Volume) != 0 && !(bars.Volume[t] >= 0 && bars.Volume[t] < ExactSums.MaxPrice))
            {
                return Invariant($"the volume of '{bars.Symbol}' on {bars.Dates[t]:s} is {bars.Volume[t]}; ")
                    + Invariant($"volumes must be 0 or more and below {ExactSums.MaxPrice}");
            }
        }
        return null;
    }

    private static bool ArePrices(ReadOnlySpan<double> open, ReadOnlySpan<double> close)
    {
        var t = 0;
        // The smaller of the two must be a price, and the larger; NaN is handed on by both.
        for (; t <= open.Length - Vector512<double>.Count; t += Vector512<double>.Count)
        {
            var (a, b) = (Vector512.Create(open[t..]), Vector512.Create(close[t..]));
            if (!Vector512.GreaterThanAll(Vector512.Min(a, b), Vector512<double>.Zero) || !Vector512.LessThanAll(Vector512.Max(a, b), Vector512.Create(ExactSums.MaxPrice)))
                return false;
        }
        for (; t < open.Length; t++)
        {
            if (!IsPrice(open[t]) || !IsPrice(close[t])) return false;
        }
        return true;
    }

    // NaN fails both comparisons.
    private static bool IsPrice(double value) => value > 0 && value < ExactSums.MaxPrice;

    private static string NotAPrice(BarSeries bars, int t, string name, double value) =>
        Invariant($"the {name} of '{bars.Symbol}' on {bars.Dates[t]:s} is {value}; ")
        + Invariant($"prices must be above 0 and below {ExactSums.MaxPrice}");
}
