namespace BacktestOps.Contracts;

/// <summary>
/// The calls of the backtest API, whoever answers them: the runner embedded in this process or the service over HTTP.
/// Both give the same objects and throw the same <see cref="BacktestOpsException"/>s.
/// </summary>
public interface IBacktestApi : IAsyncDisposable
{
    /// <summary>Who answers, for people: the service's address, or the home folder of the embedded runner.</summary>
    string Endpoint { get; }

    /// <summary>Accepts a run. It is durable when this returns.</summary>
    /// <param name="request">What to test.</param>
    /// <param name="cancellationToken">Stops waiting for the answer.</param>
    /// <exception cref="InvalidRequestException">The request has faults; all of them are named.</exception>
    /// <exception cref="QueueFullException">As many runs wait as may wait.</exception>
    Task<BacktestProgress> StartAsync(BacktestRequest request, CancellationToken cancellationToken = default);

    /// <summary>Accepts a run under a key, so that the call can be repeated: the same key and request give the same run.</summary>
    /// <param name="request">What to test.</param>
    /// <param name="idempotencyKey">1 to 255 visible ASCII characters, made by the caller; it is kept for 24 hours.</param>
    /// <param name="cancellationToken">Stops waiting for the answer.</param>
    /// <exception cref="InvalidRequestException">The request or the key has faults; all of them are named.</exception>
    /// <exception cref="IdempotencyKeyReusedException">The key was used for another request.</exception>
    /// <exception cref="IdempotencyKeyInUseException">The first request with the key is still being looked at.</exception>
    Task<BacktestProgress> StartAsync(BacktestRequest request, string idempotencyKey, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException($"{Endpoint} keeps no idempotency keys.");

    /// <summary>Accepts a run on behalf of somebody, for whoever answers for several callers: each has a fair share of the workers.</summary>
    /// <param name="request">What to test.</param>
    /// <param name="options">Whose it is, and the key that lets the call be repeated.</param>
    /// <param name="cancellationToken">Stops waiting for the answer.</param>
    /// <remarks>A service knows its callers by their API keys and takes nobody's word for it, so a client sends only the idempotency key.</remarks>
    /// <inheritdoc cref="StartAsync(BacktestRequest, string, CancellationToken)"/>
    Task<BacktestProgress> StartAsync(BacktestRequest request, StartOptions options, CancellationToken cancellationToken = default) =>
        options.IdempotencyKey is { } key ? StartAsync(request, key, cancellationToken) : StartAsync(request, cancellationToken);

    /// <summary>Looks at a request as a start does, and starts nothing.</summary>
    /// <param name="request">What would be tested.</param>
    /// <param name="cancellationToken">Stops waiting for the answer.</param>
    /// <returns>Every fault; none where a start would be accepted, if there is room in the queue.</returns>
    Task<IReadOnlyList<RequestFault>> CheckAsync(BacktestRequest request, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException($"{Endpoint} checks no requests.");

    /// <summary>The state of one run.</summary>
    /// <param name="backtestId">The run's id.</param>
    /// <param name="cancellationToken">Stops waiting for the answer.</param>
    /// <exception cref="BacktestNotFoundException">No such run.</exception>
    Task<BacktestProgress> GetProgressAsync(string backtestId, CancellationToken cancellationToken = default);

    /// <summary>Runs, newest first.</summary>
    /// <param name="query">Which ones.</param>
    /// <param name="cancellationToken">Stops waiting for the answer.</param>
    Task<IReadOnlyList<BacktestProgress>> ListAsync(BacktestQuery query, CancellationToken cancellationToken = default);

    /// <summary>Asks a run to stop; a run that has ended stays as it is. Safe to repeat.</summary>
    /// <param name="backtestId">The run's id.</param>
    /// <param name="cancellationToken">Stops waiting for the answer.</param>
    /// <exception cref="BacktestNotFoundException">No such run.</exception>
    Task<BacktestProgress> CancelAsync(string backtestId, CancellationToken cancellationToken = default);

    /// <summary>The result document's bytes, as they were published.</summary>
    /// <param name="backtestId">The run's id.</param>
    /// <param name="cancellationToken">Stops waiting for the answer.</param>
    /// <exception cref="BacktestNotFoundException">No such run.</exception>
    /// <exception cref="ResultNotReadyException">The run has not completed.</exception>
    Task<ResultDocument> GetResultAsync(string backtestId, CancellationToken cancellationToken = default);

    /// <summary>The file with every variant of a sweep, as it was published. The caller disposes it.</summary>
    /// <param name="backtestId">The run's id.</param>
    /// <param name="cancellationToken">Stops waiting for the answer.</param>
    /// <exception cref="BacktestNotFoundException">No such run.</exception>
    /// <exception cref="ResultNotReadyException">The run has not completed.</exception>
    /// <exception cref="NotASweepException">It is one run and has no variants.</exception>
    Task<VariantsDocument> OpenVariantsAsync(string backtestId, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException($"{Endpoint} runs no sweeps.");

    /// <summary>The strategies of the catalogue, by name.</summary>
    /// <param name="cancellationToken">Stops waiting for the answer.</param>
    Task<IReadOnlyList<StrategyInfo>> GetStrategiesAsync(CancellationToken cancellationToken = default);

    /// <summary>The symbols of the market data catalog, by name.</summary>
    /// <param name="cancellationToken">Stops waiting for the answer.</param>
    Task<IReadOnlyList<SymbolInfo>> GetSymbolsAsync(CancellationToken cancellationToken = default);

    /// <summary>The bars of a symbol, oldest first.</summary>
    /// <param name="symbol">The symbol.</param>
    /// <param name="from">First day, inclusive; null for the beginning.</param>
    /// <param name="to">Last day, inclusive; null for the end.</param>
    /// <param name="cancellationToken">Stops waiting for the answer.</param>
    /// <exception cref="UnknownSymbolException">No such symbol.</exception>
    /// <exception cref="MarketDataException">The data of the symbol can't be used.</exception>
    Task<IReadOnlyList<Bar>> GetBarsAsync(string symbol, DateOnly? from, DateOnly? to, CancellationToken cancellationToken = default);
}

/// <summary>A published result: the exact bytes and what identifies them.</summary>
/// <param name="BacktestId">The run's id.</param>
/// <param name="FileName">The file name that the publisher gives: <c>backtest-result-{id}.json</c>.</param>
/// <param name="Content">The document, UTF-8 JSON.</param>
/// <param name="Digest">SHA-256 of the content, lower-case hex.</param>
public sealed record ResultDocument(string BacktestId, string FileName, ReadOnlyMemory<byte> Content, string Digest);
