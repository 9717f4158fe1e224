using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Sweeps;

namespace BacktestOps.Engine.Tests.Sweeps;

/// <summary>A walk-forward chooses from the past and is judged on what follows.</summary>
public class WalkForwardTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, "0-59>60-79 20-79>80-99 40-99>100-119")]
    [InlineData(true, "0-59>60-79 0-79>80-99 0-99>100-119")]
    public void Stretches_follow_each_other_without_a_gap_and_roll_or_stay_anchored(bool anchored, string expected)
    {
        var bars = Wave(120);
        var walk = new WalkForward(Request(60, 20, anchored), [bars]);

        Assert.Equal(expected, string.Join(' ', walk.Stretches.Select(stretch =>
            $"{At(stretch.InFirst)}-{At(stretch.InLast)}>{At(stretch.OutFirst)}-{At(stretch.OutLast)}")));
        int At(DateTime date) => bars.Dates.IndexOf(date);
    }

    [Fact]
    public void The_last_stretch_is_as_long_as_there_are_bars()
    {
        var bars = Wave(125);
        var walk = new WalkForward(Request(60, 20, false), [bars]);

        Assert.Equal((4, bars.Dates[^1]), (walk.Stretches.Count, walk.Stretches[^1].OutLast));
    }

    [Fact]
    public void Bars_that_are_too_few_for_one_stretch_are_a_fault()
    {
        var fault = Assert.Throws<InvalidRequestException>(() => new WalkForward(Request(60, 20, false), [Wave(60)]));

        Assert.Equal("sweep.walk_forward.in_sample", fault.Faults.Single().Field);
    }

    [Fact]
    public void A_choice_is_that_of_a_sweep_over_the_bars_in_sample_alone()
    {
        var bars = Wave(120);
        var request = Request(60, 20, false);
        var walk = new WalkForward(request, [bars]);
        var stretch = walk.Stretches[1];
        var cut = Request(0, 0, false) with { From = DateOnly.FromDateTime(stretch.InFirst), To = DateOnly.FromDateTime(stretch.InLast) };
        cut = cut with { Sweep = cut.Sweep! with { WalkForward = null } };

        Assert.Equal(SweepCompare.Run(cut, bars).Figures, Figures(walk.InSample(stretch, Token)));
    }

    [Fact]
    public void One_choice_for_all_stretches_trades_as_a_run_of_it_does_after_its_averages_are_full()
    {
        // A single run that begins in sample and has not traded when the judging begins is the same from there on.
        var bars = Wave(160);
        var walk = new WalkForward(Request(20, 35, false), [bars]);
        var choice = new Dictionary<string, double> { ["fast"] = 5, ["slow"] = 20 };
        var stitched = walk.Stitch([.. walk.Stretches.Select(_ => choice)], null, Token);
        var single = Sample.Run(Request(0, 0, false) with { Sweep = null, Parameters = choice }, bars);

        Assert.Equal(bars.Count - 20, stitched.EquityCurve.Count);
        Assert.NotEmpty(single.Trades);
        Assert.Equal(single.Trades, stitched.Trades);
        Assert.Equal(single.EquityCurve.Skip(20), stitched.EquityCurve);
    }

    [Fact]
    public void What_comes_later_changes_no_earlier_part_of_the_stitched_curve()
    {
        var (whole, cut) = (Wave(160), 130);
        var changed = Sample.OpenClose("ABC", [.. whole.Open[..cut], .. whole.Open[cut..].ToArray().Reverse()], [.. whole.Close[..cut], .. whole.Close[cut..].ToArray().Reverse()]);

        Assert.Equal(Stitched(whole).TakeWhile(point => point.Date < whole.Dates[cut]), Stitched(changed).TakeWhile(point => point.Date < whole.Dates[cut]));

        static IReadOnlyList<EquityPoint> Stitched(BarSeries bars)
        {
            var walk = new WalkForward(Request(50, 10, false), [bars]);
            return walk.Stitch([.. walk.Stretches.Select(stretch => Choose(walk.InSample(stretch, Token)))], null, Token).EquityCurve;
        }
    }

    [Fact]
    public void Where_nothing_is_chosen_nothing_is_traded()
    {
        var bars = Wave(160);
        var walk = new WalkForward(Request(40, 40, false), [bars]);
        var choice = new Dictionary<string, double> { ["fast"] = 2, ["slow"] = 10 };

        var outcome = walk.Stitch([choice, null, choice], null, Token);

        Assert.NotEmpty(outcome.Trades);
        Assert.DoesNotContain(outcome.Trades, trade => trade.EntryDate > walk.Stretches[1].OutFirst && trade.EntryDate <= walk.Stretches[1].OutLast);
        Assert.Empty(walk.Stitch([null, null, null], null, Token).Trades);
    }

    // Rules that look three bars back say nothing before the fourth bar, so a run that begins three bars before the first judged one
    // has traded nothing until then, and is what a walk-forward of one variant must be.
    [Theory]
    [InlineData("fraction")]
    [InlineData("money")]
    [InlineData("entry orders")]
    [InlineData("exit orders")]
    public void One_variant_with_stops_or_waiting_orders_is_a_run_of_it_begun_as_many_bars_before_as_its_rules_look_back(string kind)
    {
        var bars = Wave(160);
        var rules = Dips(kind);
        var request = Request(20, 7, false) with
        {
            Strategy = "", Rules = rules, Commission = new() { Rate = 0.001 },
            Sweep = new() { Parameters = new Dictionary<string, IReadOnlyList<double>> { ["x"] = [0.02] }, WalkForward = new() { InSample = 20, OutOfSample = 7 } },
        };
        var walk = new WalkForward(request, [bars]);
        var choice = new Dictionary<string, double> { ["x"] = 0.02 };

        var stitched = walk.Stitch([.. walk.Stretches.Select(_ => choice)], null, Token);
        var single = Sample.Run(request with { Sweep = null, Parameters = choice, From = DateOnly.FromDateTime(bars.Dates[17]) }, bars);

        Assert.True(single.Trades.Count > 2, $"{single.Trades.Count} trades");
        Assert.Contains(single.Trades, trade => kind is not ("fraction" or "money") || trade.ExitReason is ExitReason.StopLoss or ExitReason.TakeProfit);
        Assert.Equal(single.Trades, stitched.Trades);
        Assert.Equal(single.EquityCurve.Skip(3), stitched.EquityCurve);
        Assert.Equal(single.OpenPositions, stitched.OpenPositions);
    }

    // A volatility of 20 returns is first known at bar 20, which is the first that is judged: until then a run from the first bar on
    // orders nothing, and from there on both order the same.
    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    public void A_size_by_volatility_sees_the_bars_before_the_first_that_is_judged(int daysApart)
    {
        var wave = Wave(160);
        var bars = new BarSeries(
            "ABC", [.. Enumerable.Range(0, wave.Count).Select(t => new DateTime(2000, 1, 3).AddDays(daysApart * t))], wave.Open.ToArray(), wave.High.ToArray(), wave.Low.ToArray(),
            wave.Close.ToArray(), wave.Volume.ToArray());
        var request = Request(20, 35, false) with
        {
            Strategy = "", FractionalShares = true, Sizing = new() { Kind = SizingKind.VolatilityTarget, Value = 0.05, Window = 20 },
            Rules = new StrategyDefinition
            {
                Name = "Turns", Entry = "close < close[1] * (1 + $x)", Exit = "close > close[1]", Parameters = [new StrategyParameter { Name = "x", Default = 0, Minimum = 0, Maximum = 1 }],
            },
            Sweep = new() { Parameters = new Dictionary<string, IReadOnlyList<double>> { ["x"] = [0] }, WalkForward = new() { InSample = 20, OutOfSample = 35 } },
        };
        var walk = new WalkForward(request, [bars]);
        var choice = new Dictionary<string, double> { ["x"] = 0 };

        var stitched = walk.Stitch([.. walk.Stretches.Select(_ => choice)], null, Token);
        var single = Sample.Run(request with { Sweep = null, Parameters = choice }, bars);

        Assert.Contains(single.Trades, trade => bars.Dates.IndexOf(trade.EntryDate) < 30);
        Assert.Equal(single.Trades, stitched.Trades);
        Assert.Equal(single.EquityCurve.Skip(20), stitched.EquityCurve);
        Assert.DoesNotContain(stitched.Warnings, warning => warning.Contains("volatility", StringComparison.Ordinal));
    }

    [Fact]
    public void Splits_and_dividends_within_a_walk_forward_are_those_of_a_run()
    {
        var bars = Wave(160);
        double[] growth = [.. Enumerable.Range(0, bars.Count).Select(t => t is 10 or 60 or 61 or 120 ? 2.0 : 1.0)];
        double[] Split(ReadOnlySpan<double> prices)
        {
            var (split, shares) = (prices.ToArray(), 1.0);
            for (var t = 0; t < split.Length; t++) split[t] /= shares *= growth[t];
            return split;
        }
        var traded = new BarSeries("ABC", bars.Dates.ToArray(), Split(bars.Open), Split(bars.High), Split(bars.Low), Split(bars.Close), bars.Volume.ToArray(), growth: growth);
        foreach (var kind in (string[])["fraction", "money", "entry orders", "exit orders"])
        {
            var request = Request(20, 7, false) with { Strategy = "", Rules = Dips(kind), FractionalShares = true };
            request = request with { Sweep = request.Sweep! with { Parameters = new Dictionary<string, IReadOnlyList<double>> { ["x"] = [0.02] } } };

            var (plain, split) = (Stitched(bars), Stitched(traded));

            Assert.NotEmpty(plain.Trades);
            Assert.Equal(plain.Trades.Select(trade => trade.ExitDate), split.Trades.Select(trade => trade.ExitDate));
            foreach (var (a, b) in plain.EquityCurve.Zip(split.EquityCurve)) Assert.Equal(a.Equity, b.Equity, a.Equity * 1e-9);

            BacktestOutcome Stitched(BarSeries series)
            {
                var walk = new WalkForward(request, [series]);
                return walk.Stitch([.. walk.Stretches.Select(_ => new Dictionary<string, double> { ["x"] = 0.02 })], null, Token);
            }
        }
    }

    [Theory]
    [InlineData("stop", 0.2, 0.05, 80)]
    [InlineData("stop", 0.05, 0.2, 95)]
    [InlineData("order", 0.2, 0.05, 80)]
    [InlineData("order", 0.05, 0.2, 95)]
    public void A_position_keeps_the_stops_and_an_order_the_price_of_the_variant_that_ordered_it(string what, double first, double second, double expected)
    {
        // Bars 4 to 6 are the first stretch, 7 to 9 the second. Ordered at the close of bar 5, and prices fall in bar 8.
        double[] close = [100, 100, 100, 100, 100, 101, 100, 100, 75, 75], open = [100, 100, 100, 100, 100, 100, 100, 100, 98, 75];
        var bars = Sample.OpenClose("ABC", open, close);
        var rules = what == "stop"
            ? new StrategyDefinition { Entry = "close == 101", Exit = "false", Stops = new() { StopLoss = "$x" } }
            : new StrategyDefinition { Entry = "close == 101", Exit = "false", EntryOrder = new() { Kind = OrderKind.Limit, Price = "(close - 1) * (1 - $x)", Bars = 9 } };
        var request = new BacktestRequest
        {
            Symbols = ["ABC"], Rules = rules,
            Sweep = new() { Parameters = new Dictionary<string, IReadOnlyList<double>> { ["x"] = [first, second] }, WalkForward = new() { InSample = 4, OutOfSample = 3 } },
        };
        var walk = new WalkForward(request, [bars]);

        var outcome = walk.Stitch([new Dictionary<string, double> { ["x"] = first }, new Dictionary<string, double> { ["x"] = second }], null, Token);

        Assert.Equal((bars.Dates[8], expected), what == "stop"
            ? (outcome.Trades.Single().ExitDate, outcome.Trades.Single().ExitPrice)
            : (outcome.OpenPositions.Single().EntryDate, outcome.OpenPositions.Single().EntryPrice));
    }

    [Fact]
    public void Where_nothing_is_chosen_a_position_is_sold_at_the_market_also_where_exits_wait_for_a_price()
    {
        var bars = Wave(60);
        var request = new BacktestRequest
        {
            Symbols = ["ABC"], Rules = new() { Entry = "true", Exit = "close > 1000 * $x", ExitOrder = new() { Kind = OrderKind.Limit, Price = "close * 2" } },
            Sweep = new() { Parameters = new Dictionary<string, IReadOnlyList<double>> { ["x"] = [1, 2] }, WalkForward = new() { InSample = 20, OutOfSample = 20 } },
        };
        var walk = new WalkForward(request, [bars]);

        var trade = walk.Stitch([new Dictionary<string, double> { ["x"] = 1 }, null], null, Token).Trades.Single();

        Assert.Equal((bars.Dates[41], bars.Open[41], ExitReason.Rule), (trade.ExitDate, trade.ExitPrice, trade.ExitReason));
    }

    private static StrategyDefinition Dips(string kind)
    {
        var dips = new StrategyDefinition { Entry = "close < close[3]", Exit = "close > close[3] * 1.05" };
        return kind switch
        {
            "fraction" => dips with { Stops = new() { StopLoss = "$x", TakeProfit = "2 * $x", TrailingStop = "0.05" } },
            "money" => dips with { Stops = new() { StopLoss = "100 * $x * sma(high - low, 2)", TakeProfit = "close[1] * $x" } },
            "entry orders" => dips with { Exit = "close > close[3]", EntryOrder = new() { Kind = OrderKind.Limit, Price = "close * (1 - $x)", Bars = 4 } },
            _ => dips with { Exit = "close > close[3]", ExitOrder = new() { Kind = OrderKind.Limit, Price = "close * (1 + $x)", Bars = 4 } },
        };
    }

    private static IReadOnlyDictionary<string, double>? Choose(Sweep sweep)
    {
        var tally = new SweepTally(sweep);
        var cells = SweepCompare.Cells(sweep);
        foreach (var (cell, figures) in cells.Zip(Figures(sweep))) tally.Add(cell, figures);
        return tally.BestCell is { } best ? sweep.RequestOf(best).Parameters : null;
    }

    private static VariantFigures[] Figures(Sweep sweep)
    {
        var cells = SweepCompare.Cells(sweep);
        var figures = new VariantFigures[cells.Length];
        sweep.CreateWorker().Run(cells, figures, Token);
        return figures;
    }

    private static BacktestRequest Request(int inSample, int outOfSample, bool anchored) => new()
    {
        Symbols = ["ABC"],
        Strategy = "SmaCross",
        Sweep = new()
        {
            Parameters = new Dictionary<string, IReadOnlyList<double>> { ["fast"] = [2, 3, 5], ["slow"] = [7, 10, 20] },
            WalkForward = new() { InSample = inSample, OutOfSample = outOfSample, Anchored = anchored },
        },
    };

    private static BarSeries Wave(int count)
    {
        double[] close = [.. Enumerable.Range(0, count).Select(t => Math.Round(100 + 10 * Math.Sin(t / 7.0) + 3 * Math.Sin(t / 2.3) + 0.05 * t, 2))];
        return Sample.OpenClose("ABC", [.. close.Select(price => Math.Round(price + 0.1, 2))], close);
    }
}
