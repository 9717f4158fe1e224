using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.FollowUps;

namespace BacktestOps.Operations.Reports;

/// <summary>Schedules and follow-ups, read from their records; what can't be read is no evidence.</summary>
internal static class FollowUpEvidence
{
    public static ScheduleData? Schedule(EvidenceRecord record) =>
        record.Kind == EvidenceKind.Schedule ? Read(record, FollowUpJson.Default.ScheduleData) : null;

    public static FollowUpData? FollowUp(EvidenceRecord record) =>
        record.Kind == EvidenceKind.FollowUp ? Read(record, FollowUpJson.Default.FollowUpData) : null;

    private static T? Read<T>(EvidenceRecord record, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return record.Data is { ValueKind: JsonValueKind.Object } data ? data.Deserialize(type) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
