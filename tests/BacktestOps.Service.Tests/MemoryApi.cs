using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Runs;

namespace BacktestOps.Service.Tests;

/// <summary>A backend in memory whose runs stand where the test puts them.</summary>
internal sealed class MemoryApi : IBacktestApi
{
    private readonly ConcurrentDictionary<string, BacktestProgress> _runs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte[]> _results = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, BacktestProgress> _keys = new(StringComparer.Ordinal);
    private int _last;

    public string Endpoint => "/home/somebody/secret-folder";

    public List<BacktestRequest> Started { get; } = [];

    /// <summary>Who asked for each start.</summary>
    public List<string?> Callers { get; } = [];

    public BacktestQuery? Listed { get; private set; }

    public (string Symbol, DateOnly? From, DateOnly? To) BarsAsked { get; private set; }

    /// <summary>The bars of some symbols, whatever days are asked for; any other symbol has one bar.</summary>
    public Dictionary<string, IReadOnlyList<Bar>> Bars { get; } = [];

    /// <summary>Thrown by every call, when set.</summary>
    public Exception? Fault { get; set; }

    /// <summary>Thrown by a start under a key, when set.</summary>
    public Exception? StartFault { get; set; }

    public RunnerHealth Health { get; set; } = new(new("connected", null), new("ready", null), new("writable", null), 2);

    public bool Disposed { get; private set; }

    public ServiceBackend Backend => new(this, _ => Fault is null ? Task.FromResult(Health) : Task.FromException<RunnerHealth>(Fault));

    public Task<BacktestProgress> StartAsync(BacktestRequest request, StartOptions options, CancellationToken cancellationToken = default)
    {
        Callers.Add(options.Caller);
        return options.IdempotencyKey is { } key ? StartAsync(request, key, cancellationToken) : StartAsync(request, cancellationToken);
    }

    public BacktestProgress Put(string id, BacktestStatus status, double progress = 0, string? error = null) => _runs[id] = new BacktestProgress
    {
        BacktestId = id, Status = status, Progress = progress, Strategy = "SmaCross", Symbols = ["AAPL"], Error = error,
        AcceptedAt = new DateTimeOffset(2026, 11, 23, 1, 35, 58, TimeSpan.Zero),
    };

    public byte[] PutResult(string id, int bytes = 200)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["backtest_id"] = id, ["filler"] = new('x', bytes) });
        _results[id] = json;
        Put(id, BacktestStatus.Completed, 100);
        return json;
    }

    public void PutResult(BacktestResult result)
    {
        _results[result.BacktestId] = JsonSerializer.SerializeToUtf8Bytes(result, ContractsJson.Default.BacktestResult);
        Put(result.BacktestId, BacktestStatus.Completed, 100);
    }

    public Task<BacktestProgress> StartAsync(BacktestRequest request, CancellationToken cancellationToken = default)
    {
        ThrowIfFaulty();
        if (request.Symbols.Count == 0)
            throw new InvalidRequestException([new RequestFault("symbols", "is empty", "name at least one symbol")]);
        lock (Started)
            Started.Add(request);
        return Task.FromResult(Put($"run-{Interlocked.Increment(ref _last)}", BacktestStatus.Queued));
    }

    public Task<IReadOnlyList<RequestFault>> CheckAsync(BacktestRequest request, CancellationToken cancellationToken = default)
    {
        ThrowIfFaulty();
        return Task.FromResult<IReadOnlyList<RequestFault>>(request.Symbols.Count > 0 ? [] : [new RequestFault("symbols", "is empty", "name at least one symbol")]);
    }

    public async Task<BacktestProgress> StartAsync(BacktestRequest request, string idempotencyKey, CancellationToken cancellationToken = default)
    {
        if (StartFault is not null)
            throw StartFault;
        return _keys.TryGetValue(idempotencyKey, out var run) ? run : _keys[idempotencyKey] = await StartAsync(request, cancellationToken);
    }

    public Task<BacktestProgress> GetProgressAsync(string backtestId, CancellationToken cancellationToken = default)
    {
        ThrowIfFaulty();
        return Task.FromResult(_runs.TryGetValue(backtestId, out var run) ? run : throw new BacktestNotFoundException(backtestId, Endpoint));
    }

    public Task<IReadOnlyList<BacktestProgress>> ListAsync(BacktestQuery query, CancellationToken cancellationToken = default)
    {
        ThrowIfFaulty();
        Listed = query;
        return Task.FromResult<IReadOnlyList<BacktestProgress>>(
            [.. _runs.Values.Where(run => query.Status is null || run.Status == query.Status).OrderBy(run => run.BacktestId).Take(query.Limit)]);
    }

    public async Task<BacktestProgress> CancelAsync(string backtestId, CancellationToken cancellationToken = default)
    {
        var run = await GetProgressAsync(backtestId, cancellationToken);
        return run.Status.IsTerminal() ? run : Put(backtestId, BacktestStatus.Cancelled, run.Progress);
    }

    public async Task<ResultDocument> GetResultAsync(string backtestId, CancellationToken cancellationToken = default)
    {
        var run = await GetProgressAsync(backtestId, cancellationToken);
        if (!_results.TryGetValue(backtestId, out var json))
            throw new ResultNotReadyException(run);
        return new ResultDocument(backtestId, $"backtest-result-{backtestId}.json", json, Convert.ToHexStringLower(SHA256.HashData(json)));
    }

    public Task<IReadOnlyList<StrategyInfo>> GetStrategiesAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfFaulty();
        return Task.FromResult<IReadOnlyList<StrategyInfo>>(
            [new() { Name = "BuyAndHold", Description = "Buys once.", Parameters = [] }]);
    }

    public Task<IReadOnlyList<SymbolInfo>> GetSymbolsAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfFaulty();
        return Task.FromResult<IReadOnlyList<SymbolInfo>>(
            [new() { Symbol = "AAPL", Name = "Apple", Source = "AAPL.csv", First = new DateTime(1998, 1, 2), Last = new DateTime(2021, 3, 31), Bars = 5850 }]);
    }

    public Task<IReadOnlyList<Bar>> GetBarsAsync(string symbol, DateOnly? from, DateOnly? to, CancellationToken cancellationToken = default)
    {
        ThrowIfFaulty();
        BarsAsked = (symbol, from, to);
        return symbol == "NONE"
            ? throw new UnknownSymbolException(symbol, "did you mean 'NINE'?")
            : Task.FromResult(Bars.TryGetValue(symbol, out var bars) ? bars : [new(symbol, new DateTime(2020, 1, 2), 1, 2, 0.5, 1.5, null, 100)]);
    }

    public ValueTask DisposeAsync()
    {
        Disposed = true;
        return ValueTask.CompletedTask;
    }

    private void ThrowIfFaulty()
    {
        if (Fault is not null)
            throw Fault;
    }
}
