using System.Diagnostics;

namespace BacktestOps.Runs.PythonWorkers;

/// <summary>Why a worker was killed.</summary>
internal enum KillReason
{
    None,
    Time,
    Memory,
    Cancelled,
}

/// <summary>Watches one call and kills its worker when it takes too long, takes too much memory or is no longer wanted.</summary>
/// <remarks>A strategy can't be interrupted from outside in any other way: it may be in a loop of its own or in foreign code.</remarks>
internal sealed class CallLimits : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan MostWait = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Process _process;
    private readonly long _memoryLimit;
    private readonly ITimer _time, _memory;
    private readonly CancellationTokenRegistration _cancellation;
    private readonly List<Process> _children = [];
    private bool _isOver;

    public CallLimits(Process process, TimeProvider clock, TimeSpan timeLimit, long memoryLimit, CancellationToken cancellationToken)
    {
        (_process, _memoryLimit) = (process, memoryLimit);
        _time = clock.CreateTimer(_ => Kill(KillReason.Time), null, timeLimit, Timeout.InfiniteTimeSpan);
        _memory = clock.CreateTimer(_ => LookAtMemory(), null, LookEvery, LookEvery);
        _cancellation = cancellationToken.Register(() => Kill(KillReason.Cancelled));
    }

    /// <summary>Why the worker was killed, if it was.</summary>
    public KillReason Reason { get; private set; }

    /// <summary>Looks at the memory of a process too that computes for the call, and waits for its end where the call is ended.</summary>
    public void Watch(int processId)
    {
        try
        {
            var child = Process.GetProcessById(processId);
            lock (_lock) _children.Add(child);
        }
        catch (ArgumentException)
        {
            // It has answered already.
        }
    }

    public void Dispose()
    {
        lock (_lock)
            _isOver = true;
        foreach (var child in _children)
        {
            // Who hears that a call was ended may rely on it; but where nobody reaps orphans they seem to live for ever.
            if (Reason != KillReason.None) child.WaitForExit(MostWait);
            child.Dispose();
        }

        _cancellation.Dispose();
        _time.Dispose();
        _memory.Dispose();
    }

    private void LookAtMemory()
    {
        lock (_lock)
        {
            if (_isOver || !_children.Append(_process).Any(IsTooLarge))
                return;
        }

        Kill(KillReason.Memory);
    }

    private bool IsTooLarge(Process process)
    {
        try
        {
            process.Refresh();
            return !process.HasExited && process.WorkingSet64 > _memoryLimit;
        }
        catch (InvalidOperationException)
        {
            return false; // It has just ended.
        }
    }

    private void Kill(KillReason reason)
    {
        lock (_lock)
        {
            // A timer may come late, when the process of the call already serves another one.
            if (_isOver || Reason != KillReason.None)
                return;
            Reason = reason;
            PythonProcess.Kill(_process);
        }
    }
}
