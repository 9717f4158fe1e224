namespace BacktestOps.Engine.Rules.Language;

/// <summary>Reads and checks the text of one rule.</summary>
internal static class RuleReader
{
    /// <summary>Reads a text that must give one of some types.</summary>
    /// <param name="text">The text.</param>
    /// <param name="what">What it is, for messages: <c>a rule</c>.</param>
    /// <param name="parameters">Names of the parameters that there are; null when any name will do.</param>
    /// <param name="faults">Takes every fault of the text.</param>
    /// <param name="wanted">The types.</param>
    /// <returns>The tree; null when there was a fault.</returns>
    public static Syntax? Read(
        string text, string what, IReadOnlyCollection<string>? parameters, List<RuleFault> faults, params ReadOnlySpan<RuleType> wanted)
    {
        var before = faults.Count;
        var syntax = RuleParser.Read(text, out var fault);
        if (fault is not null) faults.Add(fault);
        if (syntax is not null) new TypeChecker(parameters, faults).Require(syntax, what, wanted);
        return faults.Count == before ? syntax : null;
    }

    /// <summary>Reads a rule: a condition.</summary>
    public static Syntax? ReadRule(string text, IReadOnlyCollection<string>? parameters, List<RuleFault> faults) =>
        Read(text, "a rule", parameters, faults, RuleType.Condition);

    /// <summary>The parameters that a tree names, without repeats in any case.</summary>
    public static IReadOnlySet<string> Parameters(Syntax syntax)
    {
        var names = new SortedSet<string>(StringComparer.OrdinalIgnoreCase);
        Collect(syntax, names);
        return names;
    }

    private static void Collect(Syntax syntax, SortedSet<string> names)
    {
        if (syntax is ParameterSyntax parameter) names.Add(parameter.Name);
        foreach (var child in syntax.Children) Collect(child, names);
    }
}
