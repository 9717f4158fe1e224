using System.Text.Json.Serialization;

namespace BacktestOps.Contracts;

/// <summary>What is wrong, or worth knowing, about market data.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<MarketDataFindingKind>))]
public enum MarketDataFindingKind : long
{
    /// <summary>A price that no price beside it supports.</summary>
    BadPrint,

    /// <summary>Days, months or years without bars.</summary>
    Hole,

    /// <summary>A day that stands there twice, or with the bar of the day before.</summary>
    DuplicateDay,

    /// <summary>The price falls or rises as in a split, and the adjusted close does so too.</summary>
    UnadjustedSplit,

    /// <summary>The factor adjusted close / close moves where the price does not.</summary>
    WrongFactor,

    /// <summary>The open or the close lies outside low to high.</summary>
    OutsideRange,

    /// <summary>A bar on a Saturday or a Sunday, in data that has none otherwise.</summary>
    WeekendBar,

    /// <summary>A row that comes before the one above it.</summary>
    OutOfOrder,

    /// <summary>A row, or a file, that can't be read.</summary>
    Unreadable,

    /// <summary>A split that the adjusted close knows: prices as traded jump here, adjusted prices do not.</summary>
    Split,
}

/// <summary>One thing that was found in market data, and where.</summary>
public sealed record MarketDataFinding
{
    /// <summary>What it is.</summary>
    public required MarketDataFindingKind Kind { get; init; }

    /// <summary>An error can't be right; a warning should be looked at; a note is worth knowing.</summary>
    public required FindingSeverity Severity { get; init; }

    /// <summary>The symbol.</summary>
    public required string Symbol { get; init; }

    /// <summary>The bar's date; of a hole, the last bar before it. Null where no date can be read.</summary>
    public DateTime? Date { get; init; }

    /// <summary>Of a hole, the first bar after it; else null.</summary>
    public DateTime? Until { get; init; }

    /// <summary>The column at fault: <c>open</c>, <c>high</c>, <c>low</c>, <c>close</c>, <c>adj_close</c>, <c>date</c>; null where it is the row.</summary>
    public string? Field { get; init; }

    /// <summary>The value at fault, as the data has it; null where it is no number.</summary>
    public double? Value { get; init; }

    /// <summary>What is wrong with it, and beside what.</summary>
    public required string Detail { get; init; }

    /// <summary>The file, as the caller named it; or where else the bars come from.</summary>
    public string Path { get; init; } = "";

    /// <summary>The physical line in the file, 1-based; null where the bars did not come from lines.</summary>
    public int? Line { get; init; }
}
