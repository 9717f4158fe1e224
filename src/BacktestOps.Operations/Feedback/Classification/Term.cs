using BacktestOps.Contracts;

namespace BacktestOps.Operations.Feedback.Classification;

/// <summary>A word or phrase of the lexicon: what it says, and what it says when it is negated.</summary>
/// <param name="Text">Lower case. In English a <c>*</c> ends a word that may go on: <c>crash*</c>.</param>
/// <param name="Plain">What it says as it is; null for nothing.</param>
/// <param name="Negated">What it says after "not" or before "없": null for nothing.</param>
/// <param name="Mends">True for words such as "fixed", which say of what is broken in the same clause that it is no more.</param>
/// <param name="Alone">What a word that mends says where nothing in its clause is broken: "my results are gone".</param>
internal sealed record Term(string Text, FeedbackClass? Plain, FeedbackClass? Negated, bool Mends = false, FeedbackClass? Alone = null)
{
    /// <summary>Terms that praise: "not good" complains.</summary>
    public static IEnumerable<Term> Praise(string words) => Of(words, FeedbackClass.Positive, FeedbackClass.Negative);

    /// <summary>Terms that complain: "not slow" praises.</summary>
    public static IEnumerable<Term> Complaint(string words) => Of(words, FeedbackClass.Negative, FeedbackClass.Positive);

    /// <summary>Terms that report a defect: "no error" praises.</summary>
    public static IEnumerable<Term> Defect(string words) => Of(words, FeedbackClass.BugReport, FeedbackClass.Positive);

    /// <summary>Terms that say that something works: "not working" reports a defect.</summary>
    public static IEnumerable<Term> Working(string words) => Of(words, FeedbackClass.Positive, FeedbackClass.BugReport);

    /// <summary>Things that one does, which say nothing unless they can't be done.</summary>
    public static IEnumerable<Term> Doing(string words) => Of(words, null, FeedbackClass.BugReport);

    /// <summary>Terms that take the sting out of others, and that swallow what would be misread in them.</summary>
    public static IEnumerable<Term> Nothing(string words) => Of(words, null, null);

    /// <summary>Terms that say that something was mended: "not fixed" reports a defect.</summary>
    public static IEnumerable<Term> Mending(string words) => Of(words, FeedbackClass.Positive, FeedbackClass.BugReport).Select(term => term with { Mends = true });

    /// <summary>Terms that say that something is not there any more: good of a defect, a defect itself of anything else.</summary>
    public static IEnumerable<Term> Vanishing(string words) => Mending(words).Select(term => term with { Alone = FeedbackClass.BugReport });

    private static IEnumerable<Term> Of(string words, FeedbackClass? plain, FeedbackClass? negated) =>
        words.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(word => new Term(word, plain, negated));
}
