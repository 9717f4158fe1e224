using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Rules;
using BacktestOps.Engine.Rules.Evaluation;
using BacktestOps.Engine.Simulation;
using BacktestOps.Engine.Sweeps;
using BenchmarkDotNet.Attributes;

namespace BacktestOps.Benchmarks.Engine;

/// <summary>The hot parts of one variant of a sweep over 5,000 bars, and of one date on shared cash.</summary>
[MemoryDiagnoser]
public class SweepKernels
{
    private const int Bars = 5000, Symbols = 100;
    private static readonly TradingRules s_trading = new() { Costs = new Costs(0.001, 0, FractionalShares: false) };

    private readonly ColumnTable _fast, _slow;
    private readonly ulong[] _above, _below, _defined, _entry, _exit;
    private readonly int[] _signals = new int[Bars + 1];
    private readonly HeldRanges _ranges;
    private readonly BarSeries[] _universe;
    private readonly Signals[] _said;
    private readonly int _count;

    /// <summary>Prepares the input of the later parts with the earlier ones.</summary>
    public SweepKernels()
    {
        var parameters = new Dictionary<string, double> { ["fast"] = 10, ["slow"] = 20 };
        var strategy = StrategyCatalog.Find("SmaCross")!;
        var rules = strategy.Bind(new RuleGraph(), parameters);
        var bars = Samples.Walk("AAA", Bars);
        var evaluator = new SeriesEvaluator(bars);
        _fast = new ColumnTable(new SweepSlot(new SweptPlaces([0], 1), [rules.Entry.X!]), evaluator);
        _slow = new ColumnTable(new SweepSlot(new SweptPlaces([0], 1), [rules.Entry.Y!]), evaluator);
        var words = ConditionColumn.Words(Bars);
        (_above, _below, _defined) = (new ulong[words], new ulong[words], new ulong[words]);
        (_entry, _exit) = (evaluator.Condition(rules.Entry).Holds, evaluator.Condition(rules.Exit).Holds);
        _count = PositionScan.FindAll(_entry, _exit, Bars, _signals);
        _ranges = new HeldRanges(bars.Close);
        _universe = [.. Enumerable.Range(0, Symbols).Select(i => Samples.Walk($"S{i:000}", Bars))];
        _said = [.. _universe.Select(series => Signals.Read(strategy, parameters, series))];
    }

    /// <summary>Two columns to masks.</summary>
    [Benchmark]
    public bool CompareColumns() => ColumnTable.Compare(_fast, 0, _slow, 0, _above, _below, _defined);

    /// <summary>Masks of entry and exit to position changes.</summary>
    [Benchmark]
    public int ScanPositions() => PositionScan.FindAll(_entry, _exit, Bars, _signals);

    /// <summary>Position changes to the deepest fall while something was held.</summary>
    [Benchmark]
    public double HeldFalls()
    {
        var deepest = 1.0;
        for (var i = 0; i + 1 < _count; i += 2) deepest = Math.Min(deepest, _ranges[_signals[i], _signals[i + 1] - 1].Fall);
        return deepest;
    }

    /// <summary>One date of 100 symbols on shared cash, as a part of the whole run of 5,000.</summary>
    [Benchmark(OperationsPerInvoke = Bars)]
    public object SharedCashDate() => AccountSimulator.Run(_universe, _said, 100_000, s_trading);
}
