using System.Text.RegularExpressions;

namespace BacktestOps.Operations.Audit.Facts;

/// <summary>A limit as it was written: <c>&lt; 80%</c>, <c>5초 미만</c>, <c>at most 2 s</c>.</summary>
internal readonly record struct Threshold(string Sign, Quantity Limit)
{
    /// <summary>True when a value keeps to the limit; both in the same unit's base.</summary>
    public bool Admits(decimal value) => Sign switch
    {
        "<" => value < Limit.Base,
        "≤" => value <= Limit.Base,
        ">" => value > Limit.Base,
        _ => value >= Limit.Base,
    };

    public override string ToString() => $"{Sign} {Limit.Text}";
}

/// <summary>The limits of a text.</summary>
internal static partial class Thresholds
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    public static IEnumerable<Threshold> In(string text)
    {
        foreach (var figure in Quantities.In(text))
        {
            if (figure.Dimension == Dimension.None) continue;
            var before = text[Math.Max(0, figure.Index - 24)..figure.Index];
            var after = text[figure.End..Math.Min(text.Length, figure.End + 16)];
            if ((SignBefore(before) ?? SignAfter(after)) is { } sign) yield return new Threshold(sign, figure);
        }
    }

    private static string? SignBefore(string text)
    {
        var match = Before().Match(text);
        if (!match.Success) return null;
        return match.Groups["lt"].Success ? "<" : match.Groups["le"].Success ? "≤" : match.Groups["gt"].Success ? ">" : "≥";
    }

    private static string? SignAfter(string text)
    {
        var match = After().Match(text);
        if (!match.Success) return null;
        return match.Groups["lt"].Success ? "<" : match.Groups["le"].Success ? "≤" : match.Groups["gt"].Success ? ">" : "≥";
    }

    [GeneratedRegex(@"(?:(?<le><=|≤|=<|\bat most|\bno more than|\bup to|\blimit:?|\bmax(?:imum)? allowed:?|상한:?|한도:?)|(?<ge>>=|≥|=>|\bat least|\bno less than|하한:?)|(?<lt><|\bless than|\bunder|\bbelow)|(?<gt>>|\bmore than|\babove))\s*$", Options)]
    private static partial Regex Before();

    [GeneratedRegex(@"^\s*(?:(?<le>이하|이내|\bor less\b|\bor below\b)|(?<ge>이상|\bor more\b)|(?<lt>미만|\bor under\b)|(?<gt>초과(?!\s*달성)))", Options)]
    private static partial Regex After();
}
