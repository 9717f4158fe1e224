using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;
using static System.FormattableString;

namespace BacktestOps.Engine.Tests.Simulation;

/// <summary>Exits by limit and stop orders, convention by convention, on bars small enough to follow by hand.</summary>
public class ExitOrderTests
{
    // Bought at the open of bar 1 for 10; the exit rule holds at its close, 10, and orders for the bars from 2 on.
    private const string Before = "10 10 10 10 | 10 10 10 10 | ";

    private static readonly StrategyDefinition s_long = new() { Entry = "close == 10", Exit = "close == 10" };

    [Theory]
    // A limit fills at its price, at a better open, and not at a high that is below it.
    [InlineData("limit", "11", 2, "10 10.9 9 10.5 | 10.5 12 10 10.5 | 9 9 9 9", "11 at 3: rule")]
    [InlineData("limit", "11", 2, "12 12 12 12 | 9 9 9 9", "12 at 2: rule")]
    [InlineData("limit", "11", 2, "10.5 10.9 9 10.5 | 9 11 9 9", "11 at 3: rule")]
    // After its bars the position is held.
    [InlineData("limit", "11", 1, "10.5 10.9 9 10.5 | 9 12 9 9", "open")]
    // A stop fills at its price, or at an open beyond it.
    [InlineData("stop", "9", 3, "9.5 9.5 9.1 9.5 | 9.5 9.5 8 8.5", "9 at 3: rule")]
    [InlineData("stop", "9", 3, "9.5 9.5 9.1 9.5 | 7 9.5 7 8.5", "7 at 3: rule")]
    [InlineData("stop", "9", 1, "9.5 9.5 9.1 9.5 | 7 9.5 7 8.5", "open")]
    // A stop above the market and a limit below it are beyond the open already.
    [InlineData("stop", "11", 1, "9.5 9.5 9.1 9.5", "9.5 at 2: rule")]
    [InlineData("limit", "9", 1, "9.5 9.5 9.1 9.5", "9.5 at 2: rule")]
    public void A_limit_or_a_stop_fills_at_its_price_or_at_the_open_that_is_beyond_it_for_as_long_as_it_lives(
        string kind, string price, int bars, string then, string expected) =>
        Assert.Equal(expected, Trade(s_long with { ExitOrder = Order(kind, price, bars) }, Before + then));

    [Theory]
    // One bar reaches both: what is against the position comes first, and of two on one side the nearer.
    [InlineData("limit", "11", "0.1", null, "10 12 8 10", "9 at 2: stop_loss")]
    [InlineData("limit", "11", "0.3", null, "10 12 8 10", "11 at 2: rule")]
    [InlineData("stop", "9", null, "0.1", "10 12 8 10", "9 at 2: rule")]
    [InlineData("limit", "11", null, "0.2", "10 13 8 10", "11 at 2: rule")]
    [InlineData("limit", "12", null, "0.1", "10 13 8 10", "11 at 2: take_profit")]
    [InlineData("stop", "9", "0.2", null, "10 13 7 10", "9 at 2: rule")]
    [InlineData("stop", "8", "0.1", null, "10 13 7 10", "9 at 2: stop_loss")]
    // A gap past both fills at the open, and the stop has it.
    [InlineData("stop", "9", "0.2", null, "7 13 7 10", "7 at 2: rule")]
    public void Stops_come_before_targets_and_limits_and_the_nearer_of_two_comes_first(
        string kind, string price, string? loss, string? target, string then, string expected)
    {
        var rules = s_long with { ExitOrder = Order(kind, price, 3), Stops = new() { StopLoss = loss, TakeProfit = target } };

        Assert.Equal(expected, Trade(rules, Before + then));
    }

    [Fact]
    public void An_exit_rule_that_holds_again_replaces_the_order()
    {
        // Ordered at 13 for five bars; the close of bar 2 orders at 15 instead, and 14 in bar 3 sells nothing.
        var rules = s_long with { Exit = "close == 10 or close == 12", ExitOrder = Order("limit", "close + 3", 5) };

        Assert.Equal("15 at 4: rule", Trade(rules, Before + "10 12 10 12 | 12 14 11 11 | 11 16 11 11"));
    }

    [Fact]
    public void An_entry_rule_of_the_same_side_says_nothing_to_an_exit_that_waits() =>
        Assert.Equal("11 at 3: rule", Trade(s_long with { Entry = "true", ExitOrder = Order("limit", "11", 2) }, Before + "10.5 10.5 10.5 10.5 | 11 11 11 11"));

    [Fact]
    public void A_reversal_closes_at_the_market_and_takes_the_order_back()
    {
        // Bar 2's close reverses; the order at 15 would have filled in bar 4, in which the short position is held.
        var rules = s_long with { ShortEntry = "close == 12", ShortExit = "false", ExitOrder = Order("limit", "15", 5) };

        Assert.Equal("11 at 3: reversal, short open", Trade(rules, Before + "12 12 12 12 | 11 11 11 11 | 16 16 16 16"));
    }

    [Fact]
    public void A_short_position_buys_back_lower_by_limit_and_higher_by_stop()
    {
        var rules = new StrategyDefinition { Entry = "false", Exit = "false", ShortEntry = "close == 10", ShortExit = "close == 10" };

        Assert.Equal("-9 at 3: rule", Trade(rules with { ShortExitOrder = Order("limit", "9", 2) }, Before + "10 11 9.5 9.5 | 9.5 9.5 8 9.5"));
        Assert.Equal("-11 at 2: rule", Trade(rules with { ShortExitOrder = Order("stop", "11", 2) }, Before + "10 12 9.5 9.5"));
    }

    [Fact]
    public void A_stop_pays_slippage_and_a_limit_none()
    {
        var slippage = new SlippageTerms { BasisPoints = 100 };

        Assert.Equal("8.91 at 2: rule", Trade(s_long with { ExitOrder = Order("stop", "9", 1) }, Before + "10 10 8 8", request => request with { Slippage = slippage }));
        Assert.Equal("11 at 2: rule", Trade(s_long with { ExitOrder = Order("limit", "11", 1) }, Before + "10 12 10 10", request => request with { Slippage = slippage }));
    }

    [Fact]
    public void With_fills_at_the_close_an_exit_still_waits_from_the_next_bar_on()
    {
        // Bought at the close of bar 0; the close of bar 1 orders, and its own high of 12 fills nothing.
        var rules = s_long with { ExitOrder = Order("limit", "11", 2) };

        Assert.Equal("11 at 2: rule", Trade(rules, "10 10 10 10 | 10 12 10 10 | 10 11 10 10.5", request => request with { Fill = FillTiming.Close }));
    }

    [Fact]
    public void What_the_volume_leaves_of_a_limit_waits_on_at_its_price_and_what_it_leaves_of_a_stop_goes_at_the_next_opens()
    {
        // 60 shares are bought; bar 2 has the volume for 30, and bar 3 does not reach the price.
        static BacktestRequest Limited(BacktestRequest request) => request with { VolumeLimit = 0.06, FractionalShares = false };
        var rules = s_long with { Sizing = new() { Kind = SizingKind.FixedShares, Value = 60 } };
        const string Then = "10 12 10 10.5 500 | 10.5 10.9 10.5 10.5 | 12 12 12 12";

        Assert.Equal("60 for 11 at 2: rule", Sales(rules with { ExitOrder = Order("limit", "11", 2) }, Before + "10 12 10 10.5", Limited));
        Assert.Equal("30 for 11 at 2: rule, 30 for 12 at 4: rule", Sales(rules with { ExitOrder = Order("limit", "11", 3) }, Before + Then, Limited));
        Assert.Equal("30 for 11 at 2: rule", Sales(rules with { ExitOrder = Order("limit", "11", 2) }, Before + Then, Limited));
        Assert.Equal("30 for 9 at 2: rule, 30 for 9.5 at 3: rule", Sales(rules with { ExitOrder = Order("stop", "9", 1) }, Before + "10 10 8 9.5 500 | 9.5 9.5 9.5 9.5", Limited));
        // At an open beyond the price, the rest is not sold within the same bar.
        Assert.Equal("30 for 12 at 2: rule", Sales(rules with { ExitOrder = Order("limit", "11", 1) }, Before + "12 13 11 12 500", Limited));
    }

    [Fact]
    public void An_exit_without_a_price_is_not_ordered_and_said()
    {
        var outcome = Run(s_long with { ExitOrder = Order("limit", "close - 10", 2) }, Before + "10.5 12 9 10.5");

        Assert.Single(outcome.OpenPositions);
        Assert.Contains("ABC: 1 exits were not ordered because their price was undefined or not above 0; the first on 2020-01-07. The position was held.", outcome.Warnings);
    }

    [Fact]
    public void A_position_that_is_put_right_at_an_open_that_closes_it_is_not_bought_again()
    {
        // Rebalanced up at the open of bar 3, which is beyond the stop of the position: it goes, and nothing is added to it.
        var rules = new StrategyDefinition
        {
            Entry = "close == 10", Exit = "false", Stops = new() { StopLoss = "0.2" }, Rebalance = new() { Every = RebalancePeriod.Bar },
            Sizing = new() { Kind = SizingKind.PercentOfEquity, Value = 0.5 },
        };

        Assert.Equal("7 at 3: stop_loss", Trade(rules, Before + "9 9 9 9 | 7 7 7 7 | 7 7 7 7"));
    }

    [Theory]
    [InlineData("""{ "entry": "true", "exit": "false", "exit_order": { "kind": "limit", "price": "close" } }""", "rules.exit_order: is never given")]
    [InlineData("""{ "entry": "true", "exit": "true", "exit_order": { "kind": "limit", "price": "" } }""", "rules.exit_order.price: is missing")]
    [InlineData("""{ "entry": "true", "exit": "true", "exit_order": { "kind": "limit", "price": "smaa(close, 3)" } }""", "rules.exit_order.price: unknown function 'smaa'")]
    [InlineData("""{ "entry": "true", "exit": "true", "exit_order": { "kind": "limit", "price": "close", "bars": 0 } }""", "rules.exit_order.bars: is 0")]
    [InlineData("""{ "entry": "true", "exit": "true", "short_exit_order": { "kind": "stop", "price": "close" } }""", "rules.short_exit_order: stands without a short_exit")]
    [InlineData("""{ "entry": "true", "exit": "true", "short_entry": "true", "short_exit": "false", "short_exit_order": { "kind": "stop", "price": "close" } }""", "rules.short_exit_order: is never given")]
    public void What_can_not_be_ordered_is_named(string json, string fault)
    {
        var rules = System.Text.Json.JsonSerializer.Deserialize(json, ContractsJson.Default.StrategyDefinition);

        Assert.StartsWith(fault, Assert.Single(RequestValidator.Validate(new() { Symbols = ["ABC"], Rules = rules })).ToString(), StringComparison.Ordinal);
    }

    private static OrderRule Order(string kind, string price, int bars) => new() { Kind = kind == "limit" ? OrderKind.Limit : OrderKind.Stop, Price = price, Bars = bars };

    private static string Trade(StrategyDefinition rules, string bars, Func<BacktestRequest, BacktestRequest>? with = null)
    {
        var outcome = Run(rules, bars, with);
        var open = outcome.OpenPositions.Select(position => position.Quantity < 0 ? "short open" : "open");
        return string.Join(", ", outcome.Trades.Select(trade => Invariant($"{Math.Sign(trade.Quantity) * trade.ExitPrice:0.######} at {At(trade.ExitDate)}: {Reason(trade)}")).Concat(open));
    }

    private static string Sales(StrategyDefinition rules, string bars, Func<BacktestRequest, BacktestRequest> with) =>
        string.Join(", ", Run(rules, bars, with).Trades.Select(trade => Invariant($"{trade.Quantity} for {trade.ExitPrice:0.######} at {At(trade.ExitDate)}: {Reason(trade)}")));

    private static string Reason(Trade trade) => System.Text.Json.JsonSerializer.Serialize(trade.ExitReason, ContractsJson.Default.ExitReason).Trim('"');

    private static BacktestOutcome Run(StrategyDefinition rules, string bars, Func<BacktestRequest, BacktestRequest>? with = null)
    {
        var request = new BacktestRequest { Symbols = ["ABC"], Rules = rules, InitialCash = 1000, FractionalShares = true };
        return Sample.Run(with?.Invoke(request) ?? request, Bars(bars));
    }

    private static int At(DateTime date) => Sample.Weekdays(20, Sample.FirstDay).AsSpan().IndexOf(date);

    // Open, high, low, close and, where it matters, thousands of shares, bar by bar.
    private static BarSeries Bars(string text)
    {
        double[][] bars = [.. text.Split('|', StringSplitOptions.TrimEntries).Select(bar => bar.Split(' ').Select(number => double.Parse(number, System.Globalization.CultureInfo.InvariantCulture)).ToArray())];
        double[] Column(int at) => [.. bars.Select(bar => at < bar.Length ? bar[at] : 1000)];
        return new BarSeries("ABC", Sample.Weekdays(bars.Length, Sample.FirstDay), Column(0), Column(1), Column(2), Column(3), Column(4));
    }
}
