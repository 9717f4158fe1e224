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

    /// <summary>How many of the first bars the strategy is given, call by call.</summary>
    public IReadOnlyList<int>? Lengths { get; init; }

    public IReadOnlyDictionary<string, double>? Parameters { get; init; }

    /// <summary>Seconds, after which the worker ends itself where nobody else does.</summary>
    public double TimeLimit { get; init; }
}

/// <summary>What a worker answers. The body holds targets, one float64 a bar, length after length.</summary>
internal sealed record WorkerReply
{
    public required long Id { get; init; }

    /// <summary>The version of the interpreter, in the greeting.</summary>
    public string? Python { get; init; }

    /// <summary>The version of numpy, in the greeting; null where it can't be imported.</summary>
    public string? Numpy { get; init; }

    public WorkerFault? Fault { get; init; }

    public StrategyDescription? Strategy { get; init; }

    public IReadOnlyList<int>? Lengths { get; init; }
}

/// <summary>What was wrong with a strategy.</summary>
/// <param name="Kind"><c>strategy</c>, <c>memory</c> or <c>exit</c>.</param>
/// <param name="Message">What, in one line.</param>
/// <param name="Line">The line of the strategy's file; null where none is at fault.</param>
/// <param name="Bars">How many bars the strategy was given; null before it was called.</param>
/// <param name="Trace">The whole trace, for the log.</param>
internal sealed record WorkerFault(string Kind, string Message, int? Line, int? Bars, string Trace);

/// <summary>What a strategy's file says of itself.</summary>
internal sealed record StrategyDescription(string Description, IReadOnlyList<StrategyParameter> Parameters);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WorkerCall))]
[JsonSerializable(typeof(WorkerReply))]
internal sealed partial class WorkerJson : JsonSerializerContext;
