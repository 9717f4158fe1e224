using System.Globalization;
using System.Text.RegularExpressions;

namespace BacktestOps.Operations.Audit.Facts;

/// <summary>A figure that is computed of samples.</summary>
internal enum Statistic
{
    Mean,
    Maximum,
    Minimum,
    Median,
}

/// <summary>Claims of statistics in words, and the statistics themselves.</summary>
internal static partial class Statistics
{
    private const int Reach = 40;
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    /// <summary>The statistics that a text claims, each with its figure: the nearest behind the word, else the nearest before it.</summary>
    public static IEnumerable<(Statistic Statistic, int Index, Quantity Figure)> In(string text, IReadOnlyList<Quantity> figures)
    {
        foreach (Match word in Word().Matches(text))
        {
            var behind = figures.FirstOrDefault(figure => figure.Index >= word.Index + word.Length && figure.Index - word.Index - word.Length <= Reach);
            var before = figures.LastOrDefault(figure => figure.End <= word.Index && word.Index - figure.End <= 8);
            if ((behind ?? before) is { } claimed) yield return (Of(word), word.Index, claimed);
        }
    }

    /// <summary>The statistic of values.</summary>
    public static decimal Compute(Statistic statistic, IReadOnlyList<decimal> values) => statistic switch
    {
        Statistic.Mean => values.Sum() / values.Count,
        Statistic.Maximum => values.Max(),
        Statistic.Minimum => values.Min(),
        _ => Median([.. values.Order()]),
    };

    /// <summary>A number without zeros that say nothing.</summary>
    public static string Show(decimal value) => Math.Round(value, 3).ToString("0.###", CultureInfo.InvariantCulture);

    private static decimal Median(decimal[] ordered) =>
        (ordered[(ordered.Length - 1) / 2] + ordered[ordered.Length / 2]) / 2;

    private static Statistic Of(Match word) =>
        word.Groups["mean"].Success ? Statistic.Mean
        : word.Groups["max"].Success ? Statistic.Maximum
        : word.Groups["min"].Success ? Statistic.Minimum
        : Statistic.Median;

    [GeneratedRegex(
        @"(?<mean>평균|\bmean\b|\baverage[ds]?\b|\bavg\b)|(?<max>최대|최고|\bmax(?:imum)?\b|\bpeak(?:ed)?\b|\bhighest\b)|(?<min>최소|최저|\bmin(?:imum)\b|\bmin(?=\s*[:=])|\blowest\b)|(?<median>중앙값|중간값|\bmedian\b|\bp50\b)",
        Options)]
    private static partial Regex Word();
}
