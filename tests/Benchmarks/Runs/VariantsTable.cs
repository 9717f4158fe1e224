using System.Diagnostics;
using System.Globalization;
using BacktestOps.Contracts;
using BacktestOps.Runs;

namespace BacktestOps.Benchmarks.Runs;

/// <summary>Whether a sweep's time is linear in its variants and its memory constant: a quarter of them and all, from the same range.</summary>
/// <remarks>Through the public API of runs, from the start of the sweep to its result, with its file of variants.</remarks>
internal static class VariantsTable
{
    /// <summary>The variable that says how many variants; a multiple of 2,000.</summary>
    public const string CountVariable = "BENCHMARK_VARIANTS";

    private const int Fast = 500, Turns = 3, Default = 100_000, Megabyte = 1 << 20;

    /// <summary>The table.</summary>
    public static BenchmarkTable Create() => new(
        "variants", $"one sweep of SmaCross over 5,000 bars of SP500 as a run; {CountVariable}=1000000 for the million", MeasureAsync);

    private static async Task<IReadOnlyList<BenchmarkRow>> MeasureAsync(CancellationToken cancellationToken)
    {
        var variants = int.TryParse(Environment.GetEnvironmentVariable(CountVariable), CultureInfo.InvariantCulture, out var given) ? given : Default;
        if (variants is < 4 * Fast or > 1_500_000 || variants % (4 * Fast) != 0)
            throw new InvalidOperationException($"{CountVariable} is {variants}; a multiple of {4 * Fast} up to 1,500,000 is needed.");
        var home = Directory.CreateTempSubdirectory("backtestops-benchmark-");
        try
        {
            await using var runner = await BacktestRunner.OpenAsync(new RunnerOptions { HomePath = home.FullName }, cancellationToken);
            // Once to warm up. Then turn by turn: the file of a million variants is some 190 MB, and disks have their moods.
            await RunAsync(runner, variants, variants / 4, cancellationToken);
            var (quarter, whole) = (new double[Turns], new double[Turns]);
            var memory = 0.0;
            for (var turn = 0; turn < Turns; turn++)
            {
                quarter[turn] = await RunAsync(runner, variants, variants / 4, cancellationToken);
                if (turn == 0) memory = PeakMegabytes();
                whole[turn] = await RunAsync(runner, variants, variants, cancellationToken);
            }

            return
            [
                new($"a quarter: {variants / 4:N0} variants", "µs/variant", Figures.Of(quarter)),
                new($"all: {variants:N0} variants", "µs/variant", Figures.Of(whole)),
                new("all against a quarter, a variant", "×", Figures.Of([.. whole.Zip(quarter, (all, part) => all / part)]), new Target(1.25)),
                new("largest memory of the process after a quarter", "MB", Figures.Of([memory])),
                new("largest memory of the process after all", "MB", Figures.Of([PeakMegabytes()]), new Target(500)),
            ];
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    // A quarter takes every fourth of the slow windows, so that its variants trade as often as those of the whole.
    private static async Task<double> RunAsync(BacktestRunner runner, int all, int variants, CancellationToken cancellationToken)
    {
        var request = new BacktestRequest
        {
            Symbols = ["SP500"],
            Strategy = "SmaCross",
            FractionalShares = true,
            Sweep = new SweepRequest
            {
                Parameters = new Dictionary<string, IReadOnlyList<double>>
                {
                    ["fast"] = [.. Enumerable.Range(2, Fast).Select(window => (double)window)],
                    ["slow"] = [.. Enumerable.Range(0, variants / Fast).Select(i => 2.0 + Fast + i * (all / variants))],
                },
            },
        };
        var start = Stopwatch.GetTimestamp();
        var id = (await runner.StartAsync(request, cancellationToken)).BacktestId;
        BacktestProgress progress;
        while (!(progress = await runner.GetProgressAsync(id, cancellationToken)).Status.IsTerminal()) await Task.Delay(5, cancellationToken);
        if (progress.Status != BacktestStatus.Completed) throw new InvalidOperationException($"The sweep ended as {progress.Status}.");
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / variants;
    }

    private static double PeakMegabytes()
    {
        using var process = Process.GetCurrentProcess();
        return (double)process.PeakWorkingSet64 / Megabyte;
    }
}
