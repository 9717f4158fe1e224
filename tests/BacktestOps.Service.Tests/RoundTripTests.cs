using BacktestOps.Client;
using BacktestOps.Contracts;

namespace BacktestOps.Service.Tests;

/// <summary>The client against the real routes: what the embedded runner throws is what a caller over HTTP gets.</summary>
public sealed class RoundTripTests
{
    private static readonly BacktestProgress Running = new()
    {
        BacktestId = "run", Status = BacktestStatus.Running, Progress = 41.5, Strategy = "SmaCross", Symbols = ["AAPL"],
        AcceptedAt = new DateTimeOffset(2026, 11, 23, 1, 35, 58, TimeSpan.Zero),
    };

    public static TheoryData<BacktestOpsException> Exceptions => new()
    {
        new InvalidRequestException([new("symbols[1]", "is '삼성'", "a hint"), new("parameters.fast", "is -1")]),
        new ResultNotReadyException(Running),
        new ResultNotReadyException(Running with { Status = BacktestStatus.Failed, Error = "AAPL.csv, line 7: high below low" }),
        new ResultNotReadyException(Running with { Status = BacktestStatus.Cancelled }),
        new UnknownSymbolException("APPL", "did you mean 'AAPL'?"),
        new UnknownSymbolException("APPL"),
        new MarketDataException("AAPL.csv", 7, "high 1 is below low 2"),
        new MarketDataException("AAPL.csv", null, "is empty"),
        new BacktestUnavailableException("The database is locked.", "End the other process."),
    };

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Exceptions))]
    public async Task Every_exception_survives_the_round_trip(BacktestOpsException thrown)
    {
        await using var service = await RunningService.StartAsync();
        await using var client = new BacktestClient(service.Address);
        service.Api.Fault = thrown;
        var token = TestContext.Current.CancellationToken;

        // Start is sent once; a read of an unavailable service would be retried first, to the same end.
        var seen = Assert.IsAssignableFrom<BacktestOpsException>(await Record.ExceptionAsync(
            () => client.StartAsync(new BacktestRequest { Symbols = ["AAPL"], Strategy = "SmaCross" }, token)));

        Assert.IsType(thrown.GetType(), seen);
        Assert.Equal(thrown.ErrorId, seen.ErrorId);
        Assert.Equal(thrown.Message, seen.Message);
        Assert.Equal(thrown.RecommendedAction, seen.RecommendedAction);
        Assert.Equal(Parts(thrown), Parts(seen));
    }

    [Fact]
    public async Task A_check_names_what_a_start_would_be_refused_for_and_starts_nothing()
    {
        await using var service = await RunningService.StartAsync();
        await using var client = new BacktestClient(service.Address);
        var token = TestContext.Current.CancellationToken;
        var (good, bad) = (new BacktestRequest { Symbols = ["AAPL"], Strategy = "SmaCross" }, new BacktestRequest { Symbols = [], Strategy = "SmaCross" });

        Assert.Empty(await client.CheckAsync(good, token));
        var refusal = await Assert.ThrowsAsync<InvalidRequestException>(() => client.StartAsync(bad, token));
        Assert.Equal(refusal.Faults, await client.CheckAsync(bad, token));
        Assert.Empty(service.Api.Started);
        service.Api.Fault = new BacktestUnavailableException("The database is locked.", "End the other process.");
        await Assert.ThrowsAsync<BacktestUnavailableException>(() => client.CheckAsync(good, token));
    }

    [Fact]
    public async Task Rules_of_ones_own_arrive_as_they_were_sent()
    {
        await using var service = await RunningService.StartAsync();
        await using var client = new BacktestClient(service.Address);
        var rules = new StrategyDefinition
        {
            Name = "Dip",
            Parameters = [new StrategyParameter { Name = "n", Default = 5, Minimum = 1, Maximum = 50, IsInteger = true }],
            Constraints = ["$n < 40"],
            Entry = "close < sma(close, $n) && volume > 0",
            Exit = "close > sma(close, $n)",
        };

        await client.StartAsync(new BacktestRequest { Symbols = ["AAPL"], Rules = rules }, TestContext.Current.CancellationToken);

        var arrived = Assert.Single(service.Api.Started).Rules!;
        Assert.Equal(rules.Parameters, arrived.Parameters);
        Assert.Equal(rules.Constraints, arrived.Constraints);
        Assert.Equal(rules, arrived with { Parameters = rules.Parameters, Constraints = rules.Constraints });
    }

    [Fact]
    public async Task An_unknown_run_is_named_with_the_address_that_was_asked()
    {
        await using var service = await RunningService.StartAsync();
        await using var client = new BacktestClient(service.Address);
        var token = TestContext.Current.CancellationToken;

        foreach (var call in new Func<Task>[]
        {
            () => client.GetProgressAsync("none", token), () => client.GetResultAsync("none", token), () => client.CancelAsync("none", token),
            () => client.GetProgressAsync("../etc/passwd?x#y", token), () => client.GetProgressAsync("UPPER%2Fx", token),
        })
        {
            var error = await Assert.ThrowsAsync<BacktestNotFoundException>(call);
            Assert.Contains(client.Endpoint, error.Message, StringComparison.Ordinal);
        }
        Assert.Equal("none", (await Assert.ThrowsAsync<BacktestNotFoundException>(() => client.CancelAsync("none", token))).BacktestId);
    }

    [Fact]
    public async Task A_fault_of_the_service_is_an_unavailable_service_that_names_its_log()
    {
        await using var service = await RunningService.StartAsync();
        await using var client = new BacktestClient(service.Address);
        service.Api.Fault = new InvalidOperationException("secret");

        var error = await Assert.ThrowsAsync<BacktestUnavailableException>(() => client.GetSymbolsAsync(TestContext.Current.CancellationToken));

        Assert.Contains("500", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        Assert.Contains("log", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_call_gives_what_the_backend_gave()
    {
        await using var service = await RunningService.StartAsync();
        await using var client = new BacktestClient(service.Address);
        var token = TestContext.Current.CancellationToken;
        var bytes = service.Api.PutResult("done");
        var request = new BacktestRequest
        {
            Symbols = ["AAPL", "BRK/B"], Strategy = "SmaCross", Parameters = new Dictionary<string, double> { ["fast"] = 10, ["slow"] = 0.1 + 0.2 },
            From = new DateOnly(2020, 1, 2), To = new DateOnly(2020, 12, 31), InitialCash = 12_345.67, Commission = new() { Rate = 0.001, Minimum = 1 },
            FractionalShares = true, Adjusted = true, PeriodsPerYear = 252,
        };

        var started = await client.StartAsync(request, token);
        var document = await client.GetResultAsync("done", token);
        var direct = await service.Api.GetResultAsync("done", token);

        Assert.Equivalent(request, service.Api.Started.Single());
        Assert.Equivalent(await service.Api.GetProgressAsync(started.BacktestId, token), await client.GetProgressAsync(started.BacktestId, token));
        Assert.Equal((direct.FileName, direct.Digest), (document.FileName, document.Digest));
        Assert.Equal(bytes, document.Content.ToArray());
        Assert.Equivalent(await service.Api.GetStrategiesAsync(token), await client.GetStrategiesAsync(token));
        Assert.Equivalent(await service.Api.GetSymbolsAsync(token), await client.GetSymbolsAsync(token));
        Assert.Equal(await service.Api.GetBarsAsync("BRK/B", null, null, token), await client.GetBarsAsync("BRK/B", null, null, token));
        Assert.Equal(2, (await client.ListAsync(new BacktestQuery(), token)).Count);
        foreach (var status in Enum.GetValues<BacktestStatus>())
            _ = await client.ListAsync(new BacktestQuery { Status = status }, token);
        Assert.Equal(BacktestStatus.Cancelled, (await client.CancelAsync(started.BacktestId, token)).Status);
        Assert.Equal("healthy", (await client.GetHealthAsync(token)).Status);
    }

    private static object? Parts(BacktestOpsException exception) => exception switch
    {
        InvalidRequestException invalid => string.Join('|', invalid.Faults),
        ResultNotReadyException early => (early.Progress.BacktestId, early.Progress.Status, early.Progress.Progress, early.Progress.Error),
        UnknownSymbolException unknown => (unknown.Symbol, unknown.Hint),
        MarketDataException data => (data.DataSource, data.Line, data.Detail),
        _ => null,
    };
}
