using System.Text.Json.Serialization;
using BacktestOps.Contracts;

namespace BacktestOps.Operations.Deployments;

/// <summary>What a record of a journal says.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<JournalEntry>))]
public enum JournalEntry
{
    /// <summary>A deployment begins; the facts say which.</summary>
    Opened,

    /// <summary>A step is about to be done.</summary>
    Intent,

    /// <summary>The step was done.</summary>
    Done,

    /// <summary>The step was not done.</summary>
    Failed,

    /// <summary>The deployment ended; the facts say how.</summary>
    Closed,
}

/// <summary>One line of a deployment's journal. It explains what is found on the disk and among the processes; it never replaces looking.</summary>
public sealed record JournalRecord
{
    /// <summary>From 1, without gaps.</summary>
    public required int Sequence { get; init; }

    /// <summary>When it was written, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What it says.</summary>
    public required JournalEntry Entry { get; init; }

    /// <summary>The step; null for the opening and the closing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Step { get; init; }

    /// <summary>For people: what was found or done, or why not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Detail { get; init; }

    /// <summary>How long the step took, in seconds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Seconds { get; init; }

    /// <summary>For programs: names and values.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Facts { get; init; }

    /// <summary>A fact; null when the record has it not.</summary>
    /// <param name="name">Its name.</param>
    public string? Fact(string name) => Facts is not null && Facts.TryGetValue(name, out var value) && value.Length > 0 ? value : null;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(JournalRecord))]
internal sealed partial class JournalJson : JsonSerializerContext;
