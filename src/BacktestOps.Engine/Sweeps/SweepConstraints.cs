using System.Collections.Immutable;
using BacktestOps.Contracts;
using BacktestOps.Engine.Rules;
using BacktestOps.Engine.Rules.Language;
using static System.FormattableString;

namespace BacktestOps.Engine.Sweeps;

/// <summary>Reads the constraints of a sweep, in which a parameter may stand without its sign: <c>fast &lt; slow</c>.</summary>
internal static class SweepConstraints
{
    /// <summary>Reads all of them.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="parameters">The parameters of the strategy.</param>
    /// <param name="faults">Takes every fault.</param>
    public static IReadOnlyList<Constraint> Read(IReadOnlyList<string> texts, IReadOnlyCollection<string> parameters, List<RequestFault> faults)
    {
        var constraints = new List<Constraint>();
        for (var i = 0; i < texts.Count; i++)
        {
            var field = Invariant($"sweep.constraints[{i}]");
            var found = new List<RuleFault>();
            var syntax = RuleParser.Read(texts[i] ?? "", out var fault);
            if (fault is not null) found.Add(fault);
            if (syntax is not null)
            {
                syntax = WithSigns(syntax, parameters);
                new TypeChecker(parameters, found).Require(syntax, "a constraint", RuleType.Condition);
            }
            foreach (var wrong in found) faults.Add(new(field, wrong.Message, wrong.Hint));
            if (found.Count > 0) continue;
            if (Constraint.FirstSeries(syntax!) is { } series)
                faults.Add(new(field, Invariant($"a constraint speaks of parameters and numbers alone, and this of bars at {series.Position}")));
            else
                constraints.Add(new(texts[i], syntax!));
        }
        return constraints;
    }

    // A word that means something by itself is that; any other that is a parameter's name is the parameter.
    private static Syntax WithSigns(Syntax syntax, IReadOnlyCollection<string> parameters) => syntax switch
    {
        NameSyntax name when Names.TypeOf(name.Name) is null && parameters.Contains(name.Name, StringComparer.OrdinalIgnoreCase) =>
            new ParameterSyntax(name.Position, name.Name),
        CallSyntax call => new CallSyntax(call.Position, call.Name, [.. call.Arguments.Select(argument => WithSigns(argument, parameters))]),
        LagSyntax lag => new LagSyntax(lag.Position, WithSigns(lag.Series, parameters), WithSigns(lag.Bars, parameters)),
        UnarySyntax unary => new UnarySyntax(unary.Position, unary.Operator, WithSigns(unary.Operand, parameters)),
        BinarySyntax binary => new BinarySyntax(binary.Position, binary.Operator, WithSigns(binary.Left, parameters), WithSigns(binary.Right, parameters)),
        _ => syntax,
    };
}
