using System.Text.Json.Serialization.Metadata;

namespace BacktestOps.Service.OpenApi;

/// <summary>One call as it is described to those who write clients.</summary>
internal sealed record ApiOperation
{
    public required string Method { get; init; }

    /// <summary>The path as it is routed: <c>/api/backtest/result/{id}</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The name that generated clients give it.</summary>
    public required string Id { get; init; }

    public required string Summary { get; init; }

    public IReadOnlyList<ApiParameter> Parameters { get; init; } = [];

    /// <summary>What the body holds; null where none is read.</summary>
    public JsonTypeInfo? Body { get; init; }

    /// <summary>The answers that are no errors.</summary>
    public required IReadOnlyList<ApiAnswer> Answers { get; init; }

    /// <summary>The statuses of its errors, each a problem document.</summary>
    public required IReadOnlyList<int> Errors { get; init; }
}

/// <summary>A parameter.</summary>
/// <param name="In"><c>path</c>, <c>query</c> or <c>header</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Summary">What it says.</param>
/// <param name="Type">The JSON type of its value.</param>
/// <param name="IsRequired">True when the call can't be made without it.</param>
/// <param name="Words">The words that it takes; null for any.</param>
internal sealed record ApiParameter(string In, string Name, string Summary, string Type = "string", bool IsRequired = false, IReadOnlyList<string>? Words = null);

/// <summary>An answer that is no error.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Summary">What it means.</param>
/// <param name="Body">The type of its JSON; null for no JSON.</param>
/// <param name="MediaType">The content type; null for no body.</param>
internal sealed record ApiAnswer(int Status, string Summary, JsonTypeInfo? Body, string? MediaType = "application/json");
