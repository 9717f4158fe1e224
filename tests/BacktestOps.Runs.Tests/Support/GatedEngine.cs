using System.Collections.Concurrent;
using BacktestOps.Contracts;
using BacktestOps.Engine;
using BacktestOps.Engine.Bars;
using BacktestOps.Runs.Execution;

namespace BacktestOps.Runs.Tests.Support;

/// <summary>The real engine behind a gate, so that a test decides when a simulation goes on.</summary>
internal sealed class GatedEngine : IDisposable
{
    private readonly SemaphoreSlim _gate = new(0);
    private int _running, _mostRunning;

    public GatedEngine() => Calls = new EngineCalls { Run = Run };

    public EngineCalls Calls { get; }

    /// <summary>The initial cash of each run whose simulation began, in order: tests number their runs with it.</summary>
    public ConcurrentQueue<double> Begun { get; } = new();

    public int MostRunning => _mostRunning;

    public int Running => _running;

    /// <summary>Fractions that each simulation reports before it waits at the gate.</summary>
    public double[] Reports { get; set; } = [];

    public void Open(int runs = 1000) => _gate.Release(runs);

    public void Dispose() => _gate.Dispose();

    private BacktestOutcome Run(
        BacktestRequest request, IReadOnlyList<BarSeries> universe, BarSeries? benchmark, IProgress<double>? progress, CancellationToken token)
    {
        var running = Interlocked.Increment(ref _running);
        _mostRunning = Math.Max(_mostRunning, running);
        try
        {
            Begun.Enqueue(request.InitialCash);
            foreach (var fraction in Reports)
                progress?.Report(fraction);
            _gate.Wait(token);
            return Backtester.Run(request, universe, benchmark, progress, token);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }
}
