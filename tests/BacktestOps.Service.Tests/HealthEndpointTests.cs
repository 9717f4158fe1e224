using System.Reflection;
using BacktestOps.Runs;
using Microsoft.Extensions.Time.Testing;

namespace BacktestOps.Service.Tests;

public sealed class HealthEndpointTests
{
    [Fact]
    public async Task Healthy_is_200_and_names_the_release_the_process_and_the_parts()
    {
        await using var service = await RunningService.StartAsync();

        var reply = await service.GetAsync("/api/health");

        var health = reply.Json;
        Assert.Equal(200, reply.Status);
        Assert.Equal("healthy", health.GetProperty("status").GetString());
        Assert.Equal(
            typeof(ServiceHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
            health.GetProperty("version").GetString());
        Assert.Equal("connected", health.GetProperty("services").GetProperty("database").GetString());
        Assert.Equal("disabled", health.GetProperty("services").GetProperty("python_worker").GetString());
        Assert.Equal(Environment.ProcessId, health.GetProperty("process").GetProperty("id").GetInt32());
        Assert.True(health.GetProperty("process").GetProperty("started_at").GetDateTimeOffset() < DateTimeOffset.UtcNow);
        Assert.Equal(2, health.GetProperty("active_backtests").GetInt32());
        Assert.Empty(health.GetProperty("problems").EnumerateArray());
    }

    [Fact]
    public async Task A_part_that_is_down_is_503_with_its_word_and_its_problem()
    {
        await using var service = await RunningService.StartAsync();
        service.Api.Health = new(new("locked", "another process holds the database"), new("ready", null), new("missing", "no folder"), 0);

        var reply = await service.GetAsync("/api/health");

        Assert.Equal(503, reply.Status);
        Assert.Equal("application/json", reply.ContentType!.MediaType);
        Assert.Equal("unhealthy", reply.Json.GetProperty("status").GetString());
        Assert.Equal("locked", reply.Json.GetProperty("services").GetProperty("database").GetString());
        Assert.Equal("missing", reply.Json.GetProperty("services").GetProperty("result_store").GetString());
        Assert.Equal(
            ["another process holds the database", "no folder"],
            reply.Json.GetProperty("problems").EnumerateArray().Select(problem => problem.GetString()));
    }

    [Theory]
    [InlineData("ready", null, 200, "healthy")]
    [InlineData("failed", "The Python worker can't be started", 503, "unhealthy")]
    public async Task Health_follows_the_python_worker(string word, string? problem, int status, string overall)
    {
        await using var service = await RunningService.StartAsync();
        service.Api.Health = service.Api.Health with { PythonWorker = new(word, problem) };

        var reply = await service.GetAsync("/api/health");

        Assert.Equal(status, reply.Status);
        Assert.Equal(overall, reply.Json.GetProperty("status").GetString());
        Assert.Equal(word, reply.Json.GetProperty("services").GetProperty("python_worker").GetString());
        Assert.Equal(problem is null ? [] : [problem], reply.Json.GetProperty("problems").EnumerateArray().Select(each => each.GetString()));
    }

    [Fact]
    public async Task A_look_that_fails_is_503_not_500()
    {
        await using var service = await RunningService.StartAsync();
        service.Api.Fault = new InvalidOperationException("disk on fire");

        var reply = await service.GetAsync("/api/health");

        Assert.Equal(503, reply.Status);
        Assert.Contains("disk on fire", reply.Json.GetProperty("problems")[0].GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_look_that_hangs_is_503_after_three_seconds_of_the_clock()
    {
        var clock = new FakeTimeProvider();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var service = await RunningService.StartAsync(
            _ => Task.FromResult(new ServiceBackend(new MemoryApi(), _ =>
            {
                asked.SetResult();
                return new TaskCompletionSource<RunnerHealth>().Task;
            })), clock);

        var call = service.GetAsync("/api/health");
        await asked.Task;
        while (!call.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        var reply = await call;
        Assert.Equal(503, reply.Status);
        Assert.Contains("3 s", reply.Json.GetProperty("problems")[0].GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_look_that_blocks_its_thread_is_503_all_the_same()
    {
        var clock = new FakeTimeProvider();
        using var release = new ManualResetEventSlim();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var api = new MemoryApi();
        await using var service = await RunningService.StartAsync(
            _ => Task.FromResult(new ServiceBackend(api, _ =>
            {
                asked.SetResult();
                release.Wait(CancellationToken.None);
                return Task.FromResult(api.Health);
            })), clock);

        var call = service.GetAsync("/api/health");
        await asked.Task;
        while (!call.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        release.Set();

        Assert.Equal(503, (await call).Status);
    }

    [Fact]
    public async Task Probes_at_the_same_time_share_one_look()
    {
        var (looks, under) = (0, 0);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var api = new MemoryApi();
        await using var service = await RunningService.StartAsync(
            _ => Task.FromResult(new ServiceBackend(api, async _ =>
            {
                Interlocked.Increment(ref looks);
                Assert.Equal(1, Interlocked.Increment(ref under));
                await release.Task;
                Interlocked.Decrement(ref under);
                return api.Health;
            })), TimeProvider.System);

        var calls = Enumerable.Range(0, 30).Select(_ => service.GetAsync("/api/health")).ToArray();
        release.SetResult();
        var replies = await Task.WhenAll(calls);

        Assert.All(replies, reply => Assert.Equal(200, reply.Status));
        Assert.InRange(looks, 1, replies.Length);
    }

    [Fact]
    public async Task Until_the_backend_is_open_health_says_starting_and_calls_are_503()
    {
        var opening = new TaskCompletionSource<ServiceBackend>(TaskCreationOptions.RunContinuationsAsynchronously);
        var bound = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var host = ServiceHost.Build(
            ServiceOptions.Parse(["--urls", "http://127.0.0.1:0"]),
            _ =>
            {
                bound.SetResult();
                return opening.Task;
            },
            TimeProvider.System, logging => { });
        await using (host)
        {
            var starting = host.StartAsync(TestContext.Current.CancellationToken);
            await bound.Task;
            using var http = new HttpClient { BaseAddress = host.Addresses[0] };
            var health = await http.GetAsync(new Uri("/api/health", UriKind.Relative), TestContext.Current.CancellationToken);
            var symbols = await http.GetAsync(new Uri("/api/symbols", UriKind.Relative), TestContext.Current.CancellationToken);
            opening.SetResult(new MemoryApi().Backend);
            await starting;
            var later = await http.GetAsync(new Uri("/api/symbols", UriKind.Relative), TestContext.Current.CancellationToken);

            Assert.Equal(503, (int)health.StatusCode);
            Assert.Contains("starting", await health.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
            Assert.Equal(503, (int)symbols.StatusCode);
            Assert.Equal(200, (int)later.StatusCode);
        }
    }
}
