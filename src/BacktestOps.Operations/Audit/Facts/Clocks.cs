using System.Globalization;
using System.Text.RegularExpressions;

namespace BacktestOps.Operations.Audit.Facts;

/// <summary>A moment as it was written: with its date or without, to the second or to the minute.</summary>
internal readonly record struct Moment(DateOnly? Date, TimeSpan? Time, bool HasSeconds, int Index, int End)
{
    /// <summary>How far the true moment may lie from what is written.</summary>
    public TimeSpan Precision => TimeSpan.FromSeconds(HasSeconds ? 1 : 60);

    /// <summary>The moment on the document's clock; a time without its date is taken on <paramref name="day"/>.</summary>
    public DateTime? On(DateOnly? day) =>
        (Date ?? day) is { } date ? date.ToDateTime(TimeOnly.MinValue) + (Time ?? TimeSpan.Zero) : null;

    public override string ToString() => string.Join(' ', new[]
    {
        Date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        Time?.ToString(HasSeconds ? @"hh\:mm\:ss" : @"hh\:mm", CultureInfo.InvariantCulture),
    }.Where(part => part is not null));
}

/// <summary>From one time of day to another.</summary>
internal readonly record struct ClockRange(Moment From, Moment To)
{
    public TimeSpan Length
    {
        get
        {
            var days = From.Date is { } from && To.Date is { } to ? TimeSpan.FromDays(to.DayNumber - from.DayNumber) : TimeSpan.Zero;
            var length = days + To.Time!.Value - From.Time!.Value;
            return length < TimeSpan.Zero && days == TimeSpan.Zero ? length + TimeSpan.FromDays(1) : length;
        }
    }

    /// <summary>How far the true length may lie from <see cref="Length"/>: where one end has seconds, the other is meant to the second.</summary>
    public TimeSpan Precision => From.Precision < To.Precision ? From.Precision : To.Precision;

    public override string ToString() => $"{From}–{To}";
}

/// <summary>Dates and times of day, as Korean and English documents write them.</summary>
internal static partial class Clocks
{
    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

    /// <summary>The dates and times of a text, in order; a date and the time behind it are one moment.</summary>
    public static IReadOnlyList<Moment> Moments(string text)
    {
        var found = new List<Moment>();
        foreach (Match match in Stamp().Matches(text))
        {
            var date = DateOf(match, found.LastOrDefault(moment => moment.Date is not null).Date);
            var time = match.Groups["h"].Success || match.Groups["kh"].Success ? TimeOf(match) : null;
            if (date is null && time is null) continue;
            found.Add(new Moment(date, time, match.Groups["s"].Success, match.Index, match.Index + match.Length));
        }

        return found;
    }

    /// <summary>The ranges of a text: two times with nothing but a dash, a tilde or a word between them.</summary>
    public static IEnumerable<ClockRange> Ranges(string text)
    {
        var moments = Moments(text);
        for (var at = 1; at < moments.Count; at++)
        {
            var (from, to) = (moments[at - 1], moments[at]);
            if (from.Time is null || to.Time is null || !Between().IsMatch(text[from.End..to.Index])) continue;
            yield return new ClockRange(from, to with { Date = to.Date ?? (to.Time >= from.Time ? from.Date : from.Date?.AddDays(1)) });
        }
    }

    /// <summary>The text with dates, times and versions blanked out, every other character where it was.</summary>
    public static string Mask(string text) =>
        Version().Replace(Stamp().Replace(text, Blank), Blank);

    private static string Blank(Match match) => new('\u0001', match.Length);

    private static DateOnly? DateOf(Match match, DateOnly? before)
    {
        int Number(string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
        var (year, month, day) = (0, 0, 0);
        if (match.Groups["y"].Success) (year, month, day) = (Number("y"), Number("mo"), Number("d"));
        else if (match.Groups["en"].Success) (year, month, day) = (Number("ey"), Array.IndexOf(Months, match.Groups["en"].Value[..3].ToLowerInvariant()) + 1, Number("ed"));
        else if (match.Groups["pm"].Success && before is { } known) (year, month, day) = (known.Year, Number("pm"), Number("pd"));
        return year is >= 1 and <= 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month)
            ? new DateOnly(year, month, day)
            : null;
    }

    private static TimeSpan? TimeOf(Match match)
    {
        int Number(string group) => match.Groups[group].Success ? int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture) : 0;
        var hour = match.Groups["h"].Success ? Number("h") : Number("kh");
        var half = match.Groups["ap"].Success ? match.Groups["ap"].Value.ToLowerInvariant() : match.Groups["kap"].Value;
        if (half is "pm" or "오후" && hour < 12) hour += 12;
        if (half is "am" or "오전" && hour == 12) hour = 0;
        return hour > 23 ? null : new TimeSpan(hour, match.Groups["h"].Success ? Number("m") : Number("km"), Number("s"));
    }

    [GeneratedRegex(
        """
        (?: (?<![\p{N}.])
            (?: (?<y>[0-9]{4})(?:[-./]|년[ ]?)(?<mo>[0-9]{1,2})(?:[-./]|월[ ]?)(?<d>[0-9]{1,2})(?![0-9])일?
              | (?<ed>[0-9]{1,2})[ ](?<en>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}),?[ ](?<ey>[0-9]{4})
              | (?<=[~–—-][ ]?)(?<pm>[0-9]{2})-(?<pd>[0-9]{2})(?![0-9-])
            )
          | \b(?<en>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6})[ ](?<ed>[0-9]{1,2}),?[ ](?<ey>[0-9]{4})
        )
        (?: (?:T|,?[ ](?:at[ ])?) (?<h>[01]?[0-9]|2[0-3]):(?<m>[0-5][0-9])(?::(?<s>[0-5][0-9])(?:\.[0-9]{1,7})?)?(?![0-9:])(?:[ ]?(?<ap>[ap]m)\b)?Z? )?
        | (?<![0-9:.])(?<h>[01]?[0-9]|2[0-3]):(?<m>[0-5][0-9])(?::(?<s>[0-5][0-9])(?:\.[0-9]{1,7})?)?(?![0-9:])(?:[ ]?(?<ap>[ap]m)\b)?
        | (?:(?<kap>오전|오후)[ ]?)?(?<![0-9])(?<kh>[0-9]{1,2})시(?!간)(?:[ ]?(?<km>[0-5]?[0-9])분)?(?:[ ]?(?<s>[0-5]?[0-9])초)?
        """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Stamp();

    [GeneratedRegex(@"^\s*(?:UTC|KST|Z)?\s*(?:[~〜∼–—−-]|->|→|to|until|till|through|and|부터|에서)\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Between();

    [GeneratedRegex(@"(?<![\p{N}.])(?:[vV][0-9]+(?:\.[0-9]+){0,3}|[0-9]+\.[0-9]+\.[0-9]+(?:\.[0-9]+)?)(?:-[0-9A-Za-z.]+)?", RegexOptions.CultureInvariant)]
    private static partial Regex Version();
}
