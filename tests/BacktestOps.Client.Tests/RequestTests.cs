using System.Text.Json;
using BacktestOps.Contracts;

namespace BacktestOps.Client.Tests;

public sealed class RequestTests
{
    [Fact]
    public async Task Each_call_asks_for_its_own_path_with_ids_and_symbols_escaped()
    {
        var service = new StubService(StubService.Json(StubService.SampleProgress(), ContractsJson.Default.BacktestProgress));
        await using var client = service.Client();
        var token = TestContext.Current.CancellationToken;

        await client.GetProgressAsync("a/b?c#d e%2F", token);
        await client.CancelAsync("x&y", token);
        await Assert.ThrowsAnyAsync<BacktestOpsException>(() => client.GetBarsAsync("BRK/B^", new DateOnly(2020, 1, 2), new DateOnly(2020, 2, 3), token));
        await Assert.ThrowsAnyAsync<BacktestOpsException>(() => client.GetBarsAsync("삼성", null, null, token));
        await Assert.ThrowsAnyAsync<BacktestOpsException>(() => client.ListAsync(new BacktestQuery { Status = BacktestStatus.Cancelled, Limit = 7 }, token));

        Assert.Equal(
            [
                "GET /api/backtest/progress/a%2Fb%3Fc%23d%20e%252F",
                "POST /api/backtest/cancel/x%26y",
                "GET /api/symbols/BRK%2FB%5E/bars?from=2020-01-02&to=2020-02-03",
                "GET /api/symbols/%EC%82%BC%EC%84%B1/bars",
                "GET /api/backtests?limit=7&status=cancelled",
            ],
            service.Asked);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(".")]
    [InlineData("..")]
    public async Task A_name_that_would_fold_the_path_is_unknown_without_a_request(string name)
    {
        var service = new StubService();
        await using var client = service.Client();
        var token = TestContext.Current.CancellationToken;

        await Assert.ThrowsAsync<BacktestNotFoundException>(() => client.GetProgressAsync(name, token));
        await Assert.ThrowsAsync<BacktestNotFoundException>(() => client.CancelAsync(name, token));
        await Assert.ThrowsAsync<BacktestNotFoundException>(() => client.GetResultAsync(name, token));
        await Assert.ThrowsAsync<UnknownSymbolException>(() => client.GetBarsAsync(name, null, null, token));

        Assert.Empty(service.Asked);
    }

    [Fact]
    public async Task The_request_is_sent_in_snake_case()
    {
        var service = new StubService(StubService.Json(StubService.SampleProgress(), ContractsJson.Default.BacktestProgress));
        await using var client = service.Client();

        await client.StartAsync(
            new BacktestRequest
            {
                Symbols = ["AAPL"], Strategy = "SmaCross", From = new DateOnly(2020, 1, 2), InitialCash = 5000.5,
                Parameters = new Dictionary<string, double> { ["fast"] = 10 },
            },
            TestContext.Current.CancellationToken);

        using var sent = JsonDocument.Parse(service.Bodies.Single());
        Assert.Equal("AAPL", sent.RootElement.GetProperty("symbols")[0].GetString());
        Assert.Equal(10, sent.RootElement.GetProperty("parameters").GetProperty("fast").GetDouble());
        Assert.Equal("2020-01-02", sent.RootElement.GetProperty("from").GetString());
        Assert.Equal(5000.5, sent.RootElement.GetProperty("initial_cash").GetDouble());
    }

    [Fact]
    public async Task Numbers_that_JSON_can_not_hold_are_all_named_and_nothing_is_sent()
    {
        var service = new StubService();
        await using var client = service.Client();

        var error = await Assert.ThrowsAsync<InvalidRequestException>(() => client.StartAsync(
            new BacktestRequest
            {
                Symbols = ["AAPL"], Strategy = "SmaCross", InitialCash = double.NaN,
                Parameters = new Dictionary<string, double> { ["fast"] = double.PositiveInfinity },
            },
            TestContext.Current.CancellationToken));

        Assert.Equal(["parameters.fast", "initial_cash"], error.Faults.Select(fault => fault.Field));
        Assert.Empty(service.Asked);
    }

    [Fact]
    public async Task A_service_behind_a_prefix_is_asked_below_that_prefix()
    {
        var service = new StubService(StubService.Json(StubService.SampleProgress(), ContractsJson.Default.BacktestProgress));
        await using var client = new BacktestClient(new Uri("http://127.0.0.1:3000/lab/"), service);

        await client.GetProgressAsync("x", TestContext.Current.CancellationToken);

        Assert.Equal(["GET /lab/api/backtest/progress/x"], service.Asked);
        Assert.Equal("http://127.0.0.1:3000/lab", client.Endpoint);
    }
}
