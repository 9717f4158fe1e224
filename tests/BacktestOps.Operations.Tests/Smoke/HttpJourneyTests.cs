using System.Net;
using System.Net.Sockets;
using System.Text;
using BacktestOps.Contracts;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Smoke;
using BacktestOps.Operations.Tests.Fixtures;

namespace BacktestOps.Operations.Tests.Smoke;

public sealed class HttpJourneyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SteppingClock _clock = new();

    public static TheoryData<string> FaultNames => [.. HttpFaults.All.Keys];

    [Fact]
    public async Task A_service_that_works_passes_every_check_with_its_evidence()
    {
        using var service = new StubBacktestService();

        var report = await RunAsync(service.Address);

        Assert.Equal(Verdict.Pass, report.Verdict);
        Assert.Null(report.Reason);
        Assert.Equal(StubBacktestService.Id, report.BacktestId);
        Assert.All(report.Checks, check => Assert.Equal((Verdict.Pass, true, null), (check.Verdict, check.Samples > 0, check.Action)));
        Assert.Equal(report.Checks.Count, report.Checks.Select(check => check.Name).Distinct().Count());
        Assert.All(report.Checks, check => Assert.NotEmpty(check.Artifacts));
        Assert.Contains("0 → 55 → 100", report.Checks.Single(check => check.Name == "progress: never falls").Observed, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(FaultNames))]
    public async Task A_service_that_is_wrong_fails_the_check_that_names_it(string name)
    {
        var fault = HttpFaults.All[name];
        using var service = new StubBacktestService((request, answer) => fault.Change(request, answer, _clock));

        var report = await RunAsync(service.Address);

        Assert.Equal(Verdict.Fail, report.Verdict);
        var failed = report.Checks.Where(check => check.Verdict == Verdict.Fail).ToList();
        var check = Assert.Single(failed, check => fault.Check.Split('|').Contains(check.Name));
        Assert.Contains(fault.Says, $"{check.Observed} {check.Detail} {check.Expected}", StringComparison.Ordinal);
        Assert.All(report.Checks.Where(other => other.Verdict != Verdict.Pass), other => Assert.NotNull(other.Action));
        Assert.All(report.Checks.Where(other => other.Verdict == Verdict.Inconclusive), other => Assert.Equal((0, true), (other.Samples, other.Detail is not null)));
        Assert.NotNull(report.Reason);
        // However it goes wrong, a start is sent once.
        Assert.True(service.Requests.Count(request => request.Method == "POST") <= 1);
    }

    [Fact]
    public async Task A_service_that_is_not_there_fails_and_what_was_not_seen_is_inconclusive()
    {
        var report = await RunAsync(Refusing(), new PagePlan());

        Assert.Equal(Verdict.Fail, report.Verdict);
        Assert.Equal(Verdict.Fail, report.Checks.Single(check => check.Name == "health: HTTP status").Verdict);
        Assert.Contains("refused", report.Reason, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(report.Checks, check => check.Verdict == Verdict.Pass);
        Assert.Equal(Verdict.Inconclusive, report.Checks.Single(check => check.Name == "page: browser").Verdict);
    }

    [Fact]
    public async Task Ratios_that_are_not_defined_are_null_and_pass()
    {
        using var service = new StubBacktestService((request, answer) => request.Is($"/api/backtest/result/{StubBacktestService.Id}")
            ? answer.Change(json => (json["performance"]!["sharpe_ratio"], json["performance"]!["win_rate"]) = (null, null))
            : answer);

        Assert.Equal(Verdict.Pass, (await RunAsync(service.Address)).Verdict);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_body_of_the_plan_is_posted_as_it_stands_and_a_key_only_when_asked_for(bool key)
    {
        const string Body = """{ "strategy": "RSI_Strategy", "symbols": ["AAPL"] }""";
        using var service = new StubBacktestService();

        var report = await RunAsync(Plan(service.Address) with { StartBody = Body, SendIdempotencyKey = key });

        Assert.Equal(Verdict.Pass, report.Verdict);
        var post = Assert.Single(service.Requests, request => request.Method == "POST");
        Assert.Equal(Body, post.Body);
        Assert.Equal(key, post.Head.Contains("Idempotency-Key", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(service.Requests, request => request.Is("/api/symbols"));
    }

    [Fact]
    public async Task Without_a_body_the_first_symbol_with_data_is_started()
    {
        using var service = new StubBacktestService();

        await RunAsync(service.Address);

        Assert.Equal("""{"symbols":["SP500"],"strategy":"BuyAndHold"}""", Assert.Single(service.Requests, request => request.Method == "POST").Body);
    }

    [Fact]
    public async Task What_was_answered_is_kept_byte_for_byte_with_its_headers()
    {
        byte[]? sent = null;
        using var service = new StubBacktestService((request, answer) =>
        {
            if (request.Is($"/api/backtest/result/{StubBacktestService.Id}")) sent = answer.Body;
            return answer;
        });

        var report = await RunAsync(service.Address);

        var store = new ArtifactStore(_folder.Path);
        var kept = report.Checks.Single(check => check.Name == "result: JSON").Artifacts;
        Assert.Equal(sent, store.Read(kept.Single(artifact => artifact.Name == "result.body").Digest));
        var head = Encoding.UTF8.GetString(store.Read(kept.Single(artifact => artifact.Name == "result.head.txt").Digest));
        Assert.Contains("HTTP 200", head, StringComparison.Ordinal);
        Assert.Contains($"content-disposition: attachment; filename=\"backtest-result-{StubBacktestService.Id}.json\"", head, StringComparison.Ordinal);
        var looks = store.Read(report.Checks.Single(check => check.Name == "progress: answer").Artifacts.Single(artifact => artifact.Name == "progress-looks.json").Digest);
        using var document = System.Text.Json.JsonDocument.Parse(looks);
        Assert.Equal(4, document.RootElement.GetArrayLength());
        Assert.All(document.RootElement.EnumerateArray().SelectMany(look => look.GetProperty("artifacts").EnumerateArray()), digest => store.Read(digest.GetString()!));
    }

    [Fact]
    public async Task Checks_are_told_of_as_they_are_found()
    {
        var told = new List<CheckResult>();
        using var service = new StubBacktestService((request, answer) =>
        {
            if (request.Is("/api/backtest/start")) Assert.Contains(told, check => check.Name == "health: version");
            return answer;
        });

        var report = await new SmokeTest(new ArtifactStore(_folder.Path), _clock)
            .RunAsync(Plan(service.Address), told.Add, TestContext.Current.CancellationToken);

        Assert.Equal(report.Checks, told);
        Assert.Equal(Verdict.Pass, report.Verdict);
    }

    [Fact]
    public async Task Evidence_that_cannot_be_kept_is_an_error_not_a_pass()
    {
        await File.WriteAllTextAsync(_folder["in-the-way"], "", TestContext.Current.CancellationToken);
        using var service = new StubBacktestService();

        var report = await new SmokeTest(new ArtifactStore(_folder["in-the-way"]), _clock).RunAsync(Plan(service.Address), TestContext.Current.CancellationToken);

        Assert.Equal(Verdict.Error, report.Verdict);
        var check = Assert.Single(report.Checks, check => check.Name == "evidence");
        Assert.Contains("health.head.txt", check.Detail, StringComparison.Ordinal);
        Assert.NotNull(check.Action);
    }

    [Fact]
    public async Task A_test_whose_time_is_over_does_not_pass_what_it_did_not_ask()
    {
        using var service = new StubBacktestService((request, answer) =>
            request.Is("/api/symbols") ? answer with { Before = () => _clock.Advance(TimeSpan.FromSeconds(4)) } : answer);

        var report = await RunAsync(Plan(service.Address) with { TimeLimit = TimeSpan.FromSeconds(4) });

        Assert.NotEqual(Verdict.Pass, report.Verdict);
        Assert.Equal(Verdict.Error, report.Checks.Single(check => check.Name == "unknown id: result").Verdict);
        Assert.DoesNotContain(service.Requests, request => request.IsUnknownId);
    }

    public void Dispose() => _folder.Dispose();

    private static SmokePlan Plan(Uri address) => new() { Address = address, Version = "2.0.2", Page = null };

    private static Uri Refusing()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)socket.LocalEndpoint).Port}/");
    }

    private Task<SmokeReport> RunAsync(Uri address, PagePlan? page = null) => RunAsync(Plan(address) with { Page = page });

    private Task<SmokeReport> RunAsync(SmokePlan plan) =>
        new SmokeTest(new ArtifactStore(_folder.Path), _clock).RunAsync(plan, TestContext.Current.CancellationToken);
}
