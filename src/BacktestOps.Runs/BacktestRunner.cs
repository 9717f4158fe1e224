using BacktestOps.Contracts;
using BacktestOps.Runs.Execution;
using BacktestOps.Runs.MarketData;
using BacktestOps.Runs.PythonWorkers;
using BacktestOps.Runs.Stores;
using BacktestOps.Runs.Sweeps;

namespace BacktestOps.Runs;

/// <summary>The backtest API in this process: accepts runs durably, executes them in the background, publishes each result once.</summary>
/// <remarks>
/// Several runners, in one process or in several, may share a home folder. Each executes the runs that it accepted and
/// those of runners that died; progress, results and cancellation work for the runs of all.
/// </remarks>
public sealed class BacktestRunner : IBacktestApi
{
    private readonly RunStore _store;
    private readonly ResultFiles _files;
    private readonly SweepFiles _sweeps;
    private readonly OwnerLease _lease;
    private readonly RunQueue _queue;
    private readonly LiveRuns _live;
    private readonly RunAcceptor _acceptor;
    private readonly RunReader _reader;
    private readonly RunWorkers _workers;
    private readonly Takeover _takeover;
    private readonly RunnerCheckup _checkup;
    private readonly IMarketDataCatalog _catalog;
    private readonly EngineCalls _engine;
    private readonly PythonStrategies? _python;
    private readonly TimeProvider _clock;
    private int _isClosed;

    private BacktestRunner(RunnerOptions options, RunnerHome home, RunStore store, OwnerLease lease)
    {
        (Endpoint, _store, _lease, _clock) = (home.Root, store, lease, options.Clock);
        // One worker more than places: a short run begins at once where longer ones hold them all.
        _python = PythonSettings.Find(options.Python, options.MaxParallelRuns + 1, _clock) is { } python ? new PythonStrategies(python) : null;
        _engine = PythonStrategies.Join(options.Engine, _python);
        var dataPath = RunnerHome.FindData(options.DataPath);
        var catalogs = new CatalogSet(home.Data);
        _catalog = catalogs.For(dataPath);
        _files = new ResultFiles(home.Results, options.Flush);
        _sweeps = new SweepFiles(home.Sweeps);
        _sweeps.DiscardEnded(store.Find);
        _queue = new RunQueue(options.MaxParallelRuns, _clock);
        _live = new LiveRuns(store, lease.Owner, _clock);
        _reader = new RunReader(store, _files, _live, home.Root);
        _checkup = new RunnerCheckup(store, _files, new ResultsWatch(store.Path, _files, _clock), _sweeps, _catalog, _python, lease);
        var limits = options.Limits;
        _acceptor = new RunAcceptor(
            new RequestChecker(_engine, limits), catalogs, dataPath, store, _queue, limits.Queued, _reader.Progress, lease.Owner, _clock);
        _takeover = new Takeover(store, _files, _sweeps, lease, _queue, _live, limits.Deaths, _clock);
        _takeover.Start();
        var publisher = new ResultPublisher(store, _files, lease.Owner, _clock);
        var sweeps = new SweepExecutor(_engine, _sweeps, _files, _live, options.SweepThreads, lease.Owner, _clock);
        var executor = new RunExecutor(_engine, catalogs, store, _files, publisher, _live, sweeps, _queue, limits.Time, lease.Owner, _clock);
        _workers = new RunWorkers(_queue, executor, options.MaxParallelRuns, id => Tell(options.Observer, id));
        // Last: nothing that can fail comes after a process was started.
        _python?.Warm();
    }

    /// <inheritdoc/>
    public string Endpoint { get; }

    /// <summary>Opens the home folder, takes over runs that a dead process left, and starts the workers.</summary>
    /// <param name="options">Where and how much.</param>
    /// <param name="cancellationToken">Gives up opening.</param>
    /// <exception cref="BacktestUnavailableException">The home folder or its database can't be used.</exception>
    public static Task<BacktestRunner> OpenAsync(RunnerOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Task.Run(
            () =>
            {
                var home = RunnerHome.Open(options.HomePath);
                var opened = new Stack<IDisposable>();
                try
                {
                    var lease = OwnerLease.Acquire(home.Owners);
                    opened.Push(lease);
                    var store = new RunStore(home.Database, options.Clock);
                    opened.Push(store);
                    return new BacktestRunner(options, home, store, lease);
                }
                catch
                {
                    while (opened.TryPop(out var part))
                        part.Dispose();
                    throw;
                }
            },
            cancellationToken);
    }

    /// <summary>How the parts that runs need are, seen by using each: for health.</summary>
    /// <param name="cancellationToken">Gives up looking.</param>
    public Task<RunnerHealth> GetHealthAsync(CancellationToken cancellationToken = default) =>
        InBackground(_checkup.Look, cancellationToken);

    /// <inheritdoc/>
    public Task<BacktestProgress> StartAsync(BacktestRequest request, CancellationToken cancellationToken = default) =>
        InBackground(() => _acceptor.Accept(request, null, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<BacktestProgress> StartAsync(BacktestRequest request, string idempotencyKey, CancellationToken cancellationToken = default) =>
        InBackground(() => _acceptor.Accept(request, idempotencyKey, null, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<BacktestProgress> StartAsync(BacktestRequest request, StartOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return InBackground(
            () => options.IdempotencyKey is { } key
                ? _acceptor.Accept(request, key, options.Caller, cancellationToken)
                : _acceptor.Accept(request, options.Caller, cancellationToken),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<RequestFault>> CheckAsync(BacktestRequest request, CancellationToken cancellationToken = default) =>
        InBackground(() => _acceptor.Check(request, cancellationToken), cancellationToken);

    /// <summary>How many runs of this home are in each status, and how many wait in this process: for metrics.</summary>
    /// <param name="cancellationToken">Gives up counting.</param>
    /// <exception cref="BacktestUnavailableException">The database can't be used.</exception>
    public Task<RunCounts> CountAsync(CancellationToken cancellationToken = default) =>
        InBackground(() => new RunCounts(_store.Count(), _queue.Count), cancellationToken);

    /// <inheritdoc/>
    public Task<BacktestProgress> GetProgressAsync(string backtestId, CancellationToken cancellationToken = default) =>
        AtOnce(() => _reader.Progress(backtestId), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<BacktestProgress>> ListAsync(BacktestQuery query, CancellationToken cancellationToken = default) =>
        AtOnce(() => _reader.List(query), cancellationToken);

    /// <inheritdoc/>
    /// <remarks>The run is cancelled, durably, when this returns; its computation ends a moment later.</remarks>
    public Task<BacktestProgress> CancelAsync(string backtestId, CancellationToken cancellationToken = default) => InBackground(
        () =>
        {
            ArgumentNullException.ThrowIfNull(backtestId);
            _store.Cancel(backtestId, _clock.ToMilliseconds(), () =>
            {
                _files.DiscardPublished(backtestId);
                _sweeps.Discard(backtestId);
            });
            var run = _store.Find(backtestId) ?? throw new BacktestNotFoundException(backtestId, Endpoint);
            if (run.Status.IsTerminal())
                _live.Stop(backtestId);
            return run.ToProgress();
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<ResultDocument> GetResultAsync(string backtestId, CancellationToken cancellationToken = default) =>
        AtOnce(() => _reader.Result(backtestId), cancellationToken);

    /// <inheritdoc/>
    public Task<VariantsDocument> OpenVariantsAsync(string backtestId, CancellationToken cancellationToken = default) =>
        InBackground(() => _reader.Variants(backtestId), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<StrategyInfo>> GetStrategiesAsync(CancellationToken cancellationToken = default) =>
        InBackground(_engine.Strategies, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SymbolInfo>> GetSymbolsAsync(CancellationToken cancellationToken = default) =>
        InBackground(() => _catalog.List(cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Bar>> GetBarsAsync(string symbol, DateOnly? from, DateOnly? to, CancellationToken cancellationToken = default) =>
        InBackground(() => _catalog.Load(symbol).Rows(from, to), cancellationToken);

    /// <summary>Stops accepting, stops the workers, and leaves unfinished runs to be taken up at the next opening.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
            return;
        await _takeover.DisposeAsync().ConfigureAwait(false);
        await _workers.DisposeAsync().ConfigureAwait(false);
        _python?.Dispose();
        _queue.Dispose();
        try
        {
            _store.Release(_lease.Owner);
        }
        catch (BacktestUnavailableException)
        {
            // The next opening sees by the lease that these runs were interrupted.
        }

        _store.Dispose();
        _lease.Dispose();
    }

    private void Tell(Action<BacktestProgress>? observer, string id)
    {
        if (observer is null)
            return;
        try
        {
            observer(_reader.Progress(id));
        }
        catch (Exception)
        {
            // A listener that fails, or a database that is down as it is told, must not end the thread of a worker.
        }
    }

    // Reads that memory or one indexed row answers; a thread switch would cost more than they do.
    private Task<T> AtOnce<T>(Func<T> work, CancellationToken cancellationToken)
    {
        try
        {
            ObjectDisposedException.ThrowIf(_isClosed != 0, this);
            cancellationToken.ThrowIfCancellationRequested();
            return Task.FromResult(work());
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }
        catch (Exception fault)
        {
            return Task.FromException<T>(fault);
        }
    }

    private Task<T> InBackground<T>(Func<T> work, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isClosed != 0, this);
        return Task.Run(work, cancellationToken);
    }
}
