using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Tests.Support;
using static BacktestOps.Contracts.BacktestStatus;

namespace BacktestOps.PowerShell.Tests.Cmdlets;

public sealed class GetBacktestProgressTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public void Without_a_switch_it_gives_the_state_of_now()
    {
        using var session = new TestSession(new FakeBacktestApi().With("a", (Running, 40), (Completed, 100)));

        var run = Assert.Single(session.Run("Get-BacktestProgress a").WithoutErrors().As<BacktestProgress>());

        Assert.Equal((Running, 40), (run.Status, run.Progress));
    }

    [Fact]
    public void Wait_gives_each_run_once_when_it_has_ended_and_takes_the_bar_away()
    {
        var api = new FakeBacktestApi().With("slow", (Queued, 0), (Running, 30), (Completed, 100)).With("quick", (Failed, 60));
        using var session = new TestSession(api);

        var outcome = session.Run("'slow', 'quick' | Get-BacktestProgress -Wait").WithoutErrors();

        Assert.Equal([("quick", Failed), ("slow", Completed)], outcome.As<BacktestProgress>().Select(run => (run.BacktestId, run.Status)));
        Assert.Equal(ProgressRecordType.Processing, outcome.Progress[0].RecordType);
        Assert.Equal(ProgressRecordType.Completed, outcome.Progress[^1].RecordType);
        Assert.Single(outcome.Progress.Select(record => record.ActivityId).Distinct());
    }

    [Fact]
    public void Follow_gives_every_state_that_differs_and_shows_no_bar()
    {
        var api = new FakeBacktestApi().With("a", (Queued, 0), (Running, 30), (Running, 30), (Running, 80), (Completed, 100));
        using var session = new TestSession(api);

        var outcome = session.Run("Get-BacktestProgress a -Follow").WithoutErrors();

        Assert.Equal([0, 30, 80, 100], outcome.As<BacktestProgress>().Select(run => run.Progress));
        Assert.Empty(outcome.Progress);
    }

    [Fact]
    public void One_unknown_id_is_an_error_of_its_own_and_the_others_are_waited_for()
    {
        using var session = new TestSession(new FakeBacktestApi().With("a", (Running, 1), (Completed, 100)));

        var outcome = session.Run("Get-BacktestProgress nobody, a -Wait");

        Assert.Equal("a", Assert.Single(outcome.As<BacktestProgress>()).BacktestId);
        var error = outcome.OnlyError();
        Assert.Equal("BacktestNotFound,BacktestOps.PowerShell.Cmdlets.GetBacktestProgressCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ObjectNotFound, error.CategoryInfo.Category);
        Assert.Equal("nobody", error.TargetObject);
        Assert.Contains("Get-Backtest", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void A_timeout_is_an_error_for_each_run_that_has_not_ended()
    {
        using var session = new TestSession(new FakeBacktestApi().With("a", (Running, 42)).With("b", (Completed, 100)));

        var outcome = session.Run("Get-BacktestProgress a, b -Wait -Timeout 0.05");

        Assert.Equal("b", Assert.Single(outcome.As<BacktestProgress>()).BacktestId);
        var error = outcome.OnlyError();
        Assert.StartsWith("WaitTimedOut,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.OperationTimeout, error.CategoryInfo.Category);
        Assert.Equal("a", error.TargetObject);
        Assert.Contains("42 % after 0.05 s", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(ProgressRecordType.Completed, outcome.Progress[^1].RecordType);
    }

    [Fact]
    public async Task Stopping_the_pipeline_ends_a_wait_that_would_never_end()
    {
        var api = new FakeBacktestApi().With("a", (Running, 1));
        using var session = new TestSession(api);
        using var pipeline = session.Pipeline("Get-BacktestProgress a -Wait");
        var running = pipeline.BeginInvoke();
        await api.FirstLook.Task.WaitAsync(Token);

        await pipeline.StopAsync(null, null).WaitAsync(TimeSpan.FromSeconds(30), Token);

        Assert.Throws<PipelineStoppedException>(() => pipeline.EndInvoke(running));
    }

    [Fact]
    public void A_downstream_command_that_has_enough_ends_a_follow_that_would_never_end()
    {
        var api = new FakeBacktestApi().With("a", (Queued, 0), (Running, 1));
        using var session = new TestSession(api);

        var outcome = session.Run("Get-BacktestProgress a -Follow | Select-FirstOne").WithoutErrors();

        Assert.Equal(Queued, Assert.Single(outcome.As<BacktestProgress>()).Status);
        Assert.Equal(1, api.Looks);
    }

    [Fact]
    public void A_downstream_command_that_has_enough_ends_a_wait_and_its_bar()
    {
        var api = new FakeBacktestApi().With("never", (Running, 1)).With("done", (Completed, 100));
        using var session = new TestSession(api);

        var outcome = session.Run("Get-BacktestProgress never, done -Wait | Select-FirstOne").WithoutErrors();

        Assert.Equal("done", Assert.Single(outcome.As<BacktestProgress>()).BacktestId);
        Assert.Equal(ProgressRecordType.Completed, outcome.Progress[^1].RecordType);
    }

    [Theory]
    [InlineData("-Wait -Follow")]
    [InlineData("-Timeout 5")]
    [InlineData("-Wait -Timeout 0")]
    [InlineData("-Wait -Timeout -1")]
    [InlineData("-Wait -Timeout 1e300")]
    public void What_makes_no_sense_together_does_not_bind(string arguments)
    {
        var api = new FakeBacktestApi().With("a", (Completed, 100));
        using var session = new TestSession(api);

        Assert.NotNull(session.Run("Get-BacktestProgress a " + arguments).Terminating);
        Assert.Equal(0, api.Looks);
    }
}
