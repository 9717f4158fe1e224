using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;

namespace BacktestOps.Engine.Tests;

/// <summary>
/// The expected values of the tests of quantopian/empyrical (empyrical/tests/test_stats.py at 40f61b4, 8 decimals), where its
/// definitions are ours. Returns in percent, 252 a year unless said, risk-free 0.
/// </summary>
public class PerformanceEmpyricalTests
{
    private static readonly double[] Mixed = [1, 10, -4, 2, 3, 2, 1, -10];
    private static readonly double[] Negative = [0, -6, -7, -1, -9, -2, -6, -8, -5];
    private static readonly double[] AllNegative = [-6, -7, -1, -9, -2, -6, -8, -5];
    private static readonly double[] Positive = [2, 1, 1, 1, 1, 1, 1, 1];

    // Its series begins with a missing return, which it counts as a bar; a return of zero stands for it here.
    [Fact]
    public void Test_annual_ret_and_test_cagr()
    {
        Near(1.9135925373194231, Measure([0, .. Mixed]).Cagr);
        Near(0.24690830513998208, Measure([0, .. Mixed], 52).Cagr);
        Near(0.052242061386048144, Measure([0, .. Mixed], 12).Cagr);
        Near(11.274002099240244, Measure([1]).Cagr);
        Near(0.03, Measure([3, 3, 3], 1).Cagr);
    }

    [Fact]
    public void Test_annual_volatility()
    {
        Near(0.9136465399704637, Measure(Mixed).AnnualVolatility);
        Near(0.38851569394870583, Measure([0, .. Mixed], 52).AnnualVolatility);
        Near(0.18663690238892558, Measure([0, .. Mixed], 12).AnnualVolatility);
        Assert.Equal(0, Measure([1, 1, 1, 1, 1, 1, 1, 1, 1]).AnnualVolatility);
    }

    [Fact]
    public void Test_calmar()
    {
        Near(19.135925373194233, Measure([0, .. Mixed]).CalmarRatio);
        Near(2.4690830513998208, Measure([0, .. Mixed], 52).CalmarRatio);
        Near(0.52242061386048144, Measure([0, .. Mixed], 12).CalmarRatio);
        Assert.Null(Measure([1]).CalmarRatio);
    }

    // Its required_return is our risk-free rate: (1 + rate)^(1/252) − 1 a bar.
    [Fact]
    public void Test_omega()
    {
        Near(0.83354263497557934, Measure(Mixed, riskFreeRate: 10).OmegaRatio);
        Near(0.8125, Measure(Mixed, riskFreeRate: Math.Pow(1.01, 252) - 1).OmegaRatio);
        Near(1.125, Measure([1, 2, 1, 1, 1, 1, 1, 1, 1], riskFreeRate: Math.Pow(1.011, 252) - 1).OmegaRatio);
        Near(0, Measure(Negative, riskFreeRate: Math.Pow(1.01, 252) - 1).OmegaRatio);
        Assert.Null(Measure([1]).OmegaRatio);
    }

    [Fact]
    public void Test_sortino()
    {
        Near(2.605531251673693, Measure(Mixed).SortinoRatio);
        Near(-1.3934779588919977, Measure(Mixed, riskFreeRate: Math.Pow(1.01, 252) - 1).SortinoRatio);
        Near(-13.532743075043401, Measure(Negative).SortinoRatio);
        Near(1.1158901056866439, Measure([0, .. Mixed], 52).SortinoRatio);
        Near(0.53605626741889756, Measure([0, .. Mixed], 12).SortinoRatio);
        Assert.Null(Measure(Positive).SortinoRatio);
    }

    // It compares to one decimal. By hand: quantiles −10 + 0.35 × 6 = −7.9 and 3 + 0.65 × 7 = 7.55.
    [Fact]
    public void Test_tail_ratio()
    {
        Assert.Equal(0.9473684210526313, Measure(Mixed).TailRatio!.Value, 0.05);
        Near(7.55 / 7.9, Measure(Mixed).TailRatio);
    }

    [Fact]
    public void Test_alpha_beta()
    {
        var benchmark = Beside(Mixed, Negative[1..]);
        Near(-0.71296296296296313, benchmark.Beta);
        Near(-0.9997853834885004, benchmark.Alpha);
        Near(1, Beside(Mixed, Mixed).Beta);
        Near(0, Beside(Mixed, Mixed).Alpha);
    }

    // Its figure is that of one bar; ours is per year.
    [Fact]
    public void Test_excess_sharpe() =>
        Near(-0.06515583641446039 * Math.Sqrt(252), Beside(Mixed, [1, 1, 1, 1, 1, 1, 1, 1]).InformationRatio);

    [Fact]
    public void Test_up_capture_and_test_down_capture()
    {
        Near(1, Beside(Mixed, Mixed).UpCapture);
        Near(1, Beside(Mixed, Mixed).DownCapture);
        Assert.Equal(0.0076167762, Beside(Positive, Mixed).UpCapture!.Value, 1e-8);
        Assert.Equal(-11.27400221, Beside(Positive, Mixed).DownCapture!.Value, 1e-8);
        Assert.Equal(-0.0004336328, Beside(AllNegative, Mixed).UpCapture!.Value, 1e-8);
        Near(0.99956025703798634, Beside(AllNegative, Mixed).DownCapture);
    }

    // Its other cases are random, against numpy.percentile; so are ours, against the definition, in PerformancePropertyTests.
    [Fact]
    public void Test_conditional_value_at_risk_of_one_return_is_that_return() =>
        Near(0.01, Measure([1]).ConditionalValueAtRisk);

    private static Performance Measure(double[] percent, double periods = 252, double riskFreeRate = 0) =>
        Curves.Measure(Curves.From(percent), periods, riskFreeRate).Performance;

    private static BenchmarkPerformance Beside(double[] percent, double[] benchmark)
    {
        var (run, other) = (Curves.From(percent), Curves.From(benchmark));
        var bars = Sample.OpenClose("B", other, other);
        return Curves.Measure(run, 252, 0, Benchmark.Align(bars, bars.Dates)).Performance.Benchmark!;
    }

    private static void Near(double expected, double? actual) =>
        Assert.Equal(expected, actual!.Value, Math.Max(1e-12, Math.Abs(expected) * 1e-9));
}

/// <summary>Equity curves without a run.</summary>
internal static class Curves
{
    /// <summary>Marks from 100 with these returns in percent.</summary>
    public static double[] From(params double[] percent)
    {
        var marks = new double[percent.Length + 1];
        marks[0] = 100;
        for (var t = 0; t < percent.Length; t++) marks[t + 1] = marks[t] * (1 + percent[t] / 100);
        return marks;
    }

    public static PerformanceReport Measure(
        double[] marks, double periods = 252, double riskFreeRate = 0, Benchmark? benchmark = null,
        DateTime[]? dates = null, Trade[]? trades = null, OpenPosition[]? open = null)
    {
        dates ??= Sample.Weekdays(marks.Length, Sample.FirstDay);
        var run = new Simulated
        {
            Dates = dates, Equity = marks, Trades = trades, Open = open, InitialCash = marks[0], CommissionPaid = 0, CostsPaid = 0,
        };
        return PerformanceReport.Of(run, new Measures(periods, BarSpacing.PeriodsPerYear(dates), riskFreeRate), benchmark);
    }
}
