using BacktestOps.Contracts;

namespace BacktestOps.Runs.MarketData;

/// <summary>Near names for a symbol that is not there.</summary>
internal static class SymbolHint
{
    private const int MostNames = 3, LongestName = 64;

    /// <summary><c>did you mean AAPL?</c>, or null when nothing is near.</summary>
    public static string? For(string symbol, IEnumerable<string> known)
    {
        // About a third of the letters may differ, and always one: enough for a slip, too little for another word.
        var allowed = Math.Max(1, (Math.Min(symbol.Length, 32) + 1) / 3);
        var near = known
            .Select(name => (Name: name, Steps: Steps(symbol, name)))
            .Where(candidate => candidate.Steps <= allowed)
            .OrderBy(candidate => candidate.Steps).ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .Take(MostNames).Select(candidate => candidate.Name).ToArray();
        return near.Length == 0 ? null : $"did you mean {string.Join(" or ", near)}?";
    }

    // An exchange's ending that is missing or too many (BRK, BRK.B) is one step, whatever its length.
    private static int Steps(string asked, string name)
    {
        if (asked.Length >= 3 && name.Length >= 3 && (IsEndOf(asked, name) || IsEndOf(name, asked)))
            return asked.Length == name.Length ? 0 : 1;
        return asked.Length > LongestName ? int.MaxValue : NameSuggestion.Edits(asked, name);
    }

    private static bool IsEndOf(string part, string whole) =>
        whole.StartsWith(part, StringComparison.OrdinalIgnoreCase) || whole.EndsWith(part, StringComparison.OrdinalIgnoreCase);
}
