namespace BacktestOps.Engine.Tests.Peers;

/// <summary>The table "Libraries disagree" of the engine's README: its first row is ours, to all digits; the others say how each differs.</summary>
/// <remarks>
/// The equity of <c>BuyAndHold</c> on the bundled prices of 2012 to 2019 and of all years, from backtesting.py at 9c2b8e1, given to each library on
/// 2026-11-26. pandas 1.5.3, R 4.2.2.
/// </remarks>
public class LibraryTableTests
{
    // empyrical-reloaded efe6066: sharpe_ratio, sortino_ratio, cagr, annual_volatility, calmar_ratio, each to six decimals.
    [Theory]
    [InlineData(2012, 2019, 2012, 0.971479, 1.371175, 0.123012, 0.127875, 0.623024)]
    [InlineData(2000, 2020, 5105, 0.268193, 0.375800, 0.033917, 0.196449, 0.060326)]
    public void Our_row_is_that_of_empyrical(int first, int last, int closes, double sharpe, double sortino, double cagr, double volatility, double calmar)
    {
        var (performance, _, count) = Run(first, last);

        Assert.Equal(closes, count);
        Six(sharpe, performance.SharpeRatio);
        Six(sortino, performance.SortinoRatio);
        Six(cagr, performance.Cagr);
        Six(volatility, performance.AnnualVolatility);
        Six(calmar, performance.CalmarRatio);
    }

    // The other rows from our figures by the rule that the table's last column names: what else they did would show.
    [Fact]
    public void The_other_rows_follow_from_ours_by_what_the_table_says_differs()
    {
        var (p, equity, count) = Run(2012, 2019);
        var growth = p.FinalEquity / 100_000;

        // PerformanceAnalytics: growth a year / volatility. ffn and backtesting.py: years of 365.25 days.
        Six(0.961974, p.Cagr / p.AnnualVolatility);
        var years = (new DateTime(2019, 12, 31) - new DateTime(2012, 1, 3)).TotalDays / 365.25;
        Six(0.122823, Math.Pow(growth, 1 / years) - 1);
        Six(0.622064, (Math.Pow(growth, 1 / years) - 1) / Math.Abs(p.MaxDrawdown));

        // quantstats: one return more, of zero.
        double[] returns = [0, .. equity.Zip(equity.Skip(1), (before, now) => now / before - 1)];
        Six(0.971237, Sharpe(returns, 252));
        Six(0.122948, Math.Pow(growth, 252.0 / count) - 1);

        // vectorbt: the same return, and 365 a year.
        Six(1.168884, Sharpe(returns, 365));
        Six(0.182882, Math.Pow(growth, 365.0 / count) - 1);

        // backtesting.py: the volatility of what is compounded over a year.
        var daily = Math.Pow(growth, 1.0 / (count - 1));
        var volatility = Math.Sqrt(Math.Pow(Variance(returns[1..]) + daily * daily, 252) - Math.Pow(daily, 504));
        Six(0.144125, volatility);
        Six(0.853512, p.Cagr / volatility);
    }

    private static (Contracts.Performance Performance, double[] Equity, int Count) Run(int first, int last)
    {
        var request = Sample.BuyAndHold("SP500") with { InitialCash = 100_000, From = new DateOnly(first, 1, 1), To = new DateOnly(last, 12, 31) };
        var outcome = Sample.Run(request, RealPrices.Sp500());
        return (outcome.Performance, [.. outcome.EquityCurve.Select(point => point.Equity)], outcome.EquityCurve.Count);
    }

    private static double Sharpe(double[] returns, double periods) => returns.Average() / Math.Sqrt(Variance(returns)) * Math.Sqrt(periods);

    private static double Variance(double[] returns) => returns.Sum(value => Math.Pow(value - returns.Average(), 2)) / (returns.Length - 1);

    private static void Six(double expected, double? actual) => Assert.Equal(expected, actual!.Value, 0.51e-6);
}
