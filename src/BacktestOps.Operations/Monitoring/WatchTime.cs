using System.Globalization;
using BacktestOps.Contracts;

namespace BacktestOps.Operations.Monitoring;

/// <summary>
/// The time of a watch. Three clocks are held against each other: the wall clock, which can be set; the monotonic one, which
/// stands still while the machine sleeps; and the time since the machine started, which does not. Slots are due by the last.
/// </summary>
internal sealed class WatchTime
{
    /// <summary>What clocks may differ without anything having happened: their own steps, and the time between two readings.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _clock;
    private readonly Func<TimeSpan?> _sinceBoot;
    private readonly TimeSpan _begin;
    private Reading _last;
    private TimeSpan _slept;

    /// <summary>Starts to count.</summary>
    /// <param name="clock">The wall clock and the monotonic one.</param>
    /// <param name="sinceBoot">The time since the machine started, sleep included; null where that can't be told.</param>
    /// <param name="begin">How far the watch is already: 0, or where it is taken up again.</param>
    public WatchTime(TimeProvider clock, Func<TimeSpan?> sinceBoot, TimeSpan begin)
    {
        (_clock, _sinceBoot, _begin) = (clock, sinceBoot, begin);
        _first = _last = Read();
    }

    private readonly Reading _first;

    /// <summary>From the begin of the watch to now, as it really passed.</summary>
    public TimeSpan Elapsed => _begin + _slept + _clock.GetElapsedTime(_first.Monotonic);

    /// <summary>What the clocks did since the last call.</summary>
    public IReadOnlyList<WatchIncident> Look()
    {
        var (before, now) = (_last, Read());
        _last = now;
        var ran = _clock.GetElapsedTime(before.Monotonic, now.Monotonic);
        var incidents = new List<WatchIncident>();
        var slept = TimeSpan.Zero;
        if (now.SinceBoot - before.SinceBoot - ran is { } difference && difference > Tolerance)
        {
            slept = difference;
            _slept += slept;
            incidents.Add(new WatchIncident(WatchIncidentKind.Suspended, $"the machine slept for {Seconds(slept)}; nothing was seen meanwhile"));
        }

        var step = now.Wall - before.Wall - ran - slept;
        if (step.Duration() > Tolerance)
            incidents.Add(new WatchIncident(
                WatchIncidentKind.ClockStep,
                $"the wall clock was set {(step > TimeSpan.Zero ? "forward" : "back")} by {Seconds(step.Duration())}; times of the watch go on by a clock that is never set"));
        return incidents;
    }

    /// <summary>The time since this machine started, sleep included; proc(5), /proc/uptime. Null elsewhere than on Linux.</summary>
    public static TimeSpan? SinceBoot() => OperatingSystem.IsLinux()
        ? TimeSpan.FromSeconds(double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture))
        : null;

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");

    private Reading Read() => new(_clock.GetUtcNow(), _clock.GetTimestamp(), _sinceBoot());

    private readonly record struct Reading(DateTimeOffset Wall, long Monotonic, TimeSpan? SinceBoot);
}
