using System.Globalization;
using BacktestOps.Contracts;
using BacktestOps.Runs;
using BacktestOps.Runs.Stores;
using Microsoft.Data.Sqlite;

namespace BacktestOps.Benchmarks.Runs;

/// <summary>Whether reads slow down as runs pile up: the same calls on a home of 100 runs and on one of 100,000, turn by turn.</summary>
internal static class StoredRunsTable
{
    private const int Few = 100, Many = 100_000, Turns = 3;

    private static readonly BacktestRequest s_request = new() { Symbols = ["SP500"], Strategy = "BuyAndHold" };

    /// <summary>The table.</summary>
    public static BenchmarkTable Create() => new("stored", $"reads in process with {Many:N0} stored runs, against {Few}", MeasureAsync);

    private static async Task<IReadOnlyList<BenchmarkRow>> MeasureAsync(CancellationToken cancellationToken)
    {
        var home = Directory.CreateTempSubdirectory("backtestops-benchmark-").FullName;
        try
        {
            await using var few = await OpenAsync(Path.Combine(home, "few"), Few, cancellationToken);
            await using var many = await OpenAsync(Path.Combine(home, "many"), Many, cancellationToken);
            using var fewRows = new RunStore(Path.Combine(home, "few", "runs.db"), TimeProvider.System);
            using var manyRows = new RunStore(Path.Combine(home, "many", "runs.db"), TimeProvider.System);
            var (a, b) = (await FinishAsync(few, cancellationToken), await FinishAsync(many, cancellationToken));
            var next = 0;
            return
            [
                Compare("list of 100 runs", () => Wait(few.ListAsync(new BacktestQuery(), default)), () => Wait(many.ListAsync(new BacktestQuery(), default))),
                Compare("a page in the middle", () => Page(few, Few / 2), () => Page(many, Many / 2)),
                Compare("progress of one of the last hundred", Often(() => Progress(few, next++ % Few)), Often(() => Progress(many, Many - 1 - next++ % Few))),
                Compare("a run looked up in the database", () => fewRows.Find(Id(next++ % Few)), () => manyRows.Find(Id((int)(next++ * 7919L % Many)))),
                Compare("result", Often(() => Wait(few.GetResultAsync(a, default))), Often(() => Wait(many.GetResultAsync(b, default)))),
            ];
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    private static BenchmarkRow Compare(string name, Action few, Action many)
    {
        var ratios = new double[Turns];
        for (var turn = 0; turn < Turns; turn++)
        {
            var base1 = Stopper.Microseconds(few, 301).Median;
            ratios[turn] = Stopper.Microseconds(many, 301).Median / base1;
        }

        return new(name, "×", Figures.Of(ratios), new Target(1.5));
    }

    // What memory answers takes less than the clock can tell.
    private static Action Often(Action read) => () =>
    {
        for (var i = 0; i < 1000; i++)
            read();
    };

    private static IReadOnlyList<BacktestProgress> Page(BacktestRunner runner, int after) =>
        Wait(runner.ListAsync(new BacktestQuery { Limit = 20, After = Id(after) }, default));

    private static BacktestProgress Progress(BacktestRunner runner, int number) => Wait(runner.GetProgressAsync(Id(number), default));

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"stored-{number}");

    private static async Task<BacktestRunner> OpenAsync(string home, int runs, CancellationToken cancellationToken)
    {
        await (await BacktestRunner.OpenAsync(new RunnerOptions { HomePath = home }, cancellationToken)).DisposeAsync();
        using (var connection = new SqliteConnection($"Data Source={Path.Combine(home, "runs.db")};Pooling=False"))
        {
            await connection.OpenAsync(cancellationToken);
            using var command = connection.CreateCommand();
            command.CommandText = """
                WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $runs)
                INSERT INTO runs (id, status, progress, request, fingerprints, owner, accepted_at, started_at, ended_at, result_digest, attempts)
                SELECT 'stored-' || i, 'completed', 100, '{"symbols":["SP500"],"strategy":"BuyAndHold"}', '', 'x', i, i, i, hex(randomblob(32)), 1 FROM n;
                INSERT INTO run_symbols SELECT 'SP500', seq FROM runs;
                """;
            command.Parameters.AddWithValue("$runs", runs);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        return await BacktestRunner.OpenAsync(new RunnerOptions { HomePath = home }, cancellationToken);
    }

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static async Task<string> FinishAsync(BacktestRunner runner, CancellationToken cancellationToken)
    {
        var id = (await runner.StartAsync(s_request, cancellationToken)).BacktestId;
        while (!(await runner.GetProgressAsync(id, cancellationToken)).Status.IsTerminal())
            await Task.Delay(1, cancellationToken);
        return id;
    }
}
