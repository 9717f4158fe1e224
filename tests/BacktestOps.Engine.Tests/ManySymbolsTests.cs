using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;

namespace BacktestOps.Engine.Tests;

/// <summary>What symbols of one run leave to each other.</summary>
public class ManySymbolsTests
{
    private const int Bars = 4000;

    [Fact]
    public void The_columns_of_one_symbol_are_left_to_the_next()
    {
        var (few, many) = (Allocated(5), Allocated(25));

        // Twenty more symbols take less than half of the six columns that each has: four of two averages, two of running sums.
        Assert.InRange(many - few, 1, 20 * 3 * Bars * sizeof(double));
    }

    [Fact]
    public void A_fault_of_a_calendar_that_symbols_share_is_said_of_each()
    {
        var dates = Sample.Weekdays(3, Sample.FirstDay);
        BarSeries Turned(string symbol) => new(symbol, [dates[0], dates[2], dates[1]], [1, 1, 1], [1, 1, 1], [1, 1, 1], [1, 1, 1], [1, 1, 1]);

        var error = Assert.Throws<MarketDataException>(() => Sample.Run(Sample.BuyAndHold("A", "B"), Turned("A"), Turned("B")));

        Assert.Equal("A, B", error.DataSource);
    }

    [Theory]
    [InlineData(0, 0.0)]
    [InlineData(8, double.NaN)]
    [InlineData(15, -1.0)]
    [InlineData(18, double.PositiveInfinity)]
    public void A_price_that_cannot_be_is_found_in_a_symbol_that_shares_its_calendar(int bar, double price)
    {
        double[] good = [.. Enumerable.Repeat(10.0, 19)];
        var bad = good.ToArray();
        bad[bar] = price;

        var open = Assert.Throws<MarketDataException>(() => Sample.Run(Sample.BuyAndHold("A", "B"), Priced("A", good, good), Priced("B", bad, good)));
        var close = Assert.Throws<MarketDataException>(() => Sample.Run(Sample.BuyAndHold("A", "B"), Priced("A", good, good), Priced("B", good, bad)));

        var day = $"{Sample.Weekdays(19, Sample.FirstDay)[bar]:s}";
        Assert.Contains($"the open of 'B' on {day}", open.Message, StringComparison.Ordinal);
        Assert.Contains($"the close of 'B' on {day}", close.Message, StringComparison.Ordinal);
    }

    private static long Allocated(int symbols)
    {
        var request = new BacktestRequest
        {
            Symbols = [.. Enumerable.Range(0, symbols).Select(i => $"S{i:00}")],
            Rules = new StrategyDefinition { Entry = "sma(close, 10) > sma(high, 20)", Exit = "false" },
            Cash = CashSharing.Shared,
        };
        var universe = request.Symbols.Select(Flat).ToArray();
        Sample.Run(request, universe);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Sample.Run(request, universe);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    // No high near a close: a comparison in doubt would make columns of whole numbers.
    private static BarSeries Flat(string symbol)
    {
        double[] low = [.. Enumerable.Repeat(10.0, Bars)], high = [.. Enumerable.Repeat(20.0, Bars)];
        return new(symbol, Sample.Weekdays(Bars, Sample.FirstDay), low, high, low, low, low);
    }

    private static BarSeries Priced(string symbol, double[] open, double[] close) =>
        new(symbol, Sample.Weekdays(open.Length, Sample.FirstDay), open, open, open, close, [.. open.Select(_ => 1.0)]);
}
