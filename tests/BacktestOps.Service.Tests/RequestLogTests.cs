using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace BacktestOps.Service.Tests;

/// <summary>What the log says of calls: of each bad answer where and why, and of all of them how many there were.</summary>
public sealed class RequestLogTests : IAsyncDisposable
{
    private const string Unknown = "/api/backtest/result/20261123-013558-7f3a9c2e";
    private readonly FakeTimeProvider _clock = new();
    private readonly LineKeeper _log = new();
    private readonly MemoryApi _api = new();
    private readonly HttpClient _http = new();
    private ServiceHost? _host;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bad_answer_has_a_line_without_its_query_and_a_good_one_has_none()
    {
        await StartAsync();
        for (var good = 0; good < 7; good++) Assert.Equal(200, await GetAsync("/api/health"));
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("checker/1.0");
        Assert.Equal(400, await GetAsync(Unknown + "?token=s3cr3t"));

        await StopAsync();

        var line = Assert.Single(_log.Lines, line => line["Event"] is 40);
        Assert.Equal(
            ("GET", Unknown, 400, "/api/backtest/result/{id}", "checker/1.0"),
            ((string)line["Method"]!, (string)line["Path"]!, (int)line["Status"]!, (string)line["Route"]!, (string)line["Agent"]!));
        Assert.Matches("^[0-9a-f]{32}$", (string)line["TraceId"]!);
        Assert.InRange((double)line["Milliseconds"]!, 0, double.MaxValue);
        Assert.DoesNotContain(_log.Lines, kept => ((string)kept["Text"]!).Contains("s3cr3t", StringComparison.Ordinal));
        Assert.DoesNotContain(_log.Lines, kept => ((string)kept["Text"]!).Contains("/api/health", StringComparison.Ordinal));
        Assert.Equal(8, Counted());
    }

    [Fact]
    public async Task The_lines_of_calls_add_up_to_all_of_them_whatever_came_at_once()
    {
        await StartAsync();
        await Parallel.ForEachAsync(Enumerable.Range(0, 200), Token, async (number, _) => await GetAsync(number % 4 == 0 ? "/nothing/here" : "/api/symbols"));

        await StopAsync();

        Assert.Equal(50, _log.Lines.Count(line => line["Event"] is 40 && line["Status"] is 404 && line["Route"] is "none"));
        Assert.Equal(200, Counted());
    }

    [Fact]
    public async Task A_minute_with_good_answers_alone_is_counted_in_one_line_and_one_without_any_in_none()
    {
        await StartAsync();
        for (var good = 0; good < 5; good++) await GetAsync("/api/symbols");
        // An answer is read before it is counted, if only just: the minute must not be over in between.
        await StopAnsweringAsync();
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal([5L], Counts());

        _clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal([5L], Counts());
        await StopAsync();
    }

    [Fact]
    public async Task Who_asks_while_the_service_starts_is_told_apart_from_who_meets_an_error()
    {
        var open = new TaskCompletionSource<ServiceBackend>();
        var starting = await BindAsync(open.Task);
        Assert.Equal(503, await GetAsync("/api/health"));
        open.SetResult(_api.Backend);
        await starting;

        await StopAsync();

        Assert.Equal(LogLevel.Information, Assert.Single(_log.Lines, line => line["Event"] is 44)["Level"]);
        Assert.DoesNotContain(_log.Lines, line => line["Event"] is 40 or 41 or 42);
    }

    [Fact]
    public async Task A_fault_is_one_line_with_the_reference_that_the_caller_was_given()
    {
        await StartAsync();
        _api.Fault = new InvalidOperationException("the inside of a part");
        using var answer = await _http.GetAsync(new Uri(Unknown, UriKind.Relative), Token);
        var told = await answer.Content.ReadAsStringAsync(Token);

        await StopAsync();

        var line = Assert.Single(_log.Lines, line => line["Event"] is not 43 and not 1 and not 2 and not 3);
        Assert.Equal((42, LogLevel.Error, 500), ((int)line["Event"]!, (LogLevel)line["Level"]!, (int)line["Status"]!));
        Assert.Contains((string)line["Reference"]!, told, StringComparison.Ordinal);
        Assert.Same(_api.Fault, line["Exception"]);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _http.Dispose();
    }

    private async Task StartAsync() => await await BindAsync(Task.FromResult(_api.Backend));

    /// <summary>Binds a port.</summary>
    /// <param name="open">The backend, opened once the port is bound.</param>
    /// <returns>The rest of the start.</returns>
    private async Task<Task> BindAsync(Task<ServiceBackend> open)
    {
        var listening = new TaskCompletionSource();
        _host = ServiceHost.Build(
            ServiceOptions.Parse(["--urls", "http://127.0.0.1:0"]), _ => Open(), _clock, logging => logging.AddProvider(_log));
        var started = _host.StartAsync(Token);
        await await Task.WhenAny(listening.Task, started);
        _http.BaseAddress = _host.Addresses[0];
        return started;

        Task<ServiceBackend> Open()
        {
            listening.SetResult();
            return open;
        }
    }

    private async Task<int> GetAsync(string path)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), Token);
        return (int)answer.StatusCode;
    }

    /// <summary>No call is under way after it.</summary>
    private Task StopAnsweringAsync() => _host!.WaitForStopAsync(new CancellationToken(canceled: true));

    private async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _host, null) is { } host) await host.DisposeAsync();
    }

    private List<long> Counts() => [.. _log.Lines.Where(line => line["Event"] is 43).Select(line => (long)line["Requests"]!)];

    private long Counted() => _log.Lines.Where(line => line.ContainsKey("Requests")).Sum(line => (long)line["Requests"]!);

    /// <summary>Keeps what is logged, by name.</summary>
    private sealed class LineKeeper : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<Dictionary<string, object?>> _lines = new();

        public IReadOnlyList<Dictionary<string, object?>> Lines => [.. _lines];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var line = new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["Event"] = eventId.Id, ["Level"] = logLevel, ["Exception"] = exception, ["Text"] = formatter(state, exception),
            };
            foreach (var (name, value) in (IReadOnlyList<KeyValuePair<string, object?>>)state!) line[name] = value;
            _lines.Enqueue(line);
        }

        public void Dispose()
        {
        }
    }
}
