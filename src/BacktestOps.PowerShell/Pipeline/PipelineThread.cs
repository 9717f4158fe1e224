using System.Collections.Concurrent;

namespace BacktestOps.PowerShell.Pipeline;

/// <summary>
/// Runs asynchronous work whose every continuation comes back to the thread that called: the pipeline thread, the only
/// one on which a cmdlet may write. So the work writes directly, an exception of a write (the pipeline was ended)
/// unwinds the work itself, and no write can be left waiting for somebody.
/// </summary>
internal sealed class PipelineThread : SynchronizationContext
{
    private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _queue = [];

    /// <summary>Runs the work to its end on the calling thread.</summary>
    /// <param name="work">The work; it must observe a token of its own to end early.</param>
    public static void Run(Func<Task> work)
    {
        var before = Current;
        var thread = new PipelineThread();
        SetSynchronizationContext(thread);
        try
        {
            var task = work();
            if (!task.IsCompleted)
            {
                _ = task.ContinueWith(_ => thread._queue.CompleteAdding(), TaskScheduler.Default);
                foreach (var (callback, state) in thread._queue.GetConsumingEnumerable()) callback(state);
            }

            task.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    /// <summary>
    /// Steps out of this context for a call into other code (a downstream command, the host): if that code blocks on
    /// asynchronous work of its own, its continuations must not wait for the thread that it blocks.
    /// </summary>
    public static Outside StepOut() => new(Current);

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state)
    {
        try
        {
            _queue.Add((d, state));
        }
        catch (InvalidOperationException)
        {
            // The work has ended, and this is a leftover of something that it did not wait for.
            ThreadPool.QueueUserWorkItem(_ => d(state));
        }
    }

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("A blocking call to the pipeline thread could never be answered while it blocks.");

    internal readonly ref struct Outside
    {
        private readonly SynchronizationContext? _inside;

        public Outside(SynchronizationContext? inside)
        {
            _inside = inside;
            if (inside is PipelineThread) SetSynchronizationContext(null);
        }

        public void Dispose()
        {
            if (_inside is PipelineThread) SetSynchronizationContext(_inside);
        }
    }
}
