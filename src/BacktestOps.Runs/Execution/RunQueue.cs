namespace BacktestOps.Runs.Execution;

/// <summary>Runs that wait in this process, in the order of acceptance.</summary>
internal sealed class RunQueue(TimeProvider clock) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<RunTicket, long> _waiting = new();
    private readonly SemaphoreSlim _count = new(0);
    private readonly HashSet<ITimer> _postponed = [];
    private bool _isClosed;

    /// <summary>How many runs wait, those among them that were put off.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _waiting.Count + _postponed.Count;
        }
    }

    /// <summary>Adds a run.</summary>
    public void Add(RunTicket ticket)
    {
        lock (_lock)
        {
            if (_isClosed)
                return;
            _waiting.Enqueue(ticket, ticket.Sequence);
            _count.Release();
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

    /// <summary>Waits for the oldest run.</summary>
    public RunTicket Take(CancellationToken cancellationToken)
    {
        _count.Wait(cancellationToken);
        lock (_lock)
            return _waiting.Dequeue();
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
}
