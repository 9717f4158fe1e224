namespace BacktestOps.Runs.PythonWorkers;

/// <summary>The options as they were resolved, with what enters from outside.</summary>
/// <param name="Folder">The folder of strategy files, absolute.</param>
/// <param name="Interpreter">The interpreter's path or name.</param>
/// <param name="TimeLimit">The longest that a call may take.</param>
/// <param name="MemoryLimit">The most memory of a worker, in bytes.</param>
/// <param name="Workers">The most workers at once.</param>
/// <param name="Clock">The clock.</param>
/// <param name="Log">Told what goes to the log.</param>
internal sealed record PythonSettings(
    string Folder, string Interpreter, TimeSpan TimeLimit, long MemoryLimit, int Workers, TimeProvider Clock, Action<string> Log)
{
    /// <summary>The longest that a worker may take to start, to describe a file or to answer a ping.</summary>
    public static readonly TimeSpan ShortLimit = TimeSpan.FromSeconds(20);

    /// <summary>How long after its time a worker ends itself, where the service that should have done so is gone.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>False leaves the limit to the watch alone, as on systems that can't limit a process's address space.</summary>
    public bool LimitsAddressSpace { get; init; } = true;

    /// <summary>The settings of a runner; null when no folder is configured.</summary>
    public static PythonSettings? Find(PythonOptions options, int workers, TimeProvider clock)
    {
        var folder = NullIfEmpty(options.StrategiesPath) ?? NullIfEmpty(Environment.GetEnvironmentVariable("BACKTESTOPS_PYTHON_STRATEGIES"));
        if (folder is null)
            return null;
        var interpreter = NullIfEmpty(options.Interpreter) ?? NullIfEmpty(Environment.GetEnvironmentVariable("BACKTESTOPS_PYTHON"))
            ?? (OperatingSystem.IsWindows() ? "python" : "python3");
        return new PythonSettings(
            Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)), interpreter, options.TimeLimit, options.MemoryLimit, Math.Max(1, workers), clock,
            options.Log ?? (_ => { }));
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
