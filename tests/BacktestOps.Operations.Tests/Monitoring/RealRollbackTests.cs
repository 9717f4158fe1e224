using BacktestOps.Contracts;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Monitoring;
using BacktestOps.Operations.Plans;
using BacktestOps.Operations.Tests.Deployments;

namespace BacktestOps.Operations.Tests.Monitoring;

/// <summary>A release of real processes that turns bad after it was deployed is taken back by the watch itself.</summary>
public sealed class RealRollbackTests : IAsyncDisposable
{
    private const int MostSamples = 30;
    private readonly Rig _rig = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Turn => Path.Combine(_rig.Folder, "turn-bad");

    [Theory]
    [InlineData("download", CriteriaPlan.DownloadNotFound)]
    [InlineData("health", CriteriaPlan.FeatureBroken)]
    public async Task A_release_that_turns_bad_is_rolled_back_by_the_watch_and_the_ledger_says_why(string bad, string criterion)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are found by /proc, which only Linux has.");
        _rig.Version("1.0.0").Version("1.1.0", ("bad", bad), ("bad_when", Turn)).WithDatabase(10);
        _rig.Plan["watch"] = new { duration = "1h", interval = "2s", requests = 2 };
        Assert.Equal(DeploymentOutcome.Succeeded, (await _rig.DeployAsync("1.0.0")).Outcome);
        Assert.Equal(DeploymentOutcome.Succeeded, (await _rig.DeployAsync("1.1.0")).Outcome);
        var old = await _rig.MembersAsync();
        using (var http = new HttpClient()) await http.PostAsync(new Uri($"http://127.0.0.1:{_rig.Port}/runs"), null, Token);

        var watcher = new Watcher(_rig.Read(), _rig.Tools);
        var seen = 0;
        await foreach (var sample in watcher.WatchAsync(new WatchRequest { AutoRollback = true }, Token))
        {
            if (sample.IsMissed) continue;
            Assert.True(++seen < MostSamples, $"The watch did not go back; the last sample: {string.Join("\n", sample.Checks)}");
            // The first looks at a release that is good.
            Assert.True(seen > 1 || sample.Checks.Single(check => check.Name == "request errors").Verdict == Verdict.Pass);
            await File.WriteAllTextAsync(Turn, "", Token);
        }

        Assert.True(watcher.Rollback?.Outcome == DeploymentOutcome.Succeeded, watcher.Summary?.Reason);
        Assert.Equal((WatchEnding.RolledBack, Verdict.Fail), (watcher.Summary!.Ending, watcher.Summary.Verdict));
        Assert.Contains(watcher.Met, met => met.Name == criterion);
        // The release before serves, what was of the bad one is gone, and what was accepted meanwhile is kept.
        await _rig.AssertSoundAsync("1.0.0");
        Assert.All(old, member => Assert.False(member.Identity.IsAlive()));
        Assert.Equal(11, _rig.CountRuns());
        Assert.True(_rig.Deployer().List().Single(deployment => deployment.Version == "1.1.0").IsBad);
        AssertLedger(watcher, criterion);
    }

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    /// <summary>From the rollback's own record one gets to the criterion, and from there to the samples that met it.</summary>
    private void AssertLedger(Watcher watcher, string criterion)
    {
        var records = new EvidenceLedger(_rig.Layout.Ledger, TimeProvider.System).Read();
        Assert.Empty(LedgerVerification.Verify(_rig.Layout.Ledger));
        var back = records.Single(record => record.Kind == EvidenceKind.Deployment && record.Deployment == watcher.Rollback!.Id);
        Assert.StartsWith($"rolled back by the watch; {criterion}: ", back.Detail, StringComparison.Ordinal);
        var met = records.Select(MonitoringEvidence.Criterion).OfType<RollbackCriterion>().Single(answer => answer.IsMet && answer.Name == criterion);
        Assert.NotEmpty(met.Evidence);
        Assert.All(met.Evidence, number =>
        {
            Assert.Contains($"#{number}", back.Detail, StringComparison.Ordinal);
            Assert.Equal(EvidenceKind.Watch, records.Single(record => record.Sequence == number).Kind);
        });
        var end = records.Select(MonitoringEvidence.Summary).OfType<WatchSummary>().Single();
        Assert.Equal((watcher.Rollback!.Id, WatchEnding.RolledBack), (end.Rollback, end.Ending));
        Assert.Contains(criterion, end.Reason, StringComparison.Ordinal);
    }
}
