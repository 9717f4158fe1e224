namespace BacktestOps.Runs.Execution;

/// <summary>Runs that wait in this process, and the places in which they are executed; <see cref="RunScheduler"/> says whose turn it is.</summary>
internal sealed class RunQueue(int slots, TimeProvider clock) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly RunScheduler _scheduler = new(Math.Max(1, slots));
    private readonly Queue<RunTicket> _begun = new();
    private readonly SemaphoreSlim _count = new(0);
    private readonly HashSet<ITimer> _postponed = [];
    private readonly long _opened = clock.GetTimestamp();
    private volatile bool _isContended;
    private bool _isClosed;

    /// <summary>How many runs wait, those among them that were put off. Runs that have begun and make room for others are not among them.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _scheduler.Waiting + _postponed.Count;
        }
    }

    private double Now => clock.GetElapsedTime(_opened).TotalSeconds;

    /// <summary>Adds a run.</summary>
    public void Add(RunTicket ticket)
    {
        lock (_lock)
        {
            if (_isClosed)
                return;
            _scheduler.Add(ticket);
            Settle();
        }
    }

    /// <summary>Adds a run after a while.</summary>
    public void AddLater(RunTicket ticket, TimeSpan delay)
    {
        lock (_lock)
        {
            if (_isClosed)
                return;
            ITimer? timer = null;
            timer = clock.CreateTimer(_ => Due(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _postponed.Add(timer);
            timer.Change(delay, Timeout.InfiniteTimeSpan);

            void Due()
            {
                lock (_lock)
                    _postponed.Remove(timer!);
                timer!.Dispose();
                Add(ticket);
            }
        }
    }

    /// <summary>Waits for a run whose turn it is to begin. Who takes it gives its place back with <see cref="Leave"/>.</summary>
    public RunTicket Take(CancellationToken cancellationToken)
    {
        _count.Wait(cancellationToken);
        lock (_lock)
            return _begun.Dequeue();
    }

    /// <summary>Called between two pieces of a run's work, on any of its threads: waits while it is the turn of others.</summary>
    /// <exception cref="OperationCanceledException">The run is to stop.</exception>
    public void Pass(RunTicket ticket, CancellationToken cancellationToken)
    {
        if (!_isContended && !ticket.IsPaused)
            return;
        lock (_lock)
        {
            if (!ticket.IsPaused && !_isClosed && _scheduler.ShouldPause(ticket, Now))
            {
                ticket.Pause();
                _scheduler.Pause(ticket, Now);
                Settle();
            }
        }

        ticket.WaitWhilePaused(cancellationToken);
    }

    /// <summary>The execution of a run is over.</summary>
    public void Leave(RunTicket ticket)
    {
        lock (_lock)
        {
            _scheduler.End(ticket, Now);
            // Its next execution, if it was put off, begins like the first one.
            ticket.GoOn();
            Settle();
        }
    }

    /// <summary>Looks again whose turn it is, because time has passed: a run may have turned out to be long.</summary>
    public void Look()
    {
        if (!_isContended)
            return;
        lock (_lock)
            Settle();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            foreach (var timer in _postponed)
                timer.Dispose();
            _postponed.Clear();
        }

        _count.Dispose();
    }

    private void Settle()
    {
        while (!_isClosed && _scheduler.Next(Now) is { } next)
        {
            if (next.IsPaused)
            {
                next.GoOn();
                continue;
            }

            _begun.Enqueue(next);
            _count.Release();
        }

        _isContended = _scheduler.IsContended;
    }
}
