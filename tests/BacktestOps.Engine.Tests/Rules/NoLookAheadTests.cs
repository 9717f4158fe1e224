using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Rules.Language;
using CsCheck;

namespace BacktestOps.Engine.Tests.Rules;

/// <summary>What a rule says at a bar rests on the bars up to it, whatever the rule.</summary>
public class NoLookAheadTests
{
    [Fact]
    public void Cutting_off_the_future_changes_no_signal_of_the_past()
    {
        Gen.Select(ExpressionGen.AnyRule, RandomWalk, Gen.Double[0, 1]).Sample(
            (text, bars, part) =>
            {
                var cut = First(bars, (int)(part * bars.Count));
                Assert.Equal(RuleBench.Picture(text, bars)[..cut.Count], RuleBench.Picture(text, cut));
            },
            iter: 300, threads: 1);
    }

    [Fact]
    public void Another_future_changes_no_number_of_the_past()
    {
        Gen.Select(ExpressionGen.AnySeries, RandomWalk, RandomWalk, Gen.Double[0, 1]).Sample(
            (text, bars, other, part) =>
            {
                var t = (int)(part * Math.Min(bars.Count, other.Count));
                var (now, then) = (RuleBench.Column(text, bars), RuleBench.Column(text, Join(bars, other, t)));
                // To the bit, NaN and error bounds included.
                Assert.Equal(now.Values[..t], then.Values[..t]);
                for (var i = 0; i < t; i++)
                {
                    if (!double.IsNaN(now.Values[i])) Assert.Equal(now.Errors.At(i, now.Values[i]), then.Errors.At(i, then.Values[i]));
                }
            },
            iter: 300, threads: 1);
    }

    public static TheoryData<string> Calls() => [.. FunctionCatalog.All.Where(function => function.Result == RuleType.Series).Select(Call)];

    [Theory]
    [MemberData(nameof(Calls))]
    public void No_function_reads_a_later_bar(string text)
    {
        Gen.Select(RandomWalk, RandomWalk, Gen.Double[0, 1]).Sample(
            (bars, other, part) =>
            {
                var t = (int)(part * Math.Min(bars.Count, other.Count));
                Assert.Equal(RuleBench.Series(text, bars)[..t], RuleBench.Series(text, Join(bars, other, t))[..t]);
            },
            iter: 30, threads: 1);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void A_function_is_undefined_until_it_has_its_bars_and_defined_from_then_on(string text)
    {
        var graph = new Engine.Rules.Evaluation.RuleGraph();
        var node = RuleBench.Bind(text, graph).Series!;
        var random = new Random(7);
        var close = Enumerable.Range(0, 200).Select(_ => 100 + random.Next(1, 2000) / 100.0).ToArray();
        var bars = RuleBench.Bars(close, [.. close.Select(price => price + 1)], [.. close.Select(price => price - 1.5)], close);

        var values = new Engine.Rules.Evaluation.SeriesEvaluator(bars).Column(node).Values;

        Assert.All(values[..node.Warmup], value => Assert.True(double.IsNaN(value)));
        Assert.All(values[node.Warmup..], value => Assert.True(double.IsFinite(value)));
    }

    internal static string Call(RuleFunction function) => function.Name + "(" + string.Join(", ", function.Arguments.Select((argument, i) => argument.Kind switch
    {
        ArgumentKind.Series => i == 0 ? "close" : "open",
        ArgumentKind.Window => (5 + 3 * i).ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => "2",
    })) + ")";

    // Prices of a walk, some of them not decimals, with flat stretches and bars without volume.
    private static readonly Gen<BarSeries> RandomWalk =
        from seed in Gen.Int
        from count in Gen.Int[1, 200]
        select Walk(seed, count);

    private static BarSeries Walk(int seed, int count)
    {
        var random = new Random(seed);
        var scale = random.Next(3) == 0 ? 1 / 3.0 : 1;
        var (open, high, low, close, volume) = (new double[count], new double[count], new double[count], new double[count], new double[count]);
        var price = 100.0;
        for (var t = 0; t < count; t++)
        {
            double Move() => random.Next(3) == 0 ? 0 : random.Next(-20, 21) / 20.0;
            open[t] = Math.Max(1, price + Move());
            close[t] = price = Math.Max(1, open[t] + Move());
            high[t] = Math.Max(open[t], close[t]) + Math.Abs(Move());
            low[t] = Math.Max(0.5, Math.Min(open[t], close[t]) - Math.Abs(Move()));
            volume[t] = random.Next(5) * 100;
            if (random.Next(4) == 0) (open[t], high[t], low[t], close[t]) = (open[t] * scale, high[t] * scale, low[t] * scale, close[t] * scale);
        }
        return RuleBench.Bars(open, high, low, close, volume);
    }

    private static BarSeries First(BarSeries bars, int count) => new(
        bars.Symbol, bars.Dates[..count].ToArray(), bars.Open[..count].ToArray(), bars.High[..count].ToArray(), bars.Low[..count].ToArray(),
        bars.Close[..count].ToArray(), bars.Volume[..count].ToArray());

    private static BarSeries Join(BarSeries past, BarSeries future, int t) => new(
        past.Symbol, Sample.Weekdays(future.Count, Sample.FirstDay), Join(past.Open, future.Open, t), Join(past.High, future.High, t),
        Join(past.Low, future.Low, t), Join(past.Close, future.Close, t), Join(past.Volume, future.Volume, t));

    private static double[] Join(ReadOnlySpan<double> past, ReadOnlySpan<double> future, int t) => [.. past[..t], .. future[t..]];
}
