using BacktestOps.Contracts;

namespace BacktestOps.Engine;

/// <summary>What a simulation gives: the parts of the result document that the engine knows.</summary>
/// <param name="Performance">How the run did.</param>
/// <param name="EquityCurve">Equity at every close.</param>
/// <param name="Trades">Closed trades by exit date, then symbol.</param>
/// <param name="OpenPositions">Positions open at the end.</param>
/// <param name="Conventions">The conventions that the figures rest on.</param>
/// <param name="Warnings">What the reader should know; empty when there is nothing.</param>
public sealed record BacktestOutcome(
    Performance Performance,
    IReadOnlyList<EquityPoint> EquityCurve,
    IReadOnlyList<Trade> Trades,
    IReadOnlyList<OpenPosition> OpenPositions,
    ResultConventions Conventions,
    IReadOnlyList<string> Warnings)
{
    /// <summary>The file that the targets were computed by; null for rules.</summary>
    public StrategyFileUsed? StrategyFile { get; init; }

    /// <summary>Returns by month and year, oldest first.</summary>
    public IReadOnlyList<YearReturns> MonthlyReturns { get; init; } = [];

    /// <summary>The rolling Sharpe ratio at month ends; empty where no window is full.</summary>
    public IReadOnlyList<RollingSharpePoint> RollingSharpe { get; init; } = [];

    /// <summary>The initial cash as it would have grown in the benchmark; null without one.</summary>
    public IReadOnlyList<EquityPoint>? BenchmarkCurve { get; init; }
}
