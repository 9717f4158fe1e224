using System.Globalization;
using System.Text.RegularExpressions;

namespace BacktestOps.Operations.Audit.Facts;

/// <summary>How long something takes, as it was written: <c>1분 30초</c>, <c>an hour</c>, <c>70–80 min</c>.</summary>
/// <param name="Low">The least.</param>
/// <param name="High">The most; the same where no range is written.</param>
/// <param name="Step">One in the last place of the finest unit that is written.</param>
/// <param name="Index">Where it begins.</param>
/// <param name="Text">As it was written.</param>
/// <param name="IsInterval">True for <c>every 5 minutes</c>, <c>5분마다</c>.</param>
/// <param name="IsBound">True where it limits something: <c>&lt; 5초</c>, <c>within 2 h</c>, <c>30 minutes before</c>.</param>
internal sealed record Span(TimeSpan Low, TimeSpan High, TimeSpan Step, int Index, string Text, bool IsInterval, bool IsBound)
{
    public bool IsRange => Low != High;

    public int End => Index + Text.Length;
}

/// <summary>Durations, in Korean and English.</summary>
internal static partial class Spans
{
    private static readonly string[] Words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

    /// <summary>The durations of a text, in order.</summary>
    public static IEnumerable<Span> In(string text)
    {
        var masked = Clocks.Mask(text);
        foreach (Match match in Written().Matches(masked))
        {
            var (low, high, step) = (TimeSpan.Zero, TimeSpan.Zero, TimeSpan.MaxValue);
            var numbers = match.Groups["n"].Captures;
            var units = match.Groups["u"].Captures;
            for (var at = 0; at < numbers.Count; at++)
            {
                var unit = UnitOf(units[at].Value);
                var number = NumberOf(numbers[at].Value);
                high += unit * number;
                low += unit * (at == 0 && match.Groups["lo"].Success ? NumberOf(match.Groups["lo"].Value) : number);
                step = unit < step ? unit : step;
            }

            if (low > high || high > TimeSpan.FromDays(3_660)) continue;
            var before = text[Math.Max(0, match.Index - 24)..match.Index];
            var end = match.Index + match.Length;
            var after = text[end..Math.Min(text.Length, end + 24)];
            if (numbers[^1].Value.Contains('.', StringComparison.Ordinal)) step /= 10;
            yield return new Span(
                low, high, step, match.Index, match.Value, EveryBefore().IsMatch(before) || EveryAfter().IsMatch(after),
                BoundBefore().IsMatch(before) || BoundAfter().IsMatch(after));
        }
    }

    /// <summary>A duration in words, as a message shows it.</summary>
    public static string Show(TimeSpan span)
    {
        var parts = new List<string>();
        if (span.Days > 0) parts.Add($"{span.Days} d");
        if (span.Hours > 0) parts.Add($"{span.Hours} h");
        if (span.Minutes > 0) parts.Add($"{span.Minutes} min");
        if (span.Seconds > 0 || span.Milliseconds > 0 || parts.Count == 0)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{span.Seconds + (span.Milliseconds / 1000m):0.###} s"));
        return string.Join(' ', parts);
    }

    private static double NumberOf(string text)
    {
        var word = text.Trim().ToLowerInvariant();
        if (double.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return number;
        return word switch
        {
            "half an" or "half a" or "반" => 0.5,
            "a" or "an" or "한" => 1,
            "두" => 2,
            "세" => 3,
            "네" => 4,
            _ => Math.Max(0, Array.IndexOf(Words, word)),
        };
    }

    private static TimeSpan UnitOf(string unit) => unit.ToLowerInvariant() switch
    {
        "ms" or "밀리초" => TimeSpan.FromMilliseconds(1),
        "초" or "s" or "sec" or "secs" or "second" or "seconds" => TimeSpan.FromSeconds(1),
        "분" or "m" or "min" or "mins" or "minute" or "minutes" => TimeSpan.FromMinutes(1),
        "시간" or "h" or "hr" or "hrs" or "hour" or "hours" => TimeSpan.FromHours(1),
        "일" or "d" or "day" or "days" => TimeSpan.FromDays(1),
        _ => TimeSpan.FromDays(7),
    };

    [GeneratedRegex(
        """
        (?<![A-Za-z0-9.:/_])
        (?:(?<lo>[0-9]{1,6}(?:\.[0-9]{1,3})?)[ ]?[-–—~〜][ ]?)?
        (?:(?:(?<=[0-9])[ ]?|[ ]|,[ ]|[ ]and[ ])?
           (?<n>[0-9]{1,6}(?:\.[0-9]{1,3})?|\b(?:half[ ]an?|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?=[ -])|[한두세네반](?=[ ]?시간))
           [ ]?-?(?<u>시간|hours?|hrs?|h|분|minutes?|mins?|min|m|밀리초|ms|초|seconds?|secs?|sec|s|일(?!일)|days?|d|주일?(?![가-힣])|weeks?|w)(?![A-Za-z])
        ){1,4}
        """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Written();

    [GeneratedRegex(@"(?:\bevery|\beach|\bper|매)\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex EveryBefore();

    [GeneratedRegex(@"^\s*(?:마다|간격|주기|단위|-?\s?intervals?|apart)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex EveryAfter();

    [GeneratedRegex(@"(?:[<>≤≥]=?|\bwithin|\bunder|\bbelow|\bover|\babove|\bless than|\bmore than|\bat most|\bat least|\bup to|\bafter|최대|최소)\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex BoundBefore();

    [GeneratedRegex(@"^\s*(?:이내|이하|미만|이상|초과(?!\s*달성)|전|후|뒤|안에|before|after|later|earlier|ago|or less|or more|at most|timeout)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex BoundAfter();
}
