using System.Globalization;
using BacktestOps.Contracts;

namespace BacktestOps.Runs.MarketData.Import;

/// <summary>Which column holds what, by the header's names or by the user's map.</summary>
internal sealed class ColumnRoles
{
    /// <summary>The keys of a column map.</summary>
    public static readonly string[] Keys = ["Date", "Time", "Open", "High", "Low", "Close", "AdjustedClose", "Volume", "Symbol", "Split", "Dividend"];

    /// <summary>The role of a column of splits that the prices beside it are adjusted for already.</summary>
    public const string SplitInPrices = "SplitInPrices";

    private static readonly string[] s_needed = ["Date", "Open", "High", "Low", "Close"];

    private readonly Dictionary<string, int> _columns;

    private ColumnRoles(Dictionary<string, int> columns) => _columns = columns;

    /// <summary>The column of a role; null where there is none.</summary>
    public int? this[string role] => _columns.TryGetValue(role, out var column) ? column : null;

    /// <summary>The roles by the names that vendors use.</summary>
    /// <exception cref="MarketDataException">A column is missing, or two mean the same.</exception>
    public static ColumnRoles FromNames(IReadOnlyList<string> names, string source, int? line)
    {
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < names.Count; i++)
        {
            if (RoleOf(names[i]) is { } role && !found.TryAdd(role, i))
                throw new MarketDataException(source, line, $"two columns mean {role}: '{CsvText.Shorten(names[found[role]])}' and '{CsvText.Shorten(names[i])}'; say which with a column map.");
        }
        return Whole(found, source, line, $"the header has {CsvText.Quote(names)}");
    }

    /// <summary>The roles by the user's map: role → header name, or position from 1 on.</summary>
    /// <exception cref="MarketDataException">A name is not in the header, a position is not in the row, or a role is missing or unknown.</exception>
    public static ColumnRoles FromMap(IReadOnlyDictionary<string, string> map, IReadOnlyList<string> names, string source, int? line)
    {
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        // Without a header the first row's own numbers must not be taken for names.
        var byPosition = IsByPosition(map);
        foreach (var (key, value) in map)
        {
            var role = Keys.FirstOrDefault(known => known.Equals(key, StringComparison.OrdinalIgnoreCase))
                ?? throw new MarketDataException(source, null, $"the column map names '{key}', which is nothing that a bar has; it may name {string.Join(", ", Keys)}.");
            found[role] = Find(value, byPosition, names, source, line);
        }
        return Whole(found, source, line, $"the column map names {string.Join(", ", map.Keys)}");
    }

    /// <summary>True when a map speaks of positions only, as it must where there is no header.</summary>
    public static bool IsByPosition(IReadOnlyDictionary<string, string> map) => map.Count > 0 && map.Values.All(value => Position(value) is not null);

    private static int Find(string value, bool byPosition, IReadOnlyList<string> names, string source, int? line)
    {
        for (var i = 0; i < names.Count && !byPosition; i++)
            if (names[i].Equals(value, StringComparison.OrdinalIgnoreCase)) return i;
        return Position(value) is { } position && position <= names.Count
            ? position - 1
            : throw new MarketDataException(source, line, $"there is no column '{value}'; the header has {CsvText.Quote(names)}.");
    }

    private static int? Position(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var position) && position > 0 ? position : null;

    private static ColumnRoles Whole(Dictionary<string, int> found, string source, int? line, string what)
    {
        var missing = s_needed.Where(role => !found.ContainsKey(role)).ToArray();
        return missing.Length == 0
            ? new ColumnRoles(found)
            : throw new MarketDataException(source, line, $"no column for {string.Join(", ", missing).ToLowerInvariant()}; {what}. Name the columns with a column map.");
    }

    private static string? RoleOf(string name) =>
        string.Concat(name.Where(char.IsLetter)).ToLowerInvariant() switch
        {
            "date" or "timestamp" or "datetime" => "Date",
            "time" => "Time",
            "open" => "Open",
            "high" => "High",
            "low" => "Low",
            "close" => "Close",
            "adjclose" or "adjustedclose" => "AdjustedClose",
            "volume" or "vol" => "Volume",
            "ticker" or "symbol" => "Symbol",
            "splitcoefficient" => "Split",
            "stocksplits" => SplitInPrices,
            "dividendamount" or "dividends" => "Dividend",
            _ => null,
        };
}
