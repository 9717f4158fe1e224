using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Sweeps;

namespace BacktestOps.Engine.Tests.Sweeps;

/// <summary>Runs sweeps and holds every variant against a single run of it.</summary>
internal static class SweepCompare
{
    /// <summary>All variants with their figures, in order.</summary>
    public static (Sweep Sweep, long[] Cells, VariantFigures[] Figures) Run(BacktestRequest request, params BarSeries[] universe)
    {
        var sweep = Sweep.Prepare(request, universe, TestContext.Current.CancellationToken);
        var cells = Cells(sweep);
        var figures = new VariantFigures[cells.Length];
        sweep.CreateWorker().Run(cells, figures, TestContext.Current.CancellationToken);
        return (sweep, cells, figures);
    }

    public static long[] Cells(Sweep sweep)
    {
        var cells = new long[sweep.Variants + 1];
        var count = sweep.OpenCursor().Read(cells);
        Assert.Equal(sweep.Variants, count);
        return cells[..count];
    }

    /// <summary>Asserts that every variant's figures are those of its own run, to 1e-9.</summary>
    public static void EqualsSingleRuns(BacktestRequest request, params BarSeries[] universe)
    {
        var (sweep, cells, figures) = Run(request, universe);
        for (var i = 0; i < cells.Length; i++)
        {
            var single = sweep.RequestOf(cells[i]);
            Equal(VariantFigures.Of(Sample.Run(single, universe)), figures[i], Describe(single));
        }
    }

    public static void Equal(VariantFigures expected, VariantFigures actual, string variant)
    {
        Assert.True(expected.Trades == actual.Trades, $"{variant}: {expected.Trades} trades in the run, {actual.Trades} in the sweep");
        Assert.Equal((expected.Wins, expected.Losses, expected.BarsHeld), (actual.Wins, actual.Losses, actual.BarsHeld));
        Near(expected.TotalReturn, actual.TotalReturn, 1, "total return");
        Near(expected.MaxDrawdown, actual.MaxDrawdown, 1e-3, "max drawdown");
        Near(expected.AnnualVolatility, actual.AnnualVolatility, 1e-3, "volatility");
        Near(expected.SharpeRatio, actual.SharpeRatio, 0.1, "Sharpe ratio");
        Near(expected.Won, actual.Won, 1, "won");
        Near(expected.Lost, actual.Lost, 1, "lost");

        // Relative to the figure itself; to the floor where it is next to nothing: then it is a difference of far larger numbers, and
        // both ways of taking it round by this much.
        void Near(double a, double b, double floor, string name) => Assert.True(
            (double.IsNaN(a) && double.IsNaN(b)) || Math.Abs(a - b) <= 1e-9 * Math.Max(floor, Math.Abs(a)), $"{variant}: {name} is {a:R} in the run, {b:R} in the sweep");
    }

    private static string Describe(BacktestRequest request) =>
        $"{request.Strategy}({string.Join(", ", request.Parameters.Select(pair => $"{pair.Key} = {pair.Value}"))}) {request.Rules?.Entry} | {request.Rules?.Exit}";
}
