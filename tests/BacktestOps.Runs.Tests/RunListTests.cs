using BacktestOps.Contracts;
using BacktestOps.Runs.Stores;
using BacktestOps.Runs.Tests.Support;
using Microsoft.Data.Sqlite;

namespace BacktestOps.Runs.Tests;

/// <summary>Pages and filters of the list.</summary>
public sealed class RunListTests : IDisposable
{
    private readonly TempFolder _home = new();
    private readonly GatedEngine _engine = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _engine.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task PagesHoldEveryRunOnceAlsoWhenRunsAreAcceptedMeanwhile()
    {
        await using var runner = await OpenAsync();
        var ids = new List<string>();
        for (var i = 0; i < 7; i++)
            ids.Add((await runner.StartAsync(Of("SP500"), Token)).BacktestId);
        var seen = new List<string>();
        for (string? after = null; ;)
        {
            var page = await runner.ListAsync(new BacktestQuery { Limit = 3, After = after }, Token);
            seen.AddRange(page.Select(run => run.BacktestId));
            if (page.Count < 3)
                break;
            after = page[^1].BacktestId;
            await runner.StartAsync(Of("SP500"), Token);
        }

        Assert.Equal(ids.AsEnumerable().Reverse(), seen);
    }

    [Fact]
    public async Task FiltersHoldTogether()
    {
        await using var runner = await OpenAsync();
        var symbols = (await runner.GetSymbolsAsync(Token)).Select(info => info.Symbol).ToArray();
        await runner.StartAsync(Of(symbols[0]), Token);
        var both = await runner.StartAsync(Of(symbols[0], symbols[1]), Token);
        var other = await runner.StartAsync(Of(symbols[1]) with { Strategy = "SmaCross" }, Token);
        await runner.CancelAsync(both.BacktestId, Token);

        Assert.Equal([other.BacktestId, both.BacktestId], await IdsAsync(new BacktestQuery { Symbol = symbols[1] }));
        Assert.Equal([other.BacktestId], await IdsAsync(new BacktestQuery { Symbol = symbols[1], Strategy = "SmaCross" }));
        Assert.Equal([both.BacktestId], await IdsAsync(new BacktestQuery { Symbol = symbols[1], Status = BacktestStatus.Cancelled }));
        Assert.Equal([both.BacktestId], await IdsAsync(new BacktestQuery { Symbol = symbols[1], After = other.BacktestId }));
        Assert.Empty(await IdsAsync(new BacktestQuery { Symbol = "NONE" }));
        var fault = await Assert.ThrowsAsync<InvalidRequestException>(() => IdsAsync(new BacktestQuery { After = "none" }));
        Assert.Equal("cursor", Assert.Single(fault.Faults).Field);

        async Task<IEnumerable<string>> IdsAsync(BacktestQuery query) => (await runner.ListAsync(query, Token)).Select(run => run.BacktestId);
    }

    [Fact]
    public async Task RunsOfOneStrategyAreToldApartByTheirParameters()
    {
        await using var runner = await OpenAsync();
        await runner.StartAsync(Of("SP500") with { Strategy = "SmaCross" }, Token);
        await runner.StartAsync(Of("SP500") with { Strategy = "SmaCross", Parameters = new Dictionary<string, double> { ["Slow"] = 50 } }, Token);
        await runner.StartAsync(Of("SP500") with { Strategy = "SmaCross", Sweep = new SweepRequest { Parameters = new Dictionary<string, IReadOnlyList<double>> { ["slow"] = [50, 60] } } }, Token);
        await runner.StartAsync(Of("SP500"), Token);

        var runs = await runner.ListAsync(new BacktestQuery(), Token);

        Assert.Equal(["", "fast 10", "fast 10, slow 50", "fast 10, slow 20"], runs.Select(run => string.Join(", ", run.Parameters.Select(one => $"{one.Key} {one.Value}"))));
    }

    [Fact]
    public async Task AParameterThatThisVersionCanNotReadHidesNothingElseOfARun()
    {
        await using var runner = await OpenAsync();
        await runner.StartAsync(Of("SP500") with { Strategy = "SmaCross" }, Token);
        using (var connection = new SqliteConnection($"Data Source={Path.Combine(_home.Path, "runs.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE runs SET request = json_set(request, '$.parameters.slow', 'adaptive')";
            command.ExecuteNonQuery();
        }

        await using var next = await OpenAsync();
        var run = Assert.Single(await next.ListAsync(new BacktestQuery(), Token));

        Assert.Equal(("SmaCross", "SP500", "fast"), (run.Strategy, string.Join(' ', run.Symbols), string.Join(' ', run.Parameters.Keys)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task ADatabaseOfAnEarlierVersionKeepsItsRunsAndFindsThemByTheirSymbols(int version)
    {
        string id;
        await using (var runner = await OpenAsync())
            id = (await runner.StartAsync(Of("SP500"), Token)).BacktestId;
        using (var connection = new SqliteConnection($"Data Source={Path.Combine(_home.Path, "runs.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            string[] steps =
            [
                """
                DROP TABLE run_symbols; DROP TABLE start_keys; DROP INDEX runs_by_strategy;
                ALTER TABLE runs DROP COLUMN strategy; ALTER TABLE runs DROP COLUMN deaths
                """,
                "ALTER TABLE runs DROP COLUMN strategy_fingerprint",
                """
                ALTER TABLE runs DROP COLUMN caller; ALTER TABLE runs DROP COLUMN cost;
                ALTER TABLE runs DROP COLUMN death_progress; ALTER TABLE runs DROP COLUMN death_work
                """,
            ];
            command.CommandText = $"{string.Join("; ", steps.Skip(version - 1).Reverse())}; PRAGMA user_version = {version}";
            command.ExecuteNonQuery();
        }

        await using var next = await OpenAsync();
        var query = new BacktestQuery { Symbol = "SP500", Strategy = "BuyAndHold" };
        Assert.Equal(id, Assert.Single(await next.ListAsync(query, Token)).BacktestId);
    }

    public static TheoryData<bool, bool, bool> Filters
    {
        get
        {
            var data = new TheoryData<bool, bool, bool>();
            for (var bits = 0; bits < 8; bits++) data.Add((bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task EachListWalksOneIndexAndSortsNothing(bool symbol, bool strategy, bool status)
    {
        await using (await OpenAsync())
        {
        }

        var list = RunListSql.Of(new BacktestQuery { Symbol = symbol ? "A" : null, Strategy = strategy ? "B" : null, Status = status ? BacktestStatus.Failed : null });
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_home.Path, "runs.db")};Pooling=False");
        connection.Open();
        foreach (var sql in (string[])[list.Page, list.WindowEnd])
        {
            using var command = connection.CreateCommand();
            command.CommandText = "EXPLAIN QUERY PLAN " + sql;
            foreach (var (name, value) in list.Parameters) command.Parameters.AddWithValue(name, value);
            foreach (var name in (string[])["$before", "$from", "$limit", "$window"])
                if (sql.Contains(name, StringComparison.Ordinal)) command.Parameters.AddWithValue(name, 1000);
            using var reader = command.ExecuteReader();
            var plan = new List<string>();
            while (reader.Read()) plan.Add(reader.GetString(3));

            Assert.All(plan, step => Assert.StartsWith("SEARCH ", step, StringComparison.Ordinal));
            Assert.Contains(symbol ? "run_symbols USING PRIMARY KEY (symbol=? AND seq" : strategy ? "runs_by_strategy (strategy=? AND seq" : status ? "runs_by_status (status=? AND seq" : "INTEGER PRIMARY KEY (rowid", plan[0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ARareRunIsFoundBehindMoreOthersThanOneLookReads()
    {
        await using (var runner = await OpenAsync())
        {
            await runner.StartAsync(Of("SP500") with { Strategy = "SmaCross" }, Token);
            await runner.StartAsync(Of("SP500"), Token);
        }

        using (var connection = new SqliteConnection($"Data Source={Path.Combine(_home.Path, "runs.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText =
                """
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3500)
                INSERT INTO runs (id, status, request, fingerprints, owner, accepted_at, error) SELECT 'made-' || i, 'failed', request, fingerprints, owner, accepted_at, 'x' FROM n, runs WHERE seq = 2;
                INSERT INTO run_symbols SELECT 'SP500', seq FROM runs WHERE id LIKE 'made-%'
                """;
            command.ExecuteNonQuery();
        }

        await using var next = await OpenAsync();
        var rare = Assert.Single(await next.ListAsync(new BacktestQuery { Symbol = "SP500", Strategy = "SmaCross" }, Token));
        Assert.Equal("SmaCross", rare.Strategy);
        var failed = new List<string>();
        await foreach (var run in next.ListAllAsync(new BacktestQuery { Symbol = "SP500", Status = BacktestStatus.Failed }, Token)) failed.Add(run.BacktestId);
        Assert.Equal(Enumerable.Range(1, 3500).Reverse().Select(i => $"made-{i}"), failed);
        var all = new List<string>();
        await foreach (var run in next.ListAllAsync(new BacktestQuery(), Token)) all.Add(run.BacktestId);
        Assert.Equal(3502, all.Distinct().Count());
    }

    private static BacktestRequest Of(params string[] symbols) => new() { Symbols = symbols, Strategy = "BuyAndHold" };

    private Task<BacktestRunner> OpenAsync() =>
        BacktestRunner.OpenAsync(new RunnerOptions { HomePath = _home.Path, Engine = _engine.Calls, MaxParallelRuns = 1 }, Token);
}
