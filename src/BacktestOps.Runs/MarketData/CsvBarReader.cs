using System.Globalization;
using System.Security.Cryptography;
using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;
using BacktestOps.Runs.MarketData.Inspection;
using CsvHelper;

namespace BacktestOps.Runs.MarketData;

/// <summary>Reads a CSV file of bars, or says in one error what is wrong with it and where.</summary>
/// <remarks>
/// Every row is checked: the date reads and lies after the one before; prices are finite and above zero; high is not
/// below low; volume is finite and not negative. An open or a close outside of low…high is tolerated with a warning:
/// vendors' rounding makes such rows, and neither value is a fault of the other.
/// </remarks>
internal static class CsvBarReader
{
    private static readonly CsvReaderOptions Options = new()
    {
        HasHeader = false, // The header is checked here, where a fault of it can be named.
        TrackLineNumbers = true,
        TrimWhitespace = true,
        AllowLineBreaksInQuotes = false, // No value of a bar has one; so a lost quote costs one line, not the file.
        MalformedData = CsvMalformedDataHandling.Throw,
    };

    /// <summary>Reads the bars of one symbol.</summary>
    /// <param name="content">The file's bytes.</param>
    /// <param name="symbol">The symbol.</param>
    /// <param name="name">Its name, for people.</param>
    /// <param name="source">The file's name, for people and error messages.</param>
    /// <param name="actions">Splits and dividends beside it; null for none.</param>
    /// <exception cref="MarketDataException">The file can't be used.</exception>
    public static MarketSeries Read(byte[] content, string symbol, string name, string source, ActionsFile? actions = null) =>
        Read(content, symbol, name, source, actions, (line, fault) => throw new MarketDataException(source, line, fault.Detail));

    /// <summary>Reads the bars of one symbol and leaves out the rows that can't be used.</summary>
    /// <param name="content">The file's bytes.</param>
    /// <param name="symbol">The symbol.</param>
    /// <param name="name">Its name, for people.</param>
    /// <param name="source">The file's name, for people and error messages.</param>
    /// <param name="actions">Splits and dividends beside it; null for none.</param>
    /// <param name="leaveOut">Is told the line of each such row and what is wrong with it.</param>
    /// <exception cref="MarketDataException">The file as a whole can't be used, or has no row that can.</exception>
    public static MarketSeries Read(byte[] content, string symbol, string name, string source, ActionsFile? actions, Action<int, RowFault> leaveOut)
    {
        try
        {
            using var csv = CsvReader.Create(content, Options with { Separator = FindSeparator(content) });
            if (!csv.Read())
                throw new MarketDataException(source, null, $"the file is empty; it must have a header with {CsvColumns.Understood}.");

            var header = Enumerable.Range(0, csv.FieldCount).Select(i => csv.GetString(i) ?? "").ToArray();
            var columns = CsvColumns.FromHeader(header, source, (int)csv.LineNumber);
            var rows = new Rows(columns, source, EstimateRows(content));
            while (csv.Read())
            {
                if (rows.Add(csv) is { } fault)
                    leaveOut((int)csv.LineNumber, fault);
            }

            return rows.Finish(symbol, name, Convert.ToHexStringLower(SHA256.HashData(content)), actions);
        }
        catch (CsvFormatException fault)
        {
            throw new MarketDataException(source, fault.LineNumber > 0 ? (int)fault.LineNumber : null,
                "the quotes are not balanced, or text stands beside a quoted field.", fault);
        }
    }

    // A file is the header's: what the header is separated by, the rows are, whatever stands in them.
    private static char FindSeparator(ReadOnlySpan<byte> content)
    {
        var text = content.TrimStart("\uFEFF\r\n "u8);
        var end = text.IndexOfAny((byte)'\r', (byte)'\n');
        var header = end < 0 ? text : text[..end];
        var (semicolons, tabs, commas) = (header.Count((byte)';'), header.Count((byte)'\t'), header.Count((byte)','));
        return semicolons > commas && semicolons >= tabs ? ';' : tabs > commas ? '\t' : ',';
    }

    private static int EstimateRows(byte[] content) => content.Length / 40 + 16;

    private sealed class Rows(CsvColumns columns, string source, int capacity)
    {
        private readonly List<DateTime> _dates = new(capacity);
        private readonly List<double> _open = new(capacity), _high = new(capacity), _low = new(capacity), _close = new(capacity);
        private readonly List<int> _lines = new(capacity);
        private readonly List<double> _volume = new(capacity), _adjusted = new(columns.AdjustedClose is null ? 0 : capacity);
        private int _outside, _firstOutside;

        // The row's first fault, and then nothing of it is kept; null for a good row.
        public RowFault? Add(CsvReader csv)
        {
            if (csv.FieldCount != columns.Count)
                return new(MarketDataFindingKind.Unreadable, $"the row has {csv.FieldCount} {(csv.FieldCount == 1 ? "field" : "fields")}, the header has {columns.Count}.");

            RowFault? fault = null;
            var date = Date(csv, ref fault);
            var open = Price(csv, columns.Open, "open", ref fault);
            var high = Price(csv, columns.High, "high", ref fault);
            var low = Price(csv, columns.Low, "low", ref fault);
            var close = Price(csv, columns.Close, "close", ref fault);
            if (fault is null && high < low)
                fault = new(MarketDataFindingKind.Unreadable, $"high '{CsvText.Show(csv.GetSpan(columns.High))}' is below low '{CsvText.Show(csv.GetSpan(columns.Low))}'.", date);
            var adjusted = columns.AdjustedClose is { } column ? Price(csv, column, "adjusted close", ref fault) : 0;
            var volume = Volume(csv, ref fault);
            if (fault is not null)
                return fault with { Date = date == default ? null : date };

            if (open > high || open < low || close > high || close < low)
            {
                if (_outside++ == 0)
                    _firstOutside = (int)csv.LineNumber;
            }

            _dates.Add(date);
            _open.Add(open);
            _high.Add(high);
            _low.Add(low);
            _close.Add(close);
            if (columns.AdjustedClose is not null)
                _adjusted.Add(adjusted);
            _volume.Add(volume);
            _lines.Add((int)csv.LineNumber);
            return null;
        }

        public MarketSeries Finish(string symbol, string name, string fingerprint, ActionsFile? actions)
        {
            if (_dates.Count == 0)
                throw new MarketDataException(source, null, "there is a header and no bar below it.");
            IReadOnlyList<string> warnings = _outside == 0 ? [] :
            [
                string.Create(CultureInfo.InvariantCulture,
                    $"{source}: in {_outside} of {_dates.Count} bars the open or close lies outside low to high (first on line {_firstOutside})."),
            ];
            var bars = new BarSeries(
                symbol, [.. _dates], [.. _open], [.. _high], [.. _low], [.. _close], [.. _volume],
                columns.AdjustedClose is null ? null : [.. _adjusted]);
            if (actions is not null)
            {
                if (bars.HasAdjustedClose) warnings = [.. warnings, actions.NotUsed(source)];
                (bars, fingerprint) = (actions.Join(bars), actions.Join(fingerprint));
            }

            return new MarketSeries(bars, name, source, fingerprint, warnings) { Findings = SeriesInspection.Inspect(bars, source, [.. _lines]) };
        }

        private DateTime Date(CsvReader csv, ref RowFault? fault)
        {
            var text = csv.GetSpan(columns.Date);
            if (!CsvText.TryDate(text, out var date))
                fault ??= new(MarketDataFindingKind.Unreadable, $"date '{CsvText.Show(text)}' can't be read; write {CsvText.DateForms}.");
            else if (_dates.Count > 0 && date == _dates[^1])
                fault ??= new(MarketDataFindingKind.DuplicateDay, $"date '{CsvText.Show(text)}' stands there twice.");
            else if (_dates.Count > 0 && date < _dates[^1])
                fault ??= new(MarketDataFindingKind.OutOfOrder, $"date '{CsvText.Show(text)}' comes before the row above it ({Show(_dates[^1])}); the oldest bar must be first.");
            return date;
        }

        private static double Price(CsvReader csv, int column, string name, ref RowFault? fault)
        {
            var text = csv.GetSpan(column);
            if (!CsvText.TryNumber(text, out var value))
                fault ??= new(MarketDataFindingKind.Unreadable, Unreadable(name, text));
            else if (!double.IsFinite(value) || value <= 0)
                fault ??= new(MarketDataFindingKind.Unreadable, $"{name} '{CsvText.Show(text)}' is not a price; prices are finite and above zero.");
            return value;
        }

        private double Volume(CsvReader csv, ref RowFault? fault)
        {
            var text = csv.GetSpan(columns.Volume);
            if (!CsvText.TryNumber(text, out var value))
                fault ??= new(MarketDataFindingKind.Unreadable, Unreadable("volume", text));
            else if (!double.IsFinite(value) || value < 0)
                fault ??= new(MarketDataFindingKind.Unreadable, $"volume '{CsvText.Show(text)}' is not a volume; volumes are finite and not negative.");
            return value;
        }

        private static string Unreadable(string name, ReadOnlySpan<byte> text) =>
            text.IsEmpty ? $"{name} is missing."
            : text.Contains((byte)',') ? $"{name} '{CsvText.Show(text)}' is not a number; write a point for decimals and no thousands separator."
            : $"{name} '{CsvText.Show(text)}' is not a number.";

        private static string Show(DateTime date) =>
            date.ToString(date.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
    }
}
