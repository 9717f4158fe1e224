using System.Diagnostics.CodeAnalysis;

namespace BacktestOps.Runs.Execution;

/// <summary>A run in the queue of this process.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The sources have no timer and no wait handle, so there is nothing to dispose of; a late Stop must not throw.")]
internal sealed class RunTicket(long sequence, string id, string? caller = null, double cost = 0)
{
    /// <summary>From this many deaths on a run is executed with no other beside it, so that none but the culprit is blamed.</summary>
    private const int SuspectDeaths = 2;

    private readonly CancellationTokenSource _stop = new();
    private readonly ManualResetEventSlim _goesOn = new(initialState: true);

    /// <summary>The place in the order of acceptance.</summary>
    public long Sequence => sequence;

    /// <summary>The run.</summary>
    public string Id => id;

    /// <summary>Whose share of the workers it takes; empty for all who have no name.</summary>
    public string Caller { get; } = caller ?? "";

    /// <summary>How long it is. A run that took longer than was thought moves to the next class.</summary>
    public CostClass Class { get; set; } = RunCost.ClassOf(cost);

    /// <summary>Cancelled when the run is to stop.</summary>
    public CancellationToken Stopped => _stop.Token;

    /// <summary>How often its execution was put off because a part it needs was down.</summary>
    public int Postponements { get; set; }

    /// <summary>How many processes died in a row while they executed the run and it got no further.</summary>
    public int Deaths { get; init; }

    /// <summary>Whether it is executed with no other beside it.</summary>
    public bool IsSuspect => Deaths >= SuspectDeaths;

    /// <summary>Seconds that it has been executed for, and when they were last counted: kept by the scheduler.</summary>
    public double Executed { get; set; }

    /// <summary>See <see cref="Executed"/>.</summary>
    public double CountedAt { get; set; }

    /// <summary>Whether it has given up its worker until it is its turn again.</summary>
    public bool IsPaused => !_goesOn.IsSet;

    /// <summary>Is told when the run pauses and when it goes on; must be quick.</summary>
    public Action<bool>? PausedChanged { get; set; }

    /// <summary>Stops the execution of the run.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>The threads of the run are to wait from now on.</summary>
    public void Pause()
    {
        _goesOn.Reset();
        PausedChanged?.Invoke(true);
    }

    /// <summary>The threads of the run go on.</summary>
    public void GoOn()
    {
        if (_goesOn.IsSet) return;
        PausedChanged?.Invoke(false);
        _goesOn.Set();
    }

    /// <summary>Waits while the run is paused.</summary>
    public void WaitWhilePaused(CancellationToken cancellationToken) => _goesOn.Wait(cancellationToken);
}
