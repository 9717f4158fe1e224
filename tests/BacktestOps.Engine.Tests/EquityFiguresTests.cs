namespace BacktestOps.Engine.Tests;

public class EquityFiguresTests
{
    // quantopian/empyrical, empyrical/tests/test_stats.py, test_sharpe_ratio: daily returns in percent, 252 a year, ddof 1, risk-free 0.
    [Theory]
    [InlineData(new double[] { 1, 10, -4, 2, 3, 2, 1, -10 }, 1.7238613961706866)]
    [InlineData(new double[] { 1, 2, 1, 1, 1, 1, 1, 1, 1 }, 52.915026221291804)]
    [InlineData(new double[] { 0, -6, -7, -1, -9, -2, -6, -8, -5 }, -24.406808633910085)]
    public void Sharpe_gives_the_values_of_the_tests_of_empyrical(double[] percent, double expected)
    {
        var sharpe = EquityFigures.SharpeRatio([.. percent.Select(value => value / 100)], 252);

        Assert.Equal(expected, sharpe!.Value, Math.Abs(expected) * 1e-12);
    }

    // The same file, test_max_drawdown: returns in percent.
    [Theory]
    [InlineData(new double[] { 1 }, 0)]
    [InlineData(new double[] { 0, 1, 0, 1, 0, 1, 0, 1, 0 }, 0)]
    [InlineData(new double[] { 1, 10, -4, 2, 3, 2, 1, -10 }, -0.1)]
    [InlineData(new double[] { 1, 2, 1, 1, 1, 1, 1, 1, 1 }, 0)]
    [InlineData(new double[] { 0, -6, -7, -1, -9, -2, -6, -8, -5 }, -0.36590730349873601)]
    [InlineData(new double[] { 10, -10, 10 }, -0.10)]
    public void Max_drawdown_gives_the_values_of_the_tests_of_empyrical(double[] percent, double expected)
    {
        var equity = new double[percent.Length + 1];
        equity[0] = 100;
        for (var t = 0; t < percent.Length; t++) equity[t + 1] = equity[t] * (1 + percent[t] / 100);

        Assert.Equal(expected, EquityFigures.MaxDrawdown(equity), 1e-14);
    }

    [Fact]
    public void Returns_are_one_fewer_than_marks() =>
        Assert.Equal([0.5, -0.5, 0], EquityFigures.Returns([2, 3, 1.5, 1.5]));

    [Fact]
    public void Sharpe_is_undefined_where_returns_do_not_vary_or_are_too_few()
    {
        Assert.Null(EquityFigures.SharpeRatio([], 252));
        Assert.Null(EquityFigures.SharpeRatio([0.1], 252));
        Assert.Null(EquityFigures.SharpeRatio([0, 0, 0], 252));
    }

    [Fact]
    public void Sharpe_of_a_steady_growth_is_undefined_and_not_a_ratio_of_roundings()
    {
        var equity = Enumerable.Range(0, 200).Select(t => 1000 * Math.Pow(1.001, t)).ToArray();
        var returns = EquityFigures.Returns(equity);
        Assert.True(returns.Distinct().Count() > 1, "the roundings differ, so that the test means something");

        Assert.Null(EquityFigures.SharpeRatio(returns, 252));
    }

    [Fact]
    public void Nothing_left_is_a_drawdown_of_one_and_later_returns_are_zero()
    {
        double[] equity = [100, 50, 0, 0];

        Assert.Equal(-1, EquityFigures.MaxDrawdown(equity));
        Assert.Equal([-0.5, -1, 0], EquityFigures.Returns(equity));
    }
}
