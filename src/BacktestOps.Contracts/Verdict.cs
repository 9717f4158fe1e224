using System.Text.Json.Serialization;

namespace BacktestOps.Contracts;

/// <summary>What a check concludes. Missing data is never a <see cref="Pass"/>.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<Verdict>))]
public enum Verdict : long
{
    /// <summary>Seen, and as expected.</summary>
    Pass,

    /// <summary>Seen, and not as expected.</summary>
    Fail,

    /// <summary>Not enough was seen to say.</summary>
    Inconclusive,

    /// <summary>The check itself could not be made.</summary>
    Error,
}

/// <summary>Verdicts taken together.</summary>
public static class Verdicts
{
    /// <summary>
    /// One verdict for many: a fail decides, then an error, then an inconclusive; a pass needs at least one verdict
    /// and nothing but passes.
    /// </summary>
    /// <param name="verdicts">The verdicts; none gives <see cref="Verdict.Inconclusive"/>.</param>
    public static Verdict Combine(IEnumerable<Verdict> verdicts)
    {
        var seen = verdicts.ToHashSet();
        if (seen.Contains(Verdict.Fail)) return Verdict.Fail;
        if (seen.Contains(Verdict.Error)) return Verdict.Error;
        return seen.Contains(Verdict.Inconclusive) || seen.Count == 0 ? Verdict.Inconclusive : Verdict.Pass;
    }
}
