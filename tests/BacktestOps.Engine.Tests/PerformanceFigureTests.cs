using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;

namespace BacktestOps.Engine.Tests;

/// <summary>Where figures begin and end to be defined, and cases small enough to be worked out by hand.</summary>
public class PerformanceFigureTests
{
    [Fact]
    public void One_close_gives_no_figure_that_needs_a_return()
    {
        var p = Curves.Measure([100]).Performance;

        Assert.Equal(
            [null, null, null, null, null, null, null, null, null, null, null, null],
            [p.SharpeRatio, p.Cagr, p.AnnualVolatility, p.SortinoRatio, p.CalmarRatio, p.OmegaRatio, p.Skewness, p.ExcessKurtosis,
                p.ValueAtRisk, p.ConditionalValueAtRisk, p.TailRatio, p.Turnover]);
        Assert.Equal([null, null, null, null], [p.LongestDrawdown, (object?)p.BestDay, p.BestMonth, p.WorstYear]);
        Assert.Equal((0, 0), (p.MaxDrawdown, p.Exposure));
    }

    [Fact]
    public void Cash_that_lies_idle_has_no_ratio_and_no_risk()
    {
        var p = Curves.Measure([.. Enumerable.Repeat(100.0, 300)]).Performance;

        Assert.Equal((0, 0, 0, 0), (p.Cagr, p.AnnualVolatility, p.ValueAtRisk, p.ConditionalValueAtRisk));
        Assert.Equal(
            [null, null, null, null, null, null, null],
            [p.SharpeRatio, p.SortinoRatio, p.CalmarRatio, p.OmegaRatio, p.Skewness, p.ExcessKurtosis, p.TailRatio]);
    }

    [Fact]
    public void No_closed_trade_gives_no_figure_of_trades_and_the_open_one_counts_as_held_and_traded()
    {
        OpenPosition open = new()
        {
            Symbol = "A", Quantity = 10, EntryDate = Sample.FirstDay.ToDateTime(default).AddDays(1), EntryPrice = 10, LastPrice = 11,
            Commission = 0, UnrealizedProfit = 10,
        };

        var p = Curves.Measure([100, 100, 105, 110], periods: 3, open: [open]).Performance;

        Assert.Equal(
            [null, null, null, null, null, null, null],
            [p.WinRate, p.AverageTrade, p.Expectancy, p.ProfitFactor, p.PayoffRatio, p.LargestWin, p.LargestLoss]);
        Assert.Equal((0, 0, 0), (p.TotalTrades, p.LongestWinStreak, p.LongestLossStreak));
        Assert.Equal(0.75, p.Exposure);
        Assert.Equal(100 / 103.75, p.Turnover!.Value, 1e-15);
    }

    [Fact]
    public void Trades_are_counted_in_money_and_one_that_gave_nothing_ends_a_row()
    {
        // Wins 30, 10; losses -20, -4; the third gave nothing.
        var p = Curves.Measure([100, 101], trades: [.. new double[] { 30, 10, 0, -20, -4 }.Select(Closed)]).Performance;

        Assert.Equal((5, 0.4), (p.TotalTrades, p.WinRate));
        Assert.Equal(16 / 5.0, p.Expectancy);
        Assert.Equal(40 / 24.0, p.ProfitFactor);
        Assert.Equal(20 / 12.0, p.PayoffRatio!.Value, 1e-15);
        Assert.Equal((30, -20), (p.LargestWin, p.LargestLoss));
        Assert.Equal((2, 2), (p.LongestWinStreak, p.LongestLossStreak));
        Assert.Equal(0.032, p.AverageTrade!.Value, 1e-15);
    }

    [Fact]
    public void Without_a_loss_there_is_no_profit_factor_and_without_a_win_it_is_zero()
    {
        Assert.Null(Curves.Measure([100, 101], trades: [Closed(5)]).Performance.ProfitFactor);
        var lost = Curves.Measure([100, 101], trades: [Closed(-5)]).Performance;
        Assert.Equal((0, null, null), (lost.ProfitFactor, lost.PayoffRatio, lost.LargestWin));
    }

    [Fact]
    public void The_longest_drawdown_is_from_its_peak_to_its_recovery_and_the_first_of_equals()
    {
        // Below its peak of bar 1 until bar 4 (deep), of bar 5 until bar 8 (as long), of bar 8 until bar 10.
        var found = Curves.Measure([100, 110, 50, 60, 110, 120, 119, 118, 121, 120, 122]).Performance.LongestDrawdown!;

        var dates = Sample.Weekdays(11, Sample.FirstDay);
        Assert.Equal((dates[1], dates[4], 3), (found.Peak, found.Recovery, found.Bars));
        Assert.Equal((dates[4] - dates[1]).TotalDays, found.Days);
        Assert.Equal(50 / 110.0 - 1, found.Depth);
    }

    [Fact]
    public void A_drawdown_that_is_not_over_ends_with_the_run_and_has_no_recovery()
    {
        var found = Curves.Measure([100, 90, 100, 99, 98, 97]).Performance.LongestDrawdown!;

        Assert.Equal((3, null), (found.Bars, found.Recovery));
        Assert.Equal(-0.03, found.Depth, 1e-15);
    }

    [Fact]
    public void Nothing_left_is_a_growth_of_minus_one_and_everything_else_still_a_number()
    {
        var p = Curves.Measure([100, 50, 0, 0]).Performance;

        Assert.Equal((-1, -1, -1), (p.Cagr, p.MaxDrawdown, p.CalmarRatio));
        Assert.Equal(-1, p.ValueAtRisk!.Value, 0.1);
    }

    [Fact]
    public void Growth_that_no_number_can_hold_is_null()
    {
        Assert.Null(Curves.Measure([1, 1000], periods: 252).Performance.Cagr);
        Assert.Null(Curves.Measure([1, 1000, 999], periods: 1e6).Performance.CalmarRatio);
    }

    [Fact]
    public void Weekly_bars_have_months_but_no_days_and_yearly_bars_neither()
    {
        double[] marks = [100, 101, 99, 102, 103, 104, 100, 101, 105, 104];
        var weeks = Enumerable.Range(0, 10).Select(i => new DateTime(2020, 1, 3).AddDays(7 * i)).ToArray();
        var years = Enumerable.Range(0, 10).Select(i => new DateTime(2010 + i, 12, 31)).ToArray();

        var weekly = Curves.Measure(marks, 52, dates: weeks);
        var yearly = Curves.Measure(marks, 1, dates: years);

        Assert.Null(weekly.Performance.BestDay);
        Assert.Equal("2020-03", weekly.Performance.WorstMonth!.Period);
        Assert.Null(yearly.Performance.BestMonth);
        Assert.All(yearly.MonthlyReturns, year => Assert.All(year.Months, Assert.Null));
        Assert.Equal("2018", yearly.Performance.BestYear!.Period);
    }

    [Fact]
    public void Bars_shorter_than_a_day_are_gathered_into_days()
    {
        DateTime[] dates = [new(2020, 1, 2, 10, 0, 0), new(2020, 1, 2, 11, 0, 0), new(2020, 1, 3, 10, 0, 0), new(2020, 1, 3, 11, 0, 0), new(2020, 1, 6, 10, 0, 0)];

        var p = Curves.Measure([100, 110, 99, 88, 176], dates: dates).Performance;

        Assert.Equal(new PeriodReturn("2020-01-06", 1), p.BestDay);
        Assert.Equal("2020-01-03", p.WorstDay!.Period);
        Assert.Equal(-0.2, p.WorstDay.Return, 1e-15);
    }

    [Fact]
    public void A_day_month_and_year_of_the_first_bar_alone_have_no_return()
    {
        DateTime[] dates = [new(2019, 12, 31), new(2020, 1, 2), new(2020, 1, 3)];

        var report = Curves.Measure([100, 110, 99], dates: dates);

        Assert.Equal(2020, Assert.Single(report.MonthlyReturns).Year);
        Assert.Equal("2020-01-02", report.Performance.BestDay!.Period);
    }

    [Fact]
    public void A_benchmark_is_marked_at_its_last_close_and_only_where_it_has_one()
    {
        DateTime[] run = [new(2020, 1, 1), new(2020, 1, 2), new(2020, 1, 3), new(2020, 1, 6), new(2020, 1, 7)];
        DateTime[] own = [new(2020, 1, 2), new(2020, 1, 6)];
        var bars = new BarSeries("B", own, [10, 12], [10, 12], [10, 12], [10, 12], [1, 1]);

        var aligned = Benchmark.Align(bars, run);
        var compared = Curves.Measure([100, 100, 110, 121, 130], benchmark: aligned, dates: run).Performance.Benchmark!;

        Assert.Equal((run[1], run[3], 2), (compared.First, compared.Last, compared.Returns));
        Assert.Equal([(run[1], 100), (run[2], 100), (run[3], 120)], aligned.Curve(run, 100).Select(point => (point.Date, point.Equity)));
        Assert.Equal(0.2, compared.TotalReturn!.Value, 1e-15);
        Assert.Null(compared.DownCapture);
    }

    private static Trade Closed(double profit) => new()
    {
        Symbol = "A", Quantity = 1, EntryDate = Sample.FirstDay.ToDateTime(default), EntryPrice = 100,
        ExitDate = Sample.FirstDay.ToDateTime(default).AddDays(1), ExitPrice = 100 + profit, Commission = 0, Profit = profit, Return = profit / 100,
    };
}
