using System.Text.RegularExpressions;
using BacktestOps.Contracts;

namespace BacktestOps.Runs.MarketData.Import;

/// <summary>The symbol of a table: what the caller or the content says, else the file's name without what vendors add to it.</summary>
internal static partial class SymbolNames
{
    private const int Longest = 64;

    /// <summary>The symbol, fit to be a file's name.</summary>
    /// <exception cref="MarketDataException">It is not; the caller must name one.</exception>
    public static string Of(BarTable table, string fileName, string? asked)
    {
        var symbol = asked ?? table.Symbol ?? FromName(Path.GetFileNameWithoutExtension(fileName), table.Format);
        return Fit().IsMatch(symbol) && symbol.Length <= Longest && !Reserved().IsMatch(symbol)
            ? symbol
            : throw new MarketDataException(table.Source, null, $"'{CsvText.Shorten(symbol)}' can't be a symbol, which is letters, digits and . _ - ^ =, up to {Longest}; name one.");
    }

    private static string FromName(string name, string format) => format switch
    {
        // daily_adjusted_IBM.csv, intraday_5min_IBM.csv
        "Alpha Vantage" => AlphaVantage().Replace(name, "$1"),
        // aapl_us_d.csv, ^spx_d.csv
        "Stooq" => Stooq().Match(name) is { Success: true } match
            ? (match.Groups[1].Value + (match.Groups[2].Success ? "." + match.Groups[2].Value : "")).ToUpperInvariant()
            : name,
        _ => name,
    };

    [GeneratedRegex(@"^[A-Za-z0-9^_=][A-Za-z0-9._^=-]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Fit();

    // Names that Windows takes for devices, with or without an extension.
    [GeneratedRegex(@"^(CON|PRN|AUX|NUL|COM\d|LPT\d)(\..*)?$|\.$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Reserved();

    [GeneratedRegex(@"^(?:daily_adjusted|weekly_adjusted|monthly_adjusted|daily|weekly|monthly|intraday_\d+min)_(.+)$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex AlphaVantage();

    [GeneratedRegex(@"^(.+?)(?:_([a-z]{2}))?_[dwmqy]$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Stooq();
}
