using System.Globalization;

namespace BacktestOps.Runs.MarketData.Import;

/// <summary>How files are read that don't say it themselves.</summary>
public sealed record ImportOptions
{
    /// <summary>
    /// Which column holds what, for files whose names for columns are their own: Date, Time, Open, High, Low, Close, AdjustedClose,
    /// Volume, Symbol, Split (shares for one before, of prices as traded) or Dividend (cash a share) → the header's name, or the position from 1 on where there is no header. Empty for names that are known.
    /// </summary>
    public IReadOnlyDictionary<string, string> ColumnMap { get; init; } = new Dictionary<string, string>();

    /// <summary>The form of dates, as .NET writes it (<c>dd.MM.yyyy</c>); null for the usual forms.</summary>
    public string? DateFormat { get; init; }

    /// <summary>How numbers and names of months are written; null for a decimal point and no thousands separator.</summary>
    public CultureInfo? Culture { get; init; }
}
