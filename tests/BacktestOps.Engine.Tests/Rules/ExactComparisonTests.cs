using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Rules.Evaluation;
using BacktestOps.Engine.Rules.Language;
using CsCheck;

namespace BacktestOps.Engine.Tests.Rules;

/// <summary>Equal is equal: rules against fractions of big whole numbers, on prices that tie all the time.</summary>
public class ExactComparisonTests
{
    [Theory]
    [InlineData("sma(close, 3) > sma(close, 2)")]
    [InlineData("sma(close, 3) == sma(close, 2)")]
    [InlineData("crossover(sma(close, 2), sma(close, 3))")]
    [InlineData("close > sma(close, 4)")]
    [InlineData("close >= highest(high, 3)[1]")]
    [InlineData("close - close[1] > 0.1")]
    [InlineData("close - close[1] == 0.1")]
    [InlineData("close * 1.05 <= high + 0.05 * close")]
    [InlineData("wma(close, 3) <= sma(close, 2)")]
    [InlineData("sma(sma(close, 2), 3) == sma(close, 2)")]
    [InlineData("(high + low) / 2 < close")]
    [InlineData("(high + low + close) / 3 == close")]
    [InlineData("abs(close - open) == abs(open - close[1])")]
    [InlineData("max(close, open) - min(close, open) >= 0.3")]
    [InlineData("volume > sma(volume, 3)")]
    [InlineData("sma(close - open, 3) == 0")]
    [InlineData("lowest(low, 4) * 3 == low + low[1] + low[2]")]
    [InlineData("not (close != close[1]) or close < 10")]
    // Quotients and products of series have no exact form: their error bounds find the same ties.
    [InlineData("close / close[1] > 1.1")]
    [InlineData("close / open == 1.1")]
    [InlineData("(close - lowest(low, 3)) / (highest(high, 3) - lowest(low, 3)) == 0.5")]
    [InlineData("close * volume >= 10000")]
    [InlineData("100 * (close - close[2]) / close[2] <= 10")]
    public void A_rule_says_what_fractions_say(string text)
    {
        var syntax = RuleReader.Read(text, "a rule", null, [], RuleType.Condition)!;
        var ties = 0;

        Market.Sample(
            bars =>
            {
                var reference = new ReferenceEvaluator(bars);
                var expected = string.Concat(Enumerable.Range(0, bars.Count).Select(t => reference.Condition(syntax, t) switch { true => 'T', false => 'F', null => '-' }));
                Assert.Equal(expected, RuleBench.Picture(text, bars));
                Interlocked.Add(ref ties, CountTies(syntax, bars, reference));
            },
            iter: 100, threads: 1);

        Assert.True(ties > 0 || !IsComparison(syntax), "no tie was met: the test proved nothing");
    }

    [Fact]
    public void Random_exact_expressions_say_what_fractions_say()
    {
        Gen.Select(ExpressionGen.ExactRule, Market).Sample(
            (text, bars) =>
            {
                var syntax = RuleReader.Read(text, "a rule", null, [], RuleType.Condition)!;
                var reference = new ReferenceEvaluator(bars);
                var expected = string.Concat(Enumerable.Range(0, bars.Count).Select(t => reference.Condition(syntax, t) switch { true => 'T', false => 'F', null => '-' }));
                Assert.Equal(expected, RuleBench.Picture(text, bars));
            },
            iter: 400, threads: 1);
    }

    [Fact]
    public void Without_the_exact_comparison_rounding_would_decide_ties()
    {
        // 10.3 − 10.2 is 0.1 in decimals and 0.10000000000000142 in doubles.
        var bars = Sample.Flat(10.2, 10.3, 10.4, 10.5);

        Assert.Equal("-TTT", RuleBench.Picture("close - close[1] == 0.1", bars));
        Assert.Contains(Enumerable.Range(1, 3), t => bars.Close[t] - bars.Close[t - 1] != 0.1);
    }

    [Fact]
    public void A_constant_written_otherwise_is_the_same_constant()
    {
        var graph = new RuleGraph();

        Assert.Same(RuleBench.Bind("close * 0.3", graph).Series, RuleBench.Bind("close * (0.1 + 0.2)", graph).Series);
        Assert.Same(RuleBench.Bind("close / 3", graph).Series, RuleBench.Bind("close * (1 / 3)", graph).Series);
        Assert.Equal("T", RuleBench.Picture("1 / 3 * 3 == 1", Sample.Flat(1)));
    }

    [Fact]
    public void Prices_that_were_scaled_tie_within_their_rounding()
    {
        var whole = new double[] { 10, 12, 11, 11, 11, 13, 12, 12.5, 12.5, 12.5 };
        foreach (var scale in new[] { 3 / 7.0, 1e-5 / 3, 1e6 / 3 })
        {
            var scaled = Sample.Flat([.. whole.Select(price => price * scale)]);
            foreach (var text in new[] { "sma(close, 2) >= sma(close, 3)", "crossover(close, sma(close, 3))", "close - close[1] <= 0", "zscore(close, 3) == 0" })
                Assert.Equal(RuleBench.Picture(text, Sample.Flat(whole)), RuleBench.Picture(text, scaled));
        }
    }

    private static bool IsComparison(Syntax syntax) => syntax is BinarySyntax { Operator: >= RuleToken.Less and <= RuleToken.NotEqual };

    private static int CountTies(Syntax syntax, BarSeries bars, ReferenceEvaluator reference)
    {
        if (!IsComparison(syntax)) return 0;
        var equal = (BinarySyntax)syntax with { Operator = RuleToken.Equal };
        return Enumerable.Range(0, bars.Count).Count(t => reference.Condition(equal, t) == true);
    }

    /// <summary>Decimals on a coarse grid, so that averages, extremes and differences tie; some prices with up to eight places.</summary>
    internal static readonly Gen<BarSeries> Market =
        from count in Gen.Int[1, 140]
        from step in Gen.OneOf(0.1, 0.05, 0.01, 0.5, 0.00000001, 1.0 / 8)
        from ticks in Gen.Int[0, 3].Array[4].Array[count]
        from volumes in Gen.Int[0, 3].Array[count]
        select Build(step, ticks, volumes);

    private static BarSeries Build(double step, int[][] ticks, int[] volumes)
    {
        double Price(int tick) => (double)(10 + tick * (decimal)step);
        var columns = ticks.Select(bar => (Open: bar[0], High: Math.Max(Math.Max(bar[0], bar[1]), bar[2]), Low: Math.Min(Math.Min(bar[0], bar[3]), bar[2]), Close: bar[2])).ToArray();
        return RuleBench.Bars(
            [.. columns.Select(bar => Price(bar.Open))], [.. columns.Select(bar => Price(bar.High))], [.. columns.Select(bar => Price(bar.Low))],
            [.. columns.Select(bar => Price(bar.Close))], [.. volumes.Select(volume => volume * 500.0)]);
    }
}
