using System.Globalization;
using System.Text.RegularExpressions;

namespace BacktestOps.Operations.Audit.Facts;

/// <summary>What a unit measures.</summary>
internal enum Dimension
{
    None,
    Percent,
    Bytes,
    Time,
    Count,
}

/// <summary>A figure as it was written.</summary>
/// <param name="Value">In its own unit.</param>
/// <param name="Step">One in its last place, in its own unit: 0.1 for 12.3.</param>
/// <param name="Unit">As written.</param>
/// <param name="Dimension">What the unit measures.</param>
/// <param name="Factor">Its unit in %, bytes, seconds or pieces.</param>
/// <param name="Index">Where it begins in the text.</param>
/// <param name="Text">As it was written, unit included.</param>
internal sealed record Quantity(decimal Value, decimal Step, string Unit, Dimension Dimension, decimal Factor, int Index, string Text)
{
    /// <summary>In %, bytes, seconds or pieces.</summary>
    public decimal Base => Value * Factor;

    public int End => Index + Text.Length;
}

/// <summary>Figures with units: <c>12%</c>, <c>45MB</c>, <c>1,240 requests</c>, <c>0건</c>.</summary>
internal static partial class Quantities
{
    /// <summary>Every figure of a text that is no part of a version, a date or a time of day.</summary>
    public static IEnumerable<Quantity> In(string text)
    {
        foreach (Match match in Figure().Matches(Clocks.Mask(text)))
        {
            var digits = match.Groups["n"].Value.Replace(",", "", StringComparison.Ordinal);
            if (!decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)) continue;
            var point = digits.IndexOf('.', StringComparison.Ordinal);
            var step = Enumerable.Range(0, point < 0 ? 0 : digits.Length - point - 1).Aggregate(1m, (place, _) => place / 10);
            var unit = match.Groups["u"].Value;
            var (dimension, factor) = Meaning(unit);
            yield return new Quantity(value, step, unit, dimension, factor, match.Index, match.Value.Trim());
        }
    }

    private static (Dimension Dimension, decimal Factor) Meaning(string unit) => unit.ToUpperInvariant() switch
    {
        "" => (Dimension.None, 1),
        "%" or "퍼센트" or "PERCENT" => (Dimension.Percent, 1),
        "B" or "BYTE" or "BYTES" or "바이트" => (Dimension.Bytes, 1),
        "KB" => (Dimension.Bytes, 1_000),
        "MB" => (Dimension.Bytes, 1_000_000),
        "GB" => (Dimension.Bytes, 1_000_000_000),
        "TB" => (Dimension.Bytes, 1_000_000_000_000),
        "KIB" => (Dimension.Bytes, 1_024),
        "MIB" => (Dimension.Bytes, 1_048_576),
        "GIB" => (Dimension.Bytes, 1_073_741_824),
        "MS" or "밀리초" or "MSEC" or "MILLISECOND" or "MILLISECONDS" => (Dimension.Time, 0.001m),
        "S" or "SEC" or "SECS" or "SECOND" or "SECONDS" or "초" => (Dimension.Time, 1),
        "M" or "MIN" or "MINS" or "MINUTE" or "MINUTES" or "분" => (Dimension.Time, 60),
        "H" or "HR" or "HRS" or "HOUR" or "HOURS" or "시간" => (Dimension.Time, 3_600),
        _ => (Dimension.Count, 1),
    };

    [GeneratedRegex(
        """
        (?<![\p{L}\p{N}_.])(?<n>[0-9]{1,3}(?:,[0-9]{3}){1,5}(?:\.[0-9]{1,9})?|[0-9]{1,15}(?:\.[0-9]{1,9})?)(?![0-9.]*[0-9])
        (?:[ ]?(?<u>%|퍼센트|percent|KiB|MiB|GiB|[KMGT]?B|bytes?|바이트|milliseconds?|msec|ms|밀리초|seconds?|secs?|s|초|minutes?|mins?|min|m|분|hours?|hrs?|h|시간
        |건|개|회|errors?|failures?|requests?|samples?|checks?|times|reports?|issues?|alerts?|lines?|events?)(?![A-Za-z]))?
        """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Figure();
}
