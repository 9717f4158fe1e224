using System.Net;
using BacktestOps.Contracts;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Monitoring;

namespace BacktestOps.Operations.Tests.Monitoring;

/// <summary>The rollback criteria, from what a ledger has.</summary>
public sealed class CriteriaTests
{
    private static readonly WatchRequest Short = new() { Duration = TimeSpan.FromMinutes(20) };

    [Fact]
    public async Task Without_evidence_no_criterion_is_answered()
    {
        await using var rig = await WatchRig.DeployedAsync();

        var before = File.ReadAllBytes(rig.Ledger.Path);

        var answers = rig.Test("download_404", "severe_slowdown", "data_loss");

        Assert.All(answers, answer => Assert.Equal((Verdict.Inconclusive, false), (answer.Verdict, answer.IsMet)));
        Assert.All(answers, answer => Assert.NotNull(answer.Detail));
        Assert.Equal(before, File.ReadAllBytes(rig.Ledger.Path));
        await rig.Criteria.RecordAsync(answers, TestContext.Current.CancellationToken);
        Assert.Equal(3, rig.Ledger.Read().Count(record => record.Kind == EvidenceKind.Criterion));
    }

    [Fact]
    public async Task After_clean_samples_each_answer_says_what_so_many_rule_out()
    {
        await using var rig = await WatchRig.DeployedAsync();
        await rig.WatchAsync(request: Short);

        var answers = rig.Test().ToDictionary(answer => answer.Name);

        Assert.All(answers.Values, answer => Assert.Equal(Verdict.Pass, answer.Verdict));
        // Five samples of five downloads; 1 - 0.05^(1/25).
        Assert.Equal((25, 0.1129), (answers["download_404"].Samples, Math.Round(answers["download_404"].UpperBound!.Value, 4)));
        Assert.Equal(15, answers["data_loss"].Samples);
        Assert.Equal((20, 20), (answers["severe_slowdown"].Before, answers["severe_slowdown"].Samples));
        Assert.All(answers.Values, answer => Assert.NotEmpty(answer.Evidence));
    }

    [Fact]
    public async Task Too_few_answers_are_no_comparison()
    {
        await using var rig = await WatchRig.DeployedAsync();
        await rig.WatchAsync(request: new WatchRequest { Duration = TimeSpan.FromMinutes(10) });

        var answer = Assert.Single(rig.Test("severe_slowdown"));

        Assert.Equal((Verdict.Inconclusive, 15), (answer.Verdict, answer.Samples));
        Assert.Null(answer.PValue);
    }

    [Theory]
    [InlineData(60, Verdict.Fail)]
    [InlineData(10, Verdict.Pass)]
    public async Task A_slowdown_is_severe_when_it_is_sure_large_and_matters(int milliseconds, Verdict verdict)
    {
        await using var rig = await WatchRig.DeployedAsync();
        await rig.WatchAsync(sample => rig.Latency = TimeSpan.FromMilliseconds(sample.Slot >= 4 ? milliseconds : 2), new WatchRequest { Duration = TimeSpan.FromMinutes(40) });

        var answer = Assert.Single(rig.Test("severe_slowdown"));

        // Both are five times as long at least, and as sure; only one is 20 ms longer. The good quarter before hides neither.
        Assert.Equal(verdict, answer.Verdict);
        Assert.InRange(answer.PValue!.Value, 0, 1e-9);
        Assert.Equal(1, answer.EffectSize);
        Assert.InRange(answer.Ratio!.Value, 4.9, 30.1);
    }

    [Fact]
    public async Task A_feature_that_broke_in_a_later_journey_is_broken_and_one_that_was_mended_is_not()
    {
        await using var rig = await WatchRig.DeployedAsync();
        await rig.SmokeAsync(("page: download", Verdict.Fail), ("start", Verdict.Pass));
        Assert.True(Assert.Single(rig.Test("feature_broken")).IsMet);

        await rig.SmokeAsync(("page: download", Verdict.Pass), ("start", Verdict.Pass));
        Assert.Equal(Verdict.Pass, Assert.Single(rig.Test("feature_broken")).Verdict);

        await rig.SmokeAsync(("start", Verdict.Error));
        Assert.Equal(Verdict.Inconclusive, Assert.Single(rig.Test("feature_broken")).Verdict);
    }

    [Fact]
    public async Task The_watch_goes_back_by_itself_and_says_why()
    {
        await using var rig = await WatchRig.DeployedAsync();

        var (samples, watcher) = await rig.WatchAsync(
            sample => rig.DownloadStatus = sample.Slot == 1 ? HttpStatusCode.NotFound : null, new WatchRequest { AutoRollback = true });

        Assert.Equal(3, samples.Count);
        Assert.Equal((DeploymentOutcome.Succeeded, "000001-1.0.0"), (watcher.Rollback!.Outcome, watcher.Rollback.Live));
        Assert.StartsWith("rolled back by the watch; download_404: 5 of 15 own downloads answered 404", watcher.Rollback.Reason, StringComparison.Ordinal);
        Assert.Equal((WatchEnding.RolledBack, Verdict.Fail, watcher.Rollback.Id), (watcher.Summary!.Ending, watcher.Summary.Verdict, watcher.Summary.Rollback));
        var criterion = rig.Ledger.Read().Select(MonitoringEvidence.Criterion).OfType<RollbackCriterion>().First();
        Assert.Contains($"evidence #{criterion.Evidence[0]}", watcher.Rollback.Reason, StringComparison.Ordinal);
        Assert.Equal("watch", rig.Ledger.Read().Single(record => record.Sequence == criterion.Evidence[0]).Kind);
    }

    [Fact]
    public async Task Where_there_is_nothing_to_go_back_to_the_watch_ends_and_says_so()
    {
        await using var rig = await WatchRig.DeployedAsync();
        rig.DownloadStatus = HttpStatusCode.OK;
        await rig.WatchAsync(_ => rig.DownloadStatus = HttpStatusCode.NotFound, Short with { AutoRollback = true });
        rig.DownloadStatus = null;
        // The release before the first is none.
        var (_, watcher) = await rig.WatchAsync(_ => rig.DownloadStatus = HttpStatusCode.NotFound, Short with { AutoRollback = true });

        Assert.Equal(WatchEnding.RollbackFailed, watcher.Summary!.Ending);
        Assert.Contains("NothingToGoBackTo", watcher.Summary.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_is_inconclusive_rolls_nothing_back()
    {
        await using var rig = await WatchRig.DeployedAsync();
        rig.Runs.Clear();

        var (samples, watcher) = await rig.WatchAsync(request: Short with { AutoRollback = true });

        Assert.Equal((5, WatchEnding.Completed), (samples.Count, watcher.Summary!.Ending));
        Assert.Null(watcher.Rollback);
    }

    [Fact]
    public async Task A_second_watch_knows_the_runs_of_the_first()
    {
        await using var rig = await WatchRig.DeployedAsync();
        await rig.WatchAsync(request: Short);
        rig.Runs.Remove("bt-1");

        var (samples, _) = await rig.WatchAsync(request: Short);

        Assert.Equal(["bt-1"], samples[0].Runs!.Vanished);
    }

    [Fact]
    public async Task Two_watches_of_one_root_don_t_run_at_once_and_one_without_a_gap_is_not_taken_up()
    {
        await using var rig = await WatchRig.DeployedAsync();
        await using var first = rig.Watcher().WatchAsync(Short, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        await first.MoveNextAsync();

        var error = await Assert.ThrowsAsync<Operations.Deployments.DeploymentException>(() => rig.WatchAsync(request: Short));
        Assert.Equal("WatchRunning", error.ErrorId);
        while (await first.MoveNextAsync())
        {
            // To its end.
        }

        error = await Assert.ThrowsAsync<Operations.Deployments.DeploymentException>(() => rig.WatchAsync(request: new WatchRequest { Resume = true }));
        Assert.Equal("NoWatchToResume", error.ErrorId);
    }
}
