using System.Text.Json.Serialization;
using BacktestOps.Contracts;

namespace BacktestOps.Runs.PythonWorkers;

/// <summary>What a worker is asked. The body holds the strategy's source and then the columns of the bars.</summary>
internal sealed record WorkerCall
{
    public long Id { get; init; }

    /// <summary><c>ping</c>, <c>describe</c> or <c>signals</c>.</summary>
    public required string Call { get; init; }

    /// <summary>The name of the strategy's file, for messages.</summary>
    public string? File { get; init; }

    public int SourceBytes { get; init; }

    public string? Symbol { get; init; }

    public int Bars { get; init; }

    public bool HasAdjustedClose { get; init; }

    /// <summary>How many of the first bars the strategy is given.</summary>
    public int? Length { get; init; }

    public IReadOnlyDictionary<string, double>? Parameters { get; init; }

    /// <summary>Seconds, after which the worker ends itself where nobody else does.</summary>
    public double TimeLimit { get; init; }
}

/// <summary>What a worker answers. The body holds targets, one float64 a bar.</summary>
internal sealed record WorkerReply
{
    public required long Id { get; init; }

    /// <summary>The version of the interpreter, in the greeting.</summary>
    public string? Python { get; init; }

    /// <summary>The version of numpy, in the greeting; null where it can't be imported.</summary>
    public string? Numpy { get; init; }

    /// <summary>In the greeting: true where each call has a process of its own, so that the worker is as clean after it as before.</summary>
    public bool Forks { get; init; }

    /// <summary>A process that computes for this call; the answer is still to come.</summary>
    public int? Child { get; init; }

    /// <summary>How the process of the call ended instead of answering.</summary>
    public WorkerDeath? Death { get; init; }

    public WorkerFault? Fault { get; init; }

    public StrategyDescription? Strategy { get; init; }
}

/// <summary>How a process ended: one of both.</summary>
internal sealed record WorkerDeath(int? Signal = null, int? ExitCode = null)
{
    private const int FirstOfSignals = 128;

    /// <summary>As the system gives it for a child: exit codes above 128 stand for signals.</summary>
    public static WorkerDeath Of(int exitCode) =>
        !OperatingSystem.IsWindows() && exitCode > FirstOfSignals ? new(Signal: exitCode - FirstOfSignals) : new(ExitCode: exitCode);

    /// <summary>The alarm of the call: it was ended by itself, because nobody else did in time.</summary>
    public bool IsAlarm => Signal == 14;

    /// <summary>
    /// A signal that others send (HUP, INT, QUIT, KILL, TERM and the like): an operator, or the system for want of memory. Those that the
    /// process's own code is answered with (ILL, TRAP, ABRT, BUS, FPE, SEGV, SYS), and an exit, are the strategy's.
    /// </summary>
    public bool IsFromOutside => Signal is not (null or 4 or 5 or 6 or 7 or 8 or 10 or 11 or 12 or 14 or 31);

    public override string ToString() => Signal switch
    {
        null => FormattableString.Invariant($"ended with exit code {ExitCode}"),
        6 => "was ended by SIGABRT (signal 6)",
        9 => "was ended by SIGKILL (signal 9)",
        11 => "was ended by SIGSEGV (signal 11)",
        15 => "was ended by SIGTERM (signal 15)",
        _ => FormattableString.Invariant($"was ended by signal {Signal}"),
    };
}

/// <summary>What was wrong with a strategy.</summary>
/// <param name="Kind"><c>strategy</c>, <c>memory</c>, <c>exit</c>, <c>garbage</c> (it wrote into a pipe that was not its own) or <c>fork</c> (the system gave no process).</param>
/// <param name="Message">What, in one line.</param>
/// <param name="Line">The line of the strategy's file; null where none is at fault.</param>
/// <param name="Bars">How many bars the strategy was given; null before it was called.</param>
/// <param name="Trace">The whole trace, for the log.</param>
internal sealed record WorkerFault(string Kind, string Message, int? Line, int? Bars, string? Trace);

/// <summary>What a strategy's file says of itself.</summary>
internal sealed record StrategyDescription(string Description, IReadOnlyList<StrategyParameter> Parameters);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WorkerCall))]
[JsonSerializable(typeof(WorkerReply))]
internal sealed partial class WorkerJson : JsonSerializerContext;
