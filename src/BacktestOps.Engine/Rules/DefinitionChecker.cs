using BacktestOps.Contracts;
using static System.FormattableString;

namespace BacktestOps.Engine.Rules;

/// <summary>Finds every fault of a strategy's definition, its texts included.</summary>
internal static class DefinitionChecker
{
    /// <summary>The most parameters of a strategy.</summary>
    public const int MaxParameters = 32;

    /// <summary>The most constraints of a strategy.</summary>
    public const int MaxConstraints = 32;

    /// <summary>The most characters of a name.</summary>
    public const int MaxNameLength = 64;

    /// <summary>The most characters of a description.</summary>
    public const int MaxDescriptionLength = 1000;

    /// <summary>Checks a definition and reads its texts.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="field">Where it stands, for faults; empty for a file of its own.</param>
    /// <param name="given">The values of a request, which stand in for parameters that are not declared.</param>
    /// <param name="faults">Takes every fault.</param>
    /// <param name="checkUse">True to name a parameter that no text names as a fault.</param>
    /// <returns>The strategy; null when there was a fault.</returns>
    public static CompiledStrategy? Check(
        StrategyDefinition definition, string field, IReadOnlyDictionary<string, double>? given, List<RequestFault> faults, bool checkUse = true)
    {
        var before = faults.Count;
        if (definition.Name is { } name && !IsName(name))
            faults.Add(new(CompiledStrategy.JoinField(field, "name"), $"'{RequestValidator.Printable(name)}' is no name", NameHint));
        if (definition.Description is null || definition.Description.Length > MaxDescriptionLength)
            faults.Add(new(CompiledStrategy.JoinField(field, "description"), definition.Description is null ? "is null" : "is too long", Invariant($"at most {MaxDescriptionLength} characters")));
        var parameters = definition.Parameters ?? Inferred(given);
        CheckParameters(parameters, definition.Parameters is null ? null : CompiledStrategy.JoinField(field, "parameters"), faults);
        CheckCount("constraints", definition.Constraints, MaxConstraints);
        TradingChecker.CheckDefinition(definition, field, faults);
        // Texts are read with the names of the parameters, whether their limits are right or not.
        var readable = parameters.Count <= MaxParameters && definition.Constraints is { Count: <= MaxConstraints } && parameters.All(parameter => parameter?.Name is not null);
        var strategy = readable ? CompiledStrategy.Compile(definition, definition.Name ?? StrategyDefinition.DefaultName, parameters, field, faults, checkUse) : null;
        return faults.Count > before ? null : strategy;

        void CheckCount<T>(string member, IReadOnlyList<T>? list, int most)
        {
            if (list is null) faults.Add(new(CompiledStrategy.JoinField(field, member), "is null", "leave it out"));
            else if (list.Count > most) faults.Add(new(CompiledStrategy.JoinField(field, member), Invariant($"has {list.Count} of them"), Invariant($"at most {most}")));
        }
    }

    private const string NameHint = "a letter, then letters, digits, _ or -; at most 64 characters";

    // Values of a request that are no parameters' names are named by the check of the parameters.
    private static StrategyParameter[] Inferred(IReadOnlyDictionary<string, double>? given) =>
    [
        .. (given ?? new Dictionary<string, double>()).Select(pair => new StrategyParameter
        {
            Name = pair.Key,
            Default = pair.Value,
            Minimum = RequestRanges.Parameter.Minimum,
            Maximum = RequestRanges.Parameter.Maximum,
        }),
    ];

    private static void CheckParameters(IReadOnlyList<StrategyParameter> parameters, string? field, List<RequestFault> faults)
    {
        if (parameters.Count > MaxParameters)
        {
            faults.Add(new(field ?? "parameters", Invariant($"has {parameters.Count} of them"), Invariant($"at most {MaxParameters}")));
            return;
        }
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < parameters.Count; i++)
        {
            var parameter = parameters[i];
            var path = field is null ? $"parameters.{RequestValidator.Printable(parameter.Name)}" : Invariant($"{field}[{i}]");
            if (parameter is null)
            {
                faults.Add(new(path, "is null", "leave it out"));
                continue;
            }
            if (!IsParameterName(parameter.Name))
                faults.Add(new(path, $"'{RequestValidator.Printable(parameter.Name ?? "")}' is no name of a parameter", "a letter, then letters, digits or _; at most 64 characters"));
            else if (!seen.Add(parameter.Name))
                faults.Add(new(path, $"'{parameter.Name}' is there twice", "names differ in more than case"));
            if (field is not null) CheckLimits(parameter, path, faults);
        }
    }

    private static void CheckLimits(StrategyParameter parameter, string path, List<RequestFault> faults)
    {
        var (least, most, value) = (parameter.Minimum, parameter.Maximum, parameter.Default);
        if (!(RequestRanges.Parameter.Takes(least) && RequestRanges.Parameter.Takes(most) && least <= most))
            faults.Add(new(path + ".minimum", Invariant($"is {least} with a maximum of {most}"), $"minimum and maximum are numbers {RequestRanges.Parameter}, the smaller one first"));
        else if (!(value >= least && value <= most))
            faults.Add(new(path + ".default", Invariant($"{value} is out of limits"), Invariant($"a number from {least} to {most}")));
        else if (parameter.IsInteger && value != Math.Floor(value))
            faults.Add(new(path + ".default", Invariant($"{value} is not a whole number"), Invariant($"a whole number from {least} to {most}")));
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= MaxNameLength && char.IsAsciiLetter(name[0]) && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-');

    private static bool IsParameterName(string? name) =>
        name is { Length: > 0 and <= MaxNameLength } && char.IsAsciiLetter(name[0]) && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');
}
