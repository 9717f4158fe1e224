using System.Diagnostics;
using BacktestOps.Client;
using BacktestOps.Contracts;
using BacktestOps.Runs;
using BacktestOps.Service;

namespace BacktestOps.Benchmarks.Service;

/// <summary>A short run over HTTP, alone and beside a full queue of sweeps, in one process and one after the other.</summary>
/// <remarks>What is timed is what a user waits for: from the start to the result's first read. The ratio is what counts; both sides share the machine.</remarks>
internal static class FairnessTable
{
    private const int Sweeps = 50, WarmUps = 40, Samples = 200;

    private static readonly BacktestRequest s_short = new() { Symbols = ["SP500"], Strategy = "SmaCross" };

    // About ten million variants: none of the sweeps ends while the table is measured.
    private static readonly BacktestRequest s_sweep = new()
    {
        Symbols = ["SP500"],
        Strategy = "SmaCross",
        Commission = new CommissionTerms { Rate = 0.001, Minimum = 1 },
        Sweep = new SweepRequest
        {
            Parameters = new Dictionary<string, IReadOnlyList<double>>
            {
                ["fast"] = [.. Enumerable.Range(2, 1500).Select(n => (double)n)],
                ["slow"] = [.. Enumerable.Range(1502, 500).Select(n => (double)n)],
            },
        },
    };

    /// <summary>The table.</summary>
    public static BenchmarkTable Create() => new("fairness", $"a short run over HTTP, alone and beside {Sweeps} queued sweeps", MeasureAsync);

    private static async Task<IReadOnlyList<BenchmarkRow>> MeasureAsync(CancellationToken cancellationToken)
    {
        var rows = new List<BenchmarkRow>();
        foreach (var workers in new[] { 1, Math.Max(2, Environment.ProcessorCount) })
            rows.AddRange(await MeasureAsync(workers, cancellationToken));
        return rows;
    }

    private static async Task<IReadOnlyList<BenchmarkRow>> MeasureAsync(int workers, CancellationToken cancellationToken)
    {
        var home = Directory.CreateTempSubdirectory("backtestops-benchmark-").FullName;
        try
        {
            await using var host = ServiceHost.Build(
                ServiceOptions.Parse(["--urls", "http://127.0.0.1:0"]),
                async token =>
                {
                    var runner = await BacktestRunner.OpenAsync(new RunnerOptions { HomePath = home, MaxParallelRuns = workers }, token);
                    return new ServiceBackend(runner, runner.GetHealthAsync, runner.CountAsync);
                },
                TimeProvider.System, logging => { });
            await host.StartAsync(cancellationToken);
            await using var client = new BacktestClient(host.Addresses[0]);
            await TimeAsync(client, WarmUps, cancellationToken);
            var idle = await TimeAsync(client, Samples, cancellationToken);
            var first = (await client.StartAsync(s_sweep, cancellationToken)).BacktestId;
            for (var i = 1; i < Sweeps; i++) await client.StartAsync(s_sweep, cancellationToken);
            while ((await client.GetProgressAsync(first, cancellationToken)).Sweep is not { Done: > 0 }) await Task.Delay(10, cancellationToken);
            var beside = await TimeAsync(client, Samples, cancellationToken);
            var left = await client.ListAsync(new BacktestQuery { Status = BacktestStatus.Queued }, cancellationToken);
            if (left.Count == 0) throw new InvalidOperationException("The queue of sweeps ran empty, so nothing was measured beside it.");
            var (alone, busy) = (Figures.Of(idle), Figures.Of(beside));
            return
            [
                new($"alone, {workers} workers", "ms", alone),
                new($"beside {Sweeps} sweeps, {workers} workers", "ms", busy),
                new($"p95 beside them / p95 alone, {workers} workers", "×", Figures.Of([busy.P95 / alone.P95]), new Target(5)),
            ];
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    private static async Task<double[]> TimeAsync(BacktestClient client, int samples, CancellationToken cancellationToken)
    {
        var times = new double[samples];
        for (var i = 0; i < samples; i++)
        {
            var begin = Stopwatch.GetTimestamp();
            var run = await client.StartAsync(s_short, cancellationToken);
            while (!run.Status.IsTerminal()) run = await client.GetProgressAsync(run.BacktestId, cancellationToken);
            await client.GetResultAsync(run.BacktestId, cancellationToken);
            times[i] = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
        }

        return times;
    }
}
