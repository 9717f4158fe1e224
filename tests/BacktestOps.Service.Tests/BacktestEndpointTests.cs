using System.Text;
using BacktestOps.Contracts;

namespace BacktestOps.Service.Tests;

public sealed class BacktestEndpointTests
{
    private const string Good = """{"symbols": ["AAPL"], "strategy": "SmaCross", "parameters": {"fast": 10}, "from": "2020-01-02", "initial_cash": 5e4}""";

    [Fact]
    public async Task Start_passes_the_request_on_and_answers_with_the_id_and_status()
    {
        await using var service = await RunningService.StartAsync();

        var reply = await service.PostAsync("/api/backtest/start", Good);

        Assert.Equal(200, reply.Status);
        Assert.Equal("application/json", reply.ContentType!.MediaType);
        Assert.Equal("run-1", reply.Json.GetProperty("backtest_id").GetString());
        Assert.Equal("queued", reply.Json.GetProperty("status").GetString());
        var request = Assert.Single(service.Api.Started);
        Assert.Equal(["AAPL"], request.Symbols);
        Assert.Equal(10, request.Parameters["fast"]);
        Assert.Equal(new DateOnly(2020, 1, 2), request.From);
        Assert.Equal(50_000, request.InitialCash);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("Application/JSON;charset=\"UTF-8\"")]
    public async Task Start_takes_JSON_however_it_is_announced(string contentType)
    {
        await using var service = await RunningService.StartAsync();

        Assert.Equal(200, (await service.SendAsync(HttpMethod.Post, "/api/backtest/start", Encoding.UTF8.GetBytes(Good), contentType)).Status);
    }

    [Theory]
    [InlineData("/api/backtest/progress?id=run")]
    [InlineData("/api/backtest/progress/run")]
    public async Task Progress_is_read_by_query_and_by_path(string path)
    {
        await using var service = await RunningService.StartAsync();
        service.Api.Put("run", BacktestStatus.Running, 41.5);

        var reply = await service.GetAsync(path);

        Assert.Equal(200, reply.Status);
        Assert.Equal("running", reply.Json.GetProperty("status").GetString());
        Assert.Equal(41.5, reply.Json.GetProperty("progress").GetDouble());
        Assert.Equal("no-store", reply.Headers["Cache-Control"]);
    }

    [Fact]
    public async Task Progress_follows_the_run_until_it_has_ended()
    {
        await using var service = await RunningService.StartAsync();
        foreach (var (status, progress) in new[] { (BacktestStatus.Queued, 0.0), (BacktestStatus.Running, 10), (BacktestStatus.Running, 99), (BacktestStatus.Completed, 100) })
        {
            service.Api.Put("run", status, progress);
            Assert.Equal(progress, (await service.GetAsync("/api/backtest/progress/run")).Json.GetProperty("progress").GetDouble());
        }
    }

    [Fact]
    public async Task The_list_is_filtered_and_limited()
    {
        await using var service = await RunningService.StartAsync();
        service.Api.Put("a", BacktestStatus.Failed, 3, "AAPL.csv, line 7: high below low");
        service.Api.Put("b", BacktestStatus.Running, 3);

        var failed = await service.GetAsync("/api/backtests?status=failed&limit=7");
        var all = await service.GetAsync("/api/backtests");

        Assert.Equal("a", Assert.Single(failed.Json.GetProperty("backtests").EnumerateArray()).GetProperty("backtest_id").GetString());
        Assert.Equal(2, all.Json.GetProperty("backtests").GetArrayLength());
        Assert.Equal(new BacktestQuery(), service.Api.Listed);
    }

    [Fact]
    public async Task Cancel_stops_a_run_and_leaves_one_that_has_ended()
    {
        await using var service = await RunningService.StartAsync();
        service.Api.Put("going", BacktestStatus.Running, 3);
        service.Api.Put("done", BacktestStatus.Completed, 100);

        Assert.Equal("cancelled", (await service.SendAsync(HttpMethod.Post, "/api/backtest/cancel/going")).Json.GetProperty("status").GetString());
        Assert.Equal("cancelled", (await service.SendAsync(HttpMethod.Post, "/api/backtest/cancel/going")).Json.GetProperty("status").GetString());
        Assert.Equal("completed", (await service.SendAsync(HttpMethod.Post, "/api/backtest/cancel/done")).Json.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("GET", "/api/backtest/progress/none")]
    [InlineData("GET", "/api/backtest/progress?id=none")]
    [InlineData("GET", "/api/backtest/result/none")]
    [InlineData("POST", "/api/backtest/cancel/none")]
    [InlineData("GET", "/api/backtest/progress/..%2F..%2Fetc%2Fpasswd")]
    [InlineData("GET", "/api/backtest/result/UPPER")]
    [InlineData("GET", "/api/backtest/result/%20")]
    public async Task An_unknown_id_is_404_and_tells_nothing_of_the_machine(string method, string path)
    {
        await using var service = await RunningService.StartAsync();

        var reply = await service.SendAsync(new HttpMethod(method), path);

        Assert.Equal(404, reply.Status);
        Assert.Equal("urn:backtestops:backtest-not-found", reply.Problem.Type);
        Assert.DoesNotContain("secret-folder", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_result_that_is_not_there_yet_is_409_with_its_progress()
    {
        await using var service = await RunningService.StartAsync();
        service.Api.Put("run", BacktestStatus.Running, 41.5);

        var reply = await service.GetAsync("/api/backtest/result/run");

        Assert.Equal(409, reply.Status);
        Assert.Equal("urn:backtestops:result-not-ready", reply.Problem.Type);
        Assert.Equal(41.5, reply.Problem.Backtest!.Progress);
    }

    [Fact]
    public async Task A_fault_of_the_service_is_500_without_its_stack_and_the_next_call_works()
    {
        await using var service = await RunningService.StartAsync();
        service.Api.Fault = new InvalidOperationException("the password is hunter2");

        var reply = await service.GetAsync("/api/backtest/progress/run");
        service.Api.Fault = null;
        service.Api.Put("run", BacktestStatus.Running);

        Assert.Equal(500, reply.Status);
        Assert.Equal("urn:backtestops:internal-error", reply.Problem.Type);
        Assert.DoesNotContain("hunter2", reply.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("MemoryApi", reply.Text, StringComparison.Ordinal);
        Assert.Equal(200, (await service.GetAsync("/api/backtest/progress/run")).Status);
    }

    [Fact]
    public async Task A_part_that_is_down_is_503_and_asks_to_come_back()
    {
        await using var service = await RunningService.StartAsync();
        service.Api.Fault = new BacktestUnavailableException("The database is locked.", "End the other process.");

        var reply = await service.PostAsync("/api/backtest/start", Good);

        Assert.Equal(503, reply.Status);
        Assert.Equal("1", reply.Headers["Retry-After"]);
        Assert.Equal(("The database is locked.", "End the other process."), (reply.Problem.Detail, reply.Problem.Action));
    }
}
