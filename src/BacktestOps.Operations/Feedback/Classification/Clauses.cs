using System.Text.RegularExpressions;

namespace BacktestOps.Operations.Feedback.Classification;

/// <summary>Cuts a text into the parts in which one negation can reach a word.</summary>
internal static partial class Clauses
{
    public static IEnumerable<Clause> Of(string text)
    {
        foreach (var part in Ends().Split(text).SelectMany(sentence => IsKorean(sentence) ? KoreanTurns().Split(sentence) : EnglishTurns().Split(sentence)))
        {
            var clause = part.Trim();
            if (clause.Length == 0) continue;
            var lower = clause.ToLowerInvariant();
            yield return new Clause(clause, (IsKorean(clause) ? KoreanLexicon.Past : EnglishLexicon.Past).Any(word => lower.Contains(word, StringComparison.Ordinal)));
        }
    }

    public static bool IsKorean(string text) => text.Any(character => character is >= '가' and <= '힣');

    // A dot inside of a version or an address ends nothing.
    [GeneratedRegex(@"[!?;,…~\r\n。]+|\.+(?=\s|$)|\s[-–—]+\s|[()]", RegexOptions.CultureInvariant)]
    private static partial Regex Ends();

    [GeneratedRegex(@"\b(?:but(?!\s+not\b)|however|although|though|yet|whereas|while|except|unfortunately|and\s+then|and\s+now|now)\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex EnglishTurns();

    [GeneratedRegex(@"(?<=지만|는데|은데|한데|던데|으나|더니)\s|(?:^|\s)(?:하지만|그런데|그러나|근데|그래도|반면|다만)(?=\s)", RegexOptions.CultureInvariant)]
    private static partial Regex KoreanTurns();
}
