using BacktestOps.Contracts;

namespace BacktestOps.Operations.Plans;

/// <summary>What somebody who mistyped a word probably meant.</summary>
internal static class Suggestion
{
    /// <summary>A hint with the nearest word, or with all of them when none is near.</summary>
    public static string For(string written, IReadOnlyList<string> words)
    {
        var near = words
            .Select(word => (Word: word, Edits: NameSuggestion.Edits(written, word)))
            .Where(candidate => candidate.Edits <= Math.Max(2, written.Length / 3))
            .OrderBy(candidate => candidate.Edits)
            .ThenBy(candidate => candidate.Word, StringComparer.Ordinal)
            .Select(candidate => candidate.Word)
            .FirstOrDefault();
        return near is null ? $"known: {string.Join(", ", words)}" : $"did you mean '{near}'?";
    }
}
