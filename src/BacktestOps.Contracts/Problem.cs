using System.Text.Json.Serialization;

namespace BacktestOps.Contracts;

/// <summary>An error over HTTP: a problem document of RFC 9457, <c>application/problem+json</c>.</summary>
/// <remarks>The members after <see cref="Action"/> stand only in the kinds of problem that they belong to.</remarks>
public sealed record Problem
{
    /// <summary>URI of the kind of problem: <c>urn:backtestops:invalid-request</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The kind of problem, for people.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What was wrong this time and where.</summary>
    public string? Detail { get; init; }

    /// <summary>What to do next.</summary>
    public string? Action { get; init; }

    /// <summary>Every fault of the request, for an invalid one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RequestFault>? Errors { get; init; }

    /// <summary>The id asked for, for a run that does not exist or has no variants.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? BacktestId { get; init; }

    /// <summary>Where the run stands, for a result that is not ready.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BacktestProgress? Backtest { get; init; }

    /// <summary>The symbol asked for, for one that does not exist.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Symbol { get; init; }

    /// <summary>Near names, for a symbol that does not exist.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Hint { get; init; }

    /// <summary>The place and the fault, for market data that can't be used.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MarketDataFault? MarketData { get; init; }
}

/// <summary>A fault of market data.</summary>
/// <param name="Source">The file, or another source.</param>
/// <param name="Line">The physical line in the file, 1-based; null where no line is at fault.</param>
/// <param name="Detail">What is wrong.</param>
public sealed record MarketDataFault(string Source, int? Line, string Detail);
