using BacktestOps.Contracts;
using BacktestOps.Runs.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace BacktestOps.Runs.Tests;

/// <summary>A home that is damaged, locked, newer, or goes away while it is open.</summary>
public sealed class FaultyHomeTests : IDisposable
{
    private static readonly BacktestRequest Request = new() { Symbols = ["SP500"], Strategy = "BuyAndHold" };

    private readonly TempFolder _home = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task AHomeOfANewerVersionIsRefusedAndNotTouched()
    {
        await (await OpenAsync()).DisposeAsync();
        Sql("PRAGMA user_version = 999");
        var fault = await Assert.ThrowsAsync<BacktestUnavailableException>(() => OpenAsync());
        Assert.Contains("newer version of BacktestOps (schema 999; this one knows ", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Update BacktestOps", fault.RecommendedAction, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(_home.Path, "owners")));
    }

    [Fact]
    public async Task AnotherProgramsDatabaseIsRefused()
    {
        Sql("CREATE TABLE notes (text TEXT)");
        Assert.Contains("of another program", (await Assert.ThrowsAsync<BacktestUnavailableException>(() => OpenAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFileThatIsNoDatabaseIsNamedAsDamaged()
    {
        File.WriteAllText(Database, new string('x', 8192));
        Assert.Contains("is damaged", (await Assert.ThrowsAsync<BacktestUnavailableException>(() => OpenAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AHomeThatCanNotBeMadeIsNamed()
    {
        var file = _home.Write("file", "");
        var fault = await Assert.ThrowsAsync<BacktestUnavailableException>(
            () => BacktestRunner.OpenAsync(new RunnerOptions { HomePath = Path.Combine(file, "home") }, Token));
        Assert.Contains("can't be made or used", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HealthNamesThePartThatIsDown()
    {
        using var data = new TempFolder();
        var prices = data.Write("prices/A.csv", SomeBars.Csv(10));
        await using var runner = await OpenAsync(Path.GetDirectoryName(prices));
        var well = await runner.GetHealthAsync(Token);
        Assert.Equal(new RunnerHealth(new("connected", null), new("ready", null), new("writable", null), 0), well);

        Directory.Delete(Path.GetDirectoryName(prices)!, recursive: true);
        Directory.Delete(Path.Combine(_home.Path, "results"));
        using (var connection = Connect())
        {
            Execute(connection, "BEGIN EXCLUSIVE");
            var ill = await runner.GetHealthAsync(Token);
            Assert.Equal(("locked", "missing", "missing"), (ill.Database.Word, ill.MarketData.Word, ill.ResultStore.Word));
            Assert.All([ill.Database.Problem, ill.MarketData.Problem, ill.ResultStore.Problem], Assert.NotNull);
        }

        _home.Write("results", "a file where the folder was");
        Assert.Equal("missing", (await runner.GetHealthAsync(Token)).ResultStore.Word);
    }

    [Fact]
    public async Task HealthIsRightWhenManyAskAtOnce()
    {
        await using var runner = await OpenAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => runner.GetHealthAsync(Token)));
        Assert.All(answers, health => Assert.Null(health.Database.Problem ?? health.ResultStore.Problem ?? health.MarketData.Problem));
        Assert.Empty(Directory.GetFiles(Path.Combine(_home.Path, "results")));
    }

    [Fact]
    public async Task ADatabaseThatIsGoneAcceptsNothing()
    {
        await using var runner = await OpenAsync();
        foreach (var file in Directory.GetFiles(_home.Path, "runs.db*"))
            File.Delete(file);
        Assert.Equal("missing", (await runner.GetHealthAsync(Token)).Database.Word);
        await Assert.ThrowsAsync<BacktestUnavailableException>(() => runner.StartAsync(Request, Token));
    }

    [Fact]
    public async Task ARunWaitsWhileResultsCanNotBeWrittenAndEndsWhenTheyCan()
    {
        var clock = new FakeTimeProvider();
        using var engine = new GatedEngine();
        await using var runner = await BacktestRunner.OpenAsync(new RunnerOptions { HomePath = _home.Path, Clock = clock, Engine = engine.Calls }, Token);
        var results = Path.Combine(_home.Path, "results");
        Directory.Delete(results);
        File.WriteAllText(results, "a file where the folder was");
        engine.Open();

        var id = (await runner.StartAsync(Request, Token)).BacktestId;
        var waiting = await runner.WhenAsync(id, progress => progress.Activity?.StartsWith("waiting to be tried again", StringComparison.Ordinal) == true);
        Assert.Equal(BacktestStatus.Queued, waiting.Status);

        File.Delete(results);
        clock.Advance(TimeSpan.FromMinutes(1));
        var ended = await runner.EndAsync(id);
        Assert.Equal(BacktestStatus.Completed, ended.Status);
        Assert.True(ended.Progress == 100 && ended.Attempts >= 2);
        Assert.Equal(ended.ResultDigest, (await runner.GetResultAsync(id, Token)).Digest);
    }

    [Fact]
    public async Task AResultThatWasEditedIsNotGivenOut()
    {
        string id;
        await using (var runner = await OpenAsync())
            id = (await runner.EndAsync((await runner.StartAsync(Request, Token)).BacktestId)).BacktestId;
        var path = Path.Combine(_home.Path, "results", $"backtest-result-{id}.json");
        File.AppendAllText(path, " ");
        await using var next = await OpenAsync();
        Assert.Contains("is not what was published", (await Assert.ThrowsAsync<ResultLostException>(() => next.GetResultAsync(id, Token))).Message, StringComparison.Ordinal);
        File.Delete(path);
        Assert.Contains("is gone", (await Assert.ThrowsAsync<ResultLostException>(() => next.GetResultAsync(id, Token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AResultNamedButNotCommittedByADeadProcessIsPublishedOnceOrRemoved()
    {
        using var engine = new GatedEngine();
        string executed, cancelled;
        await using (var runner = await BacktestRunner.OpenAsync(new RunnerOptions { HomePath = _home.Path, MaxParallelRuns = 1, Engine = engine.Calls }, Token))
        {
            executed = (await runner.StartAsync(Request, Token)).BacktestId;
            cancelled = (await runner.StartAsync(Request, Token)).BacktestId;
        }

        var first = _home.Write($"results/backtest-result-{executed}.json", "half of a result");
        var second = _home.Write($"results/backtest-result-{cancelled}.json", "half of a result");
        await using var next = await BacktestRunner.OpenAsync(new RunnerOptions { HomePath = _home.Path, MaxParallelRuns = 1, Engine = engine.Calls }, Token);
        await next.CancelAsync(cancelled, Token);
        engine.Open();
        var ended = await next.EndAsync(executed);
        Assert.Equal(ended.ResultDigest, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(first, Token))));
        Assert.False(File.Exists(second));
    }

    private string Database => Path.Combine(_home.Path, "runs.db");

    private Task<BacktestRunner> OpenAsync(string? data = null) =>
        BacktestRunner.OpenAsync(new RunnerOptions { HomePath = _home.Path, DataPath = data }, Token);

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        return connection;
    }

    private void Sql(string sql)
    {
        using var connection = Connect();
        Execute(connection, sql);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
