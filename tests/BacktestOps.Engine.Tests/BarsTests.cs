using BacktestOps.Engine.Bars;
using static BacktestOps.Engine.Tests.Sample;

namespace BacktestOps.Engine.Tests;

public class BarsTests
{
    [Theory]
    [InlineData(1, 252)]
    [InlineData(7, 52)]
    [InlineData(30.4375, 12)]
    [InlineData(91.3125, 4)]
    [InlineData(365.25, 1)]
    [InlineData(14, 365.25 / 14)]
    public void Periods_per_year_follow_from_the_gap(double days, double expected)
    {
        var dates = Enumerable.Range(0, 40).Select(t => new DateTime(2000, 1, 3).AddDays(Math.Round(t * days))).ToArray();

        Assert.Equal(expected, BarSpacing.PeriodsPerYear(dates), 12);
    }

    [Fact]
    public void Weekdays_with_a_hole_of_a_year_are_daily()
    {
        DateTime[] dates = [.. Weekdays(30, new DateOnly(2019, 1, 2)), .. Weekdays(30, new DateOnly(2020, 6, 1))];

        Assert.Equal(252, BarSpacing.PeriodsPerYear(dates));
    }

    [Fact]
    public void Where_no_gap_is_shared_by_most_bars_the_middle_one_counts()
    {
        int[] gaps = [1, 30, 7, 1, 30, 7, 90, 7, 1, 30];
        var dates = gaps.Aggregate(new List<DateTime> { new(2020, 1, 1) }, (list, gap) => [.. list, list[^1].AddDays(gap)]);

        Assert.Equal(52, BarSpacing.PeriodsPerYear([.. dates]));
    }

    [Fact]
    public void Intraday_periods_are_252_days_of_the_usual_number_of_bars()
    {
        // Six and a half hours of half-hour bars on five days, and one half day.
        var dates = Weekdays(6, FirstDay).SelectMany((day, i) =>
            Enumerable.Range(0, i == 3 ? 7 : 13).Select(bar => day.AddHours(9.5).AddMinutes(30 * bar))).ToArray();

        Assert.Equal(252 * 13, BarSpacing.PeriodsPerYear(dates));
    }

    [Fact]
    public void Fewer_than_two_bars_count_as_daily()
    {
        Assert.Equal(252, BarSpacing.PeriodsPerYear([]));
        Assert.Equal(252, BarSpacing.PeriodsPerYear([new DateTime(2020, 1, 1)]));
    }

    [Theory]
    [InlineData(null, null, 0, 5)]
    [InlineData("2020-01-07", "2020-01-09", 1, 3)]
    [InlineData("2020-01-11", null, 5, 0)]
    [InlineData("2020-01-12", "2020-01-01", 0, 0)]
    [InlineData("0001-01-01", "9999-12-31", 0, 5)]
    public void Between_keeps_the_bars_of_both_end_days(string? from, string? to, int start, int count)
    {
        var bars = Flat(1, 2, 3, 4, 5);

        var cut = bars.Between(from is null ? null : DateOnly.Parse(from, null), to is null ? null : DateOnly.Parse(to, null));

        Assert.Equal(count, cut.Count);
        Assert.Equal(bars.Close.Slice(count == 0 ? 0 : start, count).ToArray(), cut.Close.ToArray());
        Assert.Equal(count, cut.Dates.Length);
    }

    [Fact]
    public void Between_of_a_cut_counts_from_the_cut_and_takes_bars_of_the_last_day_at_any_hour()
    {
        DateTime[] dates = [.. Enumerable.Range(0, 8).Select(i => new DateTime(2020, 1, 6, 9, 0, 0).AddHours(12 * i))];
        double[] prices = [1, 2, 3, 4, 5, 6, 7, 8];
        var bars = new BarSeries("ABC", dates, prices, prices, prices, prices, prices, prices);

        var cut = bars.Between(new DateOnly(2020, 1, 7), null).Between(null, new DateOnly(2020, 1, 8));

        Assert.Equal([3, 4, 5, 6], cut.Close.ToArray());
        Assert.Equal([3, 4, 5, 6], cut.AdjustedClose.ToArray());
    }

    [Fact]
    public void Adjusting_keeps_money_traded_the_order_of_prices_and_the_adjusted_close_to_the_bit()
    {
        var bars = RealPrices.Shared("AAPL");

        var adjusted = bars.ToAdjusted();

        Assert.Equal(bars.AdjustedClose.ToArray(), adjusted.Close.ToArray());
        for (var t = 0; t < bars.Count; t++)
        {
            Assert.True(adjusted.Low[t] <= Math.Min(adjusted.Open[t], adjusted.Close[t]));
            Assert.True(adjusted.High[t] >= Math.Max(adjusted.Open[t], adjusted.Close[t]));
            Assert.Equal(bars.Close[t] * bars.Volume[t], adjusted.Close[t] * adjusted.Volume[t], bars.Close[t] * bars.Volume[t] * 1e-14);
            Assert.Equal(bars.Open[t] / bars.Close[t], adjusted.Open[t] / adjusted.Close[t], 1e-14);
        }
    }

    [Fact]
    public void Columns_of_different_length_are_refused() =>
        Assert.Throws<ArgumentException>(() => new BarSeries("ABC", new DateTime[2], new double[2], new double[2], new double[1], new double[2], new double[2]));
}
