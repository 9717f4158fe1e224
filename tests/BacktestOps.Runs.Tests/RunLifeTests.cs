using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Runs.Execution;
using BacktestOps.Runs.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace BacktestOps.Runs.Tests;

/// <summary>Queue, progress, cancellation, failure and closing, with an engine that waits where the test wants.</summary>
public sealed class RunLifeTests : IDisposable
{
    private static readonly BacktestRequest Request = new() { Symbols = ["SP500"], Strategy = "BuyAndHold" };

    private readonly TempFolder _home = new();
    private readonly GatedEngine _engine = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _engine.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task RunsAreExecutedInTheOrderOfAcceptanceAndNoMoreAtOnceThanAsked()
    {
        await using var runner = await OpenAsync(parallel: 2);
        var ids = new List<string>();
        for (var i = 1; i <= 12; i++)
            ids.Add((await runner.StartAsync(Request with { InitialCash = 1000 * i }, Token)).BacktestId);
        await Waiting.UntilAsync(() => _engine.Running == 2, "two runs side by side");
        for (var i = 0; i < ids.Count; i++)
        {
            _engine.Open(1);
            await Waiting.UntilAsync(() => _engine.Begun.Count >= Math.Min(ids.Count, i + 2), "the next run to begin");
        }

        foreach (var id in ids)
            Assert.Equal(BacktestStatus.Completed, (await runner.EndAsync(id)).Status);
        Assert.Equal(2, _engine.MostRunning);
        // Two workers may begin neighbours in either order, nothing further apart.
        Assert.All(_engine.Begun.Select((cash, place) => Math.Abs(cash / 1000 - (place + 1))), distance => Assert.InRange(distance, 0, 1));
    }

    [Fact]
    public async Task ProgressNeverFallsWhateverTheEngineReports()
    {
        _engine.Reports = [0.1, 0.9, 0.2, double.NaN, -1, double.PositiveInfinity, 7, 0.3];
        await using var runner = await OpenAsync();
        var id = (await runner.StartAsync(Request, Token)).BacktestId;
        await Waiting.UntilAsync(() => _engine.Running == 1, "the simulation");
        var seen = await runner.WhenAsync(id, progress => progress.Progress > 80);
        Assert.Equal(BacktestStatus.Running, seen.Status);
        Assert.InRange(seen.Progress, 80, 99.9);
        Assert.Equal("simulating", seen.Activity);
        _engine.Open();
        Assert.Equal(100, (await runner.EndAsync(id)).Progress);
    }

    [Fact]
    public async Task ARunThatWaitsIsCancelledAndNeverBegins()
    {
        await using var runner = await OpenAsync(parallel: 1);
        var first = (await runner.StartAsync(Request with { InitialCash = 1000 }, Token)).BacktestId;
        var second = (await runner.StartAsync(Request with { InitialCash = 2000 }, Token)).BacktestId;
        var cancelled = await runner.CancelAsync(second, Token);
        Assert.Equal((BacktestStatus.Cancelled, 0), (cancelled.Status, cancelled.Attempts));
        Assert.NotNull(cancelled.EndedAt);
        _engine.Open();
        await runner.EndAsync(first);
        Assert.Equal([1000], _engine.Begun);
        Assert.Equal(cancelled, await runner.CancelAsync(second, Token), Same);
        Assert.Contains("was cancelled", (await Assert.ThrowsAsync<ResultNotReadyException>(() => runner.GetResultAsync(second, Token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARunThatIsExecutedStopsWhenCancelledAndLeavesNoFile()
    {
        await using var runner = await OpenAsync();
        var id = (await runner.StartAsync(Request, Token)).BacktestId;
        await Waiting.UntilAsync(() => _engine.Running == 1, "the simulation");
        var cancelled = await runner.CancelAsync(id, Token);
        Assert.Equal(BacktestStatus.Cancelled, cancelled.Status);
        await Waiting.UntilAsync(() => _engine.Running == 0, "the simulation to stop");
        Assert.Equal(cancelled, await runner.GetProgressAsync(id, Token), Same);
        Assert.Empty(Directory.GetFiles(Results));
    }

    [Fact]
    public async Task CancellingACompletedRunChangesNothing()
    {
        _engine.Open();
        await using var runner = await OpenAsync();
        var ended = await runner.EndAsync((await runner.StartAsync(Request, Token)).BacktestId);
        Assert.Equal(ended, await runner.CancelAsync(ended.BacktestId, Token), Same);
        Assert.Equal(ended.ResultDigest, (await runner.GetResultAsync(ended.BacktestId, Token)).Digest);
    }

    [Fact]
    public async Task CancelAndCompletionRaceToOneEndThatNeverChanges()
    {
        _engine.Open(100);
        await using var runner = await OpenAsync(parallel: 2);
        var completed = 0;
        for (var i = 0; i < 60; i++)
        {
            var id = (await runner.StartAsync(Request, Token)).BacktestId;
            // Cancelled from the moment of acceptance to some polls later: before, during and after the publication.
            for (var polls = i; polls > 0; polls--)
                await runner.GetProgressAsync(id, Token);
            var told = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => runner.CancelAsync(id, Token), Token)));
            var ended = told[0];
            Assert.True(ended.Status.IsTerminal());
            Assert.All(told, each => Assert.Equal(ended, each, Same));
            Assert.Equal(ended, await runner.GetProgressAsync(id, Token), Same);
            Assert.Equal(ended, Assert.Single(await runner.ListAsync(new BacktestQuery { Limit = 1 }, Token)), Same);
            var file = Path.Combine(Results, $"backtest-result-{id}.json");
            Assert.Equal(ended.Status == BacktestStatus.Completed, File.Exists(file));
            completed += ended.Status == BacktestStatus.Completed ? 1 : 0;
        }

        TestContext.Current.SendDiagnosticMessage($"{completed} of 60 completed before they were cancelled.");
    }

    [Fact]
    public async Task AnEngineThatFailsFailsTheRunWithItsMessageAndNoStackTrace()
    {
        await using var runner = await BacktestRunner.OpenAsync(
            new RunnerOptions { HomePath = _home.Path, Engine = new EngineCalls { Run = (_, _, _, _, _) => throw new InvalidOperationException("seven is not a bar") } }, Token);
        var ended = await runner.EndAsync((await runner.StartAsync(Request, Token)).BacktestId);
        Assert.Equal(BacktestStatus.Failed, ended.Status);
        Assert.Contains("seven is not a bar", ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);
        Assert.True(ended.Progress < 100);
        Assert.Contains("failed and has no result", (await Assert.ThrowsAsync<ResultNotReadyException>(() => runner.GetResultAsync(ended.BacktestId, Token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task IdsAndTimesComeFromTheClockThatWasHandedIn()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 1, 35, 58, 123, TimeSpan.Zero).AddTicks(4567));
        _engine.Open();
        await using var runner = await OpenAsync(clock: clock);
        var accepted = await runner.StartAsync(Request, Token);
        Assert.StartsWith("20261123-013558-", accepted.BacktestId, StringComparison.Ordinal);
        var ended = await runner.EndAsync(accepted.BacktestId);
        var now = new DateTimeOffset(2026, 11, 23, 1, 35, 58, 123, TimeSpan.Zero);
        Assert.Equal((now, now, now), (ended.AcceptedAt, ended.StartedAt!.Value, ended.EndedAt!.Value));
    }

    [Fact]
    public async Task ManyStartsAtOnceAreAllAcceptedUnderDifferentIds()
    {
        _engine.Open();
        await using var runner = await OpenAsync(parallel: 2);
        var accepted = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => runner.StartAsync(Request, Token), Token)));
        Assert.Equal(100, accepted.Select(each => each.BacktestId).Distinct().Count());
        foreach (var each in accepted)
            Assert.Equal(BacktestStatus.Completed, (await runner.EndAsync(each.BacktestId)).Status);
        Assert.Equal(100, Directory.GetFiles(Results).Length);
        Assert.Equal(100, (await runner.ListAsync(new BacktestQuery { Status = BacktestStatus.Completed }, Token)).Count);
    }

    [Fact]
    public async Task ClosingLeavesUnfinishedRunsToTheNextOpening()
    {
        string running, waiting;
        await using (var runner = await OpenAsync(parallel: 1))
        {
            running = (await runner.StartAsync(Request, Token)).BacktestId;
            waiting = (await runner.StartAsync(Request, Token)).BacktestId;
            await Waiting.UntilAsync(() => _engine.Running == 1, "the simulation");
        }

        Assert.Equal(0, _engine.Running);
        Assert.Empty(Directory.GetFiles(Path.Combine(_home.Path, "owners")));
        Assert.Empty(Directory.GetFiles(Results));
        using (var store = new Stores.RunStore(Path.Combine(_home.Path, "runs.db"), TimeProvider.System))
        {
            Assert.Equal(BacktestStatus.Interrupted, store.Find(running)!.Status);
            Assert.Equal(BacktestStatus.Queued, store.Find(waiting)!.Status);
        }

        _engine.Open();
        await using var next = await OpenAsync(parallel: 1);
        Assert.Equal((BacktestStatus.Completed, 2), Outcome(await next.EndAsync(running)));
        Assert.Equal((BacktestStatus.Completed, 1), Outcome(await next.EndAsync(waiting)));
    }

    [Fact]
    public async Task AClosedRunnerRefuses()
    {
        var runner = await OpenAsync();
        await runner.DisposeAsync();
        await runner.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => runner.GetProgressAsync("x", Token));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => runner.StartAsync(Request, Token));
    }

    [Fact]
    public async Task AnUnknownIdIsNotFoundByEveryCall()
    {
        await using var runner = await OpenAsync();
        foreach (var id in new[] { "", "20261123-013558-00000000", "../../etc/passwd", "' OR 1=1 --", new string('x', 100_000) })
        {
            await Assert.ThrowsAsync<BacktestNotFoundException>(() => runner.GetProgressAsync(id, Token));
            await Assert.ThrowsAsync<BacktestNotFoundException>(() => runner.GetResultAsync(id, Token));
            await Assert.ThrowsAsync<BacktestNotFoundException>(() => runner.CancelAsync(id, Token));
        }

        await Assert.ThrowsAsync<InvalidRequestException>(() => runner.ListAsync(new BacktestQuery { Limit = 0 }, Token));
    }

    private string Results => Path.Combine(_home.Path, "results");

    private static (BacktestStatus, int) Outcome(BacktestProgress progress) => (progress.Status, progress.Attempts);

    // Records compare lists by reference; their JSON says all of their values.
    private static bool Same(BacktestProgress a, BacktestProgress b) => Json(a) == Json(b);

    private static string Json(BacktestProgress run) => JsonSerializer.Serialize(run, ContractsJson.Default.BacktestProgress);

    private Task<BacktestRunner> OpenAsync(int parallel = 1, TimeProvider? clock = null) => BacktestRunner.OpenAsync(
        new RunnerOptions { HomePath = _home.Path, MaxParallelRuns = parallel, Clock = clock ?? TimeProvider.System, Engine = _engine.Calls }, Token);
}
