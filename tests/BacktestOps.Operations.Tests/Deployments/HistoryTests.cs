using BacktestOps.Contracts;
using BacktestOps.Operations.Commands;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Files;
using BacktestOps.Operations.Rollback;
using BacktestOps.Operations.Tests.Fixtures;

namespace BacktestOps.Operations.Tests.Deployments;

/// <summary>What is kept, what is good, what is gone back to; on an imagined service.</summary>
public class HistoryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Good_releases_are_kept_as_the_plan_says_failed_ones_do_not_count_and_live_and_target_never_go()
    {
        await using var rig = World(out _);
        rig.Plan["keep"] = 2;
        foreach (var version in (string[])["1.0.0", "1.1.0", "1.2.0"]) Assert.Equal(DeploymentOutcome.Succeeded, (await rig.Version(version).DeployAsync(version)).Outcome);
        await rig.Version("1.3.0", ("journey", "fail")).DeployAsync("1.3.0");

        Assert.Equal(["000002-1.1.0", "000003-1.2.0"], Kept(rig));
        var live = await Assert.ThrowsAsync<DeploymentException>(() => rig.Deployer().RemoveAsync(3, Token));
        var target = await Assert.ThrowsAsync<DeploymentException>(() => rig.Deployer().RemoveAsync(2, Token));
        var none = await Assert.ThrowsAsync<DeploymentException>(() => rig.Deployer().RemoveAsync(99, Token));
        Assert.Equal(("ReleaseIsLive", "ReleaseIsRollbackTarget", "DeploymentNotFound"), (live.ErrorId, target.ErrorId, none.ErrorId));
    }

    [Fact]
    public async Task A_rollback_goes_to_the_release_that_was_live_last_never_to_a_bad_one_and_files_may_be_of_any_age()
    {
        await using var rig = World(out _);
        foreach (var version in (string[])["1.0.0", "1.1.0", "1.2.0", "1.3.0"]) await rig.Version(version).DeployAsync(version);
        // The oldest looks newest.
        Directory.SetLastWriteTimeUtc(rig.Layout.ReleaseFolder("000001-1.0.0"), DateTime.UtcNow.AddDays(1));

        Assert.Equal("000003-1.2.0", (await BackAsync(rig)).Live);
        Assert.Equal("000002-1.1.0", (await BackAsync(rig)).Live);
        var bad = Assert.Throws<DeploymentException>(() => rig.Deployer().PreviewRollback(new RollbackRequest { Version = "1.3.0" }));
        Assert.Equal("ReleaseIsBad", bad.ErrorId);
        var same = Assert.Throws<DeploymentException>(() => rig.Deployer().PreviewRollback(new RollbackRequest { Version = "1.1.0" }));
        Assert.Equal("AlreadyLive", same.ErrorId);
        var unknown = Assert.Throws<DeploymentException>(() => rig.Deployer().PreviewRollback(new RollbackRequest { Version = "7.7.7" }));
        Assert.Equal("ReleaseUnknown", unknown.ErrorId);
        Assert.All(new[] { bad, same, unknown }, error => Assert.NotEmpty(error.RecommendedAction));
        File.AppendAllText(Path.Combine(rig.Layout.ReleaseFolder("000001-1.0.0"), "service.json"), " ");
        Assert.Equal("ReleaseDamaged", Assert.Throws<DeploymentException>(() => rig.Deployer().PreviewRollback(new RollbackRequest())).ErrorId);
    }

    [Fact]
    public async Task A_release_that_failed_is_left_where_no_rollback_is_wanted_and_the_next_deployment_mends_it()
    {
        await using var rig = World(out _);
        await rig.Version("1.0.0").DeployAsync("1.0.0");

        var left = await rig.Version("1.1.0", ("health_status", 503)).Deployer().DeployAsync(new DeployRequest { Version = "1.1.0", NoRollback = true }, cancellationToken: Token);
        Assert.Equal((DeploymentOutcome.Failed, "000002-1.1.0", true), (left.Outcome, left.Live, left.IsBad));
        Assert.Equal(DeploymentOutcome.Refused, (await rig.Version("1.2.0").DeployAsync("1.2.0")).Outcome);
        var mended = await rig.Deployer().DeployAsync(new DeployRequest { Version = "1.2.0", AllowUnhealthy = true }, cancellationToken: Token);

        Assert.True(mended.Outcome == DeploymentOutcome.Succeeded, mended.Reason);
        Assert.Equal("000001-1.0.0", rig.Deployer().PreviewRollback(new RollbackRequest()).Release);
    }

    [Fact]
    public async Task When_even_the_way_back_fails_the_journal_stays_open_until_resume_can_finish_or_it_is_abandoned()
    {
        await using var rig = World(out var host);
        await rig.Version("1.0.0").DeployAsync("1.0.0");
        host.Before = call => _ = call.StartsWith("start", StringComparison.Ordinal) ? throw new DeploymentException("StartFailed", "no starts today", "Wait.") : true;

        var stuck = await rig.Version("1.1.0").DeployAsync("1.1.0");
        Assert.Equal(DeploymentOutcome.Open, stuck.Outcome);
        Assert.Contains("Resume-Deployment", stuck.Action, StringComparison.Ordinal);
        Assert.Equal("DeploymentOpen", (await Assert.ThrowsAsync<DeploymentException>(() => rig.DeployAsync("1.1.0"))).ErrorId);
        Assert.Equal(DeploymentOutcome.Open, (await rig.Deployer().ResumeAsync(cancellationToken: Token))!.Outcome);
        host.Before = null;
        Assert.Equal(DeploymentOutcome.RolledBack, (await rig.Deployer().ResumeAsync(cancellationToken: Token))!.Outcome);
        await rig.AssertSoundAsync("1.0.0");

        host.Before = call => _ = call.StartsWith("start", StringComparison.Ordinal) ? throw new DeploymentException("StartFailed", "no starts today", "Wait.") : true;
        await rig.DeployAsync("1.1.0");
        Assert.Equal(DeploymentOutcome.Failed, (await rig.Deployer().ResumeAsync(abandon: true, cancellationToken: Token))!.Outcome);
        Assert.Null(DeploymentHistory.Read(rig.Layout).OpenId);
    }

    [Fact]
    public async Task A_cancelled_deployment_is_taken_back()
    {
        await using var rig = World(out _);
        await rig.Version("1.0.0").DeployAsync("1.0.0");
        using var cancel = new CancellationTokenSource();
        rig.Tools = rig.Tools with { Recorded = record => Cancel(record, cancel) };

        var cancelled = await rig.Version("1.1.0").Deployer().DeployAsync(new DeployRequest { Version = "1.1.0" }, cancellationToken: cancel.Token);

        Assert.Equal(DeploymentOutcome.RolledBack, cancelled.Outcome);
        Assert.StartsWith("Cancelled", cancelled.Reason, StringComparison.Ordinal);
        await rig.AssertSoundAsync("1.0.0");

        static void Cancel(JournalRecord record, CancellationTokenSource cancel)
        {
            if (record is { Entry: JournalEntry.Done, Step: "start" }) cancel.Cancel();
        }
    }

    [Fact]
    public async Task A_way_back_whose_plan_restores_the_database_says_how_much_it_gave_up()
    {
        await using var rig = World(out _);
        rig.WithDatabase(10);
        ((Dictionary<string, object>)rig.Plan["database"]!)["restore_on_rollback"] = "always";
        await rig.Version("1.0.0").DeployAsync("1.0.0");

        var failed = await rig.Version("1.1.0", ("journey", "fail")).DeployAsync("1.1.0");

        Assert.Equal(DeploymentOutcome.RolledBack, failed.Outcome);
        Assert.Contains("0 entries accepted since the backup were given up", failed.Steps.Single(step => step.Name == "rollback.restore").Detail, StringComparison.Ordinal);
        Assert.Equal(10, rig.CountRuns());
    }

    [Fact]
    public void A_journal_whose_last_line_is_torn_is_read_to_the_line_before_and_goes_on_there()
    {
        using var folder = new TemporaryFolder();
        var journal = Journal.Create(folder.Path, new LocalDisk(), TimeProvider.System, new Redactor(["hunter2"]), null);
        journal.Write(JournalEntry.Opened, detail: "with hunter2");
        journal.Write(JournalEntry.Intent, "stop");
        File.AppendAllText(folder["journal.jsonl"], "{\"sequence\":3,\"at\":\"2026");

        var again = Journal.Open(folder.Path, new LocalDisk(), TimeProvider.System, Redactor.None, null);
        again.Write(JournalEntry.Done, "stop");

        Assert.Equal([1, 2, 3], Journal.Read(folder.Path, out _).Select(record => record.Sequence));
        Assert.DoesNotContain("hunter2", File.ReadAllText(folder["journal.jsonl"]), StringComparison.Ordinal);
        Assert.True(File.Exists(folder["reserve"]));
        again.Write(JournalEntry.Closed);
        Assert.False(File.Exists(folder["reserve"]));
    }

    [Fact]
    public async Task A_readiness_check_leaves_nothing_where_nothing_was()
    {
        await using var rig = World(out _);

        var checks = await rig.Version("1.0.0").Deployer().TestReadinessAsync("1.0.0", Token);

        Assert.All(checks, check => Assert.True(check.Verdict == Verdict.Pass, check.ToString()));
        Assert.False(Directory.Exists(rig.Root));
    }

    private static Task<Deployment> BackAsync(Rig rig) => rig.Deployer().RollBackAsync(new RollbackRequest(), cancellationToken: Token);

    private static IEnumerable<string?> Kept(Rig rig) => Directory.EnumerateDirectories(rig.Layout.Releases).Select(Path.GetFileName).Order();

    private static Rig World(out FakeHost host)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links and modes are those of Unix.");
        var (rig, fake) = (new Rig(), new FakeHost());
        rig.Tools = fake.Into(rig.Tools) with { Clock = new SteppingClock(), Disk = new UnflushedDisk() };
        rig.HealthKeys["timeout"] = "500ms";
        host = fake;
        return rig;
    }
}
