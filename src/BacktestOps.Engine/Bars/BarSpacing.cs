namespace BacktestOps.Engine.Bars;

/// <summary>How many bars make a year, read from the bars' dates.</summary>
public static class BarSpacing
{
    private const double TradingDaysPerYear = 252;
    private const double CalendarDaysPerYear = 365.25;

    /// <summary>Bars in a year, from the median gap between bars.</summary>
    /// <remarks>
    /// Under 18 hours: 252 × the median number of bars on a day that has any, so a half day or a halt changes nothing.
    /// Up to 4 days: 252, whatever the calendar. 5 to 10 days: 52. 25 to 35: 12. 80 to 100: 4. 350 to 380: 1.
    /// Any other gap: 365.25 / gap. Fewer than two bars: 252.
    /// </remarks>
    /// <param name="dates">The bars' dates, ascending.</param>
    public static double PeriodsPerYear(ReadOnlySpan<DateTime> dates)
    {
        if (dates.Length < 2) return TradingDaysPerYear;
        var gaps = new long[dates.Length - 1];
        for (var t = 1; t < dates.Length; t++) gaps[t - 1] = dates[t].Ticks - dates[t - 1].Ticks;
        var days = TimeSpan.FromTicks(Median(gaps)).TotalDays;
        return days switch
        {
            < 0.75 => TradingDaysPerYear * MedianBarsPerDay(dates),
            <= 4 => TradingDaysPerYear,
            >= 5 and <= 10 => 52,
            >= 25 and <= 35 => 12,
            >= 80 and <= 100 => 4,
            >= 350 and <= 380 => 1,
            _ => CalendarDaysPerYear / days,
        };
    }

    private static long MedianBarsPerDay(ReadOnlySpan<DateTime> dates)
    {
        var counts = new List<long>();
        for (var t = 0; t < dates.Length; t++)
        {
            if (t == 0 || dates[t].Date != dates[t - 1].Date) counts.Add(0);
            counts[^1]++;
        }
        return Median([.. counts]);
    }

    // The upper of the two middle values: a value that occurs, never a mean of two calendars.
    private static long Median(long[] values)
    {
        // In real calendars most gaps are equal, and a value that more than half share is the median: no sorting.
        var (candidate, lead) = (values[0], 0);
        foreach (var value in values)
        {
            if (lead == 0) candidate = value;
            lead += value == candidate ? 1 : -1;
        }
        if (values.AsSpan().Count(candidate) > values.Length / 2) return candidate;
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
