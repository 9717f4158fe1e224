using System.Globalization;
using BacktestOps.Contracts;

namespace BacktestOps.Operations.Monitoring;

/// <summary>When the slots of a watch are due. Both ends have one: an hour of five minutes has 13.</summary>
/// <param name="StartedAt">When it began, UTC.</param>
/// <param name="Duration">How long it is.</param>
/// <param name="Interval">The time between two slots.</param>
/// <param name="RecordEvery">The time between two lines of the record.</param>
internal sealed record WatchSchedule(DateTimeOffset StartedAt, TimeSpan Duration, TimeSpan Interval, TimeSpan RecordEvery)
{
    /// <summary>The name of the watch.</summary>
    public string Watch { get; } = StartedAt.UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture);

    /// <summary>How many slots there are.</summary>
    public int Slots => (int)(Duration.Ticks / Interval.Ticks) + 1;

    /// <summary>When a slot is due, from the begin.</summary>
    public TimeSpan Due(int slot) => Interval * slot;

    /// <summary>After that time a look is not of this slot any more, but of the one after.</summary>
    public TimeSpan MissedAfter(int slot) => Due(slot) + (Interval / 2);

    /// <summary>True when a line of the record belongs to a slot.</summary>
    public bool HasRecord(int slot) => Due(slot).Ticks % RecordEvery.Ticks == 0;

    /// <summary>The schedule that a sample is of.</summary>
    public static WatchSchedule Of(WatchSample sample) => new(
        sample.StartedAt, TimeSpan.FromSeconds(sample.DurationSeconds), TimeSpan.FromSeconds(sample.IntervalSeconds), TimeSpan.FromSeconds(sample.RecordEverySeconds));

    /// <summary>A sample of a slot of which nothing is known yet.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="live">What is watched.</param>
    /// <param name="at">The wall clock, UTC.</param>
    /// <param name="elapsed">How far the watch is.</param>
    public WatchSample Sample(int slot, LiveRelease live, DateTimeOffset at, TimeSpan elapsed) => new()
    {
        Watch = Watch,
        Deployment = live.Deployment,
        Version = live.Version,
        StartedAt = StartedAt,
        DurationSeconds = Duration.TotalSeconds,
        IntervalSeconds = Interval.TotalSeconds,
        RecordEverySeconds = RecordEvery.TotalSeconds,
        Slot = slot,
        Slots = Slots,
        DueAt = StartedAt + Due(slot),
        At = at,
        ElapsedSeconds = Math.Round(elapsed.TotalSeconds, 3),
        Verdict = Verdict.Inconclusive,
        NextAt = slot + 1 < Slots ? StartedAt + Due(slot + 1) : null,
    };
}
