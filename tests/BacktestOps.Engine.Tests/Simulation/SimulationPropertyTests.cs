using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Simulation;
using CsCheck;

namespace BacktestOps.Engine.Tests.Simulation;

/// <summary>What must hold for any bars and any request, whatever it asks for.</summary>
public class SimulationPropertyTests
{
    [Fact]
    public void Cutting_the_future_off_changes_no_order_fill_or_mark_before_it()
    {
        Gen.Select(SimulationGen.Cases, Gen.Int[2, 59]).Sample((one, cut) =>
        {
            var last = one.Universe[0].Dates[Math.Min(cut, one.Universe[0].Count - 1)];
            // A symbol that has not begun has no place in the cut run, and sleeves name every symbol.
            if (one.Universe.Any(bars => bars.Dates[0] > last)) return;

            var whole = one.Run();
            var before = Sample.Run(one.Request, SimulationGen.UpTo(one.Universe, last));

            Assert.Equal(whole.EquityCurve.Take(before.EquityCurve.Count), before.EquityCurve);
            Assert.Equal(whole.Trades.Where(trade => trade.ExitDate <= last), before.Trades);
            // What is open at the cut is open in the whole run then: closed later, or open to its end. Its size may change by rebalancing.
            var later = whole.Trades.Where(trade => trade.ExitDate > last).Select(trade => (trade.Symbol, trade.EntryDate))
                .Concat(whole.OpenPositions.Select(open => (open.Symbol, open.EntryDate))).ToHashSet();
            Assert.All(before.OpenPositions, open => Assert.Contains((open.Symbol, open.EntryDate), later));
        });
    }

    [Fact]
    public void A_run_that_is_split_at_any_date_goes_on_as_if_it_had_not_been()
    {
        Gen.Select(SimulationGen.Cases, Gen.Int[1, 70]).Sample((one, split) =>
        {
            var (bars, signals, rules) = SimulationGen.Prepare(one);
            var whole = AccountSimulator.Run(bars, signals, 10_000, rules, null, TestContext.Current.CancellationToken);

            var (first, early, state) = AccountSimulator.RunPart(bars, signals, 10_000, rules, null, split);
            var (second, late, _) = AccountSimulator.RunPart(bars, signals, 10_000, rules, state, int.MaxValue);

            Assert.Equal(whole.Equity, first.Concat(second));
            Assert.Equal(whole.Trades, early.Concat(late));
        });
    }

    [Fact]
    public void Equity_is_the_cash_and_what_every_trade_made_of_it()
    {
        SimulationGen.Cases.Sample(one =>
        {
            // Interest on cash belongs to no trade.
            if (one.Request.Margin is { } margin) one = one with { Request = one.Request with { Margin = margin with { LoanRate = 0 } } };
            var outcome = one.Run();

            var made = outcome.Trades.Sum(trade => trade.Profit) + outcome.OpenPositions.Sum(open => open.UnrealizedProfit);

            Near(10_000 + made, outcome.EquityCurve[^1].Equity);
        });
    }

    [Fact]
    public void Cash_and_positions_rebuilt_from_the_trades_are_the_equity_at_every_close()
    {
        SimulationGen.Cases.Sample(one =>
        {
            // What is bought and sold in parts, or costs something between fills, can't be rebuilt from round trips alone.
            one = one with { Request = one.Request with { Rules = one.Request.Rules! with { Rebalance = null }, Rebalance = null, VolumeLimit = null, Margin = one.Request.Margin is { } margin ? margin with { LoanRate = 0, BorrowRate = 0 } : null } };
            var outcome = one.Run();
            var costs = new Costs(one.Request.Commission, one.Request.FractionalShares);

            foreach (var point in outcome.EquityCurve)
            {
                var equity = one.Request.InitialCash;
                foreach (var trade in outcome.Trades.Where(trade => trade.EntryDate <= point.Date))
                    equity += trade.ExitDate <= point.Date ? trade.Profit : Unrealized(trade.Symbol, trade.Quantity, trade.EntryPrice, point.Date);
                foreach (var open in outcome.OpenPositions.Where(open => open.EntryDate <= point.Date))
                    equity += Unrealized(open.Symbol, open.Quantity, open.EntryPrice, point.Date);
                Near(equity, point.Equity);
            }

            double Unrealized(string symbol, double quantity, double price, DateTime date)
            {
                var bars = one.Universe.Single(series => series.Symbol == symbol);
                var at = bars.Dates.BinarySearch(date);
                return quantity * (bars.Close[at >= 0 ? at : ~at - 1] - price) - costs.Commission(Math.Abs(quantity) * price, Math.Abs(quantity));
            }
        });
    }

    [Fact]
    public void Without_credit_and_short_sales_the_cash_is_never_below_zero()
    {
        Gen.Select(SimulationGen.Cases, Gen.Int[1, 60]).Sample((one, dates) =>
        {
            one = one with { Request = SimulationGen.Fitting(one.Request with { Margin = null, Rules = one.Request.Rules! with { ShortEntry = null, ShortExit = null, ShortEntryOrder = null, ShortExitOrder = null } }) };
            var (bars, signals, rules) = SimulationGen.Prepare(one);

            var (_, _, state) = AccountSimulator.RunPart(bars, signals, 10_000, rules, null, dates);

            Assert.True(state.Cash >= 0, $"{state.Cash}");
            Assert.All(state.Shares, shares => Assert.True(shares >= 0 && (one.Request.FractionalShares || shares == Math.Floor(shares))));
        });
    }

    [Fact]
    public void No_fill_takes_more_than_its_part_of_the_volume()
    {
        SimulationGen.Cases.Sample(one =>
        {
            one = one with { Request = one.Request with { VolumeLimit = 0.01 } };
            foreach (var trade in one.Run().Trades)
            {
                var bars = one.Universe.Single(series => series.Symbol == trade.Symbol);
                Assert.True(Math.Abs(trade.Quantity) <= bars.Volume[bars.Dates.BinarySearch(trade.ExitDate)] * 0.01);
            }
        });
    }

    [Fact]
    public void Doubling_every_price_leaves_every_return_to_the_bit()
    {
        SimulationGen.Cases.Sample(one =>
        {
            // Money that does not scale, and the volume, which counts shares, stay out; so do whole shares.
            var request = one.Request with
            {
                FractionalShares = true,
                VolumeLimit = null,
                Commission = new() { Rate = one.Request.Commission.Rate },
                Slippage = one.Request.Slippage is { } slippage ? slippage with { VolumeImpact = 0 } : null,
                Sizing = one.Request.Sizing is { Kind: SizingKind.FixedCash or SizingKind.FixedShares } ? null : one.Request.Sizing,
            };
            var doubled = one.Universe.Select(bars => new BarSeries(
                bars.Symbol, bars.Dates.ToArray(), Twice(bars.Open), Twice(bars.High), Twice(bars.Low), Twice(bars.Close), bars.Volume.ToArray())).ToArray();

            Assert.Equal(Sample.Run(request, one.Universe).EquityCurve, Sample.Run(request, doubled).EquityCurve);
        });

        static double[] Twice(ReadOnlySpan<double> prices) => [.. prices.ToArray().Select(price => 2 * price)];
    }

    [Fact]
    public void The_order_of_the_symbols_changes_nothing_to_the_bit()
    {
        SimulationGen.Cases.Sample(one =>
        {
            var turned = one.Request with { Symbols = [.. one.Request.Symbols.Reverse()], Sleeves = one.Request.Sleeves?.Reverse().ToArray() };

            Assert.Equal(Bytes(one.Run()), Bytes(Sample.Run(turned, [.. one.Universe.Reverse()])));
        });
    }

    [Fact]
    public void No_symbol_comes_first_by_its_name()
    {
        SimulationGen.Cases.Sample(one =>
        {
            // Where rounding to whole shares or to a cent decides, names could decide it the other way.
            var request = one.Request with { FractionalShares = true, Sleeves = null, Cash = CashSharing.Shared };
            var renamed = one.Universe.Select((bars, i) => new BarSeries(
                one.Universe[^(i + 1)].Symbol, bars.Dates.ToArray(), bars.Open.ToArray(), bars.High.ToArray(), bars.Low.ToArray(), bars.Close.ToArray(), bars.Volume.ToArray())).ToArray();

            var (a, b) = (Sample.Run(request, one.Universe), Sample.Run(request with { Symbols = [.. renamed.Select(bars => bars.Symbol)] }, renamed));

            Assert.Equal(a.Trades.Count, b.Trades.Count);
            foreach (var (left, right) in a.EquityCurve.Zip(b.EquityCurve)) Near(left.Equity, right.Equity, 1e-7);
        });
    }

    [Fact]
    public void Costs_never_raise_the_return_of_positions_with_all_the_equity()
    {
        // For market orders of all there is in fractions of a share, growth is a product of one factor a trade, and each falls with each cost. With
        // stops, waiting orders or whole shares a cost can change what is traded, and nothing can be said.
        var plain = SimulationGen.Cases.Where(one => one.Request.Rules is { EntryOrder: null, ExitOrder: null } && one.Universe.Length == 1);
        Gen.Select(plain, Gen.Int[0, 30], Gen.Int[0, 30], Gen.Int[0, 10]).Sample((one, rate, basisPoints, range) =>
        {
            var cheap = one.Request with
            {
                Rules = one.Request.Rules! with { Stops = null, Sizing = null, Rebalance = null },
                FractionalShares = true, Stops = null, Sizing = null, Rebalance = null, VolumeLimit = null,
                Commission = new(), Slippage = null, Margin = new() { Maintenance = 0 },
            };
            var dear = cheap with
            {
                Commission = new() { Rate = rate / 10_000.0 },
                Slippage = new() { BasisPoints = basisPoints, RangeFraction = range / 100.0 },
            };

            var (after, before) = (Sample.Run(dear, one.Universe), Sample.Run(cheap, one.Universe));
            // Who owes more than there is loses less with a smaller position.
            if (before.Warnings.Concat(after.Warnings).Any(warning => warning.Contains("equity", StringComparison.Ordinal))) return;

            var (least, most) = (after.Performance, before.Performance);
            Assert.True(least.FinalEquity <= most.FinalEquity * (1 + 1e-12), $"{least.FinalEquity} after costs, {most.FinalEquity} before");
        });
    }

    [Fact]
    public void One_thread_or_many_give_the_same_bytes()
    {
        var cases = SimulationGen.Cases.Array[24].Single();
        var alone = cases.Select(one => Bytes(one.Run())).ToArray();

        var together = new string[cases.Length * 4];
        Parallel.For(0, together.Length, new ParallelOptions { CancellationToken = TestContext.Current.CancellationToken }, i => together[i] = Bytes(cases[i % cases.Length].Run()));

        Assert.All(Enumerable.Range(0, together.Length), i => Assert.Equal(alone[i % cases.Length], together[i]));
    }

    private static string Bytes(BacktestOutcome outcome) => JsonSerializer.Serialize(
        new BacktestResult
        {
            BacktestId = "", Status = BacktestStatus.Completed, ResultsFile = "", CompletedAt = default, Data = [],
            Request = new() { Symbols = [] }, Performance = outcome.Performance, Conventions = outcome.Conventions, Warnings = outcome.Warnings,
            Trades = outcome.Trades, OpenPositions = outcome.OpenPositions, EquityCurve = outcome.EquityCurve,
        },
        ContractsJson.Default.BacktestResult);

    private static void Near(double expected, double actual, double part = 1e-9) =>
        Assert.True(Math.Abs(expected - actual) <= part * (10_000 + Math.Abs(expected)), $"{actual} is not {expected}");
}
