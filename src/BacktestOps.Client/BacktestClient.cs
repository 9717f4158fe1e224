using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BacktestOps.Contracts;

namespace BacktestOps.Client;

/// <summary>The backtest API over HTTP. Reads are retried, and so are starts, each under a key that lets the service tell a repetition.</summary>
public sealed class BacktestClient : IBacktestApi
{
    private readonly ServiceTransport _transport;

    /// <summary>Creates a client of the service at an address.</summary>
    /// <param name="address">The service's address, for example <c>http://127.0.0.1:3000</c>.</param>
    /// <param name="handler">What sends the requests; null for the default. It is disposed with the client.</param>
    /// <param name="clock">The clock of retries; null for the system's.</param>
    /// <param name="apiKey">The service's API key; null for none. It is sent with every request and shown nowhere.</param>
    /// <exception cref="ArgumentException">The address is not an absolute http or https one.</exception>
    public BacktestClient(Uri address, HttpMessageHandler? handler = null, TimeProvider? clock = null, string? apiKey = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https"))
            throw new ArgumentException($"'{address}' is not the address of a service; write http://127.0.0.1:3000.", nameof(address));
        Address = address;
        _transport = new ServiceTransport(address, Endpoint, apiKey, handler, clock ?? TimeProvider.System);
    }

    /// <summary>The service's address.</summary>
    public Uri Address { get; }

    /// <inheritdoc/>
    public string Endpoint => Address.GetLeftPart(UriPartial.Path).TrimEnd('/');

    /// <summary>What the service says of its health, healthy or not. Asked once: a retry would hide what is being looked for.</summary>
    /// <param name="cancellationToken">Stops waiting for the answer.</param>
    /// <exception cref="BacktestUnavailableException">Nothing answers, or something else than the service does.</exception>
    public async Task<HealthDocument> GetHealthAsync(CancellationToken cancellationToken = default)
    {
        var answer = await _transport.GetOnceAsync("api/health", cancellationToken).ConfigureAwait(false);
        return answer.StatusCode is 200 or 503 && answer.IsJson
            ? Read(answer, ContractsJson.Default.HealthDocument)
            : throw AnswerFault.Of(answer, Endpoint);
    }

    /// <inheritdoc/>
    public Task<BacktestProgress> StartAsync(BacktestRequest request, CancellationToken cancellationToken = default) =>
        StartAsync(request, Guid.NewGuid().ToString("N"), cancellationToken);

    /// <inheritdoc/>
    public async Task<BacktestProgress> StartAsync(BacktestRequest request, string idempotencyKey, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(idempotencyKey);
        return ReadOk(
            await _transport.PostAsync(
                "api/backtest/start", Write(request), idempotencyKey,
                "The service may have accepted the backtest all the same: look with Get-Backtest before starting it again.",
                cancellationToken).ConfigureAwait(false),
            ContractsJson.Default.BacktestProgress);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RequestFault>> CheckAsync(BacktestRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ReadOk(
            await _transport.PostAsync("api/backtest/check", Write(request), null, null, cancellationToken).ConfigureAwait(false),
            ContractsJson.Default.RequestCheck).Faults;
    }

    /// <inheritdoc/>
    public async Task<BacktestProgress> GetProgressAsync(string backtestId, CancellationToken cancellationToken = default) =>
        ReadOk(
            await _transport.GetAsync($"api/backtest/progress/{RunSegment(backtestId)}", cancellationToken).ConfigureAwait(false),
            ContractsJson.Default.BacktestProgress);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<BacktestProgress>> ListAsync(BacktestQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        string?[] terms =
        [
            $"limit={query.Limit.ToString(CultureInfo.InvariantCulture)}",
            query.Status is { } status ? $"status={JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString())}" : null,
            query.Strategy is { } strategy ? $"strategy={Uri.EscapeDataString(strategy)}" : null,
            query.Symbol is { } symbol ? $"symbol={Uri.EscapeDataString(symbol)}" : null,
            query.After is { } after ? $"cursor={Uri.EscapeDataString(after)}" : null,
        ];
        var answer = await _transport.GetAsync($"api/backtests?{string.Join('&', terms.OfType<string>())}", cancellationToken).ConfigureAwait(false);
        return ReadOk(answer, ContractsJson.Default.BacktestList).Backtests;
    }

    /// <inheritdoc/>
    public async Task<BacktestProgress> CancelAsync(string backtestId, CancellationToken cancellationToken = default) =>
        ReadOk(
            await _transport.PostOnceAsync(
                $"api/backtest/cancel/{RunSegment(backtestId)}",
                "The backtest may have been cancelled all the same: look with Get-BacktestProgress; cancelling again does no harm.",
                cancellationToken).ConfigureAwait(false),
            ContractsJson.Default.BacktestProgress);

    /// <inheritdoc/>
    public async Task<ResultDocument> GetResultAsync(string backtestId, CancellationToken cancellationToken = default)
    {
        var answer = await _transport.GetAsync($"api/backtest/result/{RunSegment(backtestId)}", cancellationToken).ConfigureAwait(false);
        if (answer.StatusCode != 200 || !answer.IsJson)
            throw AnswerFault.Of(answer, Endpoint);
        return ResultAnswer.Read(answer, backtestId, Endpoint);
    }

    /// <inheritdoc/>
    public Task<VariantsDocument> OpenVariantsAsync(string backtestId, CancellationToken cancellationToken = default) =>
        VariantsAnswer.OpenAsync(_transport, $"api/backtest/variants/{RunSegment(backtestId)}", backtestId, Endpoint, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StrategyInfo>> GetStrategiesAsync(CancellationToken cancellationToken = default) =>
        ReadOk(
            await _transport.GetAsync("api/strategies", cancellationToken).ConfigureAwait(false),
            ContractsJson.Default.IReadOnlyListStrategyInfo);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SymbolInfo>> GetSymbolsAsync(CancellationToken cancellationToken = default) =>
        ReadOk(
            await _transport.GetAsync("api/symbols", cancellationToken).ConfigureAwait(false),
            ContractsJson.Default.IReadOnlyListSymbolInfo);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Bar>> GetBarsAsync(string symbol, DateOnly? from, DateOnly? to, CancellationToken cancellationToken = default)
    {
        if (!IsSegment(symbol))
            throw new UnknownSymbolException(symbol);
        string?[] range =
        [
            from is { } first ? $"from={first.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}" : null,
            to is { } last ? $"to={last.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}" : null,
        ];
        var query = string.Join('&', range.OfType<string>());
        var path = $"api/symbols/{Uri.EscapeDataString(symbol)}/bars{(query.Length == 0 ? "" : $"?{query}")}";
        return ReadOk(await _transport.GetAsync(path, cancellationToken).ConfigureAwait(false), ContractsJson.Default.IReadOnlyListBar);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _transport.Dispose();
        return ValueTask.CompletedTask;
    }

    // A segment of dots would be folded away by the URI and reach another endpoint; no run or symbol is called so.
    private static bool IsSegment(string text) => !string.IsNullOrWhiteSpace(text) && text is not ("." or "..");

    // JSON has no infinity and no NaN: a request that holds one is as faulty here as it is for the embedded runner.
    private static byte[] Write(BacktestRequest request)
    {
        try
        {
            return JsonSerializer.SerializeToUtf8Bytes(request, ContractsJson.Default.BacktestRequest);
        }
        catch (ArgumentException)
        {
            throw new InvalidRequestException([.. NumbersOf(request)
                .Where(number => !double.IsFinite(number.Value))
                .Select(number => new RequestFault(
                    number.Field, string.Create(CultureInfo.InvariantCulture, $"{number.Value} is not a number that can be sent"), "a finite number"))]);
        }
    }

    private static IEnumerable<(string Field, double Value)> NumbersOf(BacktestRequest request) =>
    [
        .. (request.Parameters ?? new Dictionary<string, double>()).Select(parameter => ($"parameters.{parameter.Key}", parameter.Value)),
        ("initial_cash", request.InitialCash),
        ("commission.rate", request.Commission?.Rate ?? 0),
        ("commission.minimum", request.Commission?.Minimum ?? 0),
        ("periods_per_year", request.PeriodsPerYear ?? 0),
    ];

    private string RunSegment(string backtestId) =>
        IsSegment(backtestId) ? Uri.EscapeDataString(backtestId) : throw new BacktestNotFoundException(backtestId, Endpoint);

    private T ReadOk<T>(ServiceAnswer answer, JsonTypeInfo<T> type) =>
        answer.StatusCode == 200 && answer.IsJson ? Read(answer, type) : throw AnswerFault.Of(answer, Endpoint);

    private T Read<T>(ServiceAnswer answer, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(answer.Content.Span, type) ?? throw new JsonException("The answer is null.");
        }
        catch (JsonException exception)
        {
            throw AnswerFault.NotOurs(answer, Endpoint, exception);
        }
    }
}
