using BacktestOps.Engine.Bars;

namespace BacktestOps.Benchmarks.Engine;

/// <summary>The common yardstick: SmaCross in one loop as anybody would write it, averages in doubles.</summary>
/// <remarks>No exact comparison, no trades kept, no warnings, one symbol; the same figures where no average ties.</remarks>
internal static class PlainLoop
{
    /// <summary>Final equity, Sharpe ratio, maximum drawdown and closed trades.</summary>
    /// <param name="bars">The bars.</param>
    /// <param name="fast">Bars in the fast average.</param>
    /// <param name="slow">Bars in the slow average.</param>
    /// <param name="cash">Initial cash.</param>
    /// <param name="rate">Commission rate.</param>
    public static (double Final, double Sharpe, double Drawdown, int Trades) Run(
        BarSeries bars, int fast, int slow, double cash, double rate)
    {
        var open = bars.Open;
        var close = bars.Close;
        var equity = new double[close.Length];
        var (fastSum, slowSum, shares, peak, drawdown) = (0.0, 0.0, 0.0, cash, 0.0);
        var (order, trades, wasAbove, wasBelow) = (0, 0, false, false);
        for (var t = 0; t < close.Length; t++)
        {
            if (order > 0)
            {
                shares = Math.Floor(cash / (open[t] * (1 + rate)));
                cash -= shares * open[t] * (1 + rate);
            }
            else if (order < 0)
            {
                cash += shares * open[t] * (1 - rate);
                shares = 0;
                trades++;
            }
            order = 0;
            equity[t] = cash + shares * close[t];
            peak = Math.Max(peak, equity[t]);
            drawdown = Math.Min(drawdown, equity[t] / peak - 1);

            fastSum += close[t] - (t >= fast ? close[t - fast] : 0);
            slowSum += close[t] - (t >= slow ? close[t - slow] : 0);
            if (t < slow - 1) continue;
            var (above, below) = (fastSum / fast > slowSum / slow, fastSum / fast < slowSum / slow);
            if (t >= slow && above && !wasAbove && shares == 0) order = 1;
            if (t >= slow && below && !wasBelow && shares != 0) order = -1;
            (wasAbove, wasBelow) = (above, below);
        }
        var (sum, squares) = (0.0, 0.0);
        for (var t = 1; t < equity.Length; t++) sum += equity[t] / equity[t - 1] - 1;
        var mean = sum / (equity.Length - 1);
        for (var t = 1; t < equity.Length; t++) squares += Math.Pow(equity[t] / equity[t - 1] - 1 - mean, 2);
        return (equity[^1], mean / Math.Sqrt(squares / (equity.Length - 2)) * Math.Sqrt(252), drawdown, trades);
    }
}
