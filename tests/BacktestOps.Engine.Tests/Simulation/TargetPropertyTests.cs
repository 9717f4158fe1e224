using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Targets;
using CsCheck;

namespace BacktestOps.Engine.Tests.Simulation;

/// <summary>Targets from -1 to 1: shorts as those of rules, parts of the equity, and what must hold of all of them.</summary>
public class TargetPropertyTests
{
    private static readonly Gen<double[]> s_targets = Gen.Select(Gen.Int[0, 9], Gen.Int[1, 6]).Array[5, 60].Select(Held);
    private static readonly double[] s_values = [0, 1, -1, 0.5, -0.5, 0.25, 0.3, 0.8, -0.9, 1];

    [Fact]
    public void Whole_targets_long_short_and_flat_are_what_rules_that_say_the_same_give()
    {
        // The low says the target, and the rules read it: costs, margin and fills are whatever the request asks for.
        Gen.Select(SimulationGen.Cases, s_targets).Sample((one, targets) =>
        {
            targets = [0, .. Fit(targets, one.Universe[0].Count).Skip(1).Select(target => (double)Math.Sign(target))];
            var bars = Marked(one.Universe[0], targets);
            var request = Only(one, bars) with { Rebalance = null };
            var rules = new StrategyDefinition
            {
                Name = "Marked", Parameters = [],
                Entry = "low == 0.03 and low[1] != 0.03", Exit = "low != 0.03", ShortEntry = "low == 0.01 and low[1] != 0.01", ShortExit = "low != 0.01",
            };

            var (ours, theirs) = (Sample.Run(request with { Rules = rules, Strategy = "" }, bars), Run(request, bars, targets));

            Assert.Equal(ours.Trades, theirs.Trades);
            Assert.Equal(ours.EquityCurve, theirs.EquityCurve);
            Assert.Equal(ours.OpenPositions, theirs.OpenPositions);
        });
    }

    [Fact]
    public void Parts_of_the_equity_are_what_a_loop_written_plainly_holds()
    {
        Gen.Select(SimulationGen.Bars, s_targets).Sample((bars, targets) =>
        {
            // Below 1 enough that no gap of these bars asks for more than there is.
            targets = [.. Fit(targets, bars.Count).Select(target => target / 4)];
            var outcome = Run(new() { Symbols = ["ABC"], FractionalShares = true, InitialCash = 10_000, Margin = new() { Maintenance = 0 } }, bars, targets);

            var (cash, shares, due) = (10_000.0, 0.0, (double?)null);
            for (var t = 0; t < bars.Count; t++)
            {
                if (due is { } money) (cash, shares) = (cash + (shares - money / bars.Open[t]) * bars.Open[t], money / bars.Open[t]);
                var equity = cash + shares * bars.Close[t];
                Assert.True(Math.Abs(equity - outcome.EquityCurve[t].Equity) <= 1e-7 * 10_000, $"{t}: {outcome.EquityCurve[t].Equity} is not {equity}");
                due = targets[t] == (t == 0 ? 0 : targets[t - 1]) ? null : equity * targets[t];
            }
        });
    }

    [Fact]
    public void Cutting_the_future_off_changes_nothing_before_it_and_equity_is_what_every_trade_made()
    {
        Gen.Select(SimulationGen.Cases, s_targets, Gen.Int[2, 40]).Sample((one, targets, cut) =>
        {
            var bars = one.Universe[0];
            targets = Fit(targets, bars.Count);
            var request = Only(one, bars) with { Margin = one.Request.Margin is { } margin ? margin with { LoanRate = 0 } : null };
            var last = bars.Dates[Math.Min(cut, bars.Count - 1)];

            var whole = Run(request, bars, targets);
            var before = Run(request, bars.Between(null, DateOnly.FromDateTime(last)), targets[..Math.Min(cut + 1, bars.Count)]);

            Assert.Equal(whole.EquityCurve.Take(before.EquityCurve.Count), before.EquityCurve);
            Assert.Equal(whole.Trades.Where(trade => trade.ExitDate <= last), before.Trades);
            var made = whole.Trades.Sum(trade => trade.Profit) + whole.OpenPositions.Sum(open => open.UnrealizedProfit);
            Assert.True(Math.Abs(10_000 + made - whole.EquityCurve[^1].Equity) <= 1e-5, $"{10_000 + made} is not {whole.EquityCurve[^1].Equity}");
        });
    }

    [Fact]
    public void With_a_calendar_the_targets_of_its_closes_count_changed_or_not()
    {
        // From Tuesday on the target is a half; the calendar looks on Mondays.
        var bars = Sample.Flat([10, 10, 10, 10, 10, 10, 10, 10, 20, 20, 20, 20]);
        double[] targets = [0, .. Enumerable.Repeat(0.5, 11)];
        var request = Sample.BuyAndHold() with { FractionalShares = true, Rebalance = new() { Every = RebalancePeriod.Week } };

        var open = Assert.Single(Run(request, bars, targets).OpenPositions);

        // Half of 1000 at 10 on the second Tuesday; on the third Monday that is 1000 of 1500, and half of 1500 at 20 after it.
        Assert.Equal((bars.Dates[6], 37.5), (open.EntryDate, Math.Round(open.Quantity, 9)));
    }

    private static BacktestRequest Only(Case one, BarSeries bars) => one.Request with
    {
        Symbols = [bars.Symbol], Rules = null, Strategy = "py:targets", Sleeves = null, Cash = null,
    };

    private static BacktestOutcome Run(BacktestRequest request, BarSeries bars, double[] targets) =>
        TargetBacktester.Run(request, [bars], null, _ => targets, null, TestContext.Current.CancellationToken);

    // Values that last a while, so that there is something to hold.
    private static double[] Held((int Value, int Bars)[] runs) => [.. runs.SelectMany(run => Enumerable.Repeat(s_values[run.Value], run.Bars))];

    private static double[] Fit(double[] targets, int count) => [.. Enumerable.Range(0, count).Select(t => targets[t % targets.Length])];

    // Lows far below every price, which no order in these requests reads but the rules.
    private static BarSeries Marked(BarSeries bars, double[] targets)
    {
        var low = Enumerable.Range(0, bars.Count).Select(t => 0.02 + 0.01 * targets[t]).Select(price => Math.Round(price, 2)).ToArray();
        return new(bars.Symbol, bars.Dates.ToArray(), bars.Open.ToArray(), bars.High.ToArray(), low, bars.Close.ToArray(), bars.Volume.ToArray());
    }
}
