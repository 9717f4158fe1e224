using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Files;
using BacktestOps.Operations.Tests.Fixtures;
using static BacktestOps.Contracts.FollowUpState;

namespace BacktestOps.Operations.Tests.FollowUps;

/// <summary>A week on a machine on which things go wrong.</summary>
public sealed class WeekFaultTests
{
    [Fact]
    public async Task A_torn_last_line_of_the_ledger_is_set_aside_and_the_day_is_done()
    {
        await using var week = await SimulatedWeek.DeployedAsync();
        await File.AppendAllTextAsync(week.Rig.Layout.Ledger, "{\"sequence\":99,\"kind\":\"follow-u", TestContext.Current.CancellationToken);

        var seen = await week.AtAsync(9, 10);

        Assert.Equal(5, seen.Count(item => item is { State: Done, Verdict: Verdict.Pass }));
        Assert.Single(Directory.GetFiles(week.Rig.Layout.Evidence, "ledger.jsonl.torn-*"));
        Assert.Empty(Operations.Evidence.LedgerVerification.Verify(week.Rig.Layout.Ledger));
    }

    [Fact]
    public async Task A_ledger_that_somebody_edited_is_not_built_upon()
    {
        await using var week = await SimulatedWeek.DeployedAsync();
        await week.AtAsync(9, 10);
        var text = await File.ReadAllTextAsync(week.Rig.Layout.Ledger, TestContext.Current.CancellationToken);
        var edited = text.Replace("Asia/Seoul", "Asia/Tokyo", StringComparison.Ordinal);
        await File.WriteAllTextAsync(week.Rig.Layout.Ledger, edited, TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<DeploymentException>(() => week.AtAsync(10, 10));

        Assert.Equal("LedgerDamaged", error.ErrorId);
        Assert.Equal(edited, await File.ReadAllTextAsync(week.Rig.Layout.Ledger, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Killed_in_the_middle_of_a_day_the_next_run_does_the_rest()
    {
        await using var week = await SimulatedWeek.DeployedAsync();
        week.DuringJourney = () => throw new InvalidOperationException("killed");
        await Assert.ThrowsAsync<InvalidOperationException>(() => week.AtAsync(9, 10));
        week.DuringJourney = null;

        var rest = await week.AtAsync(9, 11);

        Assert.Equal(["backtest", "download", "feedback", "performance"], rest.Select(item => item.Item));
        Assert.All(week.FollowUp().List().Where(item => item.Number == 2), item => Assert.Equal(Done, item.State));
    }

    [Fact]
    public async Task A_second_run_at_the_same_time_is_refused()
    {
        await using var week = await SimulatedWeek.DeployedAsync();
        using var other = DeploymentLock.Acquire(Path.Combine(week.Rig.Layout.State, "follow-up.lock"), new LocalDisk(), week.Clock);

        Assert.Equal("FollowUpRunning", (await Assert.ThrowsAsync<DeploymentException>(() => week.AtAsync(9, 10))).ErrorId);
    }

    [Fact]
    public async Task While_a_deployment_is_under_way_nothing_is_judged()
    {
        await using var week = await SimulatedWeek.DeployedAsync();
        using (DeploymentLock.Acquire(week.Rig.Layout.LockFile, new LocalDisk(), week.Clock))
        {
            Assert.All(await week.AtAsync(9, 10), item => Assert.Equal((Due, null, null), (item.State, item.Verdict, item.Evidence)));
        }

        Assert.All(await week.AtAsync(9, 11), item => Assert.Equal((Done, Verdict.Pass), (item.State, item.Verdict!.Value)));
    }

    [Fact]
    public async Task A_service_that_is_down_fails_its_day_and_stops_no_other_check()
    {
        await using var week = await SimulatedWeek.DeployedAsync();
        week.Host.Die();

        var seen = await week.AtAsync(9, 10);

        Assert.Equal(Verdict.Fail, seen.Single(item => item.Item == "health").Verdict);
        Assert.Equal(Verdict.Inconclusive, seen.Single(item => item.Item == "performance").Verdict);
        Assert.Equal(Verdict.Pass, seen.Single(item => item.Item == "feedback").Verdict);
    }

    [Fact]
    public async Task Nothing_deployed_and_no_follow_ups_are_said()
    {
        await using var week = new SimulatedWeek();
        Assert.Equal("NothingDeployed", (await Assert.ThrowsAsync<DeploymentException>(() => week.AtAsync(9, 10))).ErrorId);
        week.Rig.Plan["follow_up"] = false;
        await week.Rig.DeployAsync("2.0.2");

        Assert.Equal("NoFollowUps", (await Assert.ThrowsAsync<DeploymentException>(() => week.AtAsync(9, 10))).ErrorId);
    }

    [Theory]
    [InlineData(false, Verdict.Pass, Verdict.Pass)]
    [InlineData(true, Verdict.Pass, Verdict.Fail)]
    public async Task A_real_journey_answers_for_the_backtest_and_for_the_download_apart(bool is404, Verdict backtest, Verdict download)
    {
        var broken = false;
        using var service = new StubBacktestService((request, answer) =>
            broken && request.Is($"/api/backtest/result/{StubBacktestService.Id}") ? answer with { Status = 404, Disposition = null } : answer);
        await using var week = new SimulatedWeek();
        week.Rig.Tools = week.Rig.Tools with { Smoke = new SmokeJourney(week.Clock) };
        week.Rig.ServiceKeys["address"] = service.Address.ToString();
        var deployment = await week.Rig.DeployAsync("2.0.2");
        Assert.True(deployment.Outcome == DeploymentOutcome.Succeeded, deployment.Reason);
        broken = is404;

        var seen = (await week.AtAsync(9, 10)).ToDictionary(item => item.Item);

        Assert.Equal((backtest, download), (seen["backtest"].Verdict!.Value, seen["download"].Verdict!.Value));
        Assert.DoesNotContain("0 of 0", seen["backtest"].Observed + seen["download"].Observed, StringComparison.Ordinal);
        if (is404) Assert.Contains("404", seen["download"].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_is_said_and_the_next_run_does_what_is_left()
    {
        await using var week = await SimulatedWeek.DeployedAsync();
        var tools = week.Rig.Tools;
        week.Rig.Tools = tools with { Disk = new FullDisk() };
        Assert.Equal("DiskFull", (await Assert.ThrowsAsync<DeploymentException>(() => week.AtAsync(9, 10))).ErrorId);
        week.Rig.Tools = tools;

        Assert.Equal(5, (await week.AtAsync(9, 11)).Count(item => item is { State: Done, Verdict: Verdict.Pass }));
    }

    private sealed class FullDisk : IDisk
    {
        private readonly LocalDisk _disk = new();

        public string? NetworkFileSystem(string path) => _disk.NetworkFileSystem(path);

        public long FreeBytes(string folder) => 0;

        public void Write(string path, ReadOnlySpan<byte> content) => throw new IOException("No space left on device");

        public void Append(string path, long offset, ReadOnlySpan<byte> content) => throw new IOException("No space left on device");

        public void Switch(string link, string target) => _disk.Switch(link, target);

        public void Flush(string folder) => _disk.Flush(folder);
    }
}
