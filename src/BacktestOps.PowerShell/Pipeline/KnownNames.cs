using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Pipeline;

/// <summary>
/// Names that users give for things that there are. A pattern without a match finds nothing, as everywhere in PowerShell; a literal name
/// that there is not is an error, or a typo would look like an empty answer.
/// </summary>
internal static class KnownNames
{
    /// <summary>An error for each name that is no pattern and that there is not.</summary>
    /// <param name="kind">What is named, in the singular: 'figure'.</param>
    /// <param name="given">What the user gave.</param>
    /// <param name="known">What there is.</param>
    public static IEnumerable<(string Name, ModuleException Error)> Missing(string kind, IEnumerable<string> given, IReadOnlyCollection<string> known) =>
        from name in given
        where !WildcardPattern.ContainsWildcardCharacters(name) && !known.Contains(WildcardPattern.Unescape(name), StringComparer.OrdinalIgnoreCase)
        select (name, Unknown(kind, name, known));

    /// <summary>An error for each number that there is not.</summary>
    /// <param name="kind">What is numbered, in the singular: 'deployment'.</param>
    /// <param name="given">What the user gave.</param>
    /// <param name="known">What there is.</param>
    /// <param name="place">Where they were looked for.</param>
    public static IEnumerable<(int Number, ModuleException Error)> Missing(string kind, IEnumerable<int> given, IReadOnlyCollection<int> known, string place) =>
        from number in given.Distinct()
        where !known.Contains(number)
        select (number, new ModuleException(
            "NumberNotFound", ErrorCategory.ObjectNotFound, Messages.NumberNotFound.With(kind, number, place),
            known.Count == 0 ? Messages.NoNumbers.With(kind) : Messages.NumbersKnown.With(known.Min(), known.Max())));

    private static ModuleException Unknown(string kind, string name, IReadOnlyCollection<string> known) => new(
        "UnknownName",
        ErrorCategory.ObjectNotFound,
        NameSuggestion.Nearest(name, known) is { } nearest ? Messages.UnknownNameNear.With(kind, name, nearest) : Messages.UnknownName.With(kind, name),
        Messages.UnknownNameAction.With(string.Join(", ", known)));
}
