using BacktestOps.Contracts;
using BacktestOps.Engine;
using BacktestOps.Engine.Bars;

namespace BacktestOps.Benchmarks.Engine;

/// <summary>Whole runs through the public API, beside a plain loop.</summary>
internal static class EngineTable
{
    private static readonly Target s_single = new(300);
    private static readonly Target s_many = new(20_000);

    /// <summary>The table.</summary>
    public static BenchmarkTable Create() => new(
        "engine",
        $"one run: figures, trades and equity curve; random walk in cents, seed {Samples.Seed}, 10 basis points, whole shares",
        cancellationToken => Task.Run<IReadOnlyList<BenchmarkRow>>(() => [.. Measure(cancellationToken)], cancellationToken));

    private static IEnumerable<BenchmarkRow> Measure(CancellationToken cancellationToken)
    {
        var bars = Samples.Walk("AAA", 5000);
        CheckAgainstPlainLoop(bars);
        var plain = Stopper.Microseconds(() => PlainLoop.Run(bars, 10, 20, 100_000, 0.001));
        yield return new("plain loop in C#, SmaCross 10/20, 5,000 bars", "µs", plain);
        cancellationToken.ThrowIfCancellationRequested();

        var request = Samples.SmaCross("AAA");
        yield return new("Backtester.Run, SmaCross 10/20, 5,000 bars", "µs", Time(request, [bars]), s_single);
        yield return new("the same, prices that are no decimals", "µs", Time(request, [Undecimal(bars)]), s_single);
        var hold = request with { Strategy = "BuyAndHold", Parameters = new Dictionary<string, double>() };
        yield return new("Backtester.Run, BuyAndHold, 5,000 bars", "µs", Time(hold, [bars]), s_single);
        var beside = request with { Benchmark = "AAA" };
        var compared = Stopper.Microseconds(() => Backtester.Run(beside, [bars], bars), 1001);
        yield return new("Backtester.Run, SmaCross 10/20 beside a benchmark, 5,000 bars", "µs", compared, s_single);
        cancellationToken.ThrowIfCancellationRequested();

        string[] symbols = [.. Enumerable.Range(0, 500).Select(i => $"S{i:000}")];
        var universe = symbols.Select(symbol => Samples.Walk(symbol, 2520)).ToArray();
        var many = Samples.SmaCross(symbols);
        yield return new("Backtester.Run, SmaCross 10/20, 500 symbols × 2,520 bars, cash of their own", "µs", Time(many, universe, 51));
        cancellationToken.ThrowIfCancellationRequested();
        yield return new("the same, shared cash", "µs", Time(many with { Cash = CashSharing.Shared }, universe, 51), s_many);
    }

    private static Figures Time(BacktestRequest request, BarSeries[] universe, int samples = 1001)
    {
        BacktestOutcome? last = null;
        var figures = Stopper.Microseconds(() => last = Backtester.Run(request, universe), samples);
        GC.KeepAlive(last);
        return figures;
    }

    // A yardstick that measures something else is none.
    private static void CheckAgainstPlainLoop(BarSeries bars)
    {
        var ours = Backtester.Run(Samples.SmaCross("AAA"), [bars]).Performance;
        var (final, sharpe, drawdown, trades) = PlainLoop.Run(bars, 10, 20, 100_000, 0.001);
        static bool Near(double a, double b) => Math.Abs(a - b) <= 1e-9 * Math.Max(1, Math.Abs(b));
        var same = Near(final, ours.FinalEquity) && Near(sharpe, ours.SharpeRatio ?? 0) && Near(drawdown, ours.MaxDrawdown)
            && trades == ours.TotalTrades;
        if (!same)
            throw new InvalidOperationException($"The plain loop gives {final}, {sharpe}, {drawdown}, {trades}, the engine {ours}.");
    }

    private static BarSeries Undecimal(BarSeries bars)
    {
        static double[] Scaled(ReadOnlySpan<double> prices) => [.. prices.ToArray().Select(price => price / 7)];
        return new BarSeries(
            bars.Symbol, bars.Dates.ToArray(), Scaled(bars.Open), Scaled(bars.High), Scaled(bars.Low), Scaled(bars.Close),
            bars.Volume.ToArray());
    }
}
