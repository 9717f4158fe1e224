namespace BacktestOps.Runs.Execution;

/// <summary>The threads that execute runs, each one run at a time, oldest first.</summary>
internal sealed class RunWorkers : IAsyncDisposable
{
    /// <summary>From this many deaths on a run is executed with no other beside it, so that none but the culprit is blamed.</summary>
    private const int SuspectDeaths = 2;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1), LongestDelay = TimeSpan.FromSeconds(30);

    private readonly RunQueue _queue;
    private readonly RunExecutor _executor;
    private readonly Action<string> _tell;
    private readonly ReaderWriterLockSlim _company = new();
    private readonly CancellationTokenSource _shutdown = new();
    private readonly Task[] _threads;

    public RunWorkers(RunQueue queue, RunExecutor executor, int count, Action<string> tell)
    {
        (_queue, _executor, _tell) = (queue, executor, tell);
        _threads = [.. Enumerable.Range(0, Math.Max(1, count)).Select(_ => Task.Factory.StartNew(
            Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
    }

    public async ValueTask DisposeAsync()
    {
        await _shutdown.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_threads).ConfigureAwait(false);
        _shutdown.Dispose();
        _company.Dispose();
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

            if (ticket.Deaths < SuspectDeaths)
                Under(ticket, _company.EnterReadLock, _company.ExitReadLock);
            else
                Under(ticket, _company.EnterWriteLock, _company.ExitWriteLock);
        }
    }

    private void Under(RunTicket ticket, Action enter, Action exit)
    {
        enter();
        try
        {
            Execute(ticket);
        }
        finally
        {
            exit();
        }
    }

    private void Execute(RunTicket ticket)
    {
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ticket.Stopped, _shutdown.Token);
            _executor.Execute(ticket, () => _tell(ticket.Id), either.Token);
        }
        catch (OperationCanceledException)
        {
            // Cancelled: the store knows already. Shutting down: the next opening takes the run up.
        }
        catch (Exception fault)
        {
            // The run is not at fault: the disk is full, the data folder gone, the database locked. It waits and is tried again.
            _executor.Postpone(ticket, fault);
            var delay = FirstDelay * Math.Pow(2, Math.Min(ticket.Postponements++, 10));
            _queue.AddLater(ticket, delay < LongestDelay ? delay : LongestDelay);
        }

        _tell(ticket.Id);
    }
}
