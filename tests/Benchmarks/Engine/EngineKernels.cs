using BacktestOps.Contracts;
using BacktestOps.Engine;
using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Indicators;
using BacktestOps.Engine.Rules;
using BacktestOps.Engine.Simulation;
using BenchmarkDotNet.Attributes;

namespace BacktestOps.Benchmarks.Engine;

/// <summary>The parts of one run over 5,000 bars, one by one.</summary>
[MemoryDiagnoser]
public class EngineKernels
{
    private static readonly Dictionary<string, double> s_parameters = new() { ["fast"] = 10, ["slow"] = 20 };
    private static readonly Costs s_costs = new(0.001, 0, FractionalShares: false);

    private readonly BarSeries _bars = Samples.Walk("AAA", 5000);
    private readonly CompiledStrategy _strategy = StrategyCatalog.Find("SmaCross")!;
    private readonly Signals _signals;
    private readonly double[] _equity;
    private readonly Trade[] _trades;

    /// <summary>Prepares the input of the later parts with the earlier ones.</summary>
    public EngineKernels()
    {
        _signals = Signals.Read(_strategy, s_parameters, _bars);
        var sleeve = SleeveSimulator.Run(_bars, _signals, 100_000, s_costs);
        (_equity, _trades) = (sleeve.Equity, [.. sleeve.Trades]);
    }

    /// <summary>Prices to prefix sums of ticks.</summary>
    [Benchmark]
    public object ExactSums() => new ExactSums(_bars.Close);

    /// <summary>Prices to entry and exit signals.</summary>
    [Benchmark]
    public object ReadSignals() => Signals.Read(_strategy, s_parameters, _bars);

    /// <summary>Signals to fills, trades and equity.</summary>
    [Benchmark]
    public object Simulate() => SleeveSimulator.Run(_bars, _signals, 100_000, s_costs);

    /// <summary>Equity to Sharpe ratio and drawdown.</summary>
    [Benchmark]
    public double Figures() =>
        EquityFigures.SharpeRatio(EquityFigures.Returns(_equity), 252)!.Value + EquityFigures.MaxDrawdown(_equity);

    /// <summary>Equity, trades and dates to every figure, the monthly table and the rolling Sharpe ratio.</summary>
    [Benchmark]
    public object AllFigures()
    {
        var run = new Simulated
        {
            Dates = _bars.Dates, Equity = _equity, Trades = _trades, Open = default, InitialCash = 100_000, CommissionPaid = 0, CostsPaid = 0,
        };
        return PerformanceReport.Of(run, new Measures(252, 252, 0), benchmark: null);
    }

    /// <summary>Dates to periods per year.</summary>
    [Benchmark]
    public double PeriodsPerYear() => BarSpacing.PeriodsPerYear(_bars.Dates);

    /// <summary>All of it, through the public API.</summary>
    [Benchmark]
    public object Run() => Backtester.Run(Samples.SmaCross("AAA"), [_bars]);

    /// <summary>The yardstick.</summary>
    [Benchmark(Baseline = true)]
    public object Plain() => PlainLoop.Run(_bars, 10, 20, 100_000, 0.001);
}
