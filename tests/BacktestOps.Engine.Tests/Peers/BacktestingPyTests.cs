using System.Globalization;
using BacktestOps.Contracts;
using static BacktestOps.Engine.Tests.Peers.PeerCases;

namespace BacktestOps.Engine.Tests.Peers;

/// <summary>Orders, stops, sides and sizes of whole runs against backtesting.py: equity, drawdown and every trade.</summary>
/// <remarks>
/// <para>
/// Source: kernc/backtesting.py at commit 9c2b8e1 (after 0.6.6) on pandas 1.5.3, run once on 2026-11-26 on the bundled prices and
/// on the eight stocks beside the project, cash 100,000, <c>finalize_trades=False</c>, with the settings that the names in
/// <see cref="PeerCases"/> say (<c>exclusive_orders</c> for "reverse", <c>trade_on_close</c> for "close", <c>margin=0.5</c> for "margin",
/// <c>commission=lambda size, price: abs(size) * 0.01</c> for "per_share"). Crossings as in <see cref="ReferenceTests"/>. It takes
/// prices for stops, so <c>sl</c> and <c>tp</c> were given as parts of the open (close) that fills, its check that they lie on either side of
/// the last close made against that open; the trailing stop was moved at every close to the highest high since the entry × 0.94 (its
/// <c>TrailingStrategy</c> hangs on the close by a multiple of ATR); waiting orders were cancelled after five bars.
/// </para>
/// <para>What it does differently, and so where the runs of backtesting.csv end early ("to"):</para>
/// <list type="bullet">
/// <item>a bar that opens beyond the target and comes back to the stop: it sells at the stop, we at the open, which came first;</item>
/// <item>equity below zero: it is set to zero and the run ends; ours closes at the next open and what is owed is a loss;</item>
/// <item><c>trade_on_close</c> books an entry a bar later, at the close before: one of the last close is missing, and its commission weighs
/// on the equity a bar later, so these cases have none;</item>
/// <item>its spread is paid whole at the entry, ours half at each side; its waiting orders have no stops on the bar of the entry;
/// neither is here.</item>
/// </list>
/// </remarks>
public class BacktestingPyTests
{
    public static TheoryData<string[]> Figures => [.. Rows("backtesting.csv")];

    public static TheoryData<string> Traded => [.. Rows("backtesting-trades.csv").Select(row => row[0]).Distinct()];

    [Theory]
    [MemberData(nameof(Figures), DisableDiscoveryEnumeration = true)]
    public void A_run_is_that_of_backtesting_py(string[] row)
    {
        var (name, symbol) = (row[0], row[1]);
        var request = Of(name, symbol) with { To = row[2].Length == 0 ? null : DateOnly.Parse(row[2], CultureInfo.InvariantCulture) };

        var outcome = Sample.Run(request, symbol == "SP500" ? RealPrices.Sp500() : RealPrices.Shared(symbol));

        Near(row[3], outcome.Performance.FinalEquity);
        Near(row[4], outcome.Performance.MaxDrawdown);
        Assert.Equal(Number(row[5]), outcome.Performance.TotalTrades);
        Assert.Equal(Number(row[6]), outcome.OpenPositions.Sum(open => open.Quantity));
        Assert.Equal(Number(row[7]), outcome.Trades.Sum(trade => trade.Quantity));
        Near(row[8], outcome.Trades.Sum(trade => trade.Profit));
        Assert.Equal(Number(row[9]), outcome.Trades.Sum(trade => Day(trade.EntryDate)));
        Assert.Equal(Number(row[10]), outcome.Trades.Sum(trade => Day(trade.ExitDate)));
    }

    [Theory]
    [MemberData(nameof(Traded), DisableDiscoveryEnumeration = true)]
    public void Every_trade_from_July_2007_to_June_2009_is_that_of_backtesting_py(string name)
    {
        var rows = Rows("backtesting-trades.csv").Where(row => row[0] == name).ToArray();
        var request = Of(name, "SP500") with { From = new DateOnly(2007, 7, 1), To = new DateOnly(2009, 6, 30) };

        var outcome = Sample.Run(request, RealPrices.Sp500());

        Assert.Equal(rows.Length - 1, outcome.Trades.Count);
        Assert.All(rows[..^1].Zip(outcome.Trades), pair =>
        {
            var ((row, trade), day) = (pair, "yyyy-MM-dd");
            Assert.Equal(Number(row[1]), trade.Quantity);
            Assert.Equal((row[2], row[4]), (trade.EntryDate.ToString(day, CultureInfo.InvariantCulture), trade.ExitDate.ToString(day, CultureInfo.InvariantCulture)));
            Near(row[3], trade.EntryPrice);
            Near(row[5], trade.ExitPrice);
            Near(row[6], trade.Profit);
        });
        Near(rows[^1][3], outcome.Performance.FinalEquity);
        Near(rows[^1][5], outcome.Performance.MaxDrawdown);
    }

    // Apple opened at 159.50 on 2 August 2017, above the target of 155.40, and its file has a low of 142.04 (a bad print), below the
    // stop: backtesting.py sells 406 shares at 143.56. Bank of America on 13 March 2009: 5.7618 there.
    [Theory]
    [InlineData("stop_target", "AAPL", "2017-08-02", 159.5)]
    [InlineData("close_stops", "BAC", "2009-03-13", 6.25)]
    public void A_bar_that_opens_beyond_the_target_sells_there_whatever_its_low_is(string name, string symbol, string day, double open)
    {
        var outcome = Sample.Run(Of(name, symbol), RealPrices.Shared(symbol));

        var trade = Assert.Single(outcome.Trades, trade => trade.ExitDate == DateTime.Parse(day, CultureInfo.InvariantCulture));
        Assert.Equal((open, ExitReason.TakeProfit), (trade.ExitPrice, trade.ExitReason));
    }

    // AIG's reverse split of one to twenty on 1 July 2009, in prices as traded: 45,621 shares sold short at 1.70 are worth 18.08
    // each at the close. backtesting.py buys them back there and writes zero; we buy at the next open.
    [Fact]
    public void A_loss_beyond_the_cash_is_written_as_it_is()
    {
        var outcome = Sample.Run(Of("short", "AIG"), RealPrices.Shared("AIG"));

        var last = outcome.Trades[^1];
        Assert.Equal((-45621, new DateTime(2009, 7, 2), 17.89), (last.Quantity, last.ExitDate, last.ExitPrice));
        Assert.Equal(100_000 + outcome.Trades.Sum(trade => trade.Profit), outcome.Performance.FinalEquity, 1e-6);
        Assert.True(outcome.Performance.FinalEquity < 0);
    }

    private static double Day(DateTime date) => (date - DateTime.UnixEpoch).TotalDays;

    private static void Near(string expected, double actual) =>
        Assert.Equal(Number(expected), actual, Math.Max(1e-12, Math.Abs(Number(expected)) * 1e-9));
}
