using System.Globalization;
using System.Text;

namespace BacktestOps.Runs.MarketData.Import;

/// <summary>Reads dates and numbers as the options say files write them.</summary>
internal sealed class TextValues(ImportOptions options)
{
    /// <summary>A date, with its time of day where a field of its own has it.</summary>
    public bool TryDate(ReadOnlySpan<byte> text, ReadOnlySpan<byte> time, out DateTime date)
    {
        if (options.DateFormat is { } format)
        {
            var culture = options.Culture ?? CultureInfo.InvariantCulture;
            var whole = Encoding.UTF8.GetString(text) + (time.IsEmpty ? "" : " " + Encoding.UTF8.GetString(time));
            return DateTime.TryParseExact(whole, format, culture, DateTimeStyles.AllowWhiteSpaces, out date);
        }
        return CsvText.TryDate(text, out date) && (time.IsEmpty || TryTime(time, ref date));
    }

    /// <summary>A number; NaN for a field that is empty or says null.</summary>
    public bool TryNumber(ReadOnlySpan<byte> text, out double value)
    {
        if (IsEmpty(text))
        {
            value = double.NaN;
            return true;
        }
        return options.Culture is { } culture
            ? double.TryParse(Encoding.UTF8.GetString(text), NumberStyles.Float | NumberStyles.AllowThousands, culture, out value)
            : CsvText.TryNumber(text, out value);
    }

    private static bool IsEmpty(ReadOnlySpan<byte> text) =>
        text.IsEmpty || text.SequenceEqual("null"u8) || text.SequenceEqual("NULL"u8) || text.SequenceEqual("N/A"u8) || text.SequenceEqual("-"u8);

    // 093000, 09:30 and 09:30:00, as Stooq and others write them.
    private static bool TryTime(ReadOnlySpan<byte> text, ref DateTime date)
    {
        Span<char> digits = stackalloc char[6];
        var count = 0;
        foreach (var letter in text)
        {
            if (letter == (byte)':') continue;
            if (letter is < (byte)'0' or > (byte)'9' || count == digits.Length) return false;
            digits[count++] = (char)letter;
        }
        if (count is not (4 or 6)) return false;
        var hour = int.Parse(digits[..2], NumberStyles.None, CultureInfo.InvariantCulture);
        var minute = int.Parse(digits[2..4], NumberStyles.None, CultureInfo.InvariantCulture);
        var second = count == 6 ? int.Parse(digits[4..6], NumberStyles.None, CultureInfo.InvariantCulture) : 0;
        if (hour > 23 || minute > 59 || second > 59) return false;
        date = date.Date.Add(new TimeSpan(hour, minute, second));
        return true;
    }
}
