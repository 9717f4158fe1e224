using BacktestOps.Contracts;

namespace BacktestOps.Engine.Tests.Peers;

/// <summary>Every figure that other libraries have, from the libraries themselves, on one equity curve of real prices, each to 1e-9.</summary>
/// <remarks>
/// The run is "long" on the bundled S&amp;P 500, 2000 to 2020 (5,105 closes), beside the index. Its equity and its 128 trades are those
/// of backtesting.py (<see cref="BacktestingPyTests"/>), which the libraries were given on 2026-11-26: empyrical-reloaded at efe6066, quantstats
/// 0.0.81 at fbd10da, scipy 1.10.1, vectorbt 0.28.5, on pandas 1.5.3. Risk-free 2 % is given to them as 1.02^(1/252) − 1 a bar.
/// </remarks>
public class PerformanceLibraryTests
{
    private static BacktestOutcome Run(double riskFree)
    {
        var bars = RealPrices.Sp500();
        var request = PeerCases.Of("long", "SP500") with { Benchmark = "SP500", RiskFreeRate = riskFree };
        return Backtester.Run(request, [bars], bars, null, TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(0, 0.0032149566228803607, 0.0044223804247324194, 1.0007564157657565)]
    [InlineData(0.02, -0.17368197370665953, -0.23755455797117375, 0.9602628170810651)]
    public void Ratios_are_those_of_empyrical(double riskFree, double sharpe, double sortino, double omega)
    {
        var performance = Run(riskFree).Performance;

        Near(sharpe, performance.SharpeRatio);
        Near(sortino, performance.SortinoRatio);
        Near(omega, performance.OmegaRatio);
    }

    [Theory]
    [InlineData(0, -0.016572397447792042)]
    [InlineData(0.02, -0.029737616768995)]
    public void Alpha_and_beta_are_those_of_empyrical(double riskFree, double alpha)
    {
        var benchmark = Run(riskFree).Performance.Benchmark!;

        Near(alpha, benchmark.Alpha);
        Near(0.3194990647684368, benchmark.Beta);
    }

    // Its excess_sharpe is of one bar. quantstats' information_ratio is the same figure, its greeks give the same beta.
    [Fact]
    public void Captures_and_the_information_ratio_are_those_of_empyrical()
    {
        var benchmark = Run(0).Performance.Benchmark!;

        Near(-0.020414779157954435 * Math.Sqrt(252), benchmark.InformationRatio);
        Near(0.2342840357415019, benchmark.UpCapture);
        Near(0.7236476487845319, benchmark.DownCapture);
    }

    [Fact]
    public void Growth_risk_and_tails_are_those_of_empyrical_and_scipy()
    {
        var performance = Run(0).Performance;

        Near(-0.005893963238050803, performance.Cagr);
        Near(0.11194883564819409, performance.AnnualVolatility);
        Near(-0.015355399993591834, performance.CalmarRatio);
        Near(-0.38383651617740283, performance.MaxDrawdown);
        Near(-0.011364170180571065, performance.ValueAtRisk);
        Near(-0.01879407952427257, performance.ConditionalValueAtRisk);
        Near(0.921160783759144, performance.TailRatio);
        // scipy.stats.skew and kurtosis; quantstats has pandas', which are corrected for bias: -0.13846889638511342, 11.295746806019412.
        Near(-0.1384281988336181, performance.Skewness);
        Near(11.283508939823596, performance.ExcessKurtosis);
    }

    [Fact]
    public void Days_months_and_years_are_those_of_empyrical()
    {
        var outcome = Run(0);

        var p = outcome.Performance;
        Is("2009-03-23", 0.06993771055292175, p.BestDay);
        Is("2009-01-20", -0.052199783102177766, p.WorstDay);
        Is("2009-04", 0.09287636766852403, p.BestMonth);
        Is("2009-01", -0.13156043319662247, p.WorstMonth);
        Is("2019", 0.14833986736084226, p.BestYear);
        Is("2000", -0.18485089241865016, p.WorstYear);
        Assert.Equal(244, outcome.MonthlyReturns.Sum(year => year.Months.Count(month => month is not null)));
        Assert.Equal(21, outcome.MonthlyReturns.Count);
    }

    // rolling_sharpe(rolling_period=126), its last value of each month.
    [Fact]
    public void The_rolling_Sharpe_ratio_is_that_of_quantstats()
    {
        var rolling = Run(0).RollingSharpe;

        Assert.Equal((238, new DateTime(2000, 7, 31)), (rolling.Count, rolling[0].Date));
        Near(-1.394201831563447, rolling[0].SharpeRatio);
        Near(0.07490486685116901, rolling[^1].SharpeRatio);
        Near(0.08546312795018594, rolling.Average(point => point.SharpeRatio!.Value));
    }

    // quantstats' functions given the profits of the trades for returns; the mean return is Expectancy [%] of backtesting.py; the exposure
    // position_coverage of vectorbt. Turnover by pandas: money of all fills / mean equity / years.
    [Fact]
    public void Figures_of_trades_are_those_of_quantstats_backtesting_py_and_vectorbt()
    {
        var p = Run(0).Performance;

        Assert.Equal((128, 0.4375), (p.TotalTrades, p.WinRate));
        Near(1.178396787530634, p.PayoffRatio);
        Near(0.9165308347460487, p.ProfitFactor);
        Assert.Equal((6, 6), (p.LongestWinStreak, p.LongestLossStreak));
        Near(-0.00028929675560453063, p.AverageTrade);
        Near(-119.36790782407785, p.Expectancy);
        Near(9341.147721132, p.LargestWin);
        Near(-13336.737439157996, p.LargestLoss);
        Near(0.5962781586679726, p.Exposure);
        Assert.Equal((new DateTime(2000, 3, 24), null, 7329), (p.LongestDrawdown!.Peak, p.LongestDrawdown.Recovery, p.LongestDrawdown.Days));
    }

    private static void Is(string period, double expected, PeriodReturn? actual)
    {
        Assert.Equal(period, actual!.Period);
        Near(expected, actual.Return);
    }

    private static void Near(double expected, double? actual) =>
        Assert.Equal(expected, actual!.Value, Math.Max(1e-12, Math.Abs(expected) * 1e-9));
}
