using Microsoft.Extensions.Time.Testing;

namespace BacktestOps.Operations.Tests.Fixtures;

/// <summary>A fake clock that jumps over pauses of up to a second, so that polling takes no time; time limits stand until it is advanced.</summary>
internal sealed class SteppingClock() : FakeTimeProvider(new DateTimeOffset(2026, 2, 8, 14, 30, 0, TimeSpan.Zero))
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero && dueTime <= LongestPause) Advance(dueTime);
        return timer;
    }
}
