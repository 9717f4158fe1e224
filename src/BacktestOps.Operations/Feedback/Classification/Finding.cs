using BacktestOps.Contracts;

namespace BacktestOps.Operations.Feedback.Classification;

/// <summary>Words that say something, and what they say.</summary>
/// <param name="Start">Where they begin in their clause.</param>
/// <param name="End">Where they end, negation and all.</param>
/// <param name="Class">What they say; null where they say nothing by themselves and only take part.</param>
/// <param name="Words">The words as they stand in the text.</param>
/// <param name="Mends">True for words such as "fixed": what is said to be broken in the same clause is then well.</param>
/// <param name="Alone">What words that mend say where nothing in their clause is broken; null for the same.</param>
internal sealed record Finding(int Start, int End, FeedbackClass? Class, string Words, bool Mends = false, FeedbackClass? Alone = null);

/// <summary>A part of a sentence.</summary>
/// <param name="Text">Its text.</param>
/// <param name="IsPast">True when it says how it was before.</param>
internal sealed record Clause(string Text, bool IsPast);
