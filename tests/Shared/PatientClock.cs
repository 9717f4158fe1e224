namespace BacktestOps.Tests.Shared;

/// <summary>The system's clock, whose limits come twenty times later: so long as a busy machine may keep a client waiting. Short pauses stay short.</summary>
internal sealed class PatientClock : TimeProvider
{
    private const int Patience = 20;
    private static readonly TimeSpan ShortestLimit = TimeSpan.FromSeconds(5);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime >= ShortestLimit ? Patience * dueTime : dueTime, period);
}
