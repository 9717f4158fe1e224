using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Simulation;
using CsCheck;
using static BacktestOps.Engine.Tests.Sample;

namespace BacktestOps.Engine.Tests;

public class CostsTests
{
    [Theory]
    [InlineData(1000, 100, 0, 0, false, 10)]
    [InlineData(999.99, 100, 0, 0, false, 9)]
    [InlineData(1001, 100, 0.001, 0, false, 10)]
    [InlineData(1000, 100, 0.001, 0, false, 9)]
    [InlineData(1005, 100, 0.001, 5, false, 10)]
    [InlineData(1004.99, 100, 0.001, 5, false, 9)]
    [InlineData(0.3, 0.1, 0, 0, false, 3)]
    [InlineData(99, 100, 0, 0, false, 0)]
    [InlineData(99, 100, 0, 0, true, 0.99)]
    [InlineData(5, 100, 0, 5, true, 0)]
    [InlineData(4, 100, 0, 5, true, 0)]
    public void Affordable_shares_leave_room_for_the_commission(double cash, double price, double rate, double minimum, bool fractional, double expected) =>
        Assert.Equal(expected, new Costs(rate, minimum, fractional).Affordable(cash, price), 12);

    [Fact]
    public void What_is_bought_never_costs_more_than_the_cash_and_one_share_more_would()
    {
        Gen.Select(Gen.Int[1, 100_000_000], Gen.Int[1, 1_000_000], Gen.Int[0, 500], Gen.Int[0, 3000]).Sample((cashCents, priceCents, basisPoints, minimumCents) =>
        {
            var costs = new Costs(basisPoints / 10_000.0, minimumCents / 100.0, false);

            var shares = costs.Affordable(cashCents / 100.0, priceCents / 100.0);

            // In decimals, so that the test does not round.
            decimal Cost(decimal count)
            {
                var money = count * priceCents / 100m;
                return money + Math.Max(money * basisPoints / 10_000m, minimumCents / 100m);
            }
            Assert.True(shares == 0 || Cost((decimal)shares) <= cashCents / 100m);
            Assert.True(Cost((decimal)shares + 1) > cashCents / 100m);
        });
    }

    [Fact]
    public void Commission_is_paid_on_entry_and_exit_and_stands_in_the_trade()
    {
        var request = SmaCross(1, 2) with { Commission = new CommissionTerms { Rate = 0.01, Minimum = 1 } };

        var outcome = Run(request, Flat(10, 9, 10, 10, 5, 5, 5));

        // 99 × 10 × 1.01 = 999.90 leaves 10 cents; 99 × 5 less 4.95 comes back.
        var trade = Assert.Single(outcome.Trades);
        Assert.Equal(99, trade.Quantity);
        Assert.Equal(9.90 + 4.95, trade.Commission, 12);
        Assert.Equal(99 * -5 - 14.85, trade.Profit, 10);
        Assert.Equal(0.10 + 495 - 4.95, outcome.Performance.FinalEquity, 10);
        Assert.Equal(14.85, outcome.Performance.CommissionPaid, 12);
        Assert.Equal(0, outcome.Performance.WinRate);
    }

    [Fact]
    public void An_open_position_carries_the_entry_commission_alone()
    {
        var outcome = Run(BuyAndHold() with { Commission = new CommissionTerms { Minimum = 10 } }, Flat(10, 10, 20));

        var open = Assert.Single(outcome.OpenPositions);
        Assert.Equal((99.0, 10.0, 980.0), (open.Quantity, open.Commission, open.UnrealizedProfit));
        Assert.Equal(1980, outcome.Performance.FinalEquity);
        Assert.Equal(10, outcome.Performance.CommissionPaid);
    }

    [Fact]
    public void A_minimum_above_all_that_is_left_takes_it_and_leaves_no_debt()
    {
        var request = SmaCross(1, 2) with { Commission = new CommissionTerms { Minimum = 500 } };

        var outcome = Run(request, Flat(10, 9, 10, 10, 1, 1, 1));

        Assert.Equal(0, outcome.Performance.FinalEquity);
        Assert.Equal(-1, outcome.Performance.TotalReturn);
        Assert.Equal(-1, outcome.Performance.MaxDrawdown);
        Assert.All(outcome.EquityCurve, point => Assert.True(point.Equity >= 0));
    }

    [Theory]
    [InlineData(SizingKind.FixedShares, 10, 1)]
    [InlineData(SizingKind.FixedShares, 5, 0)]
    [InlineData(SizingKind.FixedCash, 100, 0)]
    [InlineData(SizingKind.PercentOfEquity, 1, 0)]
    public void An_entry_that_the_cash_cuts_is_counted_in_a_warning(SizingKind kind, double value, int cut)
    {
        var request = BuyAndHold() with { InitialCash = 100, Sizing = new() { Kind = kind, Value = value } };

        var outcome = Run(request, Flat(20, 20, 20));

        Assert.Equal(5, Assert.Single(outcome.OpenPositions).Quantity);
        string[] expected = cut == 0 ? [] : ["ABC: 1 entries were smaller than their size because the cash or its margin did not suffice; the first on 2020-01-07."];
        Assert.Equal(expected, outcome.Warnings);
    }

    [Fact]
    public void Entries_of_one_moment_that_the_shared_cash_cuts_are_each_counted()
    {
        var request = BuyAndHold() with { Symbols = ["ABC", "XYZ"], InitialCash = 100, Cash = CashSharing.Shared, Sizing = new() { Kind = SizingKind.FixedCash, Value = 100 } };
        var bars = Flat(20, 20, 20);

        var outcome = Run(request, bars, new BarSeries("XYZ", bars.Dates.ToArray(), bars.Open.ToArray(), bars.High.ToArray(), bars.Low.ToArray(), bars.Close.ToArray(), bars.Volume.ToArray()));

        Assert.Equal(2, outcome.Warnings.Count(warning => warning.Contains("entries were smaller than their size", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_entry_that_buys_nothing_is_counted_in_a_warning()
    {
        var outcome = Run(BuyAndHold(), Flat(2000, 2000, 2000));

        Assert.Empty(outcome.OpenPositions);
        Assert.Equal("ABC: 2 entries bought nothing because the cash did not cover one share and the commission; the first on 2020-01-07.", Assert.Single(outcome.Warnings));
    }

    [Fact]
    public void A_trade_that_gives_back_exactly_its_commission_is_not_won()
    {
        // 3 shares bought at 0.1 and sold at 0.3, 0.3 each way: 0.9 − 0.3 − 0.6 is nothing, in doubles it is not.
        Assert.NotEqual(0, 3 * 0.3 - 3 * 0.1 - (0.3 + 0.3));
        var request = SmaCross(1, 2) with { InitialCash = 0.6, Commission = new CommissionTerms { Minimum = 0.3 } };

        var outcome = Run(request, OpenClose("ABC", [0.2, 0.1, 0.1, 0.1, 0.2, 0.3], [0.2, 0.1, 0.2, 0.3, 0.1, 0.1]));

        Assert.Equal(0, Assert.Single(outcome.Trades).Profit);
        Assert.Equal(0, outcome.Performance.WinRate);
    }
}
