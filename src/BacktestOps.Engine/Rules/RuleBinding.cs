using BacktestOps.Contracts;
using BacktestOps.Engine.Rules.Evaluation;
using BacktestOps.Engine.Rules.Language;
using static System.FormattableString;

namespace BacktestOps.Engine.Rules;

/// <summary>Binds the texts of one strategy and names what the values make wrong.</summary>
/// <param name="graph">Where the nodes are made.</param>
/// <param name="values">A value for each parameter.</param>
/// <param name="field">Where the strategy stands, for faults.</param>
/// <param name="faults">Takes the faults; null where there can be none.</param>
internal sealed class RuleBinding(RuleGraph graph, IReadOnlyDictionary<string, Rational> values, string field, List<RequestFault>? faults)
{
    /// <summary>A rule.</summary>
    public ConditionNode Rule(string member, Syntax rule) => Bind(member, rule).Condition!;

    /// <summary>A rule that may be absent.</summary>
    public ConditionNode? OptionalRule(string member, Syntax? rule) => rule is null ? null : Rule(member, rule);

    /// <summary>The distance of a stop; null where there is none.</summary>
    /// <param name="member">Where it stands.</param>
    /// <param name="distance">Its text.</param>
    /// <param name="most">The fraction that it must be below.</param>
    public BoundDistance? Distance(string member, Syntax? distance, double most)
    {
        if (distance is null) return null;
        var value = Bind(member, distance);
        if (value.Series is { } series) return new(0, series);
        var fraction = value.Number!.Value.ToDouble();
        if (!(fraction > 0 && fraction < most))
        {
            Add(member, Invariant($"is {fraction}"), double.IsFinite(most)
                ? Invariant($"a number is a fraction of the price, above 0 and below {most}: 0.05 is 5 %")
                : "a number is a fraction of the price, above 0: 0.05 is 5 %");
        }
        return new(fraction, null);
    }

    /// <summary>An order that waits; null for a market order.</summary>
    public BoundOrder? Order(string member, Syntax? price, OrderRule? rule)
    {
        if (price is null || rule is null) return null;
        var value = Bind(CompiledStrategy.JoinField(member, "price"), price);
        return new(rule.Kind, value.Series ?? graph.Constant(value.Number!.Value), rule.Bars);
    }

    private BoundValue Bind(string member, Syntax syntax)
    {
        var found = new List<RuleFault>();
        var value = new RuleBinder(graph, values, found).Bind(syntax);
        foreach (var fault in found) Add(member, fault.Message, fault.Hint);
        return value;
    }

    private void Add(string member, string detail, string? hint)
    {
        if (faults is null) throw new InvalidOperationException($"The rule was bound without a check: {member} {detail}");
        faults.Add(new(CompiledStrategy.JoinField(field, member), detail, hint));
    }
}
