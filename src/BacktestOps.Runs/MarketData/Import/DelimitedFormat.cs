using BacktestOps.Contracts;
using CsvHelper;

namespace BacktestOps.Runs.MarketData.Import;

/// <summary>CSV with a header, as Yahoo, Stooq and Alpha Vantage write it and anybody else; or by a column map, with a header or without.</summary>
internal static class DelimitedFormat
{
    private static readonly CsvReaderOptions s_options = new()
    {
        HasHeader = false,
        TrackLineNumbers = true,
        TrimWhitespace = true,
        AllowLineBreaksInQuotes = false,
        MalformedData = CsvMalformedDataHandling.Throw,
    };

    /// <summary>Reads the file: one table, or one for each symbol where a column names it.</summary>
    /// <exception cref="MarketDataException">It can't be read.</exception>
    public static IReadOnlyList<BarTable> Read(ReadOnlyMemory<byte> content, string source, ImportOptions options)
    {
        try
        {
            using var csv = CsvReader.Create(content, s_options with { Separator = Separator(content.Span) });
            if (!csv.Read()) throw new MarketDataException(source, null, "the file is empty.");
            var first = Enumerable.Range(0, csv.FieldCount).Select(i => csv.GetString(i) ?? "").ToArray();
            var line = (int)csv.LineNumber;
            var mapped = options.ColumnMap.Count > 0;
            var symbol = mapped ? null : YahooSymbol(csv, first, source);
            var roles = mapped ? ColumnRoles.FromMap(options.ColumnMap, first, source, line) : ColumnRoles.FromNames(first, source, line);
            var format = mapped ? "CSV by column map" : symbol is null ? Dialect(first) : "Yahoo";
            var reading = new Reading(roles, source, format, symbol, first.Length, new TextValues(options));
            // A map by positions says nothing of a header: it is one when its date is none.
            if (mapped && ColumnRoles.IsByPosition(options.ColumnMap) && reading.IsBar(csv)) reading.Add(csv);
            while (csv.Read()) reading.Add(csv);
            return reading.Tables;
        }
        catch (CsvFormatException fault)
        {
            throw new MarketDataException(source, fault.LineNumber > 0 ? (int)fault.LineNumber : null, "the quotes are not balanced, or text stands beside a quoted field.", fault);
        }
    }

    // Told by what only that vendor writes.
    private static string Dialect(string[] header) => header switch
    {
        _ when header.Any(name => name.StartsWith('<')) => "Stooq",
        ["Date", "Open", "High", "Low", "Close", "Adj Close", "Volume", ..] => "Yahoo",
        ["Date", "Open", "High", "Low", "Close"] or ["Date", "Open", "High", "Low", "Close", "Volume"] => "Stooq",
        ["timestamp", "open", "high", "low", "close", ..] => "Alpha Vantage",
        _ => "CSV",
    };

    // yfinance's download writes three rows: Price,Close,High,… then Ticker,AAPL,AAPL,… then Date,,,… The names get their date here.
    private static string? YahooSymbol(CsvReader csv, string[] first, string source)
    {
        if (first is not ["Price", _, ..] || first.Contains("Date") || !csv.Read() || csv.GetString(0) != "Ticker") return null;
        var symbols = Enumerable.Range(1, csv.FieldCount - 1).Select(i => csv.GetString(i) ?? "").Distinct(StringComparer.Ordinal).ToArray();
        if (symbols.Length > 1)
            throw new MarketDataException(source, (int)csv.LineNumber, $"it has the prices of {symbols.Length} symbols beside each other; download one at a time.");
        if (symbols.Length == 0 || !csv.Read() || csv.GetString(0) is not ("Date" or "Datetime"))
            throw new MarketDataException(source, (int)csv.LineNumber, "after a row of tickers, yfinance writes one that begins with Date or Datetime; it is not here.");
        first[0] = "Date";
        return symbols[0];
    }

    private static char Separator(ReadOnlySpan<byte> content)
    {
        var end = content.IndexOfAny((byte)'\r', (byte)'\n');
        var first = end < 0 ? content : content[..end];
        // In the order of trust: a comma may be a decimal comma where another separator stands.
        foreach (var separator in ";\t|"u8)
            if (first.Count(separator) >= 4) return (char)separator;
        return ',';
    }

    private sealed class Reading(ColumnRoles roles, string source, string format, string? given, int count, TextValues values)
    {
        private readonly Dictionary<string, BarTable> _tables = new(StringComparer.OrdinalIgnoreCase);

        public IReadOnlyList<BarTable> Tables => _tables.Count > 0 ? [.. _tables.Values]
            : throw new MarketDataException(source, null, "there is no bar in it.");

        public bool IsBar(CsvReader csv) => values.TryDate(csv.GetSpan(roles["Date"]!.Value), Time(csv), out _);

        public void Add(CsvReader csv)
        {
            var line = (int)csv.LineNumber;
            if (csv.FieldCount == 1 && csv.GetSpan(0).IsEmpty) return;
            if (csv.FieldCount != count)
                throw new MarketDataException(source, line, $"the row has {csv.FieldCount} {(csv.FieldCount == 1 ? "field" : "fields")}, the first has {count}.");
            var symbol = roles["Symbol"] is { } column ? csv.GetString(column) : given;
            var table = Table(symbol ?? "");
            var (open, high) = (Number(csv, "Open", line), Number(csv, "High", line));
            var (low, close) = (Number(csv, "Low", line), Number(csv, "Close", line));
            if (double.IsNaN(open) && double.IsNaN(high) && double.IsNaN(low) && double.IsNaN(close))
            {
                table.Empty++;
                return;
            }

            if (!values.TryDate(csv.GetSpan(roles["Date"]!.Value), Time(csv), out var date))
                throw new MarketDataException(source, line, $"date '{CsvText.Show(csv.GetSpan(roles["Date"]!.Value))}' can't be read; write {CsvText.DateForms}, or give the form of the dates.");
            var volume = roles["Volume"] is null ? 0 : Number(csv, "Volume", line);
            table.Rows.Add(new ImportedBar(
                date, open, high, low, close, double.IsNaN(volume) ? 0 : volume, roles["AdjustedClose"] is null ? close : Number(csv, "AdjustedClose", line), line, source,
                table.HasActions && roles["Split"] is not null ? Action(csv, "Split", 1, line) : 1, table.HasActions ? Action(csv, "Dividend", 0, line) : 0));
        }

        private BarTable Table(string symbol)
        {
            if (!_tables.TryGetValue(symbol, out var table))
            {
                table = new BarTable(source, format, symbol.Length == 0 ? null : symbol)
                {
                    HasVolume = roles["Volume"] is not null,
                    HasAdjustedClose = roles["AdjustedClose"] is not null,
                    HasActions = HasActions,
                    Note = HasActions || (roles["Dividend"] ?? roles["Split"] ?? roles[ColumnRoles.SplitInPrices]) is null ? null
                        : "The columns of splits and dividends are not used: without both of them, or without the adjusted close, it is not known what the prices are adjusted for already.",
                };
                _tables.Add(symbol, table);
            }
            return table;
        }

        // As Alpha Vantage has them, of prices as traded; or as Yahoo has them, of prices with the splits in them and, where an adjusted close
        // stands beside them, not the dividends.
        private bool HasActions => roles["Dividend"] is not null
            && (roles["Split"] is not null || (roles[ColumnRoles.SplitInPrices] is not null && roles["AdjustedClose"] is not null));

        // Vendors write 0 for no split.
        private double Action(CsvReader csv, string role, double none, int line) => Number(csv, role, line) is var value && (double.IsNaN(value) || value == 0) ? none : value;

        private ReadOnlySpan<byte> Time(CsvReader csv) => roles["Time"] is { } time ? csv.GetSpan(time) : default;

        private double Number(CsvReader csv, string role, int line)
        {
            var text = csv.GetSpan(roles[role]!.Value);
            return values.TryNumber(text, out var value) ? value : throw new MarketDataException(
                source, line, $"{role.ToLowerInvariant()} '{CsvText.Show(text)}' is not a number; where decimals have a comma, give the culture.");
        }
    }
}
