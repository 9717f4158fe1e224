using System.Text.RegularExpressions;

namespace BacktestOps.Operations.Feedback.Classification;

/// <summary>Finds what the words of an English clause say, and what is denied in it.</summary>
internal sealed partial class EnglishReader
{
    // How many words may stand between "not" and what it denies: "have not seen any errors".
    private const int Reach = 3;

    private readonly Dictionary<string, List<(string[] Words, Term Term)>> _byFirst = new(StringComparer.Ordinal);
    private readonly List<(string[] Words, Term Term)> _open = [];

    public EnglishReader(IEnumerable<Term> terms)
    {
        foreach (var term in terms)
        {
            var words = term.Text.Split(' ');
            if (words[0].EndsWith('*')) _open.Add((words, term));
            else if (_byFirst.TryGetValue(words[0], out var list)) list.Add((words, term));
            else _byFirst[words[0]] = [(words, term)];
        }
    }

    /// <summary>What the words of a clause say, in their order.</summary>
    public IReadOnlyList<Finding> Read(string clause)
    {
        var words = Word().Matches(clause).Select(match => new Token(match.Index, match.Index + match.Length, match.Value.Replace('’', '\'').ToLowerInvariant())).ToList();
        var findings = new List<Finding>();
        var negator = -1;
        var lastEnd = -1;
        var lastWasDenied = false;
        for (var at = 0; at < words.Count;)
        {
            var (term, length) = Longest(words, at);
            if (term is null)
            {
                if (EnglishLexicon.Negators.Contains(words[at].Text)) negator = at;
                at++;
                continue;
            }

            // "error free": the negation stands behind.
            var isFree = at + length < words.Count && words[at + length].Text == "free" && term.Negated is not null;
            var isJoined = lastWasDenied && lastEnd >= 0 && words.Skip(lastEnd).Take(at - lastEnd).All(word => EnglishLexicon.Joins.Contains(word.Text))
                && words.Skip(lastEnd).Take(at - lastEnd).Any(word => word.Text is "or" or "nor");
            var isDenied = isFree || (negator >= 0 && at - negator <= Reach + 1) || isJoined;
            var first = isDenied && negator >= 0 ? words[negator].Start : words[at].Start;
            var end = words[at + length - 1 + (isFree ? 1 : 0)].End;
            var isNothing = term.Plain is null && term.Negated is null;
            if (!isNothing) findings.Add(new Finding(first, end, isDenied ? term.Negated : term.Plain, clause[first..end], term.Mends && !isDenied, term.Alone));
            // One negation denies one thing; what swallows others lets it through.
            if (!isNothing || term.Text.StartsWith("no", StringComparison.Ordinal)) negator = -1;
            at += length + (isFree ? 1 : 0);
            (lastEnd, lastWasDenied) = (at, isDenied && !isNothing);
        }

        return findings;
    }

    private (Term? Term, int Length) Longest(List<Token> words, int at)
    {
        var candidates = _byFirst.GetValueOrDefault(words[at].Text, []).Concat(_open.Where(open => Fits(open.Words[0], words[at].Text)));
        return candidates
            .Where(candidate => at + candidate.Words.Length <= words.Count && candidate.Words.Select((word, index) => Fits(word, words[at + index].Text)).All(fits => fits))
            .Select(candidate => ((Term?)candidate.Term, candidate.Words.Length))
            .OrderByDescending(found => found.Length)
            .FirstOrDefault();
    }

    private static bool Fits(string pattern, string word) =>
        pattern.EndsWith('*') ? word.StartsWith(pattern[..^1], StringComparison.Ordinal) : pattern == word;

    [GeneratedRegex(@"[A-Za-z]+(['’][A-Za-z]+)*|[0-9]+[A-Za-z]*", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    private readonly record struct Token(int Start, int End, string Text);
}
