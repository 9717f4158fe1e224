using BacktestOps.Contracts;

namespace BacktestOps.Engine;

/// <summary>How deep and how long an equity curve lies below its peaks.</summary>
/// <param name="Deepest">The lowest value of mark / highest mark so far − 1, from −1 to 0.</param>
/// <param name="Longest">The longest stretch from a peak to the recovery or the end, the first of equals; null where there is none.</param>
internal readonly record struct Drawdowns(double Deepest, DrawdownSpan? Longest)
{
    /// <summary>Looks at a curve.</summary>
    /// <param name="dates">The dates of the marks.</param>
    /// <param name="equity">Marks; the first is above zero.</param>
    public static Drawdowns Of(ReadOnlySpan<DateTime> dates, ReadOnlySpan<double> equity)
    {
        var (peak, peakAt, depth, deepest) = (equity[0], 0, 1.0, 1.0);
        var (start, end, longestDepth) = (0, 0, 1.0);
        for (var t = 1; t < equity.Length; t++)
        {
            var mark = equity[t];
            if (mark < peak)
            {
                depth = Math.Min(depth, mark / peak);
                continue;
            }
            deepest = Math.Min(deepest, depth);
            if (depth < 1 && t - peakAt > end - start) (start, end, longestDepth) = (peakAt, t, depth);
            (peak, peakAt, depth) = (mark, t, 1.0);
        }

        deepest = Math.Min(deepest, depth);
        var last = equity.Length - 1;
        var recovered = !(depth < 1 && last - peakAt > end - start);
        if (!recovered) (start, end, longestDepth) = (peakAt, last, depth);
        if (end == start) return new Drawdowns(deepest - 1, null);
        return new Drawdowns(deepest - 1, new DrawdownSpan
        {
            Peak = dates[start],
            Recovery = recovered ? dates[end] : null,
            Bars = end - start,
            Days = (dates[end] - dates[start]).TotalDays,
            Depth = longestDepth - 1,
        });
    }
}
