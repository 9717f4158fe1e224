using BacktestOps.Contracts;
using static System.FormattableString;

namespace BacktestOps.Engine.Rules.Language;

/// <summary>Finds every fault of a rule that can be seen without the values of its parameters.</summary>
/// <param name="parameters">Names of the parameters that there are; null when any name will do.</param>
/// <param name="faults">Takes the faults.</param>
internal sealed class TypeChecker(IReadOnlyCollection<string>? parameters, List<RuleFault> faults)
{
    /// <summary>Checks that an expression gives one of the types that are wanted.</summary>
    /// <param name="syntax">The expression.</param>
    /// <param name="what">Who wants it, for the message: <c>a rule</c>.</param>
    /// <param name="wanted">The types; a number also does for a series.</param>
    public void Require(Syntax syntax, string what, params ReadOnlySpan<RuleType> wanted)
    {
        var type = Check(syntax);
        if (type == RuleType.Unknown || wanted.Contains(type) || (type == RuleType.Number && wanted.Contains(RuleType.Series))) return;
        var hint = type switch
        {
            RuleType.Condition => null,
            _ when wanted.Contains(RuleType.Condition) => "compare it with something: <, <=, >, >=, ==, !=",
            RuleType.Series when wanted.Contains(RuleType.Number) => "a series has another value at each bar; write a number or a $parameter",
            _ => null,
        };
        Fault(Start(syntax), $"{what} must be {wanted[0].Describe()} and this is {type.Describe()}", hint);
    }

    private RuleType Check(Syntax syntax) => syntax switch
    {
        NumberSyntax number => Check(number),
        ParameterSyntax parameter => Check(parameter),
        NameSyntax name => Check(name),
        CallSyntax call => Check(call),
        LagSyntax lag => Check(lag),
        UnarySyntax unary => Check(unary),
        BinarySyntax binary => Check(binary),
        _ => throw new InvalidOperationException($"There is no check of {syntax.GetType().Name}."),
    };

    private RuleType Check(NumberSyntax number)
    {
        if (number.Text.Length > RuleLimits.NumberLength || Rational.Parse(number.Text) is null)
            return Fault(number.Position, "the number is too long or too large", Invariant($"at most {RuleLimits.NumberLength} characters"));
        return RuleType.Number;
    }

    private RuleType Check(ParameterSyntax parameter)
    {
        if (parameters is null || parameters.Contains(parameter.Name, StringComparer.OrdinalIgnoreCase)) return RuleType.Number;
        var hint = NameSuggestion.Nearest(parameter.Name, parameters) is { } nearest ? $"did you mean '${nearest}'?"
            : parameters.Count == 0 ? "there are no parameters; write a number"
            : $"known: {string.Join(", ", parameters.Select(name => $"${name}"))}";
        return Fault(parameter.Position, $"unknown parameter '${RequestValidator.Printable(parameter.Name)}'", hint);
    }

    private RuleType Check(NameSyntax name)
    {
        if (Names.TypeOf(name.Name) is { } type) return type;
        if (FunctionCatalog.Find(name.Name) is { } function)
            return Fault(name.Position, $"'{name.Name}' is a function", $"write {function.Signature}");
        var shown = RequestValidator.Printable(name.Name);
        if (parameters?.Contains(name.Name, StringComparer.OrdinalIgnoreCase) == true)
            return Fault(name.Position, $"unknown name '{shown}'", $"a parameter is written ${shown}");
        return Fault(name.Position, $"unknown name '{shown}'", Hint(name.Name, [.. Names.All, .. FunctionCatalog.All.Select(known => known.Name)])
            ?? $"known: {string.Join(", ", Names.All)}");
    }

    private RuleType Check(CallSyntax call)
    {
        if (FunctionCatalog.Find(call.Name) is not { } function)
        {
            foreach (var argument in call.Arguments) _ = Check(argument);
            if (Names.TypeOf(call.Name) is not null) return Fault(call.Position, $"'{call.Name}' is no function", $"write {call.Name} without brackets");
            return Fault(call.Position, $"unknown function '{RequestValidator.Printable(call.Name)}'", FunctionHint(call.Name));
        }
        if (call.Arguments.Length != function.Arguments.Length)
        {
            foreach (var argument in call.Arguments) _ = Check(argument);
            return Fault(
                call.Position, Invariant($"{function.Name} takes {Count(function.Arguments.Length)} and is given {call.Arguments.Length}"),
                $"write {function.Signature}");
        }
        var (before, onlyNumbers) = (faults.Count, true);
        for (var i = 0; i < call.Arguments.Length; i++)
        {
            var argument = function.Arguments[i];
            Require(call.Arguments[i], $"'{argument.Name}' of {function.Name}", argument.Kind == ArgumentKind.Series ? RuleType.Series : RuleType.Number);
            onlyNumbers = onlyNumbers && IsNumber(call.Arguments[i]);
        }
        if (faults.Count > before) return RuleType.Unknown;
        return onlyNumbers && function.Fold is not null ? RuleType.Number : function.Result;
    }

    private RuleType Check(LagSyntax lag)
    {
        var before = faults.Count;
        Require(lag.Series, "what stands before [ ]", RuleType.Series);
        Require(lag.Bars, "the lag", RuleType.Number);
        return faults.Count > before ? RuleType.Unknown : RuleType.Series;
    }

    private RuleType Check(UnarySyntax unary)
    {
        var before = faults.Count;
        var wanted = unary.Operator == RuleToken.Not ? RuleType.Condition : RuleType.Series;
        Require(unary.Operand, unary.Operator == RuleToken.Not ? "what follows 'not'" : "what follows '-'", wanted);
        return faults.Count > before ? RuleType.Unknown
            : wanted == RuleType.Condition ? RuleType.Condition
            : IsNumber(unary.Operand) ? RuleType.Number : RuleType.Series;
    }

    private RuleType Check(BinarySyntax binary)
    {
        var before = faults.Count;
        var sign = binary.Operator.Sign();
        var wanted = binary.Operator is RuleToken.And or RuleToken.Or ? RuleType.Condition : RuleType.Series;
        if (wanted == RuleType.Series && binary.Operator.IsComparison() && binary.Left is BinarySyntax { Operator: var inner } && inner.IsComparison())
        {
            _ = Check(binary.Left);
            _ = Check(binary.Right);
            return Fault(binary.Position, $"'{sign}' follows another comparison", "join two comparisons with and: a < b and b < c");
        }
        Require(binary.Left, $"the left of '{sign}'", wanted);
        Require(binary.Right, $"the right of '{sign}'", wanted);
        if (faults.Count > before) return RuleType.Unknown;
        return wanted == RuleType.Condition || binary.Operator.IsComparison() ? RuleType.Condition
            : IsNumber(binary.Left) && IsNumber(binary.Right) ? RuleType.Number : RuleType.Series;
    }

    /// <summary>True when an expression without faults is one number for all bars.</summary>
    public static bool IsNumber(Syntax syntax) => syntax switch
    {
        NumberSyntax or ParameterSyntax => true,
        UnarySyntax { Operator: RuleToken.Minus } unary => IsNumber(unary.Operand),
        BinarySyntax { Operator: RuleToken.Plus or RuleToken.Minus or RuleToken.Times or RuleToken.DividedBy } binary =>
            IsNumber(binary.Left) && IsNumber(binary.Right),
        CallSyntax call => FunctionCatalog.Find(call.Name)?.Fold is not null && call.Arguments.All(IsNumber),
        _ => false,
    };

    // Names of several lines, as bollinger_upper, are looked for by their first word too.
    private static string FunctionHint(string name)
    {
        var family = FunctionCatalog.All.Where(known => known.Name.StartsWith(name + "_", StringComparison.OrdinalIgnoreCase)).Select(known => known.Name).ToArray();
        if (family.Length > 0) return $"did you mean {string.Join(" or ", family.Select(known => $"'{known}'"))}?";
        return Hint(name, FunctionCatalog.All.Select(known => known.Name))
            ?? $"known: {string.Join(", ", FunctionCatalog.All.Select(known => known.Name))}";
    }

    private static string? Hint(string name, IEnumerable<string> known) =>
        NameSuggestion.Nearest(name, known) is { } nearest ? $"did you mean '{nearest}'?" : null;

    private static string Count(int arguments) => Invariant($"{(arguments == 0 ? "no" : arguments)} argument{(arguments == 1 ? "" : "s")}");

    private static int Start(Syntax syntax) => syntax is BinarySyntax or LagSyntax ? Start(syntax.Children[0]) : syntax.Position;

    private RuleType Fault(int position, string detail, string? hint = null)
    {
        faults.Add(new(position, detail, hint));
        return RuleType.Unknown;
    }
}
