using BacktestOps.Contracts;

namespace BacktestOps.Service.Tests;

/// <summary>A query parameter that nothing reads is refused by name: its answer would pass for that of the one that was meant.</summary>
public sealed class UnknownQueryTests
{
    [Theory]
    [InlineData("/api/backtests?limt=5", "limt", "did you mean 'limit'?")]
    [InlineData("/api/backtests?state=completed", "state", "did you mean 'status'?")]
    [InlineData("/api/backtests?status=completed&symbols=AAPL", "symbols", "did you mean 'symbol'?")]
    [InlineData("/api/backtests?page=2", "page", "known are status, limit, strategy, symbol, cursor")]
    [InlineData("/api/symbols/AAPL/bars?form=2020-01-01", "form", "did you mean 'from'?")]
    [InlineData("/api/backtest/progress?id=run&idd=run", "idd", "did you mean 'id'?")]
    [InlineData("/api/backtest/chart/run/equity?widht=300", "widht", "did you mean 'width'?")]
    [InlineData("/api/backtest/chart/run/price?symbol=AAPL&with=300", "with", "did you mean 'width'?")]
    [InlineData("/api/backtests?=5", "?", "known are")]
    public async Task It_is_named_with_the_nearest_known_one(string path, string name, string hint)
    {
        await using var service = await RunningService.StartAsync();
        service.Api.Put("run", BacktestStatus.Completed);

        var reply = await service.GetAsync(path);

        Assert.Equal(400, reply.Status);
        var fault = Assert.Single(reply.Problem.Errors!);
        Assert.Equal(name, fault.Field);
        Assert.Contains(hint, fault.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_call_of_the_api_refuses_one_before_it_does_anything()
    {
        await using var service = await RunningService.StartAsync();
        service.Api.Put("run", BacktestStatus.Running, 50);
        var calls = service.Routes.Where(route => route.Contains(" /api/", StringComparison.Ordinal)).Except(["GET /api/health"]).ToList();
        Assert.True(calls.Count > 12, $"only {calls.Count} calls were read");

        foreach (var call in calls)
        {
            var (method, path) = call.Split(' ') is [var first, var second] ? (first, second) : default;
            var address = path!.Replace("{id}", "run", StringComparison.Ordinal).Replace("{symbol}", "AAPL", StringComparison.Ordinal) + "?dry_run=true";
            var reply = method == "POST" ? await service.PostAsync(address, """{"symbols": ["AAPL"], "strategy": "SmaCross"}""") : await service.GetAsync(address);
            Assert.True(reply.Status == 400, $"{method} {address} gave {reply.Status}");
            Assert.Contains(reply.Problem.Errors!, fault => fault.Field == "dry_run");
        }

        Assert.Empty(service.Api.Started);
        Assert.Equal(BacktestStatus.Running, (await service.Api.GetProgressAsync("run", TestContext.Current.CancellationToken)).Status);
    }

    [Theory]
    [InlineData("/api/backtests?limit=1&limit=2", "limit")]
    [InlineData("/api/backtests?status=failed&STATUS=completed", "status")]
    [InlineData("/api/backtest/progress?id=run&id=run", "id")]
    [InlineData("/api/symbols/AAPL/bars?from=2020-01-01&from=2021-01-01", "from")]
    [InlineData("/api/backtest/chart/run/price?symbol=A&symbol=B", "symbol")]
    public async Task One_value_that_is_given_twice_is_refused(string path, string name)
    {
        await using var service = await RunningService.StartAsync();
        service.Api.Put("run", BacktestStatus.Completed);

        var fault = Assert.Single((await service.GetAsync(path)).Problem.Errors!);

        Assert.Equal((name, "is given 2 times"), (fault.Field, fault.Detail));
    }

    [Fact]
    public async Task All_faults_are_named_at_once_and_a_flood_of_them_is_counted()
    {
        await using var service = await RunningService.StartAsync();

        var some = (await service.GetAsync("/api/backtest/chart/run/price?width=5&hight=3")).Problem.Errors!;
        var many = (await service.GetAsync("/api/backtests?" + string.Join('&', Enumerable.Range(0, 500).Select(i => $"x{i}")))).Problem.Errors!;

        Assert.Equal(["hight", "symbol", "width"], some.Select(fault => fault.Field).Order());
        Assert.Equal((21, "has 480 more names that are not known"), (many.Count, many[^1].Detail));
    }

    // What links carry for others, and what probes add against caches, changes nothing that a page or health shows.
    [Theory]
    [InlineData("/specific-stock-selection.html?utm_source=mail")]
    [InlineData("/assets/main.js?v=2")]
    [InlineData("/api/health?t=123")]
    [InlineData("/metrics?collect[]=x")]
    [InlineData("/reference.html?x=1")]
    public async Task Pages_and_probes_take_any(string path)
    {
        await using var service = await RunningService.StartAsync();

        Assert.Equal(200, (await service.GetAsync(path)).Status);
    }
}
