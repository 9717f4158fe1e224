using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Targets;
using static BacktestOps.Engine.Tests.Sample;

namespace BacktestOps.Engine.Tests;

/// <summary>Targets from outside the engine become the same fills as rules do.</summary>
public class TargetBacktesterTests
{
    private static readonly StrategyInfo Outside = new()
    {
        Name = "py:outside",
        Description = "",
        Parameters = [new StrategyParameter { Name = "fast", Description = "", Default = 10, Minimum = 1, Maximum = 100, IsInteger = true }],
    };

    private static BacktestRequest Request => BuyAndHold() with { Strategy = Outside.Name, FractionalShares = true };

    [Fact]
    public void A_target_of_one_is_all_the_cash_from_the_next_open_and_of_zero_none_of_it()
    {
        var bars = OpenClose("ABC", [10, 20, 30, 40, 50], [10, 20, 30, 40, 50]);

        var outcome = Run(bars, 0, 1, 1, 0, 0);

        var trade = Assert.Single(outcome.Trades);
        Assert.Equal((30.0, 50.0), (trade.EntryPrice, trade.ExitPrice));
        Assert.Equal(1000.0 / 30 * 50, outcome.Performance.FinalEquity, 1e-9);
        Assert.Empty(outcome.OpenPositions);
    }

    [Fact]
    public void Targets_of_one_throughout_are_buy_and_hold_and_of_the_last_bar_fill_nothing()
    {
        var bars = Flat(10, 11, 12, 13);

        Assert.Equal(Sample.Run(BuyAndHold() with { FractionalShares = true }, bars).EquityCurve, Run(bars, 1, 1, 1, 1).EquityCurve);
        Assert.Empty(Run(bars, 0, 0, 0, 1).OpenPositions);
    }

    [Fact]
    public void An_entry_that_the_cash_does_not_cover_is_due_again_only_when_the_target_changes_again()
    {
        var bars = Flat(2000, 2000, 500, 500, 500, 500);
        var request = Request with { FractionalShares = false };

        Assert.Empty(Run(request, bars, 1, 1, 1, 1, 1, 1).OpenPositions);
        Assert.Single(Run(request, bars, 1, 1, 0, 1, 1, 1).OpenPositions);
    }

    [Theory]
    [InlineData(1.001)]
    [InlineData(-1.001)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_target_that_a_sleeve_cannot_hold_is_refused_with_its_date(double target)
    {
        var fault = Assert.Throws<ArgumentException>(() => Run(Flat(10, 11, 12), 0, target, 0));
        Assert.Contains("2020-01-07", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_number_of_targets_than_bars_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Run(Flat(10, 11, 12), 0, 1));
        Assert.Throws<ArgumentException>(() => Run(Flat(10, 11, 12), 0, 1, 1, 1));
    }

    [Fact]
    public void All_faults_of_a_request_are_named_its_parameters_among_them()
    {
        var request = Request with { Symbols = [], InitialCash = -1, Rules = new StrategyDefinition(), Parameters = new Dictionary<string, double> { ["fast"] = 0.5, ["slwo"] = 1 } };

        Assert.Equal(
            ["initial_cash", "parameters.fast", "parameters.slwo", "rules", "symbols"],
            TargetBacktester.Validate(request, Outside).Select(fault => fault.Field).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_normal_request_names_the_strategy_and_every_parameter()
    {
        var normal = TargetBacktester.Normalize(Request with { Strategy = "PY:OUTSIDE", Parameters = new Dictionary<string, double>() }, Outside);

        Assert.Equal("py:outside", normal.Strategy);
        Assert.Equal(new Dictionary<string, double> { ["fast"] = 10 }, normal.Parameters);
    }

    private static BacktestOutcome Run(BarSeries bars, params double[] targets) => Run(Request, bars, targets);

    private static BacktestOutcome Run(BacktestRequest request, BarSeries bars, params double[] targets) =>
        TargetBacktester.Run(request, [bars], benchmark: null, _ => targets, null, TestContext.Current.CancellationToken);
}
