using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;
using static BacktestOps.Engine.Tests.Sample;

namespace BacktestOps.Engine.Tests;

public class BacktesterTests
{
    [Fact]
    public void Buy_and_hold_enters_at_the_open_of_the_second_bar_and_stays_open()
    {
        var bars = OpenClose("ABC", [90, 100, 120], [95, 110, 130]);

        var outcome = Run(BuyAndHold(), bars);

        Assert.Equal([1000, 1100, 1300], outcome.EquityCurve.Select(point => point.Equity));
        var open = Assert.Single(outcome.OpenPositions);
        Assert.Equal(10, open.Quantity);
        Assert.Equal(100, open.EntryPrice);
        Assert.Equal(bars.Dates[1], open.EntryDate);
        Assert.Equal(130, open.LastPrice);
        Assert.Equal(300, open.UnrealizedProfit);
        Assert.Empty(outcome.Trades);
        Assert.Equal(0, outcome.Performance.TotalTrades);
        Assert.Null(outcome.Performance.WinRate);
        Assert.Equal(0.3, outcome.Performance.TotalReturn, 15);
    }

    [Fact]
    public void A_cross_at_a_close_fills_at_the_next_open_and_a_cross_back_exits_at_the_next_open()
    {
        // sma(1) against sma(2): above as soon as the close rises, below as soon as it falls.
        var bars = OpenClose("ABC", [10, 10, 9, 12, 14, 13, 12], [10, 9, 11, 13, 12, 11, 10]);

        var outcome = Run(SmaCross(1, 2), bars);

        var trade = Assert.Single(outcome.Trades);
        Assert.Equal((bars.Dates[3], 12.0), (trade.EntryDate, trade.EntryPrice));
        Assert.Equal((bars.Dates[5], 13.0), (trade.ExitDate, trade.ExitPrice));
        Assert.Equal(83, trade.Quantity);
        Assert.Equal(83, trade.Profit);
        Assert.Equal(1.0 / 12, trade.Return, 15);
        Assert.Equal([1000, 1000, 1000, 1083, 1000, 1083, 1083], outcome.EquityCurve.Select(point => point.Equity));
        Assert.Equal(1, outcome.Performance.WinRate);
    }

    [Fact]
    public void Being_above_when_the_averages_become_defined_is_no_entry()
    {
        var outcome = Run(SmaCross(1, 2), Flat(10, 11, 12, 13, 14, 15));

        Assert.Empty(outcome.Trades);
        Assert.Empty(outcome.OpenPositions);
        Assert.Equal(0, outcome.Performance.TotalReturn);
        Assert.Null(outcome.Performance.SharpeRatio);
    }

    [Fact]
    public void Rising_out_of_a_tie_is_a_cross_and_falling_into_a_tie_is_none()
    {
        // sma(1) − sma(2): 0 at bar 1, above at 2, 0 at 3, below at 4.
        var bars = Flat(10, 10, 11, 11, 10, 10);

        var outcome = Run(SmaCross(1, 2), bars);

        var trade = Assert.Single(outcome.Trades);
        Assert.Equal(bars.Dates[3], trade.EntryDate);
        Assert.Equal(bars.Dates[5], trade.ExitDate);
    }

    [Fact]
    public void A_cross_on_the_last_bar_fills_nothing()
    {
        var outcome = Run(SmaCross(1, 2), Flat(10, 9, 11));

        Assert.Empty(outcome.Trades);
        Assert.Empty(outcome.OpenPositions);
        Assert.Equal(1000, outcome.Performance.FinalEquity);
    }

    [Fact]
    public void The_range_is_cut_first_so_averages_start_inside_it()
    {
        var bars = Flat(10, 9, 11, 12, 13, 14);
        var from = DateOnly.FromDateTime(bars.Dates[2]);

        var whole = Run(SmaCross(1, 2), bars);
        var cut = Run(SmaCross(1, 2) with { From = from, To = from.AddDays(1) }, bars);

        Assert.Single(whole.OpenPositions);
        Assert.Empty(cut.OpenPositions);
        Assert.Equal(bars.Dates[2..4].ToArray(), cut.EquityCurve.Select(point => point.Date));
        Assert.Contains(cut.Warnings, warning => warning.Contains("too few", StringComparison.Ordinal));
    }

    [Fact]
    public void A_symbol_without_bars_in_the_range_is_named_with_the_days_it_has()
    {
        var request = BuyAndHold() with { From = new DateOnly(2030, 1, 1) };

        var error = Assert.Throws<MarketDataException>(() => Run(request, Flat(10, 11)));

        Assert.Contains("'ABC' has no bar from 2030-01-01 on; its bars run from 2020-01-06 to 2020-01-07", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.PositiveInfinity)]
    public void A_price_that_cannot_be_is_an_error_with_symbol_and_date(double price)
    {
        var error = Assert.Throws<MarketDataException>(() => Run(BuyAndHold(), OpenClose("ABC", [10, price, 10], [10, 10, 10])));

        Assert.Contains("the open of 'ABC' on 2020-01-07", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_with_faults_is_not_run()
    {
        Assert.Throws<InvalidRequestException>(() => Run(SmaCross(5, 2), Flat(1, 2, 3)));
    }

    [Fact]
    public void A_cancelled_token_stops_the_run()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();

        Assert.Throws<OperationCanceledException>(() => Backtester.Run(BuyAndHold(), [Flat(1, 2, 3)], null, cancellation.Token));
    }

    [Fact]
    public void Adjusted_prices_make_a_split_vanish()
    {
        var dates = Weekdays(4, FirstDay);
        var bars = new BarSeries("ABC", dates, [100, 100, 50, 55], [100, 110, 55, 55], [100, 100, 50, 50], [100, 110, 55, 50], [1, 1, 2, 2], [50, 55, 55, 50]);

        var outcome = Run(BuyAndHold() with { Adjusted = true, FractionalShares = true }, bars);

        Assert.Equal(0, outcome.Performance.TotalReturn, 15);
        Assert.Equal(50, Assert.Single(outcome.OpenPositions).EntryPrice);
    }

    [Fact]
    public void Adjusted_prices_that_the_data_does_not_have_are_warned_about()
    {
        var outcome = Run(BuyAndHold() with { Adjusted = true }, Flat(10, 11, 12));

        Assert.Contains(outcome.Warnings, warning => warning.Contains("no adjusted close", StringComparison.Ordinal));
    }
}
