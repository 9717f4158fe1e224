using System.Globalization;
using BacktestOps.Contracts;

namespace BacktestOps.Runs.MarketData;

/// <summary>Which column of a CSV file holds what, decided by the header's names.</summary>
internal sealed record CsvColumns
{
    /// <summary>The names that are understood, as error messages list them.</summary>
    public const string Understood =
        "date (or time, timestamp, datetime), open, high, low, close, volume, and adj_close if there is one";

    private static readonly string[] Needed = ["date", "open", "high", "low", "close", "volume"];

    public required int Date { get; init; }
    public required int Open { get; init; }
    public required int High { get; init; }
    public required int Low { get; init; }
    public required int Close { get; init; }
    public required int Volume { get; init; }

    /// <summary>Null when the file has no adjusted close.</summary>
    public int? AdjustedClose { get; init; }

    /// <summary>How many fields every row must have.</summary>
    public required int Count { get; init; }

    /// <summary>Reads the header.</summary>
    /// <exception cref="MarketDataException">A column is missing or stands there twice.</exception>
    public static CsvColumns FromHeader(IReadOnlyList<string> names, string source, int line)
    {
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        var faults = new List<string>();
        for (var i = 0; i < names.Count; i++)
        {
            if (Role(names[i]) is not { } role)
                continue;
            if (!found.TryAdd(role, i))
                faults.Add($"two columns mean {role}: '{names[found[role]]}' and '{names[i]}'");
        }

        var missing = Needed.Where(role => !found.ContainsKey(role)).ToArray();
        if (missing.Length > 0)
            faults.Add($"no column for {string.Join(", ", missing)}; the header has {CsvText.Quote(names)} and must have {Understood}");
        if (faults.Count > 0)
            throw new MarketDataException(source, line, $"{string.Join("; ", faults)}.");

        return new CsvColumns
        {
            Date = found["date"],
            Open = found["open"],
            High = found["high"],
            Low = found["low"],
            Close = found["close"],
            Volume = found["volume"],
            AdjustedClose = found.TryGetValue("adjusted close", out var adjusted) ? adjusted : null,
            Count = names.Count,
        };
    }

    private static string? Role(string name) =>
        string.Concat(name.Where(character => !char.IsWhiteSpace(character) && character is not ('_' or '-'))).ToLower(CultureInfo.InvariantCulture) switch
        {
            "date" or "time" or "timestamp" or "datetime" => "date",
            "open" => "open",
            "high" => "high",
            "low" => "low",
            "close" => "close",
            "adjclose" or "adjustedclose" => "adjusted close",
            "volume" => "volume",
            _ => null,
        };
}
