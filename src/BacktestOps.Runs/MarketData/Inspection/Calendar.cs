using BacktestOps.Contracts;
using static System.FormattableString;

namespace BacktestOps.Runs.MarketData.Inspection;

/// <summary>Finds what is wrong with the dates: holes, a bar that was copied, weekends.</summary>
/// <remarks>
/// Daily bars may lie up to seven days apart: exchanges closed as long as that in September 2001. Of other bars a gap above two and
/// a half times the median is a hole; bars within a day are held to their days, since nights are no holes.
/// </remarks>
internal sealed class Calendar
{
    private const double ClosedDays = 7, YearOfDays = 365;

    private readonly InspectedBars _bars;
    private readonly double _usualDays;

    public Calendar(InspectedBars bars)
    {
        _bars = bars;
        _usualDays = bars.Count < 2 ? 1 : MedianGap(bars.Raw.Dates);
    }

    /// <summary>True where the bar before lies beyond a hole.</summary>
    public bool FollowsHole(int t) => t > 0 && Gap(t) > Allowed;

    private double Allowed => _usualDays <= 4 ? ClosedDays : 2.5 * _usualDays;

    public void Find(List<MarketDataFinding> found)
    {
        var weekends = Weekends();
        for (var t = 0; t < _bars.Count; t++)
        {
            if (FollowsHole(t)) found.Add(Hole(t));
            if (t > 0 && IsCopy(t))
            {
                found.Add(_bars.At(
                    t, MarketDataFindingKind.DuplicateDay, FindingSeverity.Warning, null, null,
                    Invariant($"every price and the volume are those of the bar before ({Show(_bars.Raw.Dates[t - 1])}).")));
            }
            if (weekends && _bars.Raw.Dates[t].DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday && _usualDays <= 4)
            {
                found.Add(_bars.At(
                    t, MarketDataFindingKind.WeekendBar, FindingSeverity.Warning, "date", null,
                    Invariant($"{Show(_bars.Raw.Dates[t])} is a {_bars.Raw.Dates[t].DayOfWeek}, and the data has hardly any other.")));
            }
        }
    }

    private MarketDataFinding Hole(int t)
    {
        var (from, to) = (_bars.Raw.Dates[t - 1], _bars.Raw.Dates[t]);
        var years = Gap(t) / 365.25;
        var length = years >= 1 ? Invariant($"{years:0.#} years") : Invariant($"{Gap(t):0.#} days");
        return _bars.At(
            t - 1, MarketDataFindingKind.Hole, Gap(t) > YearOfDays / 12 ? FindingSeverity.Error : FindingSeverity.Warning, "date", null,
            Invariant($"no bar for {length}, from {Show(from)} to {Show(to)}; the price goes from {_bars.Raw.Close[t - 1]:0.####} to {_bars.Raw.Open[t]:0.####}."))
            with { Until = to };
    }

    private double Gap(int t) => (_bars.Raw.Dates[t] - _bars.Raw.Dates[t - 1]).TotalDays;

    private bool IsCopy(int t)
    {
        var raw = _bars.Raw;
        // A bar that never moved may well be like the one before: nothing was traded but one price.
        return raw.Volume[t] > 0 && raw.High[t] > raw.Low[t]
            && raw.Volume[t] == raw.Volume[t - 1] && raw.Open[t] == raw.Open[t - 1] && raw.High[t] == raw.High[t - 1]
            && raw.Low[t] == raw.Low[t - 1] && raw.Close[t] == raw.Close[t - 1];
    }

    // Markets that never close trade on two days in seven; where one bar in fifty falls on a weekend, it is a mistake.
    private bool Weekends()
    {
        var count = 0;
        foreach (var date in _bars.Raw.Dates)
            if (date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday) count++;
        return count > 0 && count * 50 <= _bars.Count;
    }

    private static double MedianGap(ReadOnlySpan<DateTime> dates)
    {
        var gaps = new long[dates.Length - 1];
        for (var t = 1; t < dates.Length; t++) gaps[t - 1] = dates[t].Ticks - dates[t - 1].Ticks;
        Array.Sort(gaps);
        return TimeSpan.FromTicks(gaps[gaps.Length / 2]).TotalDays;
    }

    public static string Show(DateTime date) => date.TimeOfDay == TimeSpan.Zero ? Invariant($"{date:yyyy-MM-dd}") : Invariant($"{date:yyyy-MM-dd HH:mm}");
}
