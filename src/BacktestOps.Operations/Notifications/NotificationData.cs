using System.Text.Json.Serialization;
using BacktestOps.Contracts;

namespace BacktestOps.Operations.Notifications;

/// <summary>What a <c>notification</c> record of the ledger carries for programs: one message to one channel.</summary>
public sealed record NotificationData
{
    /// <summary>The channel, as the plan names it.</summary>
    public required string Channel { get; init; }

    /// <summary>What the channel is: <c>webhook</c>, <c>smtp</c>, <c>command</c>.</summary>
    public required string ChannelKind { get; init; }

    /// <summary>What it told of: <c>deployment</c>, <c>rollback</c>, <c>watch</c>, <c>follow-up</c>.</summary>
    public required string Event { get; init; }

    /// <summary>The verdict that it told of. The record's own verdict is about the sending.</summary>
    public required Verdict About { get; init; }

    /// <summary>The message's first line.</summary>
    public required string Title { get; init; }

    /// <summary>True when the channel took it.</summary>
    public required bool Sent { get; init; }

    /// <summary>How often it was tried.</summary>
    public required int Attempts { get; init; }
}

/// <summary>Notifications as JSON: snake_case.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(NotificationData))]
public sealed partial class NotificationJson : JsonSerializerContext;
