using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace BacktestOps.Runs.MarketData;

/// <summary>Dates and numbers as CSV files write them, read from UTF-8 without making strings.</summary>
internal static class CsvText
{
    private const int LongestShown = 40;

    /// <summary>The forms of a date that are understood, as error messages list them.</summary>
    public const string DateForms = "2020-01-31, 20200131, 2020-01-31T09:30:00 or 2020-01-31 09:30";

    /// <summary>A number with a point, such as <c>12.5</c> or <c>1.2e6</c>; NaN and infinity are numbers here.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    /// <summary>A date in one of the <see cref="DateForms"/>; a zone behind a time (<c>Z</c>, <c>-05:00</c>) is read over.</summary>
    public static bool TryDate(ReadOnlySpan<byte> text, out DateTime value)
    {
        value = default;
        text = WithoutZone(text);
        int year, month, day;
        switch (text.Length)
        {
            case 8:
                if (!TryDigits(text[..4], out year) || !TryDigits(text[4..6], out month) || !TryDigits(text[6..], out day))
                    return false;
                return TryDay(year, month, day, out value);
            case 10 or 16 or 19:
                if (text[4] != '-' || text[7] != '-'
                    || !TryDigits(text[..4], out year) || !TryDigits(text[5..7], out month) || !TryDigits(text[8..10], out day)
                    || !TryDay(year, month, day, out value))
                    return false;
                return text.Length == 10 || TryTime(text[10..], ref value);
            default:
                return false;
        }
    }

    /// <summary>The text of a field for a message: not longer than a glance, without control characters.</summary>
    public static string Show(ReadOnlySpan<byte> text) =>
        Shorten(Encoding.UTF8.GetString(text.Length > 4 * LongestShown ? text[..(4 * LongestShown)] : text));

    /// <summary>Cuts a text for a message and replaces control characters.</summary>
    public static string Shorten(string text)
    {
        var shown = string.Concat(text.Select(character => char.IsControl(character) ? '\uFFFD' : character));
        return shown.Length > LongestShown ? $"{shown[..LongestShown]}…" : shown;
    }

    /// <summary>Names for a message, the first of them where there are many.</summary>
    public static string Quote(IReadOnlyList<string> names)
    {
        const int Most = 12;
        var shown = string.Join(", ", names.Take(Most).Select(name => $"'{Shorten(name)}'"));
        return names.Count > Most ? $"{shown} and {names.Count - Most} more" : shown;
    }

    // An offset from UTC follows the exchange's own time, which is what bars are dated by.
    private static ReadOnlySpan<byte> WithoutZone(ReadOnlySpan<byte> text) =>
        text.Length is 17 or 20 && text[^1] == (byte)'Z' ? text[..^1]
        : text.Length is 22 or 25 && text[^6] is (byte)'+' or (byte)'-' && text[^3] == (byte)':'
            && TryDigits(text[^5..^3], out _) && TryDigits(text[^2..], out _) ? text[..^6]
        : text;

    private static bool TryTime(ReadOnlySpan<byte> text, ref DateTime value)
    {
        var second = 0;
        if (text[0] is not ((byte)'T' or (byte)' ') || text[3] != ':'
            || !TryDigits(text[1..3], out var hour) || !TryDigits(text[4..6], out var minute)
            || (text.Length == 9 && (text[6] != ':' || !TryDigits(text[7..9], out second)))
            || hour > 23 || minute > 59 || second > 59)
            return false;
        value = value.Add(new TimeSpan(hour, minute, second));
        return true;
    }

    private static bool TryDay(int year, int month, int day, out DateTime value)
    {
        value = default;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        value = new DateTime(year, month, day);
        return true;
    }

    // Only digits: a general parser would take signs and blanks too, and "20 0131" is no date.
    private static bool TryDigits(ReadOnlySpan<byte> text, out int value) =>
        Utf8Parser.TryParse(text, out value, out var read) && read == text.Length && text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
}
