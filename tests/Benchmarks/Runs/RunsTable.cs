using System.Globalization;
using System.Text;
using BacktestOps.Contracts;
using BacktestOps.Runs;
using BacktestOps.Runs.MarketData;

namespace BacktestOps.Benchmarks.Runs;

/// <summary>What loading, accepting and reading cost in process, without HTTP.</summary>
internal static class RunsTable
{
    private const int Bars = 5000;

    private static readonly BacktestRequest s_request = new() { Symbols = ["SP500"], Strategy = "SmaCross" };

    /// <summary>The table.</summary>
    public static BenchmarkTable Create() => new("runs", "loading prices, and the life of a run in process", MeasureAsync);

    private static async Task<IReadOnlyList<BenchmarkRow>> MeasureAsync(CancellationToken cancellationToken)
    {
        var home = Directory.CreateTempSubdirectory("backtestops-benchmark-");
        try
        {
            var csv = Csv();
            var path = Path.Combine(home.FullName, "A.csv");
            await File.WriteAllBytesAsync(path, csv, cancellationToken);
            await using var runner = await BacktestRunner.OpenAsync(new RunnerOptions { HomePath = Path.Combine(home.FullName, "home") }, cancellationToken);
            var done = await FinishAsync(runner, cancellationToken);
            return
            [
                new($"read {Bars:N0} CSV bars from a file, check and hash them", "µs",
                    Stopper.Microseconds(() => CsvBarReader.Read(File.ReadAllBytes(path), "A", "A", "A.csv")), new Target(10_000)),
                new("accept a run durably (one fsync), one caller", "µs",
                    Stopper.Microseconds(() => Wait(runner.StartAsync(s_request, cancellationToken)), samples: 201), new Target(2_000)),
                new("progress of a run that ended", "µs", Stopper.Microseconds(() => Wait(runner.GetProgressAsync(done, cancellationToken))), new Target(20)),
                new("result of a run, digest checked at the first read", "µs", Stopper.Microseconds(() => Wait(runner.GetResultAsync(done, cancellationToken))), new Target(20)),
                new("list of the newest 100 runs", "µs", Stopper.Microseconds(() => Wait(runner.ListAsync(new BacktestQuery(), cancellationToken)))),
            ];
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static async Task<string> FinishAsync(BacktestRunner runner, CancellationToken cancellationToken)
    {
        var id = (await runner.StartAsync(s_request, cancellationToken)).BacktestId;
        while (!(await runner.GetProgressAsync(id, cancellationToken)).Status.IsTerminal())
            await Task.Delay(1, cancellationToken);
        return id;
    }

    private static byte[] Csv()
    {
        var text = new StringBuilder("date,open,high,low,close,adj_close,volume\n");
        for (var i = 0; i < Bars; i++)
        {
            var close = 100 + 20 * Math.Sin(i / 15.0) + i * 0.01;
            text.Append(CultureInfo.InvariantCulture,
                $"{new DateTime(2000, 1, 1).AddDays(i):yyyy-MM-dd},{close - 0.5:0.0000},{close + 1:0.0000},{close - 1:0.0000},{close:0.0000},{close / 2:0.000000},{1000 + i}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
