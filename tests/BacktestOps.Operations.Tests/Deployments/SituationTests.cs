using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Smoke;
using BacktestOps.Operations.Tests.Fixtures;
using BacktestOps.Operations.Tests.Plans;
using BacktestOps.Operations.Tests.Smoke;

namespace BacktestOps.Operations.Tests.Deployments;

/// <summary>The corpus of what must fail: each situation with its reason, what to do next, and a root that is sound afterwards.</summary>
public class SituationTests
{
    public static TheoryData<string> Names => [.. Situations.All.Keys];

    public static TheoryData<string> Faults => [.. HttpFaults.All.Keys];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_deployment_that_must_fail_says_why_and_what_to_do_and_leaves_what_ran_before(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links, modes and signals are those of Unix.");
        var situation = Situations.All[name];
        var host = new FakeHost();
        await using var rig = new Rig().Version("1.0.0").Version("1.1.0");
        rig.Tools = host.Into(rig.Tools) with { Clock = new SteppingClock(), Disk = new UnflushedDisk() };
        rig.HealthKeys["timeout"] = "500ms";
        Assert.Equal(DeploymentOutcome.Succeeded, (await rig.DeployAsync("1.0.0")).Outcome);
        situation.Arrange(rig, host);

        if (!situation.Begins)
        {
            var error = await Assert.ThrowsAsync<DeploymentException>(() => rig.DeployAsync("1.1.0"));
            Assert.Equal(situation.Reason, error.ErrorId);
            Assert.NotEmpty(error.RecommendedAction);
            return;
        }

        var deployment = await rig.DeployAsync("1.1.0");

        Assert.True(deployment.Outcome == situation.Outcome, $"{deployment.Outcome}: {deployment.Reason}");
        Assert.Contains(situation.Reason, deployment.Reason, StringComparison.Ordinal);
        Assert.False(string.IsNullOrWhiteSpace(deployment.Action));
        Assert.Equal(Verdict.Fail, deployment.Verdict);
        Assert.Equal("000001-1.0.0", rig.Layout.LiveRelease());
        Assert.Null(DeploymentLock.Holder(rig.Layout.LockFile));
        Assert.Null(DeploymentHistory.Read(rig.Layout).OpenId);
        Assert.False(Directory.Exists(rig.Layout.ReleaseFolder("000002-1.1.0")));
        Assert.False(File.Exists(Path.Combine(rig.Folder, "evil.txt")));
        if (situation.Outcome == DeploymentOutcome.RolledBack)
        {
            rig.Disk(new UnflushedDisk());
            await rig.AssertSoundAsync("1.0.0");
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_release_whose_api_is_wrong_in_one_thing_is_not_left_running(string name)
    {
        var fault = HttpFaults.All[name];
        var clock = new SteppingClock();
        using var stub = new StubBacktestService((request, answer) => fault.Change(request, answer, clock));
        var host = new FakeHost();
        await using var rig = new Rig().Version("2.0.2");
        rig.ServiceKeys["address"] = stub.Address.ToString();
        rig.HealthKeys["fields"] = new Dictionary<string, object> { ["status"] = "healthy", ["services.database"] = "connected" };
        rig.HealthKeys["process_field"] = "process.id";
        rig.Tools = host.Into(rig.Tools) with { Clock = clock, Smoke = new ApiJourney(clock), Disk = new UnflushedDisk() };

        var deployment = await rig.DeployAsync("2.0.2");

        Assert.True(deployment.Outcome == DeploymentOutcome.RolledBack, $"{deployment.Outcome}: {deployment.Reason}");
        Assert.StartsWith("SmokeFailed", deployment.Reason, StringComparison.Ordinal);
        Assert.Contains(fault.Check.Split('|'), check => deployment.Reason!.Contains(check, StringComparison.Ordinal));
        Assert.False(string.IsNullOrWhiteSpace(deployment.Action));
        Assert.Null(rig.Layout.LiveRelease());
        Assert.Empty(await rig.MembersAsync());
    }

    [Fact]
    public void The_corpus_has_a_hundred_situations_and_more()
    {
        var count = Situations.All.Count + HttpFaults.All.Count + PlanFaults.All.Count;

        TestContext.Current.TestOutputHelper?.WriteLine($"{Situations.All.Count} situations, {HttpFaults.All.Count} faults of the API, {PlanFaults.All.Count} faults of plans: {count}.");
        Assert.InRange(Situations.All.Count + HttpFaults.All.Count, 100, int.MaxValue);
    }

    /// <summary>The real journey through the API, without the page, on the test's clock.</summary>
    private sealed class ApiJourney(TimeProvider clock) : ISmokeJourney
    {
        public async Task<SmokeOutcome> RunAsync(SmokeRequest request, CancellationToken cancellationToken)
        {
            var plan = SmokeJourney.PlanOf(request.Plan, request.Version) with
            {
                Page = null,
                // The limits that the faults are made for.
                HealthFields = [Operations.Health.FieldExpectation.FromObject("status", "healthy"), Operations.Health.FieldExpectation.FromObject("services.database", "connected")],
                ResponseTimeLimit = new SmokePlan { Address = request.Address }.ResponseTimeLimit,
            };
            var report = await new SmokeTest(new ArtifactStore(request.ArtifactFolder), clock).RunAsync(plan, Token);
            return new SmokeOutcome(report.Verdict, report.Checks);
        }
    }
}
