using BacktestOps.Engine.Rules.Evaluation;

namespace BacktestOps.Engine.Tests.Rules;

/// <summary>What a rule's text may be, and what is said when it is not.</summary>
public class RuleTextTests
{
    [Theory]
    [InlineData("close > smaa(close, 20)", "unknown function 'smaa' at 9; did you mean 'sma'?")]
    [InlineData("close > bollinger(close, 20)", "unknown function 'bollinger' at 9; did you mean 'bollinger_upper' or 'bollinger_middle' or 'bollinger_lower'?")]
    [InlineData("close > sma(close)", "sma takes 2 arguments and is given 1 at 9; write sma(x, bars)")]
    [InlineData("obv(close) > 0", "obv takes no arguments and is given 1 at 1; write obv()")]
    [InlineData("clsoe > 10", "unknown name 'clsoe' at 1; did you mean 'close'?")]
    [InlineData("price > 10", "unknown name 'price' at 1; known: close, false, high, hl2, hlc3, low, open, true, volume")]
    [InlineData("close > obv", "'obv' is a function at 9; write obv()")]
    [InlineData("close(1) > 10", "'close' is no function at 1; write close without brackets")]
    [InlineData("close > $fats", "unknown parameter '$fats' at 9; did you mean '$fast'?")]
    [InlineData("close > fast", "unknown name 'fast' at 9; a parameter is written $fast")]
    [InlineData("close", "a rule must be a condition and this is a series of numbers at 1; compare it with something: <, <=, >, >=, ==, !=")]
    [InlineData("$fast + 1", "a rule must be a condition and this is a number at 1; compare it with something: <, <=, >, >=, ==, !=")]
    [InlineData("sma(close, open) > 1", "'bars' of sma must be a number and this is a series of numbers at 12; a series has another value at each bar; write a number or a $parameter")]
    [InlineData("sma(close > 1, 5) > 1", "'x' of sma must be a series of numbers and this is a condition at 5")]
    [InlineData("close > 1 and volume", "the right of 'and' must be a condition and this is a series of numbers at 15; compare it with something: <, <=, >, >=, ==, !=")]
    [InlineData("not close", "what follows 'not' must be a condition and this is a series of numbers at 5; compare it with something: <, <=, >, >=, ==, !=")]
    [InlineData("-true > 1", "what follows '-' must be a series of numbers and this is a condition at 2")]
    [InlineData("close[low] > 1", "the lag must be a number and this is a series of numbers at 7; a series has another value at each bar; write a number or a $parameter")]
    [InlineData("low < close < high", "'<' follows another comparison at 13; join two comparisons with and: a < b and b < c")]
    [InlineData("sma(close, 0) > 1", "'bars' of sma is 0 at 12; a whole number of bars from 1 to 4096")]
    [InlineData("sma(close, 2.5) > 1", "'bars' of sma is 2.5 at 12; a whole number of bars from 1 to 4096")]
    [InlineData("sma(close, 1e9) > 1", "'bars' of sma is 1000000000 at 12; a whole number of bars from 1 to 4096")]
    [InlineData("close[-1] > 1", "the lag is -1 at 7; a whole number of bars from 0 to 4096")]
    [InlineData("close[0.5] > 1", "the lag is 0.5 at 7; a whole number of bars from 0 to 4096")]
    [InlineData("close / ($fast - 10) > 1", "division by 0 at 7")]
    [InlineData("close = 1", "unexpected '=' at 7; write == to compare")]
    [InlineData("close > 1 & low > 1", "unexpected '&' at 11; write and")]
    [InlineData("close > 5%", "unexpected '%' at 10; there is no percent sign; write 0.05 for 5 %")]
    [InlineData("close > $", "unexpected '$' at 9; a parameter is $ and its name: $fast")]
    [InlineData("close > 12abc", "unexpected 'a' at 11")]
    [InlineData("", "the rule is empty at 1; a condition, for example close > sma(close, 20)")]
    [InlineData("  ", "the rule is empty at 1; a condition, for example close > sma(close, 20)")]
    [InlineData("close > 1 low", "unexpected 'low' at 11")]
    [InlineData("close > 1)", "unexpected ')' at 10")]
    [InlineData("close > ", "the rule ends too early at 9")]
    [InlineData("sma(close, 20", "the rule ends too early at 14")]
    [InlineData("sma(close,, 20) > 1", "unexpected ',' at 11")]
    public void A_fault_is_named_with_its_place_and_a_hint(string text, string expected)
    {
        var fault = Assert.Single(RuleBench.Faults(text, "fast", "slow"));

        // What the parser library expected is its own wording; the place and the token are ours.
        var shown = fault.Hint?.StartsWith("expected ", StringComparison.Ordinal) == true ? fault.Message : fault.ToString();
        Assert.Equal(expected, shown);
    }

    [Fact]
    public void Every_fault_of_a_rule_is_named_at_once()
    {
        var faults = RuleBench.Faults("smaa(close, 20) > clsoe and sma(close, open) > $fats", "fast");

        Assert.Equal([1, 19, 40, 48], faults.Select(fault => fault.Position));
    }

    [Theory]
    [InlineData("CLOSE > SMA(Close, 2) AND NOT volume < 1", "close > sma(close, 2) and not volume < 1")]
    [InlineData("close > 1 && !(low > 2) || high > 3", "close > 1 and not (low > 2) or high > 3")]
    [InlineData("close + high * 2 > low - 1 - 2", "(close + (high * 2)) > ((low - 1) - 2)")]
    [InlineData("not close > 1 and low > 2 or high > 3", "((not (close > 1)) and (low > 2)) or (high > 3)")]
    [InlineData("-close[1] < -1", "(-(close[1])) < (-1)")]
    [InlineData("close - -1 > 0", "close - (-1) > 0")]
    [InlineData("sma(close,2)[1] > (close)[2]", "(sma(close, 2))[1] > close[2]")]
    [InlineData("close\n  > 1", "close > 1")]
    [InlineData("close > 1e1 and volume > .5", "close > 10 and volume > 0.5")]
    [InlineData("close[1][2] > 1", "close[3] > 1")]
    [InlineData("close > bollinger_middle(close, 3)", "close > sma(close, 3)")]
    [InlineData("donchian_upper(3) > 1", "highest(high, 3) > 1")]
    [InlineData("crossunder(open, close)", "crossover(close, open)")]
    [InlineData("open > close", "close < open")]
    [InlineData("max(1, 2) * min(3, 4) == abs(-6)", "true")]
    public void Two_ways_to_write_a_rule_are_one_rule(string text, string same)
    {
        var graph = new RuleGraph();

        Assert.Same(RuleBench.Bind(same, graph).Condition, RuleBench.Bind(text, graph).Condition);
    }

    [Fact]
    public void Equal_subexpressions_are_one_node_across_variants()
    {
        var graph = new RuleGraph();
        var first = RuleBench.Bind("crossover(sma(close, $fast), sma(close, $slow))", graph, ("fast", 10), ("slow", 20));
        var nodes = graph.SeriesCount;
        RuleBench.Bind("crossover(sma(close, $fast), sma(close, $slow))", graph, ("fast", 5), ("slow", 20));

        Assert.Equal(nodes + 2, graph.SeriesCount);
        Assert.Same(first.Condition, RuleBench.Bind("crossover(sma(close, 10), sma(close, $n * 2))", graph, ("n", 10)).Condition);
        Assert.Equal(nodes + 2, graph.SeriesCount);
    }

    [Fact]
    public void Each_node_is_computed_once_for_a_series()
    {
        var graph = new RuleGraph();
        var evaluator = new SeriesEvaluator(Sample.Flat(1, 2, 3, 4, 3, 2, 1));
        evaluator.Condition(RuleBench.Bind("crossover(sma(close, 2), sma(close, 3))", graph).Condition!);
        var computed = evaluator.ColumnsComputed;

        evaluator.Condition(RuleBench.Bind("crossunder(sma(close, 2), sma(close, 3)) or sma(close, 3) > sma(close, 2)", graph).Condition!);

        Assert.Equal(computed, evaluator.ColumnsComputed);
    }

    [Theory]
    [InlineData("close > sma(close, 3)", "--TTT")]
    [InlineData("not close > sma(close, 3)", "--FFF")]
    [InlineData("close > sma(close, 3) or close > 0", "TTTTT")]
    [InlineData("close > sma(close, 3) and close > 0", "--TTT")]
    [InlineData("close > sma(close, 3) and close < 0", "FFFFF")]
    [InlineData("close[2] != close", "--TTT")]
    [InlineData("crossover(close, sma(close, 3))", "---FF")]
    [InlineData("1 / (close - 3) > 0", "FF-TT")]
    [InlineData("zscore(open, 2) > 0", "-----")]
    public void Undefined_is_neither_true_nor_false(string text, string expected)
    {
        var bars = RuleBench.Bars([9, 9, 9, 9, 9], [9, 9, 9, 9, 9], [1, 1, 1, 1, 1], [1, 2, 3, 4, 5]);

        Assert.Equal(expected, RuleBench.Picture(text, bars));
    }

    [Fact]
    public void Limits_hold()
    {
        Assert.Contains("at most 2000", RuleBench.Faults(new string('x', 2001))[0].Hint, StringComparison.Ordinal);
        Assert.Contains("at most 16", RuleBench.Faults(new string('(', 40) + "close" + new string(')', 40) + " > 1")[0].Hint, StringComparison.Ordinal);
        Assert.Contains("at most 100", RuleBench.Faults(string.Join("+", Enumerable.Repeat("1", 150)) + "> close")[0].Hint, StringComparison.Ordinal);
        Assert.Contains("at most 500", RuleBench.Faults("close > " + string.Join("+", Enumerable.Repeat("1", 600)))[0].Hint, StringComparison.Ordinal);
        Assert.Contains("at most 40", RuleBench.Faults("close > 1" + new string('0', 50))[0].Hint, StringComparison.Ordinal);
        Assert.Empty(RuleBench.Faults(new string('(', 15) + "close" + new string(')', 15) + " > 1"));
    }

    [Fact]
    public void A_long_row_of_signs_costs_no_stack()
    {
        Assert.Contains("levels", Assert.Single(RuleBench.Faults("close > " + new string('-', 400) + "1")).Detail, StringComparison.Ordinal);
        Assert.Contains("levels", Assert.Single(RuleBench.Faults(new string('!', 400) + "true")).Detail, StringComparison.Ordinal);
    }
}
