using BacktestOps.Engine.Bars;

namespace BacktestOps.Benchmarks.Engine;

/// <summary>The yardstick of sweeps: averages of all lengths once, then one loop a variant as anybody would write it.</summary>
/// <remarks>Averages in doubles, close to close, no costs; the same figures where no averages tie.</remarks>
internal static class PlainSweep
{
    /// <summary>Total return, Sharpe ratio and maximum drawdown of each variant, fast varying slowest.</summary>
    /// <param name="bars">The bars.</param>
    /// <param name="fast">Bars in the fast averages.</param>
    /// <param name="slow">Bars in the slow averages.</param>
    public static (double Return, double Sharpe, double Drawdown)[] Run(BarSeries bars, int[] fast, int[] slow)
    {
        var close = bars.Close.ToArray();
        var averages = fast.Concat(slow).Distinct().ToDictionary(window => window, window => Average(close, window));
        var answers = new (double, double, double)[fast.Length * slow.Length];
        var next = 0;
        foreach (var f in fast)
        {
            foreach (var s in slow) answers[next++] = Run(close, averages[f], averages[s], s);
        }
        return answers;
    }

    private static (double Return, double Sharpe, double Drawdown) Run(double[] close, double[] fast, double[] slow, int first)
    {
        var (equity, peak, drawdown, sum, squares, isIn) = (1.0, 1.0, 0.0, 0.0, 0.0, false);
        for (var t = first; t < close.Length; t++)
        {
            if (isIn)
            {
                var change = close[t] / close[t - 1];
                equity *= change;
                sum += change - 1;
                squares += (change - 1) * (change - 1);
                peak = Math.Max(peak, equity);
                drawdown = Math.Min(drawdown, equity / peak - 1);
                isIn = !(fast[t] < slow[t] && fast[t - 1] >= slow[t - 1]);
            }
            else
            {
                isIn = fast[t] > slow[t] && fast[t - 1] <= slow[t - 1];
            }
        }
        var count = close.Length - 1;
        var mean = sum / count;
        return (equity - 1, mean / Math.Sqrt((squares - sum * mean) / (count - 1)) * Math.Sqrt(252), drawdown);
    }

    private static double[] Average(double[] close, int window)
    {
        var average = new double[close.Length];
        var sum = 0.0;
        for (var t = 0; t < close.Length; t++)
        {
            sum += close[t] - (t >= window ? close[t - window] : 0);
            average[t] = t >= window - 1 ? sum / window : double.NaN;
        }
        return average;
    }
}
