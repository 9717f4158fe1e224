using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Sweeps;

namespace BacktestOps.Benchmarks.Engine;

/// <summary>Whole sweeps through the public API, rules in text, beside a plain loop.</summary>
internal static class SweepTable
{
    private const int Bars = 2148;
    // That of a run's pieces.
    private const int PieceSize = 512;
    private static readonly int[] s_fast = [.. Enumerable.Range(2, 49)];
    private static readonly int[] s_slow = [.. Enumerable.Range(51, 200)];
    private static readonly Target s_one = new(2000, IsLeast: true), s_two = new(3500, IsLeast: true);
    private static readonly Target s_costs = new(1200, IsLeast: true), s_other = new(1000, IsLeast: true);

    /// <summary>The table.</summary>
    public static BenchmarkTable Create() => new(
        "sweep",
        "millions of bar·variants a second, all included: rules read, averages made, figures of every variant; SmaCross is fast 2..50 × slow 51..250",
        cancellationToken => Task.Run<IReadOnlyList<BenchmarkRow>>(() => [.. Measure(cancellationToken)], cancellationToken));

    private static IEnumerable<BenchmarkRow> Measure(CancellationToken cancellationToken)
    {
        var (bars, name) = Samples.Real(Bars);
        var averages = Request("crossover(sma(close, $fast), sma(close, $slow))", "crossunder(sma(close, $fast), sma(close, $slow))");
        var ties = CheckAgainstPlainLoop(averages, bars);

        yield return Row($"plain loop in C#, close to close, 1 thread, {name} ({ties} variants decided by a tie's rounding)", 9800, Bars, () => PlainSweep.Run(bars, s_fast, s_slow));
        foreach (var (what, request, target, target2) in Cases(averages))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return Row($"{what}, 1 thread", 9800, Bars, () => Run(request, bars, 1), target);
            if (target2 is not null) yield return Row($"{what}, 2 threads", 9800, Bars, () => Run(request, bars, 2), target2);
        }
    }

    private static IEnumerable<(string What, BacktestRequest Request, Target Target, Target? Two)> Cases(BacktestRequest averages)
    {
        yield return ("SmaCross, close to close", averages, s_one, s_two);
        yield return ("SmaCross, next open, 10 basis points", averages with { Fill = FillTiming.NextOpen, Commission = new() { Rate = 0.001 } }, s_costs, new(2100, true));
        yield return ("SmaCross, stop loss, target and trailing stop, next open", WithStops(averages), new(200, true), null);
        yield return ("SmaCross, whole shares, minimum commission, next open", averages with { Fill = FillTiming.NextOpen, FractionalShares = false, Commission = new() { Rate = 0.001, Minimum = 1 } }, new(200, true), null);
        yield return ("ema crosses ema, close to close", Request("crossover(ema(close, $fast), ema(close, $slow))", "crossunder(ema(close, $fast), ema(close, $slow))"), s_other, null);
        yield return ("wma above ema, close to close", Request("wma(close, $fast) > ema(close, $slow)", "wma(close, $fast) < ema(close, $slow)"), s_other, null);
        yield return ("breakout of the highest high, out below the lowest low, close to close", Request("close > highest(high, $slow)[1]", "close < lowest(low, $fast)[1]"), s_other, null);
        yield return ("rsi below 30 above the average, out above 70, close to close", Request("rsi(close, $fast) < 30 and close > sma(close, $slow)", "rsi(close, $fast) > 70"), s_other, null);
    }

    private static BacktestRequest WithStops(BacktestRequest request) => request with
    {
        Fill = FillTiming.NextOpen, Rules = request.Rules! with { Stops = new() { StopLoss = "0.05", TakeProfit = "0.2", TrailingStop = "0.1" } },
    };

    private static BacktestRequest Request(string entry, string exit) => new()
    {
        Symbols = ["AAA"],
        Rules = new StrategyDefinition { Entry = entry, Exit = exit },
        FractionalShares = true,
        Fill = FillTiming.Close,
        Sweep = new SweepRequest
        {
            Parameters = new Dictionary<string, IReadOnlyList<double>>
            {
                ["fast"] = [.. s_fast.Select(window => (double)window)],
                ["slow"] = [.. s_slow.Select(window => (double)window)],
            },
            Constraints = ["fast < slow"],
        },
    };

    private static VariantFigures[] Run(BacktestRequest request, BarSeries bars, int threads)
    {
        var sweep = Sweep.Prepare(request, [bars]);
        var cells = new long[sweep.Variants];
        sweep.OpenCursor().Read(cells);
        var figures = new VariantFigures[cells.Length];
        if (threads == 1) sweep.CreateWorker().Run(cells, figures);
        else RunPieces(sweep, cells, figures, threads);
        return figures;
    }

    // As a run does it: each thread takes the next piece when it has done one, so that none waits for a slower one's half.
    private static void RunPieces(Sweep sweep, long[] cells, VariantFigures[] figures, int threads)
    {
        var next = 0;
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ =>
        {
            var worker = sweep.CreateWorker();
            for (int first; (first = Interlocked.Add(ref next, PieceSize) - PieceSize) < cells.Length;)
            {
                var piece = first..Math.Min(first + PieceSize, cells.Length);
                worker.Run(cells.AsSpan()[piece], figures.AsSpan()[piece]);
            }
        });
    }

    private static BenchmarkRow Row(string name, long variants, int bars, Action action, Target? target = null)
    {
        var times = Stopper.Times(action, 101);
        return new(name, "Mbar·var/s", Figures.Of([.. times.Select(time => variants * bars / time)]), target);
    }

    // A yardstick that measures something else is none. Where two averages tie, rounding decides in the loop, so a few may differ.
    private static int CheckAgainstPlainLoop(BacktestRequest request, BarSeries bars)
    {
        var ours = Run(request, bars, 1);
        var plain = PlainSweep.Run(bars, s_fast, s_slow);
        static bool Near(double a, double b) => (double.IsNaN(a) && double.IsNaN(b)) || Math.Abs(a - b) <= 1e-9 * Math.Max(1, Math.Abs(b));
        var others = ours.Zip(plain).Count(pair => !(Near(pair.First.TotalReturn, pair.Second.Return)
            && Near(pair.First.SharpeRatio, pair.Second.Sharpe) && Near(pair.First.MaxDrawdown, pair.Second.Drawdown)));
        return others <= plain.Length / 50
            ? others
            : throw new InvalidOperationException($"The plain loop gives other figures than the sweep for {others} of {plain.Length} variants.");
    }
}
