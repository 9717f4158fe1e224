using System.Text.Json;
using System.Text.Json.Nodes;
using BacktestOps.Contracts;
using BacktestOps.Operations.Audit;
using BacktestOps.Operations.Checklists;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Plans;
using BacktestOps.Operations.Reports;
using BacktestOps.Operations.Services;
using BacktestOps.Operations.Tests.Fixtures;

namespace BacktestOps.Operations.Tests.Checklists;

/// <summary>
/// The whole procedure on the Node fixture, with real git, Node and a real browser, and a watch of seconds. With
/// BACKTESTOPS_EXAMPLES=FOLDER the reports are kept there: that is how the module's example is made.
/// </summary>
public sealed class ChecklistStoryTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePorts.Take();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Ledger => Path.Combine(_folder.Path, "root", "evidence", "ledger.jsonl");

    [Fact]
    public async Task The_whole_checklist_is_run_reported_audited_and_not_run_twice()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are found by /proc, which only Linux has.");
        using var turn = await Browsers.TakeTurnAsync();
        using var releases = await NodeReleases.CreateAsync();
        var plan = Plan(releases.Repository);
        var tools = new DeploymentTools { Operator = "kim@deploy-host" };
        var before = await new Deployer(plan, tools).DeployAsync(new DeployRequest { Version = "2.0.0" }, cancellationToken: Token);
        Assert.True(before.Outcome == DeploymentOutcome.Succeeded, before.Reason);
        var request = new ChecklistRequest
        {
            Version = "2.0.2", Reason = "TICKET-031", Culture = "ko-KR", Duration = Watch, Interval = Watch / 4, RecordEvery = Watch / 4,
            Ask = item => Task.FromResult<ChecklistAnswer?>(new ChecklistAnswer(IsYes: true)),
        };

        var items = await ListAsync(plan, tools, request);

        Assert.Equal([1, 2, 3, 4], items.Select(item => item.Stage).Distinct());
        Assert.All(items.Where(item => item.Stage <= 2), item => Assert.True(item.State is ChecklistState.Done or ChecklistState.NotApplicable, $"{item.Id} {item.State} {item.Detail}"));
        Assert.All(items.Where(item => item.State == ChecklistState.Done), item => Assert.NotEmpty(item.Evidence));
        Assert.Equal("kim@deploy-host", items.Single(item => item.Id == "4.2.reviewed").AnsweredBy);
        Assert.NotEqual(ChecklistState.Open, items.Single(item => item.Id == "3.1.watched").State);

        // Called again, it finds everything done, and does nothing twice.
        var counts = Counts();
        var again = await ListAsync(plan, tools, request);
        Assert.Equal(items.Select(item => (item.Id, item.State)), again.Select(item => (item.Id, item.State)));
        Assert.Equal((counts.Deployments, counts.Watches, counts.Answers), (Counts().Deployments, Counts().Watches, Counts().Answers));

        Keep();
        foreach (var culture in new[] { "ko-KR", "en-US" })
        {
            var path = _folder[$"report-{culture}.md"];
            await File.WriteAllTextAsync(path, Write(ReportFormat.Markdown, culture), Token);
            Assert.Empty(ReportAudit.AuditFile(path, Ledger).Select(Show));
            Assert.Empty(ReportAudit.AuditFile(path).Select(Show));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{items.Count} items, {items.Count(item => item.State == ChecklistState.Done)} done; {Counts().Records} records of evidence.");
    }

    [Fact]
    public async Task A_version_whose_page_is_broken_is_taken_back_and_what_was_not_done_stays_open()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are found by /proc, which only Linux has.");
        using var turn = await Browsers.TakeTurnAsync();
        using var releases = await NodeReleases.CreateAsync();
        var plan = Plan(releases.Repository);
        var tools = new DeploymentTools();
        await new Deployer(plan, tools).DeployAsync(new DeployRequest { Version = "2.0.0" }, cancellationToken: Token);

        var items = await ListAsync(plan, tools, new ChecklistRequest { Version = "2.0.1" });

        Assert.Equal(ChecklistState.Failed, items.Single(item => item.Id == "2.3.click").State);
        Assert.Contains("/api/backtest/download/", items.Single(item => item.Id == "2.3.no-404").Detail + items.Single(item => item.Id == "2.3.click").Detail, StringComparison.Ordinal);
        Assert.All(items.Where(item => item.Stage >= 3), item => Assert.Equal(ChecklistState.Open, item.State));
        Assert.Equal("rolled_back", (string)JsonNode.Parse(Write(ReportFormat.Json, "en-US"))!["state"]!);
        Assert.Empty(ReportAudit.Audit(Write(ReportFormat.Markdown, "ko-KR"), "report.md").Select(Show));
    }

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(_folder["deployment.json"]))
        {
            var plan = PlanReader.Read(_folder["deployment.json"]);
            await ServiceHosts.For(plan, new DeploymentLayout(plan), new DeploymentTools()).StopAsync(CancellationToken.None);
        }

        foreach (var file in Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories)) File.SetAttributes(file, FileAttributes.Normal);
        _folder.Dispose();
    }

    /// <summary>Seconds, or as many as are asked for.</summary>
    private static TimeSpan Watch =>
        TimeSpan.FromSeconds(int.TryParse(Environment.GetEnvironmentVariable("BACKTESTOPS_CHECKLIST_WATCH_SECONDS"), out var seconds) ? seconds : 2);

    private static string Show(ReportFinding finding) => $"{finding.Line} {finding.Rule} {finding.Class}: {finding.Claim} | {finding.Arithmetic}";

    private static async Task<List<ChecklistItem>> ListAsync(DeploymentPlan plan, DeploymentTools tools, ChecklistRequest request)
    {
        var items = new List<ChecklistItem>();
        await foreach (var item in new DeploymentChecklist(plan, tools).RunAsync(request, Token)) items.Add(item);
        return items;
    }

    private string Write(ReportFormat format, string culture) =>
        DeploymentReports.Write(Ledger, new ReportRequest { Format = format, Culture = culture, TimeZone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Seoul") });

    private static (int Deployments, int Watches, int Answers, int Records) CountsOf(IReadOnlyList<EvidenceRecord> records) =>
        (records.Count(record => record.Kind == EvidenceKind.Deployment), records.Count(record => record.Kind == EvidenceKind.WatchEnd), records.Count(record => record.Kind == EvidenceKind.Answer), records.Count);

    private (int Deployments, int Watches, int Answers, int Records) Counts() => CountsOf([.. new EvidenceLedger(Ledger, TimeProvider.System).Read()]);

    private void Keep()
    {
        if (Environment.GetEnvironmentVariable("BACKTESTOPS_EXAMPLES") is not { Length: > 0 } folder) return;
        File.WriteAllText(Path.Combine(folder, "deployment-report.ko.md"), Write(ReportFormat.Markdown, "ko-KR"));
        File.WriteAllText(Path.Combine(folder, "deployment-report.ko.html"), Write(ReportFormat.Html, "ko-KR"));
        File.WriteAllText(Path.Combine(folder, "deployment-report.en.md"), Write(ReportFormat.Markdown, "en-US"));
        foreach (var (format, name) in new[] { (ReportFormat.Json, "report.json"), (ReportFormat.JUnitXml, "junit.xml"), (ReportFormat.NUnitXml, "nunit.xml") })
            File.WriteAllText(Path.Combine(folder, name), Write(format, "en-US"));
        File.Copy(Ledger, Path.Combine(folder, "ledger.jsonl"), overwrite: true);
    }

    /// <summary>The template with this machine's places in it. Other work on the machine is none of the service's: its share is not judged here.</summary>
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
}
