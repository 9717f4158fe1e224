using BacktestOps.Contracts;
using BacktestOps.Runs.Execution;
using BacktestOps.Runs.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace BacktestOps.Runs.Tests;

/// <summary>Several runners on one home, each alive or not.</summary>
public sealed class SharedHomeTests : IDisposable
{
    private static readonly BacktestRequest Request = new() { Symbols = ["SP500"], Strategy = "BuyAndHold" };

    private readonly TempFolder _home = new();
    private readonly GatedEngine _first = new(), _second = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task ALiveRunnersRunIsSeenByAnotherButNotTouched()
    {
        await using var first = await OpenAsync(_first);
        var id = (await first.StartAsync(Request, Token)).BacktestId;
        await Waiting.UntilAsync(() => _first.Running == 1, "the simulation");
        await using (var second = await OpenAsync(_second))
        {
            Assert.Equal(BacktestStatus.Running, (await second.GetProgressAsync(id, Token)).Status);
            Assert.Equal(id, Assert.Single(await second.ListAsync(new BacktestQuery(), Token)).BacktestId);
            _first.Open();
            var ended = await second.EndAsync(id);
            Assert.Equal((BacktestStatus.Completed, 1), (ended.Status, ended.Attempts));
            Assert.Equal(ended.ResultDigest, (await second.GetResultAsync(id, Token)).Digest);
        }

        Assert.Empty(_second.Begun);
    }

    [Fact]
    public async Task AnotherRunnersRunCanBeCancelled()
    {
        await using var first = await OpenAsync(_first);
        await using var second = await OpenAsync(_second);
        var id = (await first.StartAsync(Request, Token)).BacktestId;
        await Waiting.UntilAsync(() => _first.Running == 1, "the simulation");
        Assert.Equal(BacktestStatus.Cancelled, (await second.CancelAsync(id, Token)).Status);
        await Waiting.UntilAsync(() => _first.Running == 0, "the owner to notice");
        Assert.Equal(BacktestStatus.Cancelled, (await first.GetProgressAsync(id, Token)).Status);
    }

    [Fact]
    public async Task ARunCancelledElsewhereJustBeforeItsPublicationPublishesNothing()
    {
        // The first runner's clock stands still, so it never looks whether somebody cancelled: only the database can tell it.
        await using var first = await BacktestRunner.OpenAsync(
            new RunnerOptions { HomePath = _home.Path, Clock = new FakeTimeProvider(), MaxParallelRuns = 1, Engine = _first.Calls }, Token);
        await using var second = await OpenAsync(_second);
        var id = (await first.StartAsync(Request with { InitialCash = 1 }, Token)).BacktestId;
        await Waiting.UntilAsync(() => _first.Running == 1, "the simulation");
        await second.CancelAsync(id, Token);
        var next = (await first.StartAsync(Request with { InitialCash = 2 }, Token)).BacktestId;
        _first.Open();
        await first.EndAsync(next);
        Assert.Equal(BacktestStatus.Cancelled, (await first.GetProgressAsync(id, Token)).Status);
        Assert.Equal($"backtest-result-{next}.json", Path.GetFileName(Assert.Single(Directory.GetFileSystemEntries(Path.Combine(_home.Path, "results")))));
    }

    [Fact]
    public async Task ARunnerThatIsOpenTakesUpTheRunsOfOneThatEnds()
    {
        await using var second = await OpenAsync(_second);
        string id;
        await using (var first = await OpenAsync(_first))
        {
            id = (await first.StartAsync(Request, Token)).BacktestId;
            await Waiting.UntilAsync(() => _first.Running == 1, "the simulation");
        }

        _second.Open();
        var ended = await second.EndAsync(id);
        Assert.Equal((BacktestStatus.Completed, 2), (ended.Status, ended.Attempts));
    }

    [Fact]
    public async Task ARunReadsTheDataItWasAcceptedWithWhoeverExecutesIt()
    {
        using var data = new TempFolder();
        data.Write("MINE.csv", SomeBars.Csv(100));
        string id;
        await using (var first = await OpenAsync(_first, data.Path))
        {
            id = (await first.StartAsync(Request with { Symbols = ["mine"] }, Token)).BacktestId;
            await Waiting.UntilAsync(() => _first.Running == 1, "the simulation");
        }

        _second.Open();
        await using var second = await OpenAsync(_second);
        Assert.Equal(BacktestStatus.Completed, (await second.EndAsync(id)).Status);
        Assert.Contains("\"source\": \"MINE.csv\"", await TextAsync(second, id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DataThatChangedAfterAcceptanceIsSaidInTheResult()
    {
        using var data = new TempFolder();
        data.Write("MINE.csv", SomeBars.Csv(100));
        string id;
        await using (var first = await OpenAsync(_first, data.Path))
        {
            id = (await first.StartAsync(Request with { Symbols = ["MINE"] }, Token)).BacktestId;
            await Waiting.UntilAsync(() => _first.Running == 1, "the simulation");
        }

        data.Write("MINE.csv", SomeBars.Csv(120));
        _second.Open();
        await using var second = await OpenAsync(_second);
        await second.EndAsync(id);
        Assert.Contains("The data of MINE changed after the run was accepted", await TextAsync(second, id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DataThatIsBadWhenARunIsTakenUpFailsItAndNamesTheLine()
    {
        using var data = new TempFolder();
        data.Write("MINE.csv", SomeBars.Csv(100));
        string id;
        await using (var first = await OpenAsync(_first, data.Path))
        {
            id = (await first.StartAsync(Request with { Symbols = ["MINE"] }, Token)).BacktestId;
            await Waiting.UntilAsync(() => _first.Running == 1, "the simulation");
        }

        data.Write("MINE.csv", SomeBars.Csv(100) + "oops\n");
        await using var second = await OpenAsync(_second);
        var ended = await second.EndAsync(id);
        Assert.Equal(BacktestStatus.Failed, ended.Status);
        Assert.StartsWith("MINE.csv, line 102: the row has 1 field", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void ALeaseCanBeClaimedOnlyWhenItsRunnerIsGone()
    {
        var mine = OwnerLease.Acquire(_home.Path);
        using var other = OwnerLease.Acquire(_home.Path);
        Assert.Equal([mine.Owner], other.Others());
        Assert.Null(other.TryClaim(mine.Owner));
        mine.Dispose();
        using (var dead = other.TryClaim(mine.Owner))
            Assert.Equal(mine.Owner, dead?.Owner);
        Assert.Empty(other.Others());
    }

    [Fact]
    public async Task ATemporaryFileOfADeadRunnerIsRemovedAndOneOfALiveRunnerIsNot()
    {
        var results = Path.Combine(_home.Path, "results");
        Directory.CreateDirectory(results);
        await using var alive = await OpenAsync(_first);
        var aliveOwner = Path.GetFileNameWithoutExtension(Assert.Single(Directory.GetFiles(Path.Combine(_home.Path, "owners"))));
        var dead = _home.Write("owners/0123456789abcdef0123456789abcdef.lock", "");
        var stray = _home.Write("results/.20260101-000000-00000000.0123456789abcdef0123456789abcdef.tmp", "half");
        var orphan = _home.Write("results/.20260101-000000-00000000.ffffffffffffffffffffffffffffffff.tmp", "half");
        var busy = _home.Write($"results/.20260101-000000-00000001.{aliveOwner}.tmp", "half");
        await using var second = await OpenAsync(_second);
        Assert.False(File.Exists(stray));
        Assert.False(File.Exists(orphan));
        Assert.False(File.Exists(dead));
        Assert.True(File.Exists(busy));
    }

    private static async Task<string> TextAsync(BacktestRunner runner, string id) =>
        System.Text.Encoding.UTF8.GetString((await runner.GetResultAsync(id, Token)).Content.Span);

    private Task<BacktestRunner> OpenAsync(GatedEngine engine, string? data = null) => BacktestRunner.OpenAsync(
        new RunnerOptions { HomePath = _home.Path, DataPath = data, MaxParallelRuns = 1, Engine = engine.Calls }, Token);
}
