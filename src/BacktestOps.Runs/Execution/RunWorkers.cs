namespace BacktestOps.Runs.Execution;

/// <summary>The threads that execute runs, each one run at a time. How many are executed at once is the queue's to say: a paused run keeps its thread.</summary>
internal sealed class RunWorkers : IAsyncDisposable
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1), LongestDelay = TimeSpan.FromSeconds(30);

    private readonly RunQueue _queue;
    private readonly RunExecutor _executor;
    private readonly Action<string> _tell;
    private readonly CancellationTokenSource _shutdown = new();
    private readonly Lock _lock = new();
    private readonly List<Task> _threads = [];
    private int _idle;

    public RunWorkers(RunQueue queue, RunExecutor executor, int count, Action<string> tell)
    {
        (_queue, _executor, _tell) = (queue, executor, tell);
        for (var i = 0; i < Math.Max(1, count); i++) Add();
    }

    public async ValueTask DisposeAsync()
    {
        await _shutdown.CancelAsync().ConfigureAwait(false);
        Task[] threads;
        lock (_lock)
            threads = [.. _threads];
        await Task.WhenAll(threads).ConfigureAwait(false);
        _shutdown.Dispose();
    }

    private void Add()
    {
        lock (_lock)
        {
            if (_shutdown.IsCancellationRequested)
                return;
            Interlocked.Increment(ref _idle);
            _threads.Add(Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        }
    }

    private void Work()
    {
        while (true)
        {
            RunTicket ticket;
            try
            {
                ticket = _queue.Take(_shutdown.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            // The run that a shutdown has just stopped made room for this one, which nobody may begin any more: it waits for the next opening.
            if (_shutdown.IsCancellationRequested)
                return;

            // One thread waits always, so that a run whose turn it is never waits for a thread.
            if (Interlocked.Decrement(ref _idle) == 0)
                Add();
            Execute(ticket);
            Interlocked.Increment(ref _idle);
        }
    }

    private void Execute(RunTicket ticket)
    {
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ticket.Stopped, _shutdown.Token);
            _executor.Execute(ticket, () => _tell(ticket.Id), either.Token);
            _queue.Leave(ticket);
        }
        catch (OperationCanceledException)
        {
            // Cancelled: the store knows already. Shutting down: the next opening takes the run up.
            _queue.Leave(ticket);
        }
        catch (Exception fault)
        {
            // The run is not at fault: the disk is full, the data folder gone, the database locked. It waits and is tried again.
            _executor.Postpone(ticket, fault);
            _queue.Leave(ticket);
            var delay = FirstDelay * Math.Pow(2, Math.Min(ticket.Postponements++, 10));
            _queue.AddLater(ticket, delay < LongestDelay ? delay : LongestDelay);
        }

        _tell(ticket.Id);
    }
}
