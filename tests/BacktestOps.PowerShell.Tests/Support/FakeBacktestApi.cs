using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using BacktestOps.Contracts;

namespace BacktestOps.PowerShell.Tests.Support;

/// <summary>An API whose runs go through the states that a test writes down, one at each look; the last one stays.</summary>
internal sealed class FakeBacktestApi : IBacktestApi
{
    private readonly ConcurrentDictionary<string, Queue<BacktestProgress>> _states = new(StringComparer.Ordinal);
    private int _started;

    public string Endpoint => "http://fake.example";

    public List<BacktestRequest> Requests { get; } = [];

    public List<string> Cancelled { get; } = [];

    public Dictionary<string, ResultDocument> Results { get; } = new(StringComparer.Ordinal);

    public bool IsDisposed { get; private set; }

    /// <summary>What StartAsync throws instead of accepting; null to accept.</summary>
    public Exception? Refusal { get; set; }

    /// <summary>Completed by the first call of GetProgressAsync.</summary>
    public TaskCompletionSource FirstLook { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Looks { get; private set; }

    public static BacktestProgress Run(string id, BacktestStatus status, double progress) => new()
    {
        BacktestId = id,
        Status = status,
        Progress = progress,
        Strategy = "SmaCross",
        Symbols = ["AAPL"],
        AcceptedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
    };

    public FakeBacktestApi With(string id, params (BacktestStatus Status, double Progress)[] states)
    {
        _states[id] = new Queue<BacktestProgress>(states.Select(state => Run(id, state.Status, state.Progress)));
        return this;
    }

    public FakeBacktestApi WithResult(string id, string json = "{}", string? fileName = null)
    {
        With(id, (BacktestStatus.Completed, 100));
        var bytes = Encoding.UTF8.GetBytes(json);
        Results[id] = new ResultDocument(id, fileName ?? $"backtest-result-{id}.json", bytes, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        return this;
    }

    public Task<BacktestProgress> StartAsync(BacktestRequest request, CancellationToken cancellationToken = default)
    {
        if (Refusal is not null) throw Refusal;
        Requests.Add(request);
        var id = $"run-{++_started}";
        if (!_states.ContainsKey(id)) WithResult(id);
        return Task.FromResult(Run(id, BacktestStatus.Queued, 0) with { Strategy = request.Strategy, Symbols = request.Symbols });
    }

    public Task<IReadOnlyList<RequestFault>> CheckAsync(BacktestRequest request, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<RequestFault>>((Refusal as InvalidRequestException)?.Faults ?? []);

    public async Task<BacktestProgress> GetProgressAsync(string backtestId, CancellationToken cancellationToken = default)
    {
        Looks++;
        FirstLook.TrySetResult();
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        var states = _states.GetValueOrDefault(backtestId) ?? throw new BacktestNotFoundException(backtestId, Endpoint);
        return states.Count > 1 ? states.Dequeue() : states.Peek();
    }

    /// <summary>How many pages of the list were asked for.</summary>
    public int Pages { get; private set; }

    public Task<IReadOnlyList<BacktestProgress>> ListAsync(BacktestQuery query, CancellationToken cancellationToken = default)
    {
        Pages++;
        return Task.FromResult<IReadOnlyList<BacktestProgress>>(
        [
            .. _states.OrderByDescending(run => run.Key, StringComparer.Ordinal)
                .Where(run => query.After is null || string.CompareOrdinal(run.Key, query.After) < 0)
                .Select(run => run.Value.Peek())
                .Where(run => query.Status is null || run.Status == query.Status)
                .Take(query.Limit),
        ]);
    }

    public async Task<BacktestProgress> CancelAsync(string backtestId, CancellationToken cancellationToken = default)
    {
        Cancelled.Add(backtestId);
        return await GetProgressAsync(backtestId, cancellationToken) with { Status = BacktestStatus.Cancelled };
    }

    public async Task<ResultDocument> GetResultAsync(string backtestId, CancellationToken cancellationToken = default) =>
        Results.TryGetValue(backtestId, out var result)
            ? result
            : throw new ResultNotReadyException(await GetProgressAsync(backtestId, cancellationToken));

    public Task<IReadOnlyList<StrategyInfo>> GetStrategiesAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<StrategyInfo>>(
        [
            new StrategyInfo { Name = "BuyAndHold", Description = "Buys once.", Parameters = [] },
            new StrategyInfo
            {
                Name = "SmaCross",
                Description = "Crosses averages.",
                Parameters =
                [
                    new StrategyParameter { Name = "Fast", Description = "Bars.", Default = 10, Minimum = 1, Maximum = 999 },
                    new StrategyParameter { Name = "Slow", Description = "Bars.", Default = 20, Minimum = 2, Maximum = 1000 },
                ],
            },
        ]);

    public Task<IReadOnlyList<SymbolInfo>> GetSymbolsAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<SymbolInfo>>(
            [.. ((string[])["AAPL", "IBM", "SP500"]).Select(symbol => new SymbolInfo { Symbol = symbol, Name = symbol, Source = "fake" })]);

    public Task<IReadOnlyList<Bar>> GetBarsAsync(string symbol, DateOnly? from, DateOnly? to, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<Bar>>(
        [
            .. Enumerable.Range(1, 5)
                .Select(day => new Bar(symbol, new DateTime(2020, 1, day), 1, 2, 0.5, 1.5, null, 100))
                .Where(bar => (from is null || DateOnly.FromDateTime(bar.Date) >= from) && (to is null || DateOnly.FromDateTime(bar.Date) <= to)),
        ]);

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return default;
    }
}
