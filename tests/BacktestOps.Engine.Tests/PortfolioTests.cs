using BacktestOps.Engine.Bars;
using static BacktestOps.Engine.Tests.Sample;

namespace BacktestOps.Engine.Tests;

public class PortfolioTests
{
    [Fact]
    public void Each_symbol_has_an_equal_share_of_the_cash_to_itself()
    {
        var a = OpenClose("A", [10, 10, 20], [10, 10, 20]);
        var b = OpenClose("B", [5, 5, 4], [5, 5, 4]);

        var outcome = Run(BuyAndHold("A", "B"), a, b);

        Assert.Equal([50.0, 100.0], outcome.OpenPositions.Select(open => open.Quantity));
        Assert.Equal([1000.0, 1000, 1400], outcome.EquityCurve.Select(point => point.Equity));
    }

    [Fact]
    public void Before_its_first_bar_a_symbol_is_cash_and_without_a_bar_it_keeps_its_last_mark()
    {
        var a = OpenClose("A", [10, 10, 20, 30, 40], [10, 10, 20, 30, 40]);
        var late = OpenClose("B", [5, 5], [5, 10], FirstDay.AddDays(1));

        var outcome = Run(BuyAndHold("A", "B"), a, late);

        Assert.Equal([1000.0, 1000, 1000 + 500 + 500, 1500 + 1000, 2000 + 1000], outcome.EquityCurve.Select(point => point.Equity));
        Assert.Contains("B: begins on 2020-01-07; before that its share of the cash lies idle.", outcome.Warnings);
        Assert.Contains("B: ends on 2020-01-08; after that it keeps its last mark.", outcome.Warnings);
    }

    [Fact]
    public void Dates_are_the_union_of_all()
    {
        var a = new BarSeries("A", [Day(1), Day(3), Day(8)], [1, 1, 1], [1, 1, 1], [1, 1, 1], [1, 1, 1], [1, 1, 1]);
        var b = new BarSeries("B", [Day(2), Day(3), Day(9)], [1, 1, 1], [1, 1, 1], [1, 1, 1], [1, 1, 1], [1, 1, 1]);

        var outcome = Run(BuyAndHold("A", "B"), a, b);

        Assert.Equal([1, 2, 3, 8, 9], outcome.EquityCurve.Select(point => point.Date.Day));
    }

    [Fact]
    public void Equity_starts_at_the_initial_cash_to_the_bit_where_the_shares_do_not_add_up_to_it()
    {
        var symbols = Enumerable.Range(0, 49).Select(i => $"S{i:00}").ToArray();
        Assert.NotEqual(1000.1, symbols.Sum(_ => 1000.1 / 49));

        var outcome = Run(BuyAndHold(symbols) with { InitialCash = 1000.1 }, [.. symbols.Select(symbol => OpenClose(symbol, [3, 3, 7], [3, 3, 7]))]);

        Assert.Equal(1000.1, outcome.EquityCurve[0].Equity);
    }

    [Fact]
    public void Trades_are_ordered_by_exit_date_then_symbol()
    {
        double[] once = [10, 9, 11, 11, 10, 10, 10, 10];
        double[] twice = [10, 9, 11, 11, 10, 11, 10, 10];

        var outcome = Run(SmaCross(1, 2, "C", "A", "B"), OpenClose("C", once, once), OpenClose("A", twice, twice), OpenClose("B", once, once));

        Assert.Equal(["A", "B", "C", "A"], outcome.Trades.Select(trade => trade.Symbol));
    }

    [Fact]
    public void A_universe_of_another_size_than_the_request_is_refused() =>
        Assert.Throws<ArgumentException>(() => Run(BuyAndHold("A", "B"), Flat(1, 2)));

    private static DateTime Day(int day) => new(2020, 1, day);
}
