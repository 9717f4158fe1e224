using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Plans;
using BacktestOps.Operations.Rollback;
using BacktestOps.Operations.Services;
using BacktestOps.Operations.Tests.Fixtures;

namespace BacktestOps.Operations.Tests.Deployments;

/// <summary>The story that the cmdlets are for, with real git, real Node and a real browser, by the plan's own template.</summary>
public sealed class NodeStoryTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePorts.Take();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_that_calls_a_wrong_address_is_rolled_back_the_mended_one_stays_and_the_way_back_is_open()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are found by /proc, which only Linux has.");
        using var turn = await Browsers.TakeTurnAsync();
        using var releases = await NodeReleases.CreateAsync();
        var deployer = new Deployer(Plan(releases.Repository), new DeploymentTools());
        Assert.All(await deployer.TestReadinessAsync("2.0.0", Token), check => Assert.True(check.Verdict == Verdict.Pass, check.ToString()));

        // Good and live.
        var good = await DeployAsync(deployer, "2.0.0");
        Assert.True(good.Outcome == DeploymentOutcome.Succeeded, good.Reason);

        // The API of 2.0.1 is fine, its page is not: only the browser sees it, and 2.0.0 runs again.
        var bad = await DeployAsync(deployer, "2.0.1");
        Assert.Equal(DeploymentOutcome.RolledBack, bad.Outcome);
        Assert.StartsWith("SmokeFailed", bad.Reason, StringComparison.Ordinal);
        Assert.Contains("/api/backtest/download/", bad.Reason, StringComparison.Ordinal);
        var failed = bad.Checks.Where(check => check.Verdict == Verdict.Fail).ToList();
        Assert.NotEmpty(failed);
        Assert.All(failed, check => Assert.StartsWith("page", check.Name, StringComparison.Ordinal));
        Assert.Equal("000001-2.0.0", bad.Live);
        await AssertAnswersAsync("2.0.0");

        // The hotfix passes.
        var mended = await DeployAsync(deployer, "2.0.2");
        Assert.True(mended.Outcome == DeploymentOutcome.Succeeded, mended.Reason);
        await AssertAnswersAsync("2.0.2");

        // Going back while runs are accepted: what was answered for is still there, from before and from during.
        using var load = new RunLoad(_port);
        await load.UntilAsync(15);
        var back = await deployer.RollBackAsync(new RollbackRequest { Reason = "a drill" }, cancellationToken: Token);
        var accepted = await load.StopAsync();
        Assert.True(back.Outcome == DeploymentOutcome.Succeeded, back.Reason);
        Assert.Equal("000001-2.0.0", back.Live);
        await AssertAnswersAsync("2.0.0");
        var known = await RunsAsync();
        Assert.All(accepted, id => Assert.Contains(id, known));

        Assert.Equal(
            [DeploymentOutcome.Succeeded, DeploymentOutcome.RolledBack, DeploymentOutcome.Succeeded, DeploymentOutcome.Succeeded],
            deployer.List().Select(deployment => deployment.Outcome));
        var ledger = Path.Combine(_folder.Path, "root", "evidence", "ledger.jsonl");
        Assert.Empty(LedgerVerification.Verify(ledger));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{accepted.Count} runs accepted through a rollback, none lost; {File.ReadLines(ledger).Count()} records of evidence; gap {back.Gap}.");
    }

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(_folder["deployment.json"]))
        {
            var plan = PlanReader.Read(_folder["deployment.json"]);
            var tools = new DeploymentTools();
            await ServiceHosts.For(plan, new DeploymentLayout(plan), tools).StopAsync(CancellationToken.None);
        }

        foreach (var file in Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories)) File.SetAttributes(file, FileAttributes.Normal);
        _folder.Dispose();
    }

    /// <summary>The template with this machine's places in it, and nothing else changed.</summary>
    private DeploymentPlan Plan(string repository)
    {
        var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        var plan = JsonNode.Parse(PlanTemplates.Text("NodeBacktestService"), documentOptions: options)!.AsObject().Patient();
        plan["root"] = _folder["root"];
        plan["source"]!["git"] = "file://" + repository;
        plan["service"]!["port"] = _port;
        plan["service"]!["environment"]!["PORT"] = $"{_port}";
        File.WriteAllText(_folder["deployment.json"], plan.ToJsonString());
        return PlanReader.Read(_folder["deployment.json"]);
    }

    private static Task<Deployment> DeployAsync(Deployer deployer, string version) =>
        deployer.DeployAsync(new DeployRequest { Version = version }, cancellationToken: Token);

    private async Task AssertAnswersAsync(string version)
    {
        using var http = new HttpClient();
        using var health = JsonDocument.Parse(await http.GetStringAsync(new Uri($"http://127.0.0.1:{_port}/api/health"), Token));
        Assert.Equal(version, health.RootElement.GetProperty("version").GetString());
    }

    private async Task<string> RunsAsync()
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri($"http://127.0.0.1:{_port}/api/backtests"), Token);
    }

    /// <summary>Runs that are started one after the other, twenty a second, and the ids that were answered.</summary>
    private sealed class RunLoad : IDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly List<string> _ids = [];
        private readonly TaskCompletionSource _enough = new();
        private readonly Task _sending;
        private int _wanted = int.MaxValue;

        public RunLoad(int port) => _sending = SendAsync(new Uri($"http://127.0.0.1:{port}/api/backtest/start"));

        public Task UntilAsync(int count)
        {
            _wanted = count;
            return _enough.Task.WaitAsync(Token);
        }

        public async Task<IReadOnlyList<string>> StopAsync()
        {
            await _stop.CancelAsync();
            await _sending;
            return _ids;
        }

        public void Dispose()
        {
            _stop.Cancel();
            _stop.Dispose();
        }

        private async Task SendAsync(Uri address)
        {
            using var http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero });
            using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            try
            {
                while (await pace.WaitForNextTickAsync(_stop.Token))
                {
                    try
                    {
                        using var body = new StringContent("""{"symbols":["AAPL"],"strategy":"RSI_Strategy"}""", Encoding.UTF8, "application/json");
                        using var answer = await http.PostAsync(address, body);
                        using var accepted = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
                        _ids.Add(accepted.RootElement.GetProperty("backtest_id").GetString()!);
                        if (_ids.Count >= _wanted) _enough.TrySetResult();
                    }
                    catch (HttpRequestException)
                    {
                        // Between the two releases nobody answers.
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // The load has ended.
            }
        }
    }
}
