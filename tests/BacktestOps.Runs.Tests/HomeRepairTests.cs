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
    public async Task ADatabaseOfABackupWorksAndItsLackIsNamed()
    {
        await MakeAsync(1);
        var backup = Path.Combine(_home.Path, "backup.db");
        File.Copy(Database, backup);
        var late = await MakeAsync(1);
        foreach (var file in Directory.GetFiles(_home.Path, "runs.db*")) File.Delete(file);
        File.Move(backup, Database);

        await using var runner = await OpenAsync();
        var health = await runner.GetHealthAsync(Token);

        Assert.Equal(("connected", false), (health.Database.Word, health.Database.IsDown));
        Assert.Contains(late[0].BacktestId, health.Database.Problem, StringComparison.Ordinal);
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
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(_home.Path, (UnixFileMode)Convert.ToInt32("755", 8));
        await MakeAsync(1);
        await using var runner = await OpenAsync();
        await runner.EndAsync((await runner.StartAsync(Request with { Sweep = new SweepRequest { Parameters = new Dictionary<string, IReadOnlyList<double>> { ["fast"] = [5, 10] } } }, Token)).BacktestId);

        Assert.All(
            Directory.EnumerateFileSystemEntries(_home.Path, "*", SearchOption.AllDirectories).Append(_home.Path),
            path => Assert.True(OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & (UnixFileMode)Convert.ToInt32("077", 8)) == 0, path));
        Assert.True(Directory.GetFiles(_home.Path, "runs.db*").Length >= 2);
    }

    [Fact]
    public async Task ASecondDamageIsRepairedToo()
    {
        await MakeAsync(2);
        for (var i = 0; i < 2; i++)
        {
            foreach (var f in new[] { "-wal", "-shm" }) File.Delete(Database + f);
            File.WriteAllText(Database, new string('x', 8192));
            var repair = HomeRepair.Open(_home.Path);
            foreach (var item in repair.Look().ToList()) Assert.True(repair.Repair(item).IsRepaired);
        }
    }

    [Fact]
    public async Task RestoredRunsAreListedAsOlderThanThoseAcceptedSince()
    {
        var old = await MakeAsync(2);
        foreach (var file in Directory.GetFiles(_home.Path, "runs.db*")) File.Delete(file);
        // The next run is of a later second, so that its id tells that it is younger.
        await Waiting.UntilAsync(
            () => string.CompareOrdinal(DateTimeOffset.UtcNow.ToString("yyyyMMdd-HHmmss", System.Globalization.CultureInfo.InvariantCulture), old[^1].BacktestId[..15]) > 0, "the next second");
        var newer = await MakeAsync(1);
        var repair = HomeRepair.Open(_home.Path);
        foreach (var item in repair.Look().ToList()) repair.Repair(item);
        await using var runner = await OpenAsync();
        var list = await runner.ListAsync(new BacktestQuery(), Token);
        Assert.Equal([newer[0].BacktestId, old[1].BacktestId, old[0].BacktestId], list.Select(r => r.BacktestId));
    }

    [Fact]
    public async Task GoneAndAlteredAreBothNamed()
    {
        var runs = await MakeAsync(2);
        File.Delete(Path.Combine(_home.Path, "results", runs[0].ResultsFile!));
        File.AppendAllText(Path.Combine(_home.Path, "results", runs[1].ResultsFile!), " ");
        await using var runner = await OpenAsync();
        var ill = await runner.GetHealthAsync(Token);
        Assert.Contains(runs[0].BacktestId, ill.ResultStore.Problem, StringComparison.Ordinal);
        Assert.Contains(runs[1].BacktestId, ill.ResultStore.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALargeAlteredResultIsNamed()
    {
        var runs = await MakeAsync(1);
        File.AppendAllText(Path.Combine(_home.Path, "results", runs[0].ResultsFile!), new string(' ', 33 << 20));
        await using var runner = await OpenAsync();
        Assert.Contains(runs[0].BacktestId, (await runner.GetHealthAsync(Token)).ResultStore.Problem ?? "healthy", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task VariantsThatAreGoneOrAlteredAreNamedAndNotServed(bool gone)
    {
        BacktestProgress ended;
        await using (var runner = await OpenAsync())
            ended = await runner.EndAsync((await runner.StartAsync(Request with { Sweep = new SweepRequest { Parameters = new Dictionary<string, IReadOnlyList<double>> { ["fast"] = [5, 10] } } }, Token)).BacktestId);
        var path = Path.Combine(_home.Path, "results", $"backtest-sweep-{ended.BacktestId}.csv");
        var text = File.ReadAllText(path);
        if (gone) File.Delete(path);
        else
        {
            var at = text.LastIndexOf('5');
            File.WriteAllText(path, text[..at] + "6" + text[(at + 1)..]);
        }
        await using var next = await OpenAsync();
        var problem = (await next.GetHealthAsync(Token)).ResultStore.Problem ?? "healthy";
        var served = "refused";
        try
        {
            using var variants = await next.OpenVariantsAsync(ended.BacktestId, Token);
            using var reader = new StreamReader(variants.Content);
            served = await reader.ReadToEndAsync(Token) == text ? "right" : "altered bytes served without a word";
        }
        catch (ResultLostException fault) { served = "refused: " + fault.Message; }
        await next.DisposeAsync();
        Assert.StartsWith("refused: ", served, StringComparison.Ordinal);
        Assert.Equal(gone, problem.Contains(ended.BacktestId, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ARemovedFolderOfOwnersIsNamed()
    {
        await using var runner = await OpenAsync();
        Directory.Delete(Path.Combine(_home.Path, "owners"), true);
        var health = await runner.GetHealthAsync(Token);
        Assert.Equal("failed", health.ResultStore.Word);
        Assert.Contains("owners", health.ResultStore.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASharedStickyFolderKeepsItsMode()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");
        if (OperatingSystem.IsWindows()) return;
        var shared = Path.Combine(_home.Path, "shared");
        Directory.CreateDirectory(shared);
        File.SetUnixFileMode(shared, (UnixFileMode)Convert.ToInt32("1777", 8));
        await using (await BacktestRunner.OpenAsync(new RunnerOptions { HomePath = shared, MaxParallelRuns = 1 }, Token)) { }
        Assert.Equal("1777", Convert.ToString((int)File.GetUnixFileMode(shared), 8));
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
