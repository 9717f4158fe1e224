using System.Globalization;
using BacktestOps.Contracts;

namespace BacktestOps.Engine;

/// <summary>The returns of an equity curve by calendar day, month and year, and its rolling Sharpe ratio at month ends.</summary>
/// <remarks>
/// A period's return is from the last close before it to its last close; the first is from the first mark. So the periods
/// multiply to the total return, whatever gaps there are.
/// </remarks>
internal sealed class CalendarReturns
{
    private readonly List<YearReturns> _years = [];
    private readonly List<int> _monthEnds = [];

    private CalendarReturns()
    {
    }

    public BestAndWorst Days { get; private set; }

    public BestAndWorst Months { get; private set; }

    public BestAndWorst Years { get; private set; }

    /// <summary>The monthly table, oldest first.</summary>
    public IReadOnlyList<YearReturns> Table => _years;

    /// <summary>Looks at a curve.</summary>
    /// <param name="dates">The dates of the marks.</param>
    /// <param name="equity">The marks.</param>
    /// <param name="barsPerYear">How many of these bars a year has: whether they are longer than a day or a month.</param>
    public static CalendarReturns Of(ReadOnlySpan<DateTime> dates, ReadOnlySpan<double> equity, double barsPerYear)
    {
        var calendar = new CalendarReturns();
        if (barsPerYear >= 252) calendar.ReadDays(dates, equity);
        calendar.ReadMonths(dates, equity, barsPerYear >= 12);
        return calendar;
    }

    /// <summary>The Sharpe ratio of the window that ends at each month's last bar, from the first that is full.</summary>
    public IReadOnlyList<RollingSharpePoint> RollingSharpe(
        ReadOnlySpan<DateTime> dates, ReadOnlySpan<double> returns, int window, double periodsPerYear, double riskFreeReturn)
    {
        var points = new List<RollingSharpePoint>(_monthEnds.Count);
        foreach (var end in _monthEnds)
        {
            // The mark at bar `end` closes the return at index `end − 1`.
            if (end < window) continue;
            var sharpe = EquityFigures.SharpeRatio(returns.Slice(end - window, window), periodsPerYear, riskFreeReturn);
            points.Add(new RollingSharpePoint(dates[end], sharpe));
        }
        return points;
    }

    private void ReadDays(ReadOnlySpan<DateTime> dates, ReadOnlySpan<double> equity)
    {
        var days = new Extremes();
        var (before, t) = (0, 0);
        while (t < dates.Length)
        {
            var tomorrow = (dates[t].Ticks / TimeSpan.TicksPerDay + 1) * TimeSpan.TicksPerDay;
            do t++; while (t < dates.Length && dates[t].Ticks < tomorrow);
            var end = t - 1;
            // Only the first day can have no return: where its one bar is the first of all.
            if (end > before) days.Look(EquityFigures.Change(equity[before], equity[end]), end);
            before = end;
        }
        Days = days.Name(dates, "yyyy-MM-dd");
    }

    private void ReadMonths(ReadOnlySpan<DateTime> dates, ReadOnlySpan<double> equity, bool monthsHaveBars)
    {
        var (months, years) = (new Extremes(), new Extremes());
        var (monthBefore, yearBefore, t) = (0, 0, 0);
        var row = new double?[12];
        while (t < dates.Length)
        {
            var first = dates[t];
            var nextMonth = NextMonth(first);
            do t++; while (t < dates.Length && dates[t] < nextMonth);
            var end = t - 1;
            _monthEnds.Add(end);
            if (monthsHaveBars && end > monthBefore)
            {
                var change = EquityFigures.Change(equity[monthBefore], equity[end]);
                row[first.Month - 1] = change;
                months.Look(change, end);
            }
            monthBefore = end;
            if (t < dates.Length && dates[t].Year == first.Year) continue;

            if (end > yearBefore)
            {
                var change = EquityFigures.Change(equity[yearBefore], equity[end]);
                _years.Add(new YearReturns { Year = first.Year, Months = row, Return = change });
                years.Look(change, end);
                row = new double?[12];
            }
            yearBefore = end;
        }
        Months = months.Name(dates, "yyyy-MM");
        Years = years.Name(dates, "yyyy");
    }

    private static DateTime NextMonth(DateTime date) =>
        date is { Year: 9999, Month: 12 } ? DateTime.MaxValue : new DateTime(date.Year, date.Month, 1).AddMonths(1);

    /// <summary>The best and the worst of the periods of one kind, the first of equals.</summary>
    private struct Extremes
    {
        private double _best, _worst;
        private int _bestAt, _worstAt;

        // A period never ends at the first bar, so zero is nowhere.
        public void Look(double change, int end)
        {
            if (_bestAt == 0 || change > _best) (_best, _bestAt) = (change, end);
            if (_worstAt == 0 || change < _worst) (_worst, _worstAt) = (change, end);
        }

        public readonly BestAndWorst Name(ReadOnlySpan<DateTime> dates, string format) => _bestAt == 0 ? default : new BestAndWorst(
            new PeriodReturn(dates[_bestAt].ToString(format, CultureInfo.InvariantCulture), _best),
            new PeriodReturn(dates[_worstAt].ToString(format, CultureInfo.InvariantCulture), _worst));
    }
}

/// <summary>The best and the worst of the periods of one kind; nulls where there is none.</summary>
internal readonly record struct BestAndWorst(PeriodReturn? Best, PeriodReturn? Worst);
