using BacktestOps.Contracts;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Health;
using BacktestOps.Operations.Smoke;
using BacktestOps.Operations.Tests.Fixtures;

namespace BacktestOps.Operations.Tests.Smoke;

public sealed class NodeReleaseTests : IDisposable
{
    private readonly TemporaryFolder _evidence = new();

    [Fact]
    public async Task The_release_whose_page_calls_a_wrong_address_fails_because_of_the_browser_alone()
    {
        using var turn = await Browsers.TakeTurnAsync();
        using var releases = await NodeReleases.CreateAsync();
        using var service = await NodeService.StartAsync(await releases.CheckOutAsync("v2.0.1"));

        var report = await RunAsync(service, "2.0.1");

        Assert.Equal(Verdict.Fail, report.Verdict);
        Assert.All(report.Checks.Where(check => !check.Name.StartsWith("page", StringComparison.Ordinal)), check => Assert.Equal(Verdict.Pass, check.Verdict));
        var wrong = $"GET /api/backtest/download/{report.PageBacktestId} answered 404";
        Assert.Contains(wrong, report.Reason, StringComparison.Ordinal);
        Assert.StartsWith("page: download", report.Reason, StringComparison.Ordinal);
        Assert.Contains(wrong, report.Checks.Single(check => check.Name == "page: requests").Detail, StringComparison.Ordinal);
        Assert.All(
            new[] { "page: load", "page: pick", "page: start", "page: progress", "page: bar never falls" },
            name => Assert.Equal(Verdict.Pass, report.Checks.Single(check => check.Name == name).Verdict));
        Assert.Equal(404, report.PageRequests.Single(record => record.Address.AbsolutePath.StartsWith("/api/backtest/download", StringComparison.Ordinal)).Status);
    }

    [Theory]
    [InlineData("2.0.0")]
    [InlineData("2.0.2")]
    public async Task The_releases_that_work_pass_with_and_through_the_page(string version)
    {
        using var turn = await Browsers.TakeTurnAsync();
        using var releases = await NodeReleases.CreateAsync();
        using var service = await NodeService.StartAsync(await releases.CheckOutAsync($"v{version}"));

        var report = await RunAsync(service, version);

        Assert.Null(report.Reason);
        Assert.Equal(Verdict.Pass, report.Verdict);
        Assert.NotEqual(report.BacktestId, report.PageBacktestId);
    }

    [Fact]
    public async Task The_fixture_ends_in_good_order_when_it_is_told_to_and_keeps_its_runs()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        using var releases = await NodeReleases.CreateAsync();
        var folder = await releases.CheckOutAsync("v2.0.2");
        string? first;
        using (var service = await NodeService.StartAsync(folder))
        {
            first = (await RunAsync(service, "2.0.2", page: null)).BacktestId;
            Assert.Equal(0, await service.TerminateAsync());
        }

        using var again = await NodeService.StartAsync(folder);
        using var http = new HttpClient();
        Assert.Contains(first!, await http.GetStringAsync(new Uri(again.Address, "/api/backtests"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    public void Dispose() => _evidence.Dispose();

    private Task<SmokeReport> RunAsync(NodeService service, string version) => RunAsync(service, version, new PagePlan { StepLimit = Patience.Step });

    private Task<SmokeReport> RunAsync(NodeService service, string version, PagePlan? page) => new SmokeTest(new ArtifactStore(_evidence.Path)).RunAsync(
        new SmokePlan
        {
            Address = service.Address,
            Version = version,
            HealthFields =
            [
                FieldExpectation.FromObject("status", "healthy"), FieldExpectation.FromObject("services.database", "connected"),
                FieldExpectation.FromObject("services.python_worker", "ready"), FieldExpectation.FromObject("process.id", service.ProcessId),
            ],
            StartBody = """{"symbols":["AAPL"],"strategy":"RSI_Strategy"}""",
            Page = page,
            ResponseTimeLimit = Patience.Response,
            TimeLimit = Patience.Journey,
        },
        TestContext.Current.CancellationToken);
}
