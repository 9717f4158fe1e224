using BacktestOps.Contracts;
using BacktestOps.Engine;
using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Rules;

namespace BacktestOps.Runs.Execution;

/// <summary>What runs ask of the engine, so that a test can hand in one that waits, fails or never ends.</summary>
internal sealed record EngineCalls
{
    /// <summary>Finds the faults of a request that can be seen without the data.</summary>
    public Func<BacktestRequest, ValidationTerms, IReadOnlyList<RequestFault>> Validate { get; init; } = RequestValidator.Validate;

    /// <summary>Fills in the defaults of a request without faults.</summary>
    public Func<BacktestRequest, BacktestRequest> Normalize { get; init; } = RequestValidator.Normalize;

    /// <summary>Simulates; the second series is the benchmark's, or null.</summary>
    public Func<BacktestRequest, IReadOnlyList<BarSeries>, BarSeries?, IProgress<double>?, CancellationToken, BacktestOutcome> Run { get; init; } = Backtester.Run;

    /// <summary>The file that the strategy of a request without faults is in; null for rules.</summary>
    public Func<BacktestRequest, StrategyFileUsed?> FileOf { get; init; } = _ => null;

    /// <summary>The strategies.</summary>
    public Func<IReadOnlyList<StrategyInfo>> Strategies { get; init; } = () => StrategyCatalog.All;
}
