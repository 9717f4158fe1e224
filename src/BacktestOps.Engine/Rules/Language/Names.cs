using System.Collections.Frozen;
using BacktestOps.Engine.Rules.Evaluation;

namespace BacktestOps.Engine.Rules.Language;

/// <summary>The names that stand for themselves: columns of the bars, true and false.</summary>
internal static class Names
{
    private static readonly FrozenDictionary<string, (RuleType Type, Func<RuleGraph, BoundValue> Make)> s_byName =
        new Dictionary<string, (RuleType, Func<RuleGraph, BoundValue>)>
        {
            ["open"] = (RuleType.Series, graph => graph.Price(PriceField.Open)),
            ["high"] = (RuleType.Series, graph => graph.Price(PriceField.High)),
            ["low"] = (RuleType.Series, graph => graph.Price(PriceField.Low)),
            ["close"] = (RuleType.Series, graph => graph.Price(PriceField.Close)),
            ["volume"] = (RuleType.Series, graph => graph.Price(PriceField.Volume)),
            ["hl2"] = (RuleType.Series, graph => new IndicatorBuilder(graph).MedianPrice()),
            ["hlc3"] = (RuleType.Series, graph => new IndicatorBuilder(graph).TypicalPrice()),
            ["true"] = (RuleType.Condition, graph => graph.Constant(true)),
            ["false"] = (RuleType.Condition, graph => graph.Constant(false)),
        }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>All names.</summary>
    public static IEnumerable<string> All => s_byName.Keys.Order(StringComparer.Ordinal);

    /// <summary>The type of a name; null when there is no such name.</summary>
    public static RuleType? TypeOf(string name) => s_byName.TryGetValue(name, out var known) ? known.Type : null;

    /// <summary>The node of a known name.</summary>
    public static BoundValue Make(string name, RuleGraph graph) => s_byName[name].Make(graph);
}
