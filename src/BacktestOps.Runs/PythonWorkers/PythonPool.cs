using System.Collections.Concurrent;
using BacktestOps.Contracts;

namespace BacktestOps.Runs.PythonWorkers;

/// <summary>The workers: started when they are needed, kept, replaced when they die.</summary>
internal sealed class PythonPool(PythonSettings settings) : IDisposable
{
    // Once may be an accident. What others end is tried more often: the strategy is as good as before.
    private const int MostDeaths = 2, MostKills = 3;

    private readonly SemaphoreSlim _places = new(settings.Workers);
    private readonly ConcurrentStack<PythonProcess> _idle = new();
    private readonly CancellationTokenSource _closing = new();
    private int _isClosed;

    /// <summary>The process ids of workers that wait for a call.</summary>
    public IEnumerable<int> Idle => _idle.Select(worker => worker.Id);

    /// <summary>Asks a worker, waiting for one; asks another when it dies, which may be nobody's fault.</summary>
    /// <exception cref="PythonStrategyException">The strategy took too long or too much memory, or ended its process twice.</exception>
    /// <exception cref="PythonWorkerKilledException">Somebody else ended each worker that was asked.</exception>
    /// <exception cref="BacktestUnavailableException">No worker can be started.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; what computed for it is gone.</exception>
    public (WorkerReply Reply, byte[] Body) Call(
        WorkerCall call, ReadOnlySpan<byte> body, int mostReplyBytes, TimeSpan limit, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isClosed != 0, this);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        _places.Wait(either.Token);
        return CallInPlace(call, body, mostReplyBytes, limit, either.Token);
    }

    /// <summary>Sees whether a worker answers, unless all of them compute: those answer somebody, and may take as long as they may.</summary>
    /// <exception cref="BacktestOpsException">No worker can be started, or it does not answer.</exception>
    public void Ping()
    {
        if (_isClosed == 0 && _places.Wait(0))
            CallInPlace(new WorkerCall { Call = "ping" }, [], 0, PythonSettings.ShortLimit, _closing.Token);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
            return;
        // Calls under way end at once, and each gives its place back when its worker is gone.
        _closing.Cancel();
        for (var place = 0; place < settings.Workers; place++)
            _places.Wait();
        while (_idle.TryPop(out var worker))
            worker.Dispose();
        _closing.Dispose();
    }

    private (WorkerReply Reply, byte[] Body) CallInPlace(
        WorkerCall call, ReadOnlySpan<byte> body, int mostReplyBytes, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            var (deaths, kills) = (0, 0);
            while (true)
            {
                try
                {
                    return Try(call, body, mostReplyBytes, limit, cancellationToken);
                }
                catch (WorkerDiedException fault)
                {
                    var who = call.File ?? "the Python worker";
                    if (fault.IsFromOutside && ++kills == MostKills)
                        throw new PythonWorkerKilledException(FormattableString.Invariant(
                            $"{who}: {fault.Message}, as were the {MostKills - 1} before. Such a signal comes from outside, so this says nothing about the strategy."));
                    if (!fault.IsFromOutside && ++deaths == MostDeaths)
                        throw new PythonStrategyException($"{who}: {fault.Message}, and so did the one before. A strategy must not end its process.");
                    settings.Log($"{who}: {fault.Message}; asking another one");
                }
            }
        }
        finally
        {
            _places.Release();
        }
    }

    private (WorkerReply Reply, byte[] Body) Try(
        WorkerCall call, ReadOnlySpan<byte> body, int mostReplyBytes, TimeSpan limit, CancellationToken cancellationToken)
    {
        var worker = Rent(cancellationToken);
        var isReusable = false;
        try
        {
            var answer = worker.Call(call, body, mostReplyBytes, limit, cancellationToken);
            isReusable = worker.IsUsable && (worker.Forks || call.Call == "ping");
            return answer;
        }
        finally
        {
            if (isReusable)
                _idle.Push(worker);
            else
                worker.Dispose();
        }
    }

    private PythonProcess Rent(CancellationToken cancellationToken)
    {
        while (_idle.TryPop(out var worker))
        {
            if (worker.IsUsable)
                return worker;
            settings.Log($"the idle Python worker {worker.Id} died; another one takes its place");
            worker.Dispose();
        }

        return PythonProcess.Start(settings, cancellationToken);
    }
}
