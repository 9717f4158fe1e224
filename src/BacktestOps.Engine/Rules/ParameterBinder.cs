using BacktestOps.Contracts;
using BacktestOps.Engine.Sweeps;
using static System.FormattableString;

namespace BacktestOps.Engine.Rules;

/// <summary>Gives every parameter of a strategy its value.</summary>
internal static class ParameterBinder
{
    /// <summary>False, and a fault, where more values are given than any strategy has parameters: none of them is looked at.</summary>
    public static bool CanCount(IReadOnlyDictionary<string, double>? given, List<RequestFault> faults)
    {
        if (given is null || given.Count <= SweepChecker.MaxParameters) return true;
        faults.Add(new("parameters", Invariant($"has {given.Count:N0} of them"), Invariant($"at most {SweepChecker.MaxParameters}")));
        return false;
    }

    /// <summary>The values by the names of the catalogue, in alphabetical order, defaults filled in.</summary>
    /// <param name="strategy">The strategy.</param>
    /// <param name="given">The values of the request, names in any case.</param>
    /// <param name="faults">Takes every fault; with one, the values mean nothing.</param>
    public static SortedDictionary<string, double> Bind(
        CompiledStrategy strategy, IReadOnlyDictionary<string, double>? given, List<RequestFault> faults)
    {
        var before = faults.Count;
        var values = Bind(strategy.Info, given, faults);
        var asked = given?.Keys.ToHashSet(StringComparer.OrdinalIgnoreCase) ?? [];
        // An order between values that are wrong by themselves would say the same thing twice.
        if (faults.Count == before) faults.AddRange(strategy.Constraints.Where(constraint => !constraint.Holds(values)).Select(constraint => constraint.Fault(values, asked)));
        return values;
    }

    /// <summary>As above, without what must hold between the values.</summary>
    public static SortedDictionary<string, double> Bind(
        StrategyInfo strategy, IReadOnlyDictionary<string, double>? given, List<RequestFault> faults)
    {
        var values = new SortedDictionary<string, double>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in given ?? new Dictionary<string, double>())
        {
            var parameter = strategy.Parameters
                .FirstOrDefault(known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (parameter is null)
                faults.Add(Unknown(strategy, name));
            else if (!values.TryAdd(parameter.Name, value))
                faults.Add(new(Field(name), "is given twice, in different case", $"give {parameter.Name} once"));
            else if (Check(parameter, value) is { } fault)
                faults.Add(fault);
        }
        foreach (var parameter in strategy.Parameters) values.TryAdd(parameter.Name, parameter.Default);
        return values;
    }

    /// <summary>The fault of a value that is NaN or infinite.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="value">Its value.</param>
    public static RequestFault NotANumber(string name, double value) =>
        new RequestFault(Field(name), Invariant($"is {value}"), "a finite number").As("not-a-number");

    /// <summary>The fault of one value; null for a good one.</summary>
    public static RequestFault? Check(StrategyParameter parameter, double value)
    {
        if (!double.IsFinite(value)) return NotANumber(parameter.Name, value);
        var kind = parameter.IsInteger ? "a whole number" : "a number";
        // A strategy from outside the engine states what limits it likes.
        var (least, most) = (Math.Max(parameter.Minimum, RequestRanges.Parameter.Minimum), Math.Min(parameter.Maximum, RequestRanges.Parameter.Maximum));
        var allowed = Invariant($"{kind} from {least} to {most}");
        if (value < least || value > most)
            return new RequestFault(Field(parameter.Name), Invariant($"{value} is out of limits"), allowed).As("out-of-limits", ("value", value), ("minimum", least), ("maximum", most));
        if (parameter.IsInteger && value != Math.Floor(value))
            return new RequestFault(Field(parameter.Name), Invariant($"{value} is not a whole number"), allowed).As("not-whole", ("value", value));
        return null;
    }

    /// <summary>The fault of a name that no parameter has.</summary>
    public static RequestFault Unknown(StrategyInfo strategy, string name)
    {
        var names = strategy.Parameters.Select(parameter => parameter.Name).ToArray();
        var hint = NameSuggestion.Nearest(name, names) is { } nearest ? $"did you mean '{nearest}'?"
            : names.Length == 0 ? $"{strategy.Name} takes none"
            : $"known: {string.Join(", ", names)}";
        return new RequestFault(Field(name), $"{strategy.Name} has no parameter '{RequestValidator.Printable(name)}'", hint).As("unknown-parameter", ("parameter", RequestValidator.Printable(name)), ("strategy", strategy.Name));
    }

    private static string Field(string name) => $"parameters.{RequestValidator.Printable(name)}";
}
