using BacktestOps.Contracts;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.ServiceProcesses;
using BacktestOps.Operations.Smoke;
using BacktestOps.Operations.Tests.Fixtures;
using BacktestOps.Operations.Tests.ServiceProcesses;

namespace BacktestOps.Operations.Tests.Smoke;

/// <summary>This project's own service, as it was built, through its API and its page.</summary>
public sealed class OwnServiceTests : IDisposable
{
    private readonly ServiceHome _home = new();

    [Fact]
    public async Task A_person_gets_from_a_stock_to_the_downloaded_file_and_no_request_is_answered_by_4xx_or_5xx()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Start-BacktestService does not start processes on Windows.");
        using var turn = await Browsers.TakeTurnAsync();
        var service = await _home.Services.StartAsync(new ServiceStart { Command = await ServiceHome.RealService(), Port = 0 }, ServiceHome.Token);
        var store = new ArtifactStore(Path.Combine(_home.Folder, "evidence"));

        var report = await new SmokeTest(store).RunAsync(new SmokePlan { Address = service.Uri, Version = service.Version, Page = new PagePlan { StepLimit = Patience.Step }, ResponseTimeLimit = Patience.Response, TimeLimit = Patience.Journey }, ServiceHome.Token);

        // The pictures and what the page asked for stand with the test's result, for a person to look at.
        foreach (var picture in report.Checks.SelectMany(check => check.Artifacts).Where(artifact => artifact.MediaType == "image/png"))
            TestContext.Current.AddAttachment(picture.Name, store.Read(picture.Digest), picture.MediaType);
        TestContext.Current.TestOutputHelper?.WriteLine(report.Checks.Single(check => check.Name == "page: requests").Detail ?? "");
        Assert.Null(report.Reason);
        Assert.Equal(Verdict.Pass, report.Verdict);
        Assert.All(report.PageRequests, record => Assert.InRange(record.Status ?? 0, 200, 399));
        Assert.NotEqual(report.BacktestId, report.PageBacktestId);
    }

    public void Dispose() => _home.Dispose();
}
