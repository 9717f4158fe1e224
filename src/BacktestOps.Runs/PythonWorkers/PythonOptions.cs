namespace BacktestOps.Runs.PythonWorkers;

/// <summary>Whose strategies in Python may run, by which interpreter, within which limits.</summary>
public sealed record PythonOptions
{
    /// <summary>The folder of strategy files; null for BACKTESTOPS_PYTHON_STRATEGIES, and without either there are none.</summary>
    public string? StrategiesPath { get; init; }

    /// <summary>The interpreter, Python 3.8 or later: a path, or a name looked up in PATH. Null for BACKTESTOPS_PYTHON, else <c>python3</c>.</summary>
    public string? Interpreter { get; init; }

    /// <summary>The longest that one symbol's targets may take, and again that the look-ahead probe of them may take.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The most memory that a worker may have, in bytes: address space where the system can limit it, else the working set.</summary>
    public long MemoryLimit { get; init; } = 2L << 30;

    /// <summary>Told what goes to the log: what strategies print, the traces of their errors, workers that died. Null for nowhere.</summary>
    public Action<string>? Log { get; init; }
}
