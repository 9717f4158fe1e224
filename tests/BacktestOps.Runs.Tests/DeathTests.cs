using BacktestOps.Contracts;
using BacktestOps.Runs.Stores;
using BacktestOps.Runs.Tests.Support;
using BacktestOps.Runs.Tests.Sweeps;

namespace BacktestOps.Runs.Tests;

/// <summary>Deaths of the process: which are held against a run, and what is left of a run that failed of them.</summary>
public sealed class DeathTests : IDisposable
{
    private const string Id = "culprit";

    private const string Request = """{"symbols":["SP500"],"strategy":"BuyAndHold"}""";

    private readonly TempFolder _home = new(), _undisturbed = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string WorkFile => Path.Combine(_home.Path, "sweeps", $"{Id}.work");

    public void Dispose()
    {
        _home.Dispose();
        _undisturbed.Dispose();
    }

    [Fact]
    public async Task DeathsThatEachFoundTheRunFurtherEndInTheResultOfAnUndisturbedOne()
    {
        var expected = await RunUndisturbedAsync();
        await DieAsync([34, 64, 89, 93, 95, 95.5, 97], _ => { });

        await using var runner = await OpenAsync();
        var ended = await runner.EndAsync(Id);

        Assert.True(ended.Status == BacktestStatus.Completed, ended.Error);
        Assert.Equal(expected, SweepRunTests.Neutral((await runner.GetResultAsync(Id, Token)).Content.Span, ended));
    }

    [Fact]
    public async Task DeathsAtTheSamePlaceFailTheRunWithTheReasonAndLeaveNoFile()
    {
        await DieAsync([34, 34, 34, 34, 34, 34], _ => File.WriteAllText(WorkFile, "work"));
        File.WriteAllText(Path.Combine(_home.Path, "results", $"backtest-sweep-{Id}.csv"), "variants of a process that died as it published");

        await using var runner = await OpenAsync();
        var ended = await runner.EndAsync(Id);

        Assert.Equal(BacktestStatus.Failed, ended.Status);
        Assert.Contains("5 processes died in a row while they executed this run, and it got no further", ended.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_home.Path, "sweeps")));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_home.Path, "results")));
    }

    [Fact]
    public async Task APieceMoreInTheWorkFileIsProgressAlthoughThePercentageStays()
    {
        await DieAsync([10, 10, 10, 10, 10, 10, 10], death => File.WriteAllBytes(WorkFile, new byte[100 * (death + 1)]));

        await using var runner = await OpenAsync();
        var ended = await runner.EndAsync(Id);

        Assert.True(ended.Status == BacktestStatus.Completed, ended.Error);
    }

    [Fact]
    public async Task AWorkFileThatADeadProcessLeftOfAnEndedRunIsRemovedWithoutAnotherOpening()
    {
        await using var runner = await OpenAsync();
        var ended = await runner.EndAsync((await runner.StartAsync(new() { Symbols = ["SP500"], Strategy = "BuyAndHold" }, Token)).BacktestId);
        var left = Path.Combine(_home.Path, "sweeps", $"{ended.BacktestId}.work");
        File.WriteAllText(left, "work");
        File.WriteAllText(Path.Combine(_home.Path, "owners", $"{Guid.NewGuid():N}.lock"), "");

        await Waiting.UntilAsync(() => !File.Exists(left), "the work file to be removed");
    }

    [Theory]
    [InlineData("failed")]
    [InlineData("cancelled")]
    public async Task AWorkFileThatAnEarlierVersionLeftOfAnEndedRunIsRemovedAtTheOpening(string end)
    {
        await DieAsync([10], _ => File.WriteAllText(WorkFile, "work"));
        using (var store = OpenStore())
        {
            if (end == "failed") Assert.True(store.Fail(Id, "0", DateTimeOffset.UnixEpoch, "of something", () => { }));
            else store.Cancel(Id, DateTimeOffset.UnixEpoch, () => { });
        }

        await using var runner = await OpenAsync();

        Assert.False(File.Exists(WorkFile));
    }

    // Each owner begins the run, stores how far it comes, and is gone: what a process leaves that dies.
    private async Task DieAsync(double[] progress, Action<int> work)
    {
        await (await OpenAsync()).DisposeAsync();
        using var store = OpenStore();
        store.Add(
            new RunRecord { Id = Id, Status = BacktestStatus.Queued, Owner = "0", Fingerprints = [], AcceptedAt = DateTimeOffset.UnixEpoch, RequestJson = Request },
            ["SP500"], null);
        for (var death = 0; death < progress.Length; death++)
        {
            Assert.NotNull(store.Begin(Id, $"{death}", DateTimeOffset.UnixEpoch));
            store.SaveProgress(Id, $"{death}", progress[death], null);
            work(death);
            if (death + 1 < progress.Length)
                Assert.Single(store.TakeOver($"{death}", $"{death + 1}", _ => File.Exists(WorkFile) ? new FileInfo(WorkFile).Length : 0));
        }
    }

    private async Task<string> RunUndisturbedAsync()
    {
        await using var runner = await BacktestRunner.OpenAsync(new RunnerOptions { HomePath = _undisturbed.Path }, Token);
        var ended = await runner.EndAsync((await runner.StartAsync(new() { Symbols = ["SP500"], Strategy = "BuyAndHold" }, Token)).BacktestId);
        return SweepRunTests.Neutral((await runner.GetResultAsync(ended.BacktestId, Token)).Content.Span, ended);
    }

    private RunStore OpenStore() => new(Path.Combine(_home.Path, "runs.db"), TimeProvider.System);

    private Task<BacktestRunner> OpenAsync() => BacktestRunner.OpenAsync(new RunnerOptions { HomePath = _home.Path }, Token);
}
