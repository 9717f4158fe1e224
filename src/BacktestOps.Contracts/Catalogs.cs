using System.Text.Json.Serialization;

namespace BacktestOps.Contracts;

/// <summary>A strategy of the catalogue.</summary>
public sealed record StrategyInfo
{
    /// <summary>Its name, as <see cref="BacktestRequest.Strategy"/> takes it.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, in one or two sentences.</summary>
    public required string Description { get; init; }

    /// <summary>Its parameters.</summary>
    public required IReadOnlyList<StrategyParameter> Parameters { get; init => field = ReadableList.Of(value); }

    /// <summary>What must hold between its parameters: <c>$fast &lt; $slow</c>.</summary>
    public IReadOnlyList<string> Constraints { get; set => field = ReadableList.Of(value); } = ReadableList.Of<string>([]);

    /// <summary>Its rule to buy, as text.</summary>
    public string Entry { get; set; } = "";

    /// <summary>Its rule to sell, as text.</summary>
    public string Exit { get; set; } = "";

    /// <summary>Its rule to sell short, as text; null for a strategy that is never short.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ShortEntry { get; init; }

    /// <summary>Its rule to buy back, as text.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ShortExit { get; init; }

    /// <summary>Where it closes positions within a bar.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StopRules? Stops { get; init; }

    /// <summary>How large its positions are; null for the default.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SizingRule? Sizing { get; init; }

    /// <summary>Its calendar; null where rules are read at every close.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RebalanceRule? Rebalance { get; init; }

    /// <summary>Who shares the cash, where a request does not say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CashSharing? Cash { get; init; }
}

/// <summary>A parameter of a strategy.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record StrategyParameter
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it means, with its unit.</summary>
    public string Description { get; set; } = "";

    /// <summary>The value taken when the request gives none.</summary>
    public required double Default { get; init; }

    /// <summary>The least value allowed.</summary>
    public required double Minimum { get; init; }

    /// <summary>The largest value allowed.</summary>
    public required double Maximum { get; init; }

    /// <summary>True when only whole numbers make sense.</summary>
    public bool IsInteger { get; init; }
}

/// <summary>A symbol of the market data catalog.</summary>
public sealed record SymbolInfo
{
    /// <summary>The symbol.</summary>
    public required string Symbol { get; init; }

    /// <summary>Its name, for people.</summary>
    public required string Name { get; init; }

    /// <summary>Where the bars come from: <c>bundled</c>, <c>synthetic (seed 7)</c>, or the file's name.</summary>
    public required string Source { get; init; }

    /// <summary>Its first bar; null when the file can't be read.</summary>
    public DateTime? First { get; init; }

    /// <summary>Its last bar; null when the file can't be read.</summary>
    public DateTime? Last { get; init; }

    /// <summary>How many bars it has.</summary>
    public int Bars { get; init; }

    /// <summary>True when the data has an adjusted close.</summary>
    public bool HasAdjustedClose { get; init; }

    /// <summary>Why the data can't be used, with file and line; null when it can.</summary>
    public string? Error { get; init; }
}

/// <summary>One bar. Prices in the currency of the listing, volume in shares.</summary>
/// <param name="Symbol">The symbol.</param>
/// <param name="Date">The bar's date, or date and time for bars shorter than a day.</param>
/// <param name="Open">First price.</param>
/// <param name="High">Highest price.</param>
/// <param name="Low">Lowest price.</param>
/// <param name="Close">Last price.</param>
/// <param name="AdjustedClose">Close adjusted for splits and dividends; null when the data has none.</param>
/// <param name="Volume">Shares traded.</param>
public sealed record Bar(
    string Symbol, DateTime Date, double Open, double High, double Low, double Close, double? AdjustedClose, double Volume)
{
    /// <summary>
    /// What a share that was held over the close before becomes at the open of this bar through a split and a dividend put back into it: 1 on
    /// most days, 4 on the day of a split of four for one. Null when the data does not tell of them.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Growth { get; init; }
}
