using System.Text.RegularExpressions;
using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Tests.Rules;
using CsCheck;

namespace BacktestOps.Engine.Tests.Sweeps;

/// <summary>A variant of a sweep is the run that anybody would have made of it.</summary>
public partial class SweepFiguresTests
{
    private static readonly Dictionary<string, Dictionary<string, double[]>> s_catalogue = new()
    {
        ["SmaCross"] = new() { ["fast"] = [1, 2, 5, 10, 20], ["slow"] = [5, 20, 50, 100] },
        ["EmaCross"] = new() { ["fast"] = [1, 2, 5, 12], ["slow"] = [5, 26, 50] },
        ["MacdCross"] = new() { ["fast"] = [5, 12], ["slow"] = [10, 26], ["signal"] = [1, 9] },
        ["RsiReversion"] = new() { ["window"] = [2, 5, 14], ["oversold"] = [20, 30.5, 40], ["overbought"] = [35, 60, 70] },
        ["BollingerReversion"] = new() { ["window"] = [5, 20], ["width"] = [0, 0.5, 1, 2] },
        ["DonchianBreakout"] = new() { ["entry"] = [5, 20, 55], ["exit"] = [3, 10, 20] },
        ["Momentum"] = new() { ["window"] = [1, 5, 20, 60] },
        ["MeanReversionZScore"] = new() { ["window"] = [5, 20], ["entry"] = [0.5, 1, 2] },
    };

    public static TheoryData<string, bool, double> Cases
    {
        get
        {
            var cases = new TheoryData<string, bool, double>();
            foreach (var name in s_catalogue.Keys)
            {
                cases.Add(name, true, 0);
                cases.Add(name, true, 0.002);
                cases.Add(name, false, 0.001);
            }
            return cases;
        }
    }

    private static readonly Gen<BarSeries> s_bars = Gen.Select(Gen.Int[50, 20_000], Gen.Int[1, 30].Array[2, 150], (level, cents) =>
    {
        double[] close = [.. cents.Select(c => (level + c) / 100.0)];
        double[] open = [.. cents.Select((c, t) => (level + cents[(t * 7 + 3) % cents.Length]) / 100.0)];
        return RuleBench.Bars(open, [.. open.Zip(close, (a, b) => Math.Max(a, b) + 0.01)], [.. open.Zip(close, (a, b) => Math.Min(a, b) - 0.01)], close, [.. cents.Select(c => c * 100.0)]);
    });

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_variant_of_a_strategy_of_the_catalogue_has_the_figures_of_its_own_run(string strategy, bool fractional, double rate)
    {
        var bars = RealPrices.Sp500In2008();

        SweepCompare.EqualsSingleRuns(Request(strategy) with
        {
            Symbols = [bars.Symbol],
            FractionalShares = fractional,
            Commission = new CommissionTerms { Rate = rate, Minimum = fractional ? 0 : 1 },
            RiskFreeRate = 0.02,
        }, bars);
    }

    [Fact]
    public void Every_variant_of_any_rules_on_prices_full_of_ties_has_the_figures_of_its_own_run()
    {
        Gen.Select(ExpressionGen.AnyRule, ExpressionGen.AnyRule, s_bars, Gen.Int[0, 100]).Sample((entry, exit, bars, basisPoints) =>
            SweepCompare.EqualsSingleRuns(new BacktestRequest
            {
                Symbols = ["ABC"],
                Rules = new() { Entry = $"({Swept(entry)}) or crossover(sma(close, $a), sma(close, $b))", Exit = Swept(exit) },
                Sweep = new() { Parameters = new Dictionary<string, IReadOnlyList<double>> { ["a"] = [1, 2, 3], ["b"] = [2, 5] } },
                FractionalShares = true,
                Commission = new CommissionTerms { Rate = basisPoints / 10_000.0 },
            }, bars), iter: 150);
    }

    [Fact]
    public void Every_variant_of_exact_rules_on_prices_full_of_ties_has_the_figures_of_its_own_run()
    {
        Gen.Select(ExpressionGen.ExactRule, ExpressionGen.ExactRule, s_bars).Sample((entry, exit, bars) =>
            SweepCompare.EqualsSingleRuns(new BacktestRequest
            {
                Symbols = ["ABC"],
                Rules = new() { Entry = $"({Swept(entry)}) and close >= sma(close, $a)", Exit = $"({Swept(exit)}) or not (low < highest(low, $b))" },
                Sweep = new() { Parameters = new Dictionary<string, IReadOnlyList<double>> { ["a"] = [1, 2, 3], ["b"] = [1, 2, 4] } },
                FractionalShares = true,
            }, bars), iter: 150);
    }

    [Fact]
    public void Every_variant_of_any_rules_with_stops_whole_shares_and_costs_has_the_figures_of_its_own_run()
    {
        var stops = Gen.Select(Distance(), Distance(), Distance(), (loss, target, trailing) => new StopRules { StopLoss = loss, TakeProfit = target, TrailingStop = trailing });
        var terms = Gen.Select(Gen.Int[0, 100], Gen.Int[0, 300], Gen.Int[0, 20], Gen.Bool, (rate, minimum, perShare, capped) => new CommissionTerms
        {
            Rate = rate / 10_000.0, Minimum = minimum / 100.0, PerShare = perShare / 1000.0, Maximum = capped ? 5 + minimum / 100.0 : null,
        });
        var slippage = Gen.Select(Gen.Int[0, 20], Gen.Int[0, 20], Gen.Int[0, 10], (points, spread, range) => new SlippageTerms
        {
            BasisPoints = points, SpreadBasisPoints = spread, RangeFraction = range / 50.0,
        });
        Gen.Select(ExpressionGen.AnyRule, ExpressionGen.AnyRule, s_bars, stops, Gen.Select(terms, slippage, Gen.Bool, Gen.Bool, Gen.Bool)).Sample((entry, exit, bars, stop, costs) =>
            SweepCompare.EqualsSingleRuns(new BacktestRequest
            {
                Symbols = ["ABC"],
                Rules = new() { Entry = $"({Swept(entry)}) or close > sma(close, $a)", Exit = $"({Swept(exit)}) and close < sma(close, $b)", Stops = stop },
                Sweep = new() { Parameters = new Dictionary<string, IReadOnlyList<double>> { ["a"] = [1, 2, 3], ["b"] = [2, 5] } },
                Commission = costs.Item1,
                Slippage = costs.Item3 ? costs.Item2 : null,
                FractionalShares = costs.Item4,
                Fill = costs.Item5 ? FillTiming.Close : FillTiming.NextOpen,
                InitialCash = 5000,
            }, bars), iter: 250);
    }

    [Fact]
    public void Every_variant_at_the_close_and_with_a_spread_has_the_figures_of_its_own_run()
    {
        Gen.Select(ExpressionGen.AnyRule, ExpressionGen.AnyRule, s_bars, Gen.Int[0, 50], Gen.Int[0, 50], Gen.Bool).Sample((entry, exit, bars, rate, spread, atClose) =>
            SweepCompare.EqualsSingleRuns(new BacktestRequest
            {
                Symbols = ["ABC"],
                Rules = new() { Entry = $"({Swept(entry)}) or close >= sma(close, $a)", Exit = $"{Swept(exit)} or close < sma(close, $b)" },
                Sweep = new() { Parameters = new Dictionary<string, IReadOnlyList<double>> { ["a"] = [1, 2, 3], ["b"] = [2, 5] } },
                Commission = new() { Rate = rate / 10_000.0 },
                Slippage = new() { BasisPoints = spread, SpreadBasisPoints = spread / 2.0 },
                FractionalShares = true,
                Fill = atClose ? FillTiming.Close : FillTiming.NextOpen,
            }, bars), iter: 150);
    }

    [Fact]
    public void Swept_stops_on_real_prices_have_the_figures_of_their_own_runs()
    {
        var bars = RealPrices.Sp500In2008();

        SweepCompare.EqualsSingleRuns(new BacktestRequest
        {
            Symbols = [bars.Symbol],
            Strategy = "",
            Rules = new()
            {
                Entry = "close > sma(close, $n)", Exit = "close < sma(close, 30)",
                Stops = new() { StopLoss = "$loss", TakeProfit = "$multiple * atr(10)", TrailingStop = "2 * $loss" },
            },
            Sweep = new() { Parameters = new Dictionary<string, IReadOnlyList<double>> { ["loss"] = [0.005, 0.02, 0.1], ["multiple"] = [1, 3], ["n"] = [3, 10] } },
        }, bars);
    }

    [Fact]
    public void Short_sides_sizes_shared_cash_and_waiting_orders_are_run_one_by_one()
    {
        var bars = RealPrices.Sp500In2008();
        var request = Request("SmaCross", new() { ["fast"] = [2, 5], ["slow"] = [10, 20] }) with { Symbols = [bars.Symbol] };
        var rules = new StrategyDefinition { Entry = "close > sma(close, $fast)", Exit = "close < sma(close, $slow)" };

        SweepCompare.EqualsSingleRuns(request with { Sizing = new() { Kind = SizingKind.PercentOfEquity, Value = 0.5 } }, bars);
        SweepCompare.EqualsSingleRuns(request with { VolumeLimit = 1e-9 }, bars);
        SweepCompare.EqualsSingleRuns(request with { Strategy = "", Rules = rules with { ShortEntry = "close < sma(close, $fast)", ShortExit = "close > sma(close, $slow)" } }, bars);
        SweepCompare.EqualsSingleRuns(request with { Strategy = "", Rules = rules with { EntryOrder = new() { Kind = OrderKind.Limit, Price = "close * 0.99", Bars = 3 } } }, bars);
        SweepCompare.EqualsSingleRuns(request with { Strategy = "", Rules = rules with { ExitOrder = new() { Kind = OrderKind.Stop, Price = "low", Bars = 3 } } }, bars);
    }

    [Fact]
    public void Real_averages_that_tie_are_told_apart_as_in_a_single_run()
    {
        var bars = RealPrices.Shared("BAC");

        SweepCompare.EqualsSingleRuns(Request("SmaCross", new() { ["fast"] = [8, 9, 10, 11], ["slow"] = [19, 20, 21, 50, 200] }) with
        {
            Symbols = [bars.Symbol],
            FractionalShares = true,
            Commission = new CommissionTerms { Rate = 0.001 },
        }, bars);
    }

    [Fact]
    public void Prices_that_are_no_decimals_are_compared_as_in_a_single_run()
    {
        var bars = RealPrices.Shared("AAPL");

        SweepCompare.EqualsSingleRuns(Request("SmaCross", new() { ["fast"] = [5, 10], ["slow"] = [20, 50, 100] }) with
        {
            Symbols = [bars.Symbol],
            FractionalShares = true,
            Adjusted = true,
        }, bars);
    }

    private static BacktestRequest Request(string strategy) => Request(strategy, s_catalogue[strategy]);

    private static BacktestRequest Request(string strategy, Dictionary<string, double[]> values) => new()
    {
        Symbols = ["ABC"],
        Strategy = strategy,
        Sweep = new() { Parameters = values.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<double>)pair.Value) },
    };

    private static Gen<string?> Distance() =>
        Gen.Int[0, 4].Select(kind => new[] { null, "0.002", "$a / 500", "$b * atr(3) / 5", "close - 0.9 * close" }[kind]);

    // Every other window becomes a parameter.
    private static string Swept(string rule)
    {
        var count = 0;
        return Window().Replace(rule, match => count++ % 2 == 0 ? count % 4 == 1 ? ", $a)" : ", $b)" : match.Value);
    }

    [GeneratedRegex(@", \d\)")]
    private static partial Regex Window();
}
