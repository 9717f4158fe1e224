using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using BacktestOps.Contracts;
using BacktestOps.Operations.Evidence;

namespace BacktestOps.Operations.Monitoring;

/// <summary>
/// What the records of a watch carry for programs: <see cref="EvidenceKind.Watch"/> a <see cref="WatchSample"/>,
/// <see cref="EvidenceKind.WatchEnd"/> a <see cref="WatchSummary"/>, <see cref="EvidenceKind.Criterion"/> a
/// <see cref="RollbackCriterion"/>.
/// </summary>
public static class MonitoringEvidence
{
    /// <summary>The sample of a record; null when the record is of another kind, or has none that can be read.</summary>
    /// <param name="record">The record.</param>
    public static WatchSample? Sample(EvidenceRecord record) => Read(record, EvidenceKind.Watch, MonitoringJson.Default.WatchSample);

    /// <summary>The end of a watch; null when the record is of another kind, or has none that can be read.</summary>
    /// <param name="record">The record.</param>
    public static WatchSummary? Summary(EvidenceRecord record) => Read(record, EvidenceKind.WatchEnd, MonitoringJson.Default.WatchSummary);

    /// <summary>The answer of a criterion; null when the record is of another kind, or has none that can be read.</summary>
    /// <param name="record">The record.</param>
    public static RollbackCriterion? Criterion(EvidenceRecord record) => Read(record, EvidenceKind.Criterion, MonitoringJson.Default.RollbackCriterion);

    /// <summary>The times of a baseline; null when the record is of another kind, or has none that can be read.</summary>
    /// <param name="record">The record.</param>
    public static BaselineData? Baseline(EvidenceRecord record) => Read(record, BaselineData.Kind, MonitoringJson.Default.BaselineData);

    internal static JsonElement Write<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToElement(value, type);

    private static T? Read<T>(EvidenceRecord record, string kind, JsonTypeInfo<T> type)
        where T : class
    {
        if (record.Kind != kind || record.Data is not { ValueKind: JsonValueKind.Object } data) return null;
        try
        {
            return data.Deserialize(type);
        }
        catch (JsonException)
        {
            // A record of a later version, or of another hand: what can't be read is no evidence.
            return null;
        }
    }
}

/// <summary>How long the running release's answers took before it was replaced: what a slowdown is measured against.</summary>
/// <param name="Path">The path that was asked.</param>
/// <param name="Milliseconds">The time of each answer, in the order of asking.</param>
public sealed record BaselineData(string Path, IReadOnlyList<double> Milliseconds)
{
    /// <summary>The kind of its record.</summary>
    public const string Kind = "baseline";
}

/// <summary>Watches as JSON: snake_case.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WatchSample))]
[JsonSerializable(typeof(WatchSummary))]
[JsonSerializable(typeof(RollbackCriterion))]
[JsonSerializable(typeof(BaselineData))]
public sealed partial class MonitoringJson : JsonSerializerContext;
