using System.Text.Json.Serialization;

namespace BacktestOps.Contracts;

/// <summary>
/// The commission of one fill: rate × money + per share × shares, at least the minimum and at most the maximum.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CommissionTerms
{
    /// <summary>Fraction of the money traded, 0 or more and below 1; 0.001 is 10 basis points.</summary>
    public double Rate { get; init; }

    /// <summary>The least that a fill costs, in the currency of the prices.</summary>
    public double Minimum { get; init; }

    /// <summary>Money for each share traded, in the currency of the prices.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double PerShare { get; init; }

    /// <summary>The most that a fill costs, in the currency of the prices; null for no limit.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Maximum { get; init; }
}

/// <summary>
/// How far from the price of the bar a market or stop order fills, against the trader: the sum of the four parts. Limit
/// orders and profit targets fill at their price, or better, and pay none of it.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SlippageTerms
{
    /// <summary>A part of the price, in basis points.</summary>
    public double BasisPoints { get; init; }

    /// <summary>A fraction of the bar's range, high − low.</summary>
    public double RangeFraction { get; init; }

    /// <summary>Price × this × (shares / the bar's volume)², the quotient at most 1; a bar without volume has no impact of this kind.</summary>
    public double VolumeImpact { get; init; }

    /// <summary>The whole distance of bid and ask in basis points of the price; a fill pays half of it.</summary>
    public double SpreadBasisPoints { get; init; }
}

/// <summary>What may be owed, and what that costs.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record MarginTerms
{
    /// <summary>
    /// Equity that an entry must leave for each unit of money in positions, long and short added; from 0.01 to 1. At 1
    /// nothing is bought on credit, and what a short sale brings in buys nothing else.
    /// </summary>
    public double Initial { get; set; } = 1;

    /// <summary>
    /// Where equity at a close is below this × the money in positions, all positions of the account are closed at the next open. 0 or
    /// more, at most <see cref="Initial"/>.
    /// </summary>
    public double Maintenance { get; set; } = 0.3;

    /// <summary>What borrowed shares cost in a year, as a fraction of their value at the close before; actual days / 365.</summary>
    public double BorrowRate { get; init; }

    /// <summary>What borrowed cash costs in a year, as a fraction; actual days / 365.</summary>
    public double LoanRate { get; init; }
}

/// <summary>Some of the symbols with a part of the cash, which they share.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SleeveTerms
{
    /// <summary>Symbols of the request; each stands in one sleeve.</summary>
    public required IReadOnlyList<string> Symbols { get; init => field = ReadableList.Of(value); }

    /// <summary>Its part of the initial cash, above 0; the parts of all sleeves add up to at most 1, and the rest lies idle.</summary>
    public required double Share { get; init; }
}

/// <summary>When a market order fills.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<FillTiming>))]
public enum FillTiming : long
{
    /// <summary>At the open of the symbol's next bar: <c>next_open</c>.</summary>
    NextOpen,

    /// <summary>At the close at which the rule was read: <c>close</c>. As if the close were known just before it.</summary>
    Close,
}

/// <summary>Who shares the cash.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<CashSharing>))]
public enum CashSharing : long
{
    /// <summary>Each symbol has an equal part to itself: <c>separate</c>.</summary>
    Separate,

    /// <summary>All symbols share it: <c>shared</c>.</summary>
    Shared,
}

/// <summary>Why a position was closed, wholly or in part.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<ExitReason>))]
public enum ExitReason : long
{
    /// <summary>The exit rule, also by an order of its own: <c>rule</c>.</summary>
    Rule,

    /// <summary>The entry rule of the other side: <c>reversal</c>.</summary>
    Reversal,

    /// <summary>The stop loss: <c>stop_loss</c>.</summary>
    StopLoss,

    /// <summary>The profit target: <c>take_profit</c>.</summary>
    TakeProfit,

    /// <summary>The trailing stop: <c>trailing_stop</c>.</summary>
    TrailingStop,

    /// <summary>A date of the rebalancing calendar, or a smaller target of a strategy in Python: <c>rebalance</c>.</summary>
    Rebalance,

    /// <summary>Equity below the maintenance margin: <c>margin_call</c>.</summary>
    MarginCall,
}
