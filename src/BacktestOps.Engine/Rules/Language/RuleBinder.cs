using System.Collections.Immutable;
using System.Globalization;
using BacktestOps.Engine.Rules.Evaluation;
using static System.FormattableString;

namespace BacktestOps.Engine.Rules.Language;

/// <summary>Puts values in the place of parameters and makes the nodes of a rule that has no fault of type.</summary>
/// <param name="graph">Where the nodes are made.</param>
/// <param name="parameters">Values by name; every parameter of the rule is there.</param>
/// <param name="faults">Takes what the values make wrong: a window that is no whole number, a division by 0.</param>
internal sealed class RuleBinder(RuleGraph graph, IReadOnlyDictionary<string, Rational> parameters, List<RuleFault> faults)
{
    /// <summary>The nodes of an expression. With a fault, they mean nothing.</summary>
    public BoundValue Bind(Syntax syntax)
    {
        switch (syntax)
        {
            case NumberSyntax number:
                return Rational.Parse(number.Text)!.Value;
            case ParameterSyntax parameter:
                return parameters[parameter.Name];
            case NameSyntax name:
                return Names.Make(name.Name, graph);
            case CallSyntax call:
                return Call(call);
            case LagSyntax lag:
                return graph.Lag(Series(lag.Series), Whole(lag.Bars, "the lag", 0));
            case UnarySyntax { Operator: RuleToken.Not } not:
                return graph.Not(Condition(not.Operand));
            case UnarySyntax minus:
                var value = Bind(minus.Operand);
                return value.Number is { } operand ? operand.Negate() : graph.Scale(value.Series!, Rational.From(-1));
            case BinarySyntax { Operator: RuleToken.And } and:
                return graph.And(Condition(and.Left), Condition(and.Right));
            case BinarySyntax { Operator: RuleToken.Or } or:
                return graph.Or(Condition(or.Left), Condition(or.Right));
            case BinarySyntax binary when binary.Operator.IsComparison():
                return Compare(binary);
            case BinarySyntax binary:
                return Arithmetic(binary);
            default:
                throw new InvalidOperationException($"There is no binding of {syntax.GetType().Name}.");
        }
    }

    /// <summary>The nodes of a condition.</summary>
    public ConditionNode Condition(Syntax syntax) => Bind(syntax).Condition!;

    private SeriesNode Series(Syntax syntax) => Widen(Bind(syntax));

    private SeriesNode Widen(BoundValue value) => value.Number is { } number ? graph.Constant(number) : value.Series!;

    private BoundValue Call(CallSyntax call)
    {
        var function = FunctionCatalog.Find(call.Name)!;
        if (function.Fold is not null && call.Arguments.All(TypeChecker.IsNumber))
            return function.Fold([.. call.Arguments.Select(argument => Bind(argument).Number!.Value)]);
        var bound = ImmutableArray.CreateBuilder<BoundValue>(call.Arguments.Length);
        for (var i = 0; i < call.Arguments.Length; i++)
        {
            var argument = function.Arguments[i];
            bound.Add(argument.Kind switch
            {
                ArgumentKind.Series => Series(call.Arguments[i]),
                ArgumentKind.Window => Rational.From(Whole(call.Arguments[i], $"'{argument.Name}' of {function.Name}", 1)),
                _ => Bind(call.Arguments[i]),
            });
        }
        return function.Build(graph, new BoundArguments(bound.MoveToImmutable()));
    }

    private BoundValue Compare(BinarySyntax binary)
    {
        var (left, right) = (Bind(binary.Left), Bind(binary.Right));
        if (left.Number is { } a && right.Number is { } b)
        {
            var order = a.CompareTo(b);
            return graph.Constant(binary.Operator switch
            {
                RuleToken.Less => order < 0,
                RuleToken.LessOrEqual => order <= 0,
                RuleToken.Greater => order > 0,
                RuleToken.GreaterOrEqual => order >= 0,
                RuleToken.Equal => order == 0,
                _ => order != 0,
            });
        }
        var (x, y) = (Widen(left), Widen(right));
        return binary.Operator switch
        {
            RuleToken.Less => graph.Compare(ConditionOperation.Less, x, y),
            RuleToken.LessOrEqual => graph.Compare(ConditionOperation.LessOrEqual, x, y),
            RuleToken.Greater => graph.Compare(ConditionOperation.Less, y, x),
            RuleToken.GreaterOrEqual => graph.Compare(ConditionOperation.LessOrEqual, y, x),
            RuleToken.Equal => graph.Compare(ConditionOperation.Equal, x, y),
            _ => graph.Not(graph.Compare(ConditionOperation.Equal, x, y)),
        };
    }

    private BoundValue Arithmetic(BinarySyntax binary)
    {
        var (left, right) = (Bind(binary.Left), Bind(binary.Right));
        if (binary.Operator == RuleToken.DividedBy && right.Number is { IsZero: true })
        {
            faults.Add(new(binary.Position, "division by 0"));
            return left;
        }
        if (left.Number is { } a && right.Number is { } b)
        {
            var result = binary.Operator switch
            {
                RuleToken.Plus => Rational.Add(a, b),
                RuleToken.Minus => Rational.Add(a, b.Negate()),
                RuleToken.Times => Rational.Multiply(a, b),
                _ => Rational.Multiply(a, b.Invert()),
            };
            if (result is { } number) return number;
            faults.Add(new(binary.Position, $"the result of '{binary.Operator.Sign()}' has too many digits"));
            return Rational.One;
        }
        var (x, y) = (Widen(left), Widen(right));
        return binary.Operator switch
        {
            RuleToken.Plus => graph.Add(x, y),
            RuleToken.Minus => graph.Subtract(x, y),
            RuleToken.Times => graph.Multiply(x, y),
            _ => graph.Divide(x, y),
        };
    }

    private int Whole(Syntax syntax, string what, int least)
    {
        var number = Bind(syntax).Number!.Value;
        if (number.IsInteger && number.Numerator >= least && number.Numerator <= RuleLimits.Window) return (int)number.Numerator;
        var shown = number.ToDouble().ToString(CultureInfo.InvariantCulture);
        faults.Add(new(syntax.Position, $"{what} is {shown}", Invariant($"a whole number of bars from {least} to {RuleLimits.Window}")));
        return Math.Max(least, 1);
    }
}
