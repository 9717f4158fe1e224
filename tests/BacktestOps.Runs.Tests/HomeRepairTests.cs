using BacktestOps.Contracts;
using BacktestOps.Runs.Repair;
using BacktestOps.Runs.Tests.Support;

namespace BacktestOps.Runs.Tests;

/// <summary>A home whose database and results don't tell the same story says so, and can be put right by its results.</summary>
public sealed class HomeRepairTests : IDisposable
{
    private static readonly BacktestRequest Request = new() { Symbols = ["SP500"], Strategy = "SmaCross" };

    private readonly TempFolder _home = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Database => Path.Combine(_home.Path, "runs.db");

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("removed")]
    [InlineData("emptied")]
    [InlineData("damaged")]
    public async Task ADatabaseThatIsRebuiltGivesTheSameRunsAndBytes(string how)
    {
        var before = await MakeAsync(3);
        switch (how)
        {
            case "removed":
                foreach (var file in Directory.GetFiles(_home.Path, "runs.db*")) File.Delete(file);
                break;
            case "emptied":
                File.WriteAllBytes(Database, []);
                break;
            default:
                File.WriteAllText(Database, new string('x', 8192));
                break;
        }

        if (how != "damaged")
        {
            await using var unaware = await OpenAsync();
            var ill = await unaware.GetHealthAsync(Token);
            Assert.Equal("incomplete", ill.Database.Word);
            Assert.Contains("3 of the results", ill.Database.Problem, StringComparison.Ordinal);
            Assert.Contains("Repair-BacktestHome", ill.Database.Problem, StringComparison.Ordinal);
        }

        var repair = HomeRepair.Open(_home.Path);
        Assert.Equal(how == "damaged", repair.Damage is not null);
        var items = repair.Look().ToList();
        Assert.Equal([HomeFinding.Unknown, HomeFinding.Unknown, HomeFinding.Unknown], items.Select(item => item.Finding));
        Assert.All(items, item => Assert.True(repair.Repair(item).IsRepaired));

        Assert.All(HomeRepair.Open(_home.Path).Look(), item => Assert.Equal(HomeFinding.Sound, item.Finding));
        await using var runner = await OpenAsync();
        Assert.Equal("connected", (await runner.GetHealthAsync(Token)).Database.Word);
        var after = await runner.ListAsync(new BacktestQuery { Symbol = "SP500", Strategy = "SmaCross" }, Token);
        Assert.Equal(before.Select(run => (run.BacktestId, run.Status, run.EndedAt, run.ResultDigest, run.Progress)), after.Select(run => (run.BacktestId, run.Status, run.EndedAt, run.ResultDigest, run.Progress)).Reverse());
        foreach (var run in before) Assert.Equal(run.ResultDigest, (await runner.GetResultAsync(run.BacktestId, Token)).Digest);
        if (how == "damaged") Assert.Single(Directory.GetFiles(_home.Path, "runs.db.damaged-*"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AResultThatIsLostIsNamedByHealthAndItsRunIsMarkedAsFailedByARepair(bool isGone)
    {
        var runs = await MakeAsync(2);
        var path = Path.Combine(_home.Path, "results", runs[0].ResultsFile!);
        if (isGone) File.Delete(path);
        else File.AppendAllText(path, " ");

        await using (var runner = await OpenAsync())
        {
            var ill = await runner.GetHealthAsync(Token);
            Assert.Equal("incomplete", ill.ResultStore.Word);
            Assert.Contains(runs[0].BacktestId, ill.ResultStore.Problem, StringComparison.Ordinal);
            Assert.Null(ill.Database.Problem);
            await Assert.ThrowsAsync<ResultLostException>(() => runner.GetResultAsync(runs[0].BacktestId, Token));
            Assert.Contains("open", Assert.Throws<BacktestUnavailableException>(() => HomeRepair.Open(_home.Path)).Message, StringComparison.Ordinal);
        }

        var repair = HomeRepair.Open(_home.Path);
        var lost = Assert.Single(repair.Look(), item => item.Finding == HomeFinding.Lost);
        Assert.Equal(runs[0].BacktestId, lost.BacktestId);
        repair.Repair(lost);

        await using var next = await OpenAsync();
        Assert.Equal("writable", (await next.GetHealthAsync(Token)).ResultStore.Word);
        var failed = await next.GetProgressAsync(runs[0].BacktestId, Token);
        Assert.Equal(BacktestStatus.Failed, failed.Status);
        Assert.Contains("The result was lost", failed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFileThatIsNoResultIsLeftAlone()
    {
        await MakeAsync(1);
        var stranger = Path.Combine(_home.Path, "results", "backtest-result-20200101-000000-00000000.json");
        File.WriteAllText(stranger, "{}");

        var repair = HomeRepair.Open(_home.Path);
        var item = Assert.Single(repair.Look(), item => item.Finding == HomeFinding.Unusable);

        Assert.False(repair.Repair(item).IsRepaired);
        Assert.Equal("{}", File.ReadAllText(stranger));
    }

    [Fact]
    public void AHomeThatIsNoneIsRefusedAndNotMade()
    {
        var none = Path.Combine(_home.Path, "none");
        Assert.Throws<BacktestUnavailableException>(() => HomeRepair.Open(none));
        Assert.False(Directory.Exists(none));
    }

    [Fact]
    public async Task AFolderOfSweepsThatIsRemovedIsMadeAgainAndTheSweepEnds()
    {
        await using var runner = await OpenAsync();
        Directory.Delete(Path.Combine(_home.Path, "sweeps"));

        var sweep = Request with { Sweep = new SweepRequest { Parameters = new Dictionary<string, IReadOnlyList<double>> { ["fast"] = [5, 10] } } };
        var ended = await runner.EndAsync((await runner.StartAsync(sweep, Token)).BacktestId);

        Assert.True(ended.Status == BacktestStatus.Completed, ended.ToString());
        Assert.Equal("writable", (await runner.GetHealthAsync(Token)).ResultStore.Word);
    }

    [Fact]
    public async Task WhatAHomeHoldsIsItsOwnersAlone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes; a user's application data is the user's there.");
        File.SetUnixFileMode(_home.Path, (UnixFileMode)Convert.ToInt32("755", 8));
        await MakeAsync(1);
        await using var runner = await OpenAsync();
        await runner.EndAsync((await runner.StartAsync(Request with { Sweep = new SweepRequest { Parameters = new Dictionary<string, IReadOnlyList<double>> { ["fast"] = [5, 10] } } }, Token)).BacktestId);

        Assert.All(
            Directory.EnumerateFileSystemEntries(_home.Path, "*", SearchOption.AllDirectories).Append(_home.Path),
            path => Assert.True((File.GetUnixFileMode(path) & (UnixFileMode)Convert.ToInt32("077", 8)) == 0, $"{path}: {File.GetUnixFileMode(path)}"));
        Assert.True(Directory.GetFiles(_home.Path, "runs.db*").Length >= 2);
    }

    private async Task<List<BacktestProgress>> MakeAsync(int runs)
    {
        await using var runner = await OpenAsync();
        var made = new List<BacktestProgress>();
        for (var i = 0; i < runs; i++) made.Add(await runner.EndAsync((await runner.StartAsync(Request with { InitialCash = 1000 + i }, Token)).BacktestId));
        return made;
    }

    private Task<BacktestRunner> OpenAsync() => BacktestRunner.OpenAsync(new RunnerOptions { HomePath = _home.Path, MaxParallelRuns = 1 }, Token);
}
