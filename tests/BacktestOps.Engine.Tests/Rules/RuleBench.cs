using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Rules.Evaluation;
using BacktestOps.Engine.Rules.Language;

namespace BacktestOps.Engine.Tests.Rules;

/// <summary>Reads, binds and evaluates texts for tests.</summary>
internal static class RuleBench
{
    public static double[] Series(string text, BarSeries bars) => Column(text, bars).Values;

    public static Column Column(string text, BarSeries bars)
    {
        var graph = new RuleGraph();
        return new SeriesEvaluator(bars).Column(Bind(text, graph).Series!);
    }

    public static ConditionColumn Condition(string text, BarSeries bars)
    {
        var graph = new RuleGraph();
        return new SeriesEvaluator(bars).Condition(Bind(text, graph).Condition!);
    }

    /// <summary>T, F or - (undefined) for each bar.</summary>
    public static string Picture(string text, BarSeries bars) => Picture(Condition(text, bars));

    public static string Picture(ConditionColumn column) => string.Concat(
        Enumerable.Range(0, column.Count).Select(t => column.HoldsAt(t) ? 'T' : column.FailsAt(t) ? 'F' : '-'));

    public static BoundValue Bind(string text, RuleGraph graph, params (string Name, double Value)[] parameters)
    {
        var faults = new List<RuleFault>();
        var syntax = RuleReader.Read(text, "an expression", null, faults, RuleType.Condition, RuleType.Series);
        Assert.True(faults.Count == 0, $"{text}: {string.Join(" | ", faults)}");
        var values = parameters.ToDictionary(given => given.Name, given => Rational.From(given.Value)!.Value, StringComparer.OrdinalIgnoreCase);
        var bound = new RuleBinder(graph, values, faults).Bind(syntax!);
        Assert.True(faults.Count == 0, $"{text}: {string.Join(" | ", faults)}");
        return bound.Number is { } number ? graph.Constant(number) : bound;
    }

    public static IReadOnlyList<RuleFault> Faults(string text, params string[] parameters)
    {
        var faults = new List<RuleFault>();
        var syntax = RuleReader.ReadRule(text, parameters, faults);
        if (syntax is not null)
        {
            var values = parameters.ToDictionary(name => name, _ => Rational.From(10), StringComparer.OrdinalIgnoreCase);
            new RuleBinder(new RuleGraph(), values, faults).Bind(syntax);
        }
        return faults;
    }

    public static BarSeries Bars(double[] open, double[] high, double[] low, double[] close, double[]? volume = null) => new(
        "ABC", Sample.Weekdays(close.Length, Sample.FirstDay), open, high, low, close, volume ?? [.. close.Select(_ => 1000.0)]);
}
