using System.Buffers.Binary;
using BacktestOps.Contracts;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Smoke;
using BacktestOps.Operations.Smoke.Browser;
using BacktestOps.Operations.Tests.Fixtures;

namespace BacktestOps.Operations.Tests.Smoke;

public sealed class PageJourneyTests(PageFaultRuns runs) : IClassFixture<PageFaultRuns>, IDisposable
{
    // Only turns a hang into a failure.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly string[] Steps = ["page: load", "page: pick", "page: start", "page: progress", "page: download"];
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> FaultNames => [.. PageFaults.All.Keys];

    [Fact]
    public async Task A_page_that_works_passes_every_step_with_a_picture_and_its_requests_listed()
    {
        using var turn = await Browsers.TakeTurnAsync();
        using var service = new StubBacktestService();

        var report = await RunAsync(service);

        Assert.Null(report.Reason);
        Assert.Equal(Verdict.Pass, report.Verdict);
        Assert.Equal(StubBacktestService.Id, report.PageBacktestId);
        var store = new ArtifactStore(_folder.Path);
        foreach (var step in Steps)
        {
            var picture = store.Read(Assert.Single(report.Checks.Single(check => check.Name == step).Artifacts).Digest);
            Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], picture[..4]);
            Assert.Equal(1280, BinaryPrimitives.ReadInt32BigEndian(picture.AsSpan(16)));
        }

        Assert.Equal(
            [
                ("GET", "/specific-stock-selection.html", 200, "Document", "text/html"), ("GET", "/page.js", 200, "Script", "text/javascript"),
                ("POST", "/api/backtest/start", 200, "Fetch", "application/json"),
                ("GET", $"/api/backtest/result/{StubBacktestService.Id}", 200, "Download", "application/json"),
            ],
            report.PageRequests.Where(record => record.Address.AbsolutePath != "/favicon.ico")
                .Select(record => (record.Method, record.Address.AbsolutePath, record.Status!.Value, record.Initiator, record.MediaType!)));
        Assert.All(report.PageRequests, record => Assert.True(record.Duration > TimeSpan.Zero));
        Assert.Contains($"GET /api/backtest/result/{StubBacktestService.Id} Download application/json", report.Checks.Single(check => check.Name == "page: requests").Detail, StringComparison.Ordinal);
        var file = report.Checks.Single(check => check.Name == "page: file name").Artifacts[0];
        Assert.Equal(report.Checks.Single(check => check.Name == "result: JSON").Artifacts.Single(artifact => artifact.Name == "result.body").Digest, file.Digest);
    }

    // The cases wait more than they work, so they are under way together and each test looks at its own.
    [Theory]
    [MemberData(nameof(FaultNames))]
    public async Task A_page_that_is_wrong_fails_at_its_step_while_the_API_passes(string name)
    {
        Browsers.SkipWithoutOne();
        var fault = PageFaults.All[name];

        var report = await runs.OfAsync(name);

        Assert.Equal(Verdict.Fail, report.Verdict);
        Assert.All(report.Checks.Where(check => !check.Name.StartsWith("page", StringComparison.Ordinal)), check => Assert.Equal(Verdict.Pass, check.Verdict));
        var check = report.Checks.Single(check => check.Name == fault.Check);
        Assert.Equal(Verdict.Fail, check.Verdict);
        Assert.Contains(fault.Says, $"{check.Observed} {check.Detail}", StringComparison.Ordinal);
        Assert.NotNull(check.Action);
        // What comes after the step that failed was not seen, and is not passed.
        var reached = Steps.SkipWhile(step => report.Checks.Single(other => other.Name == step).Verdict == Verdict.Pass).Skip(1);
        Assert.All(reached, step => Assert.Equal(Verdict.Inconclusive, report.Checks.Single(other => other.Name == step).Verdict));
    }

    [Theory]
    [InlineData("<progress id=\"progress\" max=\"100\" value=\"0\"></progress>", "<div id=\"progress\" role=\"progressbar\" aria-valuenow=\"0\"></div>", "at('progress').value = value", "at('progress').setAttribute('aria-valuenow', value)")]
    [InlineData("<progress id=\"progress\" max=\"100\" value=\"0\"></progress>", "<div><div id=\"progress\" style=\"width:0%\"></div></div>", "at('progress').value = value", "at('progress').style.width = value + '%'")]
    [InlineData("<progress id=\"progress\" max=\"100\" value=\"0\"></progress>", "<p id=\"progress\">0 %</p>", "at('progress').value = value", "at('progress').textContent = value + ' %'")]
    [InlineData("<progress id=\"progress\" max=\"100\" value=\"0\"></progress>", "<progress id=\"progress\" max=\"1\" value=\"0\"></progress>", "at('progress').value = value", "at('progress').value = value / 100")]
    public async Task A_bar_of_any_kind_is_read(string bar, string other, string set, string otherSet)
    {
        using var turn = await Browsers.TakeTurnAsync();
        using var service = new StubBacktestService((request, answer) => request.Is("/specific-stock-selection.html") || request.Is("/page.js")
            ? answer.With(answer.Text.Replace(bar, other, StringComparison.Ordinal).Replace(set, otherSet, StringComparison.Ordinal))
            : answer);

        var report = await RunAsync(service);

        Assert.Null(report.Reason);
        Assert.Equal("0 → 30 → 70 → 100", report.Checks.Single(check => check.Name == "page: bar never falls").Observed);
    }

    [Fact]
    public async Task A_stock_of_a_list_and_a_link_are_used_like_a_checkbox_and_a_button()
    {
        using var turn = await Browsers.TakeTurnAsync();
        using var service = new StubBacktestService((request, answer) => request.Is("/specific-stock-selection.html")
            ? answer.With(answer.Text
                .Replace("<label><input type=\"checkbox\" value=\"SP500\">SP500</label>", "<select multiple id=\"stocks\"><option>SP500</option></select>", StringComparison.Ordinal)
                .Replace("<button id=\"download\" disabled>download</button>", $"<a id=\"download\" href=\"/api/backtest/result/{StubBacktestService.Id}\" download>download</a>", StringComparison.Ordinal))
            : request.Is("/page.js") ? answer.With(answer.Text.Replace("document.querySelector('input:checked')", "at('stocks').value", StringComparison.Ordinal)
                .Replace("link.click();", "", StringComparison.Ordinal)) : answer);

        var report = await RunAsync(service, new PagePlan { Pick = "#stocks option" });

        Assert.Null(report.Reason);
        Assert.Equal(Verdict.Pass, report.Verdict);
    }

    [Theory]
    [InlineData(true, false, Verdict.Inconclusive)]
    [InlineData(true, true, Verdict.Inconclusive)]
    [InlineData(false, false, Verdict.Pass)]
    public async Task Without_a_browser_the_page_is_inconclusive_and_the_whole_too_unless_the_plan_does_not_ask_for_it(bool required, bool skip, Verdict verdict)
    {
        using var service = new StubBacktestService();

        var report = await RunAsync(service, new PagePlan { Required = required, Skip = skip }, findBrowser: () => null);

        Assert.Equal(verdict, report.Verdict);
        var check = Assert.Single(report.Checks, check => check.Name.StartsWith("page", StringComparison.Ordinal));
        Assert.Equal((Verdict.Inconclusive, 0), (check.Verdict, check.Samples));
        Assert.Contains(skip ? "left out" : "no Chromium, Chrome or Edge", check.Detail, StringComparison.Ordinal);
        Assert.Contains(skip ? "with the browser" : BrowserLocator.Variable, check.Action, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_no_browser_leaves_the_page_inconclusive_with_the_reason()
    {
        using var service = new StubBacktestService();

        var report = await RunAsync(service, findBrowser: () => Path.Combine(_folder.Path, "no-browser"));

        Assert.Equal(Verdict.Inconclusive, report.Verdict);
        Assert.Contains("could not be started", report.Checks[^1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_without_a_page_is_judged_by_its_API_alone()
    {
        using var service = new StubBacktestService();

        var report = await new SmokeTest(new ArtifactStore(_folder.Path))
            .RunAsync(new SmokePlan { Address = service.Address, Page = null }, TestContext.Current.CancellationToken);

        Assert.Equal(Verdict.Pass, report.Verdict);
        Assert.DoesNotContain(report.Checks, check => check.Name.StartsWith("page", StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    private Task<SmokeReport> RunAsync(StubBacktestService service, PagePlan? page = null, TimeSpan? limit = null, Func<string?>? findBrowser = null) =>
        new SmokeTest(new ArtifactStore(_folder.Path), findBrowser: findBrowser).RunAsync(
            new SmokePlan { Address = service.Address, Version = "2.0.2", Page = (page ?? new PagePlan()) with { StepLimit = Patience }, TimeLimit = limit ?? 3 * Patience },
            TestContext.Current.CancellationToken);
}
