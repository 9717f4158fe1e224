using BacktestOps.Contracts;
using BacktestOps.Engine.Rules.Evaluation;
using BacktestOps.Engine.Rules.Language;
using static System.FormattableString;

namespace BacktestOps.Engine.Rules;

/// <summary>What must hold between parameters.</summary>
/// <param name="Text">As it was written.</param>
/// <param name="Condition">A condition on parameters and numbers alone.</param>
internal sealed record Constraint(string Text, Syntax Condition)
{
    /// <summary>True when it holds for some values.</summary>
    public bool Holds(IReadOnlyDictionary<string, double> values)
    {
        var faults = new List<RuleFault>();
        var node = new RuleBinder(new RuleGraph(), CompiledStrategy.ExactValues(values), faults).Condition(Condition);
        return faults.Count == 0 && node is { Operation: ConditionOperation.Constant, Value: true };
    }

    /// <summary>The fault of values for which it does not hold.</summary>
    /// <param name="values">The values.</param>
    /// <param name="asked">The parameters that the caller gave; the others have their defaults.</param>
    public RequestFault Fault(IReadOnlyDictionary<string, double> values, IReadOnlySet<string> asked)
    {
        if (Condition is BinarySyntax { Operator: RuleToken.Less, Left: ParameterSyntax smaller, Right: ParameterSyntax larger })
        {
            return asked.Contains(smaller.Name)
                ? new RequestFault(Field(smaller.Name), $"{Shown(smaller.Name)} is not below {larger.Name}, {Shown(larger.Name)}", $"{smaller.Name} must be below {larger.Name}")
                    .As("not-below", ("value", values[smaller.Name]), ("other", larger.Name), ("limit", values[larger.Name]))
                : new RequestFault(Field(larger.Name), $"{Shown(larger.Name)} is not above {smaller.Name}, {Shown(smaller.Name)}", $"{larger.Name} must be above {smaller.Name}")
                    .As("not-above", ("value", values[larger.Name]), ("other", smaller.Name), ("limit", values[smaller.Name]));
        }
        var named = RuleReader.Parameters(Condition);
        var first = named.FirstOrDefault(asked.Contains) ?? named.FirstOrDefault();
        return new RequestFault(
            first is null ? "parameters" : Field(first),
            $"'{RequestValidator.Printable(Text)}' does not hold with {string.Join(", ", named.Select(name => $"{name} = {Shown(name)}"))}")
            .As("broken-constraint", ("constraint", RequestValidator.Printable(Text)));

        string Shown(string name) => Invariant($"{values[name]}{(asked.Contains(name) ? "" : " (the default)")}");
        static string Field(string name) => $"parameters.{name}";
    }

    /// <summary>The first part of an expression that speaks of bars; null when none does.</summary>
    public static Syntax? FirstSeries(Syntax syntax) => syntax switch
    {
        LagSyntax => syntax,
        NameSyntax name when Names.TypeOf(name.Name) == RuleType.Series => syntax,
        CallSyntax call when !TypeChecker.IsNumber(call) => syntax,
        _ => syntax.Children.Select(FirstSeries).FirstOrDefault(found => found is not null),
    };
}
