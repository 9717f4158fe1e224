using System.Buffers.Text;
using System.Globalization;
using System.Text.RegularExpressions;
using BacktestOps.Contracts;

namespace BacktestOps.Runs.MarketData.Import;

/// <summary>The trade bars of QuantConnect's LEAN: rows without a header, prices of equities in ten-thousandths of a dollar.</summary>
/// <remarks>
/// Daily and hourly rows begin with <c>yyyyMMdd HH:mm</c>. Rows of minutes and seconds begin with the milliseconds since midnight, and
/// the day stands in the name: <c>20131007_aapl_minute_trade.csv</c>. Times are the beginning of the bar, exchange time. (LEAN's data
/// formats: Data/equity/readme.md of QuantConnect/Lean; its 76 files of trades at commit 24863901d, days to seconds, were read and compared.)
/// </remarks>
internal static partial class LeanFormat
{
    private const double Scale = 10_000;

    /// <summary>True when the first row is one of LEAN's, also of its quotes and ticks, which <see cref="Read"/> refuses by name.</summary>
    public static bool Recognises(ReadOnlySpan<byte> content) => FirstRow().IsMatch(First(content)) || Tick().IsMatch(First(content));

    private static string First(ReadOnlySpan<byte> content)
    {
        var end = content.IndexOfAny((byte)'\r', (byte)'\n');
        return System.Text.Encoding.UTF8.GetString(end < 0 ? content : content[..Math.Min(end, 200)]);
    }

    /// <summary>Reads the rows.</summary>
    /// <param name="content">The text.</param>
    /// <param name="name">The name of the file or of the part of an archive: it has the symbol, and the day where rows don't.</param>
    /// <param name="source">The file and the part, for messages.</param>
    /// <exception cref="MarketDataException">It can't be read, or holds quotes and not trades.</exception>
    public static BarTable Read(ReadOnlySpan<byte> content, string name, string source)
    {
        var (day, symbol, kind) = Describe(Path.GetFileNameWithoutExtension(name));
        if (kind is not (null or "trade"))
            throw new MarketDataException(source, null, $"it holds {kind} and no trades; import the file of trades.");
        if (Tick().IsMatch(First(content)))
            throw new MarketDataException(source, null, "it holds ticks and no bars; import LEAN's seconds, minutes, hours or days.");
        var table = new BarTable(source, "LEAN", symbol.ToUpperInvariant());
        var line = 0;
        foreach (var range in content.Split((byte)'\n'))
        {
            line++;
            var row = content[range].TrimEnd((byte)'\r');
            if (row.IsEmpty) continue;
            table.Rows.Add(Row(row, day, source, line));
        }
        return table;
    }

    private static (DateTime? Day, string Symbol, string? Kind) Describe(string name)
    {
        if (Intraday().Match(name) is not { Success: true } match) return (null, name, null);
        return (DateTime.ParseExact(match.Groups["day"].ValueSpan, "yyyyMMdd", CultureInfo.InvariantCulture), match.Groups["symbol"].Value, match.Groups["kind"].Value);
    }

    private static ImportedBar Row(ReadOnlySpan<byte> row, DateTime? day, string source, int line)
    {
        Span<double> values = stackalloc double[5];
        var (date, at) = (default(DateTime), 0);
        foreach (var range in row.Split((byte)','))
        {
            var field = row[range];
            if (at == 0) date = Date(field, day, source, line);
            else if (at > 5) throw new MarketDataException(source, line, "the row has more than the six fields of a trade bar; it may be a quote bar.");
            else if (!Utf8Parser.TryParse(field, out long whole, out var read) || read != field.Length)
                throw new MarketDataException(source, line, $"'{CsvText.Show(field)}' is not a whole number; LEAN's equity files have prices in ten-thousandths of a dollar. Its other files have decimals: read them with a column map of positions and the date format 'yyyyMMdd HH:mm'.");
            else values[at - 1] = whole;
            at++;
        }
        if (at != 6) throw new MarketDataException(source, line, $"the row has {at} fields, a trade bar has six.");
        // A whole number / 10000 is the double nearest to the decimal, which is what reading the decimal gives.
        return new ImportedBar(date, values[0] / Scale, values[1] / Scale, values[2] / Scale, values[3] / Scale, values[4], values[3] / Scale, line, source);
    }

    private static DateTime Date(ReadOnlySpan<byte> text, DateTime? day, string source, int line)
    {
        if (text.Length == 14 && text[8] == ' ' && CsvText.TryDate(text[..8], out var date)
            && TimeSpan.TryParseExact(System.Text.Encoding.ASCII.GetString(text[9..]), @"hh\:mm", CultureInfo.InvariantCulture, out var time))
            return date + time;
        const int MillisecondsADay = 86_400_000;
        if (Utf8Parser.TryParse(text, out int since, out var read) && read == text.Length && since is >= 0 and < MillisecondsADay)
        {
            return day is { } begun
                ? begun.AddMilliseconds(since)
                : throw new MarketDataException(source, line, "its rows begin with milliseconds since midnight, and its name has no day; LEAN calls such a file 20131007_aapl_minute_trade.csv.");
        }
        throw new MarketDataException(source, line, $"'{CsvText.Show(text)}' is no time; write 20131007 00:00 or milliseconds since midnight.");
    }

    // A quote has empty fields until there is a bid and an ask; days of crypto and currencies have decimals.
    [GeneratedRegex(@"^(\d{8} \d\d:\d\d(,\d*(\.\d+)?){5,10}|\d{1,8}((,\d+){5,10}|(,\d*){10}))$", RegexOptions.CultureInvariant)]
    private static partial Regex FirstRow();

    // Milliseconds, price, shares, exchange, condition of the sale, suspicious.
    [GeneratedRegex(@"^\d{1,8}(\.\d+)?,\d+,\d+,[A-Z]*,[0-9A-Fa-f]*,[01]$", RegexOptions.CultureInvariant)]
    private static partial Regex Tick();

    [GeneratedRegex("^(?<day>\\d{8})_(?<symbol>.+)_(minute|second)_(?<kind>trade|quote|openinterest)$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Intraday();
}
