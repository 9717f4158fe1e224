using System.Text.RegularExpressions;

namespace BacktestOps.Operations.Feedback.Classification;

/// <summary>Finds what the stems of a Korean clause say. Korean denies behind the word: "느리지 않아요", "오류가 없어요"; and before it: "안 느려요".</summary>
internal sealed partial class KoreanReader
{
    private readonly Term[] _terms;

    public KoreanReader(IEnumerable<Term> terms) => _terms = [.. terms.OrderByDescending(term => term.Text.Length)];

    /// <summary>What the stems of a clause say, in their order. Where two overlap, the one that covers more stands.</summary>
    public IReadOnlyList<Finding> Read(string clause)
    {
        var text = clause.ToLowerInvariant();
        var found = new List<Finding>();
        foreach (var term in _terms)
        {
            for (var at = text.IndexOf(term.Text, StringComparison.Ordinal); at >= 0; at = text.IndexOf(term.Text, at + 1, StringComparison.Ordinal))
            {
                if (IsPartOfAnother(text, at, term.Text)) continue;
                found.Add(Judge(clause, text, at, term));
            }
        }

        var kept = new List<Finding>();
        foreach (var finding in found.OrderByDescending(finding => finding.End - finding.Start).ThenBy(finding => finding.Start))
        {
            if (kept.TrueForAll(other => finding.End <= other.Start || finding.Start >= other.End)) kept.Add(finding);
        }

        return [.. kept.Where(finding => finding.Class is not null).OrderBy(finding => finding.Start)];
    }

    private static Finding Judge(string clause, string text, int at, Term term)
    {
        var end = at + term.Text.Length;
        var behind = DeniedBehind().Match(text, end);
        var before = DeniedBefore().Match(text[..at]);
        // "잘 되지 않아요" has its own "되지 않": the stem ends where the denial begins.
        if (behind.Success) return Make(at, end + behind.Length, isDenied: true);
        if (before.Success) return Make(before.Groups["no"].Index, EndOfWord(text, end), isDenied: true);
        return Make(at, EndOfWord(text, end), isDenied: false);

        Finding Make(int start, int stop, bool isDenied) =>
            new(start, stop, isDenied ? term.Negated : term.Plain, clause[start..stop].Trim(), term.Mends && !isDenied, term.Alone);
    }

    /// <summary>A stem of one syllable, or of Latin letters and digits, counts at the beginning of a word only.</summary>
    private static bool IsPartOfAnother(string text, int at, string term)
    {
        if (at == 0) return false;
        var before = text[at - 1];
        if (char.IsAsciiLetterOrDigit(term[0])) return char.IsAsciiLetterOrDigit(before);
        return term.Length == 1 && char.IsLetter(before) && before is not ('안' or '못');
    }

    private static int EndOfWord(string text, int end)
    {
        while (end < text.Length && char.IsLetter(text[end])) end++;
        return end;
    }

    [GeneratedRegex(
        """
        \G(?:
            # nouns: 오류가 없, 에러 메시지는 더 이상 안 나, 문제되지 않, 버그 0건, 오류라고 할 것이 없
            (?:\s*(?:에러|오류|버그|문제|코드|현상|발생|메시지|사항|점|보고|신고|로그|같은|건|것|게|기능|부분|하는|되는|는|된|할))*
            \s*(?:은|는|이|가|도|을|를|조차|으로)?\s*
            (?:(?:더\s*이상|더는|이제|이제는|전혀|아예|하나도|한\s*번도|한\s*건도|별로|거의|아직)\s*)*
            (?::?\s*0\s*건|없(?!어[졌져진지])|안\s*(?:나|났|납|난|남|생|뜨|떠|보|되|돼|됩|됐|된|걸|해|합)|(?:나|나오|발생하|생기|보이|뜨|되|일어나|하|이루어지)지(?:도|는|가|를)?\s*(?:않|못)|발생\s*안|아니|아닙|아님|못\s*(?:봤|봄|느|찾|했|하|받))
          |
            # stems: 느리지 않, 만족하지 못, 편하지는 않, 만족스럽지 않, 멈추지도 않
            (?:하|스럽|적이|적으로\s*되|롭|시키|되|이|지|작동하|동작하)?(?:고\s*싶)?(?:지|질)(?:는|가|도|를|도는)?\s*(?:않|못|안)
        )
        """, RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex DeniedBehind();

    [GeneratedRegex(@"(?:^|\s)(?<no>(?:안|못|덜)\s?)$", RegexOptions.CultureInvariant)]
    private static partial Regex DeniedBefore();
}
