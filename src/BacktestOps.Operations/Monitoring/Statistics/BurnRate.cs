using BacktestOps.Contracts;

namespace BacktestOps.Operations.Monitoring.Statistics;

/// <summary>Checks that were made at one time.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Total">How many.</param>
/// <param name="Bad">How many of them failed.</param>
public sealed record BurnEvent(DateTimeOffset At, int Total, int Bad);

/// <summary>A pair of windows and how fast the budget of failures may burn in them.</summary>
/// <param name="Name">For people: <c>day</c>.</param>
/// <param name="Span">The window that must burn too fast.</param>
/// <param name="Recent">The window at its end that must still burn too fast, so that an alert ends when the fault does.</param>
/// <param name="Limit">How many times as fast as the objective allows.</param>
/// <param name="MinimumBad">How many failures the long window must have: one failure of few checks is no rate.</param>
public sealed record BurnWindow(string Name, TimeSpan Span, TimeSpan Recent, double Limit, int MinimumBad);

/// <summary>What a pair of windows says.</summary>
/// <param name="Window">The windows.</param>
/// <param name="Verdict"><see cref="Verdict.Fail"/>: an alert. <see cref="Verdict.Inconclusive"/>: nothing was checked in the long window.</param>
/// <param name="Total">How many checks the long window has.</param>
/// <param name="Bad">How many of them failed.</param>
/// <param name="Rate">How many times as fast as allowed the long window burns; null without a check.</param>
/// <param name="ShortRate">The same for the short window; null without a check in it.</param>
/// <param name="Detail">For people.</param>
public sealed record BurnAlert(BurnWindow Window, Verdict Verdict, int Total, int Bad, double? Rate, double? ShortRate, string Detail);

/// <summary>
/// Multi-window burn-rate alerts over the checks of a week. The burn rate is the share of failures in a window divided by the
/// share that the objective allows: at 1 the budget is used up exactly at the end of the objective's period.
/// </summary>
/// <remarks>The Site Reliability Workbook, chapter 5, "Alerting on SLOs": multiwindow, multi-burn-rate alerts, and low-traffic services.</remarks>
public static class BurnRate
{
    /// <summary>
    /// The windows for a week of checks: a day at 7 times (a day's share of the whole week's budget), and the week at 1 time.
    /// Both need two failures.
    /// </summary>
    public static IReadOnlyList<BurnWindow> Week { get; } =
    [
        new("day", TimeSpan.FromDays(1), TimeSpan.FromHours(6), 7, 2),
        new("week", TimeSpan.FromDays(7), TimeSpan.FromDays(1), 1, 2),
    ];

    /// <summary>Judges what was seen up to a time.</summary>
    /// <param name="objective">The share of checks that must pass, below 1: 0.99.</param>
    /// <param name="events">The checks, in any order; those after <paramref name="now"/> do not count.</param>
    /// <param name="now">The end of all windows, UTC.</param>
    /// <param name="windows">The windows; null for <see cref="Week"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The objective is not between 0 and 1.</exception>
    public static IReadOnlyList<BurnAlert> Judge(
        double objective, IReadOnlyList<BurnEvent> events, DateTimeOffset now, IReadOnlyList<BurnWindow>? windows = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(objective);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(objective, 1);
        return [.. (windows ?? Week).Select(window => Judge(1 - objective, events, now, window))];
    }

    private static BurnAlert Judge(double allowed, IReadOnlyList<BurnEvent> events, DateTimeOffset now, BurnWindow window)
    {
        var (total, bad) = Count(events, now, window.Span);
        if (total == 0) return new BurnAlert(window, Verdict.Inconclusive, 0, 0, null, null, "nothing was checked");
        var (shortTotal, shortBad) = Count(events, now, window.Recent);
        var rate = (double)bad / total / allowed;
        double? shortRate = shortTotal == 0 ? null : (double)shortBad / shortTotal / allowed;
        var counted = FormattableString.Invariant($"{bad} of {total} checks failed, {rate:0.##} times what is allowed (alert at {window.Limit:0.##})");
        // Exactly at the limit is an alert, whatever dividing has rounded.
        var limit = window.Limit * (1 - 1e-9);
        return (rate >= limit, bad >= window.MinimumBad, shortRate) switch
        {
            (false, _, _) => new BurnAlert(window, Verdict.Pass, total, bad, rate, shortRate, counted),
            (_, false, _) => new BurnAlert(window, Verdict.Pass, total, bad, rate, shortRate, FormattableString.Invariant($"{counted}; an alert needs {window.MinimumBad} failures")),
            (_, _, null) => new BurnAlert(window, Verdict.Inconclusive, total, bad, rate, null, $"{counted}; nothing was checked lately, so whether it still burns is not known"),
            (_, _, { } recent) when recent < limit => new BurnAlert(window, Verdict.Pass, total, bad, rate, shortRate, FormattableString.Invariant($"{counted}; lately {recent:0.##} times: it has ended")),
            _ => new BurnAlert(window, Verdict.Fail, total, bad, rate, shortRate, FormattableString.Invariant($"{counted}, lately {shortRate:0.##} times")),
        };
    }

    private static (int Total, int Bad) Count(IReadOnlyList<BurnEvent> events, DateTimeOffset now, TimeSpan window)
    {
        var seen = events.Where(known => known.At > now - window && known.At <= now).ToList();
        return (seen.Sum(known => known.Total), seen.Sum(known => known.Bad));
    }
}
