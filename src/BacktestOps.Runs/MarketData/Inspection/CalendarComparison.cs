using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;
using static System.FormattableString;

namespace BacktestOps.Runs.MarketData.Inspection;

/// <summary>Holds the days of several symbols against each other: a day that the others traded is missing.</summary>
/// <remarks>
/// A day counts when at least two others, and two thirds of those whose data spans it, have a bar. Days inside a hole that
/// is long enough to be seen without the others are left out; it has been named.
/// </remarks>
internal sealed class CalendarComparison
{
    private const int LeastOthers = 2;

    private readonly List<(BarSeries Bars, string Path)> _daily = [];

    /// <summary>Takes a symbol's bars in; bars that are not daily are passed over.</summary>
    public void Add(BarSeries bars, string path)
    {
        if (bars.Count > 1 && BarSpacing.PeriodsPerYear(bars.Dates) is 252) _daily.Add((bars, path));
    }

    /// <summary>The missing days, in the order in which the symbols were added.</summary>
    public IEnumerable<MarketDataFinding> Find()
    {
        var traded = new SortedDictionary<DateTime, int>();
        foreach (var (bars, _) in _daily)
            foreach (var date in bars.Dates) traded[date.Date] = traded.GetValueOrDefault(date.Date) + 1;
        foreach (var (bars, path) in _daily)
        {
            var calendar = new Calendar(new InspectedBars(bars, path, null));
            var days = bars.Dates.ToArray();
            foreach (var (day, others) in traded)
            {
                if (day <= days[0] || day >= days[^1] || others < LeastOthers) continue;
                var at = Array.BinarySearch(days, day);
                if (at >= 0 || calendar.FollowsHole(~at) || days[~at - 1].Date == day) continue;
                var spanning = _daily.Count(other => other.Bars != bars && other.Bars.Dates[0] <= day && other.Bars.Dates[^1] >= day);
                if (3 * others >= 2 * spanning) yield return Missing(bars, path, day, others, spanning);
            }
        }
    }

    private static MarketDataFinding Missing(BarSeries bars, string path, DateTime day, int others, int spanning) => new()
    {
        Kind = MarketDataFindingKind.Hole,
        Severity = FindingSeverity.Warning,
        Symbol = bars.Symbol,
        Date = day,
        Until = day.AddDays(1),
        Field = "date",
        Detail = Invariant($"no bar on {Calendar.Show(day)}, a day on which {others} of {spanning} other symbols have one."),
        Path = path,
    };
}
