using Microsoft.Extensions.Time.Testing;

namespace BacktestOps.Operations.Tests.Fixtures;

/// <summary>A fake clock that jumps over pauses of less than ten seconds and remembers them; longer time limits stand until it is advanced.</summary>
internal sealed class PauseClock(DateTimeOffset? start = null) : FakeTimeProvider(start ?? new DateTimeOffset(2026, 2, 8, 14, 30, 0, TimeSpan.Zero))
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public List<TimeSpan> Pauses { get; } = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime <= TimeSpan.Zero || dueTime >= Limit) return timer;
        lock (Pauses) Pauses.Add(dueTime);
        Advance(dueTime);
        return timer;
    }
}
