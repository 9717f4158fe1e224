using BacktestOps.Contracts;
using BacktestOps.Operations.Plans;

namespace BacktestOps.Operations.Feedback.Classification;

/// <summary>What a text says, and the words that decided.</summary>
/// <param name="Class">What it says of the service.</param>
/// <param name="Words">The words, as they stand in the text.</param>
public sealed record Classification(FeedbackClass Class, IReadOnlyList<string> Words);

/// <summary>
/// Says of a text in English or Korean whether it reports a defect, complains or praises, by its words: a defect weighs more
/// than a complaint, a complaint more than praise. Negation is followed ("no errors", "오류 없이", "느리지 않아요"), mended
/// defects are none ("the 404 is gone"), and how it was before counts only where nothing is better now.
/// </summary>
/// <remarks>It is rules and words that a person can check, not a model: the same text gives the same answer for ever.</remarks>
public sealed class FeedbackClassifier
{
    private static readonly (string Sign, FeedbackClass Class)[] Signs =
    [
        ("👍", FeedbackClass.Positive), ("🎉", FeedbackClass.Positive), ("😀", FeedbackClass.Positive), ("😊", FeedbackClass.Positive), ("🙏", FeedbackClass.Positive),
        ("❤", FeedbackClass.Positive), (":+1:", FeedbackClass.Positive), (":thumbsup:", FeedbackClass.Positive), (":tada:", FeedbackClass.Positive), (":heart:", FeedbackClass.Positive),
        ("👎", FeedbackClass.Negative), ("😡", FeedbackClass.Negative), ("😠", FeedbackClass.Negative), ("🤬", FeedbackClass.Negative), (":-1:", FeedbackClass.Negative),
        (":thumbsdown:", FeedbackClass.Negative), (":rage:", FeedbackClass.Negative), ("🐛", FeedbackClass.BugReport), (":bug:", FeedbackClass.BugReport),
    ];

    private readonly EnglishReader _english;
    private readonly KoreanReader _korean;

    /// <summary>Makes a classifier.</summary>
    /// <param name="words">Further words of the plan; null for none.</param>
    public FeedbackClassifier(FeedbackWords? words = null)
    {
        var more = words is null ? [] : (Term[])
        [
            .. words.Positive.SelectMany(word => Term.Praise(word.ToLowerInvariant())),
            .. words.Negative.SelectMany(word => Term.Complaint(word.ToLowerInvariant())),
            .. words.BugReport.SelectMany(word => Term.Defect(word.ToLowerInvariant())),
        ];
        // The plan's words come first: of two that cover the same, the first stands.
        _english = new EnglishReader([.. more.Where(term => !Clauses.IsKorean(term.Text)), .. EnglishLexicon.Terms]);
        _korean = new KoreanReader([.. more, .. KoreanLexicon.Terms]);
    }

    /// <summary>Classes a text.</summary>
    /// <param name="text">What somebody wrote, without what it quotes.</param>
    public Classification Classify(string text)
    {
        text = text.Normalize();
        var clauses = Clauses.Of(text).Select(clause => (clause.IsPast, Findings: Mend(Read(clause)))).ToList();
        var findings = clauses.SelectMany(clause => clause.Findings.Select(finding => (clause.IsPast, Class: finding.Class!.Value, finding.Words))).ToList();
        findings.AddRange(Signs.Where(sign => text.Contains(sign.Sign, StringComparison.Ordinal)).Select(sign => (false, sign.Class, sign.Sign)));
        if (findings.Any(finding => finding is { IsPast: false, Class: FeedbackClass.Positive })) findings.RemoveAll(finding => finding.IsPast && finding.Class != FeedbackClass.Positive);
        foreach (var kind in (FeedbackClass[])[FeedbackClass.BugReport, FeedbackClass.Negative, FeedbackClass.Positive])
        {
            var words = findings.Where(finding => finding.Class == kind).Select(finding => finding.Words).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
            if (words.Count > 0) return new Classification(kind, words);
        }

        return new Classification(CanRead(text) ? FeedbackClass.Neutral : FeedbackClass.Unreadable, []);
    }

    private IReadOnlyList<Finding> Read(Clause clause) => Clauses.IsKorean(clause.Text) ? _korean.Read(clause.Text) : _english.Read(clause.Text);

    /// <summary>Where a clause says that something was mended, what it says to be broken is what was mended.</summary>
    private static List<Finding> Mend(IReadOnlyList<Finding> findings)
    {
        var said = findings.Where(finding => finding.Class is not null).ToList();
        if (!said.Exists(finding => finding.Mends)) return said;
        if (said.TrueForAll(finding => finding.Mends || finding.Class == FeedbackClass.Positive)) return [.. said.Select(finding => finding with { Class = finding.Mends ? finding.Alone ?? finding.Class : finding.Class })];
        return [.. said.Select(finding => finding.Mends || finding.Class == FeedbackClass.Positive ? finding : finding with { Class = FeedbackClass.Positive })];
    }

    /// <summary>True when the text is mostly Latin or Korean letters.</summary>
    private static bool CanRead(string text)
    {
        var letters = text.Where(char.IsLetter).ToList();
        var known = letters.Count(letter => letter < 0x250 || letter is (>= '가' and <= '힣') or (>= 'ㄱ' and <= 'ㆎ'));
        return letters.Count > 0 && 2 * known > letters.Count;
    }
}
