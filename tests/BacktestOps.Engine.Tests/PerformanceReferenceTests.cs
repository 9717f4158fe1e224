using BacktestOps.Contracts;

namespace BacktestOps.Engine.Tests;

/// <summary>Every figure of whole runs on real prices against numbers that others computed, each to 1e-9 of its value.</summary>
/// <remarks>
/// Source: an independent program in Python, written from the definitions alone and run once on 2026-11-23 over the same
/// files: the run in exact fractions, the figures in mpmath 1.3.0 with 50 digits. Its final equities, Sharpe ratios,
/// drawdowns, trades and commissions are those of <see cref="ReferenceTests"/>, which two other programs gave.
/// </remarks>
public class PerformanceReferenceTests
{
    private static BacktestRequest Request(string symbol) => new()
    {
        Symbols = [symbol],
        Strategy = "SmaCross",
        Parameters = new Dictionary<string, double> { ["fast"] = 10, ["slow"] = 20 },
        Commission = new CommissionTerms { Rate = .001 },
    };

    [Fact]
    public void Every_figure_of_a_run_on_the_sp500_of_2008_is_that_of_another_program()
    {
        var bars = RealPrices.Sp500In2008();
        var request = Request("SP500") with { RiskFreeRate = .02, Benchmark = "SP500" };

        var outcome = Backtester.Run(request, [bars], bars, null, TestContext.Current.CancellationToken);

        var p = outcome.Performance;
        Near(-0.28717805439479374, p.SharpeRatio);
        Near(-0.03825404032876, p.Cagr);
        Near(0.16040689221610748, p.AnnualVolatility);
        Near(-0.42211006564549397, p.SortinoRatio);
        Near(-0.37296744054451666, p.CalmarRatio);
        Near(0.92109485728993691, p.OmegaRatio);
        Near(1.0023342608852845, p.Skewness);
        Near(14.607873786314182, p.ExcessKurtosis);
        Near(-0.016836158660772344, p.ValueAtRisk);
        Near(-0.02512797755197788, p.ConditionalValueAtRisk);
        Near(0.74787008737067631, p.TailRatio);
        Spans(p.LongestDrawdown, new DateTime(2008, 2, 13), new DateTime(2008, 8, 11), 124, 180, -0.081767789226151003);
        Near(-0.0059238745077304184, p.AverageTrade);
        Near(-677.3878549992, p.Expectancy);
        Near(0.70512134339813528, p.ProfitFactor);
        Near(0.47008089559875685, p.PayoffRatio);
        Near(4871.635534645, p.LargestWin);
        Near(-6457.727969905, p.LargestLoss);
        Assert.Equal((2, 1), (p.LongestWinStreak, p.LongestLossStreak));
        Near(0.38735177865612648, p.Exposure);
        Near(10.912569538957296, p.Turnover);
        Near(1080.887810876, p.CostsPaid);
        Is("2008-11-13", 0.068733372365266894, p.BestDay);
        Is("2008-11-12", -0.051553036695514272, p.WorstDay);
        Is("2008-04", 0.047464298675178546, p.BestMonth);
        Is("2008-11", -0.04946956820732799, p.WorstMonth);
        Is("2008", -0.03825404032876, p.BestYear);
        Is("2008", -0.03825404032876, p.WorstYear);
        Assert.Equal(0.02, outcome.Conventions.RiskFreeRate);
    }

    [Fact]
    public void Months_and_rolling_windows_of_the_sp500_in_2008_are_those_of_another_program()
    {
        var outcome = Sample.Run(Request("SP500") with { RiskFreeRate = .02 }, RealPrices.Sp500In2008());

        var year = Assert.Single(outcome.MonthlyReturns);
        double[] months =
        [
            0, -0.02694618482939, -0.033201163548550035, 0.047464298675178546, 0.0081935096391494384, 0,
            0.0012526385499135726, 0.021809734995936416, 0, 0, -0.04946956820732799, -0.004538359043691107,
        ];
        Assert.All(months.Zip(year.Months), pair => Near(pair.First, pair.Second));
        Assert.Equal((2008, outcome.Performance.TotalReturn), (year.Year, year.Return));

        Assert.Equal(126, outcome.Conventions.RollingWindow);
        (DateTime, double)[] rolling =
        [
            (new(2008, 7, 31), -0.20064175549417702), (new(2008, 8, 29), 0.56258439977777107),
            (new(2008, 9, 30), 0.64045694473021841), (new(2008, 10, 31), 0.15834003342238191),
            (new(2008, 11, 28), -0.3842499723756581), (new(2008, 12, 31), -0.33414611014503077),
        ];
        Assert.Equal(rolling.Select(point => point.Item1), outcome.RollingSharpe.Select(point => point.Date));
        Assert.All(rolling.Zip(outcome.RollingSharpe), pair => Near(pair.First.Item2, pair.Second.SharpeRatio));
    }

    [Fact]
    public void A_run_beside_the_sp500_of_2008_has_the_figures_of_another_program()
    {
        var bars = RealPrices.Sp500In2008();
        var request = Request("SP500") with { RiskFreeRate = .02, Benchmark = "SP500" };

        var outcome = Backtester.Run(request, [bars], bars, null, TestContext.Current.CancellationToken);

        var b = outcome.Performance.Benchmark!;
        Assert.Equal(("SP500", bars.Dates[0], bars.Dates[^1], 252), (b.Symbol, b.First, b.Last, b.Returns));
        Near(-0.37584650019432474, b.TotalReturn);
        Near(-0.37584650019432474, b.Cagr);
        Near(-0.99142032441097811, b.SharpeRatio);
        Near(-0.48005750274886323, b.MaxDrawdown);
        Near(0.15432720150640672, b.Beta);
        Near(0.016858719949206086, b.Alpha);
        Near(0.95687942051698911, b.InformationRatio);
        Near(0.038317244268721498, b.UpCapture);
        Near(0.68822386045335202, b.DownCapture);
        Near(100_000 * (1 + b.TotalReturn!.Value), outcome.BenchmarkCurve![^1].Equity);
        Assert.Equal(outcome.EquityCurve.Select(point => point.Date), outcome.BenchmarkCurve.Select(point => point.Date));
    }

    [Fact]
    public void Every_figure_of_a_run_on_ibm_beside_spy_is_that_of_another_program()
    {
        var ibm = RealPrices.Shared("IBM");
        var request = Request("IBM") with { Benchmark = "SPY" };

        var outcome = Backtester.Run(request, [ibm], RealPrices.Shared("SPY"), null, TestContext.Current.CancellationToken);

        var p = outcome.Performance;
        Near(0.13844837440820159, p.SharpeRatio);
        Near(0.0043408217172935519, p.Cagr);
        Near(0.20569962921986644, p.AnnualVolatility);
        Near(0.17984848050387197, p.SortinoRatio);
        Near(0.0068516502885388117, p.CalmarRatio);
        Near(1.0405062541621498, p.OmegaRatio);
        Near(-9.6424729552327009, p.Skewness);
        Near(409.85770578142013, p.ExcessKurtosis);
        Near(-0.015284248020826243, p.ValueAtRisk);
        Near(-0.02850888167388398, p.ConditionalValueAtRisk);
        Near(1.0636930012837538, p.TailRatio);
        Spans(p.LongestDrawdown, new DateTime(1999, 5, 13), null, 5506, 7993, -0.63354396889676616);
        Near(0.0030063741527937377, p.AverageTrade);
        Near(14.539430774193548, p.Expectancy);
        Near(1.0057374067598374, p.ProfitFactor);
        Near(1.3209685342517267, p.PayoffRatio);
        Near(33466.17484, p.LargestWin);
        Near(-70073.8973, p.LargestLoss);
        Assert.Equal((3, 6), (p.LongestWinStreak, p.LongestLossStreak));
        Near(0.53701487433749359, p.Exposure);
        Near(13.192999806111168, p.Turnover);
        Is("1999-04-22", 0.14887318175491505, p.BestDay);
        Is("1999-05-27", -0.50662252518478848, p.WorstDay);
        Is("2001-01", 0.20778409147449007, p.BestMonth);
        Is("1999-05", -0.44261282105952915, p.WorstMonth);
        Is("2001", 0.59984526855384955, p.BestYear);
        Is("1999", -0.40825671688808446, p.WorstYear);
        Assert.Equal((24, 273), (outcome.MonthlyReturns.Count, outcome.RollingSharpe.Count));
        Near(1.8280922848760635, outcome.RollingSharpe[0].SharpeRatio);
        Near(-0.46425023699278394, outcome.RollingSharpe[^1].SharpeRatio);

        var b = p.Benchmark!;
        Near(3.0707682826622843, b.TotalReturn);
        Near(0.062360621848790952, b.Cagr);
        Near(0.40750133329798157, b.SharpeRatio);
        Near(-0.56451406649616368, b.MaxDrawdown);
        Near(0.3210258583210791, b.Beta);
        Near(0.0029235993941860747, b.Alpha);
        Near(-0.21614780905629874, b.InformationRatio);
        Near(0.18302340010033148, b.UpCapture);
        Near(0.66028105388524886, b.DownCapture);
    }

    private static void Near(double expected, double? actual) =>
        Assert.Equal(expected, actual!.Value, Math.Max(1e-12, Math.Abs(expected) * 1e-9));

    private static void Is(string period, double expected, PeriodReturn? actual)
    {
        Assert.Equal(period, actual!.Period);
        Near(expected, actual.Return);
    }

    private static void Spans(DrawdownSpan? span, DateTime peak, DateTime? recovery, int bars, double days, double depth)
    {
        Assert.Equal((peak, recovery, bars, days), (span!.Peak, span.Recovery, span.Bars, span.Days));
        Near(depth, span.Depth);
    }
}
