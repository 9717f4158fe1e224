using System.Text.Json;
using System.Text.Json.Serialization;
using BacktestOps.Contracts;

namespace BacktestOps.Operations.Evidence;

/// <summary>The data of a record of kind <see cref="EvidenceKind.Approval"/>.</summary>
public sealed record ApprovalData
{
    /// <summary>Who approved.</summary>
    public required string Approver { get; init; }

    /// <summary>Who deployed.</summary>
    public string? Operator { get; init; }

    /// <summary>The record that the approved ledger ended with.</summary>
    public required int HeadSequence { get; init; }

    /// <summary>Its hash.</summary>
    public required string HeadHash { get; init; }

    /// <summary>True when the approver deployed it, and that was allowed.</summary>
    public bool SelfApproval { get; init; }

    /// <summary>What the approver says; null for nothing.</summary>
    public string? Comment { get; init; }

    /// <summary>How the checklist stood at that head.</summary>
    public required ChecklistState State { get; init; }
}

/// <summary>The data of a record of kind <see cref="EvidenceKind.Answer"/>: an item that a person answered.</summary>
public sealed record AnswerData
{
    /// <summary>The item: <c>4.2.criteria-read</c>.</summary>
    public required string Item { get; init; }

    /// <summary>What was asked, as it was shown.</summary>
    public required string Question { get; init; }

    /// <summary>True for yes.</summary>
    public required bool Answer { get; init; }

    /// <summary>Who answered.</summary>
    public required string By { get; init; }

    /// <summary>What was said beside it; null for nothing.</summary>
    public string? Comment { get; init; }
}

/// <summary>What people leave in a ledger.</summary>
public static class PeopleEvidence
{
    /// <summary>The approval of a record; null when it is of another kind, or can't be read.</summary>
    /// <param name="record">The record.</param>
    public static ApprovalData? Approval(EvidenceRecord record) =>
        record.Kind == EvidenceKind.Approval ? Read(record, PeopleJson.Default.ApprovalData) : null;

    /// <summary>The answer of a record; null when it is of another kind, or can't be read.</summary>
    /// <param name="record">The record.</param>
    public static AnswerData? Answer(EvidenceRecord record) => record.Kind == EvidenceKind.Answer ? Read(record, PeopleJson.Default.AnswerData) : null;

    private static T? Read<T>(EvidenceRecord record, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return record.Data is { ValueKind: JsonValueKind.Object } data ? data.Deserialize(type) : null;
        }
        catch (JsonException)
        {
            // Written by another hand: what can't be read proves nothing.
            return null;
        }
    }
}

/// <summary>Approvals and answers as JSON: snake_case.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ApprovalData))]
[JsonSerializable(typeof(AnswerData))]
internal sealed partial class PeopleJson : JsonSerializerContext;
