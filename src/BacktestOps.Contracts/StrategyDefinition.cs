using System.Text.Json.Serialization;

namespace BacktestOps.Contracts;

/// <summary>A strategy as data: parameters and rules. The catalogue, a user's file and the rules of a request have this one form.</summary>
/// <remarks>
/// Rules are conditions in the rule language (<c>crossover(sma(close, $fast), sma(close, $slow))</c>), read at each close; a
/// rule that holds orders, and the order fills at the next open unless the request asks for the close. They are expressions with types, not code, so they can be taken from anyone.
/// </remarks>
// Members with a default have set, not init, for the same reason as those of BacktestRequest.
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record StrategyDefinition
{
    /// <summary>What rules without a name are called.</summary>
    public const string DefaultName = "Custom";

    /// <summary>Its name; null for rules that have none.</summary>
    public string? Name { get; init; }

    /// <summary>What it does, in one or two sentences.</summary>
    public string Description { get; set; } = "";

    /// <summary>
    /// Its parameters with defaults and limits, which rules name as <c>$fast</c>. Null takes each parameter that a rule names
    /// from the values of the request, without limits.
    /// </summary>
    public IReadOnlyList<StrategyParameter>? Parameters { get; init => field = ReadableList.Of(value); }

    /// <summary>What must hold between parameters, as conditions on them alone: <c>$fast &lt; $slow</c>.</summary>
    public IReadOnlyList<string> Constraints { get; set => field = ReadableList.Of(value); } = ReadableList.Of<string>([]);

    /// <summary>Read at each close: true buys, where there is no long position; a short one is closed before. Nothing where <see cref="ShortEntry"/> holds too.</summary>
    public string Entry { get; set; } = "";

    /// <summary>Read at each close with a long position: true sells, or orders as <see cref="ExitOrder"/> says; <c>false</c> holds to the end.</summary>
    public string Exit { get; set; } = "";

    /// <summary>Read at each close: true sells short, where there is no short position; a long one is closed before. Null for a strategy that is never short.</summary>
    public string? ShortEntry { get; init; }

    /// <summary>Read at each close with a short position: true buys back, or orders as <see cref="ShortExitOrder"/> says; null where only a long entry and stops close it.</summary>
    public string? ShortExit { get; init; }

    /// <summary>The order that an entry to the long side is; null for a market order.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OrderRule? EntryOrder { get; init; }

    /// <summary>The order that an entry to the short side is; null for a market order.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OrderRule? ShortEntryOrder { get; init; }

    /// <summary>The order that the exit rule gives for a long position; null for a market order.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OrderRule? ExitOrder { get; init; }

    /// <summary>The order that the exit rule of the short side gives; null for a market order.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OrderRule? ShortExitOrder { get; init; }

    /// <summary>Where a position is closed within a bar; null for nowhere.</summary>
    public StopRules? Stops { get; init; }

    /// <summary>How large a position is; null for all the cash where a symbol has its own, else an equal weight.</summary>
    public SizingRule? Sizing { get; init; }

    /// <summary>The closes at which rules are read and sizes put right; null for every close, and sizes left as they are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RebalanceRule? Rebalance { get; init; }

    /// <summary>Who shares the cash where a request does not say; null for separate.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CashSharing? Cash { get; init; }
}

/// <summary>An order that waits for its price.</summary>
/// <remarks>
/// The rule that ordered it replaces it where it holds again. An entry is also taken back by the exit rule of its side; an exit only by
/// the end of its position, and when it has expired the position is held until the exit rule holds again.
/// </remarks>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record OrderRule
{
    /// <summary>Limit or stop.</summary>
    public required OrderKind Kind { get; init; }

    /// <summary>Its price, a series in the currency of the prices, read at the close at which it is ordered: <c>close * 0.98</c>.</summary>
    public required string Price { get; init; }

    /// <summary>For how many bars of the symbol it can fill, from the one after the close that orders it; 1 to 4096.</summary>
    public int Bars { get; set; } = 1;
}

/// <summary>How an order waits.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<OrderKind>))]
public enum OrderKind : long
{
    /// <summary>Fills at its price or better: <c>limit</c>.</summary>
    Limit,

    /// <summary>Becomes a market order when its price is reached: <c>stop</c>.</summary>
    Stop,
}

/// <summary>A calendar by which sizes are put right.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RebalanceRule
{
    /// <summary>How often: at the first close of the run and of every such period after.</summary>
    public required RebalancePeriod Every { get; init; }

    /// <summary>A position within this fraction of the equity of its size is left alone; 0 or more, below 1.</summary>
    public double Drift { get; init; }
}

/// <summary>The periods of a rebalancing calendar.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<RebalancePeriod>))]
public enum RebalancePeriod : long
{
    /// <summary>Every close: <c>bar</c>.</summary>
    Bar,

    /// <summary>Every calendar day: <c>day</c>.</summary>
    Day,

    /// <summary>Every ISO week, from Monday: <c>week</c>.</summary>
    Week,

    /// <summary>Every month: <c>month</c>.</summary>
    Month,

    /// <summary>Every quarter of the calendar: <c>quarter</c>.</summary>
    Quarter,

    /// <summary>Every year of the calendar: <c>year</c>.</summary>
    Year,
}

/// <summary>Where a position is closed within a bar. Each is an expression that gives a number or a series of numbers.</summary>
/// <remarks>
/// A number is a fraction of the price (<c>0.05</c> is 5 %); a series is a distance in the currency of the prices, read at
/// the close at which the entry was ordered (<c>2 * atr(14)</c>), and an entry for which it is undefined or not above 0 is not ordered.
/// Looked at from the entry bar on. A gap fills at the open; where one bar touches a stop and the target, the stop comes
/// first; an exit by rule that is due at the open comes before both.
/// </remarks>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record StopRules
{
    /// <summary>Distance from the entry price, against the position.</summary>
    public string? StopLoss { get; init; }

    /// <summary>Distance from the entry price, with the position.</summary>
    public string? TakeProfit { get; init; }

    /// <summary>Distance from the best price since the entry, against the position: the highs (lows of a short position) up to the bar before.</summary>
    public string? TrailingStop { get; init; }
}

/// <summary>How large a position is.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SizingRule
{
    /// <summary>What <see cref="Value"/> means.</summary>
    public required SizingKind Kind { get; init; }

    /// <summary>A fraction, an amount of money, a number of shares or a volatility per year, as the kind says; of no meaning for equal weight.</summary>
    public double Value { get; init; }

    /// <summary>Returns from which a volatility is taken, 2 to 4096; null for 20. For a volatility target alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Window { get; init; }
}

/// <summary>What a size is given as.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<SizingKind>))]
public enum SizingKind : long
{
    /// <summary>A fraction of the equity, 0.5 is half of it: <c>percent_of_equity</c>.</summary>
    PercentOfEquity,

    /// <summary>An amount of money: <c>fixed_cash</c>.</summary>
    FixedCash,

    /// <summary>A number of shares: <c>fixed_shares</c>.</summary>
    FixedShares,

    /// <summary>
    /// So much that the position varies by a part of the equity per year: equity × value / annual volatility of the symbol's
    /// close-to-close returns over the window: <c>volatility_target</c>.
    /// </summary>
    VolatilityTarget,

    /// <summary>
    /// Equity / symbols that share the cash; where there is a rebalancing calendar, equity / symbols that are to be held:
    /// <c>equal_weight</c>.
    /// </summary>
    EqualWeight,
}

/// <summary>A file of strategies that is not there.</summary>
/// <param name="path">The file, absolute.</param>
/// <param name="innerException">What caused it.</param>
public sealed class StrategyFileNotFoundException(string path, Exception? innerException = null) : BacktestOpsException(
    "StrategyFileNotFound", $"There is no file of strategies '{path}'.", "Correct -StrategyPath; a relative path begins at the session's location.", innerException);

/// <summary>A file of strategies that this user may not read, or that the disk does not give.</summary>
/// <param name="path">The file, absolute.</param>
/// <param name="innerException">What caused it.</param>
public sealed class StrategyFileNotReadableException(string path, Exception innerException) : BacktestOpsException(
    "StrategyFileNotReadable", $"The file of strategies '{path}' can't be read: {innerException.Message}", "Name a file, not a folder, with -StrategyPath, and give this user the right to read it.", innerException);

/// <summary>A strategy that can't be read.</summary>
/// <param name="source">The file, or another source.</param>
/// <param name="faults">Every fault, at least one; fields are JSON paths.</param>
/// <param name="innerException">What caused it.</param>
public sealed class InvalidStrategyException(string source, IReadOnlyList<RequestFault> faults, Exception? innerException = null) : BacktestOpsException(
    "InvalidStrategy",
    faults.Count == 1 ? $"{source} has a fault: {faults[0]}" : $"{source} has {faults.Count} faults: {string.Join("; ", faults)}",
    "Correct what is named and read the strategy again. Get-BacktestStrategy shows the rules of the strategies that ship.",
    innerException)
{
    /// <summary>The file or other source.</summary>
    public string StrategySource { get; } = source;

    /// <summary>Every fault.</summary>
    public IReadOnlyList<RequestFault> Faults { get; } = faults;
}
