using BacktestOps.Contracts;

namespace BacktestOps.Engine.Simulation;

/// <summary>The closes at which a calendar is due: the first one, and the first of each period after.</summary>
/// <remarks>Known from the dates up to the close: that a day is the last of its month is not known on it.</remarks>
internal static class RebalanceCalendar
{
    /// <summary>True when a close is due.</summary>
    /// <param name="every">The period.</param>
    /// <param name="dates">The dates.</param>
    /// <param name="date">Which of them.</param>
    public static bool IsDue(RebalancePeriod every, ReadOnlySpan<DateTime> dates, int date) =>
        date == 0 || every == RebalancePeriod.Bar || Period(every, dates[date]) != Period(every, dates[date - 1]);

    private static int Period(RebalancePeriod every, DateTime date) => every switch
    {
        RebalancePeriod.Day => DayNumber(date),
        // Day 0 was a Monday.
        RebalancePeriod.Week => DayNumber(date) / 7,
        RebalancePeriod.Month => date.Year * 12 + date.Month,
        RebalancePeriod.Quarter => date.Year * 4 + (date.Month - 1) / 3,
        _ => date.Year,
    };

    private static int DayNumber(DateTime date) => DateOnly.FromDateTime(date).DayNumber;
}
