using System.Diagnostics.CodeAnalysis;

namespace BacktestOps.Runs.Execution;

/// <summary>A run in the queue of this process.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer and no wait handle, so there is nothing to dispose of; a late Stop must not throw.")]
internal sealed class RunTicket(long sequence, string id)
{
    private readonly CancellationTokenSource _stop = new();

    /// <summary>The place in the order of acceptance.</summary>
    public long Sequence => sequence;

    /// <summary>The run.</summary>
    public string Id => id;

    /// <summary>Cancelled when the run is to stop.</summary>
    public CancellationToken Stopped => _stop.Token;

    /// <summary>How often its execution was put off because a part it needs was down.</summary>
    public int Postponements { get; set; }

    /// <summary>How many processes died while they executed the run.</summary>
    public int Deaths { get; init; }

    /// <summary>Stops the execution of the run.</summary>
    public void Stop() => _stop.Cancel();
}
