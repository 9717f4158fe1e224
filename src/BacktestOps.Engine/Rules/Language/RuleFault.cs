using static System.FormattableString;

namespace BacktestOps.Engine.Rules.Language;

/// <summary>One fault of a rule's text.</summary>
/// <param name="Position">Where, as the 1-based number of the character.</param>
/// <param name="Detail">What is wrong.</param>
/// <param name="Hint">What would be right; null when the detail says it all.</param>
internal sealed record RuleFault(int Position, string Detail, string? Hint = null)
{
    /// <summary>What is wrong and where.</summary>
    public string Message => Invariant($"{Detail} at {Position}");

    /// <inheritdoc/>
    public override string ToString() => Hint is null ? Message : $"{Message}; {Hint}";
}
