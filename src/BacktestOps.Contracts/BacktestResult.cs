using System.Text.Json.Serialization;

namespace BacktestOps.Contracts;

/// <summary>The result document of a completed run, as it stands in <c>backtest-result-{id}.json</c>.</summary>
public sealed record BacktestResult
{
    /// <summary>The id of the run.</summary>
    public required string BacktestId { get; init; }

    /// <summary>Always <see cref="BacktestStatus.Completed"/>.</summary>
    public required BacktestStatus Status { get; init; }

    /// <summary>How the run did, from the first point of <see cref="EquityCurve"/> to the last: of a walk-forward, on the bars out of sample.</summary>
    public required Performance Performance { get; init; }

    /// <summary>The file name of this document.</summary>
    public required string ResultsFile { get; init; }

    /// <summary>When the run was completed, UTC.</summary>
    public required DateTimeOffset CompletedAt { get; init; }

    /// <summary>What was asked for, with the defaults filled in.</summary>
    public required BacktestRequest Request { get; init; }

    /// <summary>The conventions that the figures rest on.</summary>
    public required ResultConventions Conventions { get; init; }

    /// <summary>
    /// The bars that were read, one entry a symbol in the order of the request. A walk-forward chooses on the first of them: which days the
    /// figures are of is told by <see cref="EquityCurve"/>.
    /// </summary>
    public required IReadOnlyList<DataUsed> Data { get; init => field = ReadableList.Of(value); }

    /// <summary>The file of a strategy in Python that was run; null for rules, and in a document of an earlier release.</summary>
    public StrategyFileUsed? StrategyFile { get; init; }

    /// <summary>What the reader should know about the data or the run; empty when there is nothing.</summary>
    public required IReadOnlyList<string> Warnings { get; init => field = ReadableList.Of(value); }

    /// <summary>Closed trades by exit date, then symbol.</summary>
    public required IReadOnlyList<Trade> Trades { get; init => field = ReadableList.Of(value); }

    /// <summary>Positions open at the end.</summary>
    public required IReadOnlyList<OpenPosition> OpenPositions { get; init => field = ReadableList.Of(value); }

    /// <summary>Equity at every close; its first and last dates are those that the figures are of.</summary>
    public required IReadOnlyList<EquityPoint> EquityCurve { get; init => field = ReadableList.Of(value); }

    /// <summary>Returns by month and year, oldest first; null in a document of an earlier release.</summary>
    public IReadOnlyList<YearReturns>? MonthlyReturns { get; init => field = ReadableList.Of(value); }

    /// <summary>
    /// The Sharpe ratio of the last <see cref="ResultConventions.RollingWindow"/> returns at the last bar of every month, from
    /// the first that has as many; null in a document of an earlier release.
    /// </summary>
    public IReadOnlyList<RollingSharpePoint>? RollingSharpe { get; init => field = ReadableList.Of(value); }

    /// <summary>The benchmark's bars; null where none was asked for.</summary>
    public DataUsed? BenchmarkData { get; init; }

    /// <summary>The initial cash as it would have grown in the benchmark, at every date compared; null where none was asked for.</summary>
    public IReadOnlyList<EquityPoint>? BenchmarkCurve { get; init => field = ReadableList.Of(value); }

    /// <summary>What a sweep found; null for one run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SweepResult? Sweep { get; init; }
}

/// <summary>The conventions a result rests on, so that another engine can be held against it.</summary>
public sealed record ResultConventions
{
    /// <summary>Bars in a year, used to annualise.</summary>
    public required double PeriodsPerYear { get; init; }

    /// <summary>When a signal of bar t fills: <c>next_open</c> or <c>close</c>.</summary>
    public required string Fill { get; init; }

    /// <summary>Who shares the cash: <c>separate</c>, <c>shared</c> or <c>sleeves</c>; null in a document of an earlier release.</summary>
    public string? Cash { get; init; }

    /// <summary>
    /// What happens within a bar, where the run had stops or waiting orders: <c>stop_before_target_gaps_at_open</c>; else null.
    /// </summary>
    public string? Intrabar { get; init; }

    /// <summary>
    /// What became of splits and dividends that stand beside prices as traded: <c>splits_and_dividends_reinvested_on_ex_date</c>,
    /// shares × split × close before / (close before − dividend) at the open of the ex-date. Null where no symbol had any.
    /// </summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    public string? CorporateActions { get; init; }

    /// <summary>Risk-free rate per year; of a bar it is (1 + rate)^(1 / periods per year) − 1.</summary>
    public double RiskFreeRate { get; init; }

    /// <summary>Delta degrees of freedom of standard deviations.</summary>
    // set, not init: see BacktestRequest.
    public int Ddof { get; set; } = 1;

    /// <summary>Share of the returns in the tail of value at risk, conditional value at risk and the tail ratio.</summary>
    public double TailProbability { get; set; } = 0.05;

    /// <summary>Returns in the window of the rolling Sharpe ratio: half a year's; null in a document of an earlier release.</summary>
    public int? RollingWindow { get; init; }

    /// <summary>
    /// What becomes of a position open at the end: <c>marked_and_reported_apart</c>, in the equity at the last close, and in no
    /// figure of trades.
    /// </summary>
    public string OpenPositions { get; set; } = "marked_and_reported_apart";

    /// <summary>Version of the engine.</summary>
    public required string EngineVersion { get; init; }
}

/// <summary>The file of a strategy that a run executed.</summary>
/// <param name="Name">The file's name, without its folder.</param>
/// <param name="Fingerprint">SHA-256 of its bytes, lower-case hex.</param>
public sealed record StrategyFileUsed(string Name, string Fingerprint);

/// <summary>The bars of one symbol that a run read.</summary>
public sealed record DataUsed
{
    /// <summary>The symbol.</summary>
    public required string Symbol { get; init; }

    /// <summary>Its first bar in the range.</summary>
    public required DateTime First { get; init; }

    /// <summary>Its last bar in the range.</summary>
    public required DateTime Last { get; init; }

    /// <summary>How many bars were read.</summary>
    public required int Bars { get; init; }

    /// <summary>Where they came from, for people: <c>bundled</c>, <c>synthetic (seed 7)</c>, or the file's name.</summary>
    public required string Source { get; init; }

    /// <summary>SHA-256 of the symbol's whole data in the catalog, lower-case hex.</summary>
    public required string Fingerprint { get; init; }
}
