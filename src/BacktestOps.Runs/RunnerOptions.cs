using BacktestOps.Contracts;
using BacktestOps.Runs.Execution;
using BacktestOps.Runs.PythonWorkers;
using BacktestOps.Runs.Stores;

namespace BacktestOps.Runs;

/// <summary>Where a runner keeps its runs, where its prices are, and how much it does at once.</summary>
public sealed record RunnerOptions
{
    /// <summary>The home folder where none is named, absolute: BACKTESTOPS_HOME, else the user's local application data.</summary>
    /// <exception cref="Contracts.BacktestUnavailableException">There is neither.</exception>
    public static string DefaultHomePath => Path.GetFullPath(RunnerHome.Choose(null));

    /// <summary>The folder that imported data goes into: the one named, else BACKTESTOPS_DATA, else <c>data</c> in the home folder.</summary>
    /// <param name="dataPath">The folder that was named; null for none.</param>
    /// <exception cref="Contracts.BacktestUnavailableException">There is no home folder.</exception>
    public static string ImportPath(string? dataPath) => RunnerHome.FindData(dataPath) ?? RunnerHome.DataOf(DefaultHomePath);

    /// <summary>The folder of the runs' database and results; null for BACKTESTOPS_HOME, else the user's local application data.</summary>
    public string? HomePath { get; init; }

    /// <summary>A folder of CSV files, one a symbol; null for BACKTESTOPS_DATA, else what was imported into the home and what ships.</summary>
    public string? DataPath { get; init; }

    /// <summary>How many runs are executed at once; the rest wait.</summary>
    /// <remarks>
    /// Whose turn it is goes by what a run costs and by who asked for it; runs of one caller and one class of cost go in the order of
    /// acceptance. A short run begins at once, beside those that are executed if they are all longer; one of them then makes room.
    /// </remarks>
    public int MaxParallelRuns { get; init; } = Math.Max(1, Environment.ProcessorCount);

    /// <summary>Threads that run the variants of one sweep.</summary>
    public int SweepThreads { get; init; } = Math.Max(1, Environment.ProcessorCount);

    /// <summary>What one run, and all that wait, may take.</summary>
    public RunLimits Limits { get; init; } = new();

    /// <summary>Is told when an execution begins, is put off and ends, in the thread that executes; null for nobody.</summary>
    /// <remarks>It must be quick. What it throws is dropped: a listener never decides over a run.</remarks>
    public Action<BacktestProgress>? Observer { get; init; }

    /// <summary>Strategies in Python; without a folder there are none.</summary>
    public PythonOptions Python { get; init; } = new();

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The engine.</summary>
    internal EngineCalls Engine { get; init; } = new();

    /// <summary>Makes files durable.</summary>
    internal DiskFlush Flush { get; init; } = new();
}
