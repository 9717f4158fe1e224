using System.Text.Json.Serialization;

namespace BacktestOps.Contracts;

/// <summary>What to test: the universe, the strategy, the date range, the cash and its costs.</summary>
/// <remarks>
/// A request is plain data and may be wrong (only unknown members are refused when JSON is read); <see cref="IBacktestApi.StartAsync(BacktestRequest, CancellationToken)"/> names every fault of it at once.
/// Dates are calendar days of the exchange; both ends are inclusive.
/// </remarks>
// Members with a default have set, not init: the JSON source generator gives an init member that is absent the default of
// its type, so that a request without initial_cash would start with 0.
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record BacktestRequest
{
    /// <summary>The symbols to trade. At least one, no repeats.</summary>
    public required IReadOnlyList<string> Symbols { get; init => field = ReadableList.Of(value); }

    /// <summary>The strategy's name in the catalogue, for example <c>SmaCross</c>; with <see cref="Rules"/>, what to call them, or empty.</summary>
    public string Strategy { get; set; } = "";

    /// <summary>Rules of the caller's own, instead of a strategy of the catalogue; null for one of the catalogue.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StrategyDefinition? Rules { get; init; }

    /// <summary>Values for the strategy's parameters by name; a parameter that is absent takes its default.</summary>
    public IReadOnlyDictionary<string, double> Parameters { get; set; } = new SortedDictionary<string, double>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The first day that is read; null for the first day of the data. Nothing before it is read.</summary>
    public DateOnly? From { get; init; }

    /// <summary>The last day that is read; null for the last day of the data.</summary>
    public DateOnly? To { get; init; }

    /// <summary>Cash at the first bar, in the currency of the prices.</summary>
    public double InitialCash { get; set; } = 100_000;

    /// <summary>The commission of a fill.</summary>
    public CommissionTerms Commission { get; set; } = new();

    /// <summary>How far from the price of the bar orders fill; null for not at all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SlippageTerms? Slippage { get; init; }

    /// <summary>The most of a bar's volume that one fill takes, a fraction; what is above it is cut, and said. Null for no limit.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? VolumeLimit { get; init; }

    /// <summary>What may be owed; null for the defaults of <see cref="MarginTerms"/>: no credit, free loans of shares.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MarginTerms? Margin { get; init; }

    /// <summary>When market orders fill.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public FillTiming Fill { get; init; }

    /// <summary>Who shares the cash; null for what the strategy asks for, which is separate where it says nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CashSharing? Cash { get; init; }

    /// <summary>Groups of symbols that share a part of the cash each; null for none. Not together with <see cref="Cash"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SleeveTerms>? Sleeves { get; init => field = ReadableList.Of(value); }

    /// <summary>Stops instead of those of the strategy; null for the strategy's own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StopRules? Stops { get; init; }

    /// <summary>Sizing instead of that of the strategy; null for the strategy's own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SizingRule? Sizing { get; init; }

    /// <summary>A rebalancing calendar instead of that of the strategy; null for the strategy's own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RebalanceRule? Rebalance { get; init; }

    /// <summary>True when fractions of a share can be bought; false buys the floor.</summary>
    public bool FractionalShares { get; init; }

    /// <summary>True to trade on prices scaled by adjusted close / close, where the data has an adjusted close.</summary>
    public bool Adjusted { get; init; }

    /// <summary>Bars in a year, for annual figures; null takes it from the spacing of the bars (252 for daily).</summary>
    public double? PeriodsPerYear { get; init; }

    /// <summary>A symbol that the run is compared with, bought and held on the same dates; null for none.</summary>
    public string? Benchmark { get; init; }

    /// <summary>What cash without risk earns in a year, a fraction above −1: 0.03 is 3 %. Figures are measured against it; cash earns nothing.</summary>
    public double RiskFreeRate { get; init; }

    /// <summary>Values of parameters to run through, instead of one run; null for one run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SweepRequest? Sweep { get; init; }

    /// <summary>What is tested on what, in a few words.</summary>
    public override string ToString() => $"{(Strategy.Length > 0 ? Strategy : "rules")} on {string.Join(", ", Symbols ?? [])}";
}
