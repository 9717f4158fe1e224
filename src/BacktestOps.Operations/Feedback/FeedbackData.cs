using System.Text.Json.Serialization;
using BacktestOps.Contracts;

namespace BacktestOps.Operations.Feedback;

/// <summary>What a <c>feedback</c> record of the ledger carries for programs: one reading of one channel.</summary>
public sealed record FeedbackData
{
    /// <summary>The channel, as the plan names it.</summary>
    public required string Channel { get; init; }

    /// <summary>What the channel is.</summary>
    public required string ChannelKind { get; init; }

    /// <summary>From when on messages were asked for, UTC.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When it was read, UTC.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>False when the channel could not be read: then no count below means anything.</summary>
    public required bool WasRead { get; init; }

    /// <summary>How many messages of users there were.</summary>
    public int Items { get; init; }

    /// <summary>How many praise.</summary>
    public int Positive { get; init; }

    /// <summary>How many complain.</summary>
    public int Negative { get; init; }

    /// <summary>How many report something that does not work.</summary>
    public int BugReports { get; init; }

    /// <summary>How many have no word that decides.</summary>
    public int Neutral { get; init; }

    /// <summary>How many could not be read.</summary>
    public int Unreadable { get; init; }

    /// <summary>How many were left out because a program wrote them.</summary>
    public int Ignored { get; init; }

    /// <summary>The messages, without their text: that is kept as an artifact of the record.</summary>
    public IReadOnlyList<FeedbackItemData> Found { get; init; } = [];
}

/// <summary>One message of a reading.</summary>
/// <param name="Id">What the channel calls it.</param>
/// <param name="At">When the channel got it, UTC.</param>
/// <param name="Class">What it says of the service.</param>
/// <param name="Words">The words that decided.</param>
/// <param name="Artifact">SHA-256 of the message as it was kept; null where it was not.</param>
public sealed record FeedbackItemData(string Id, DateTimeOffset At, FeedbackClass Class, IReadOnlyList<string> Words, string? Artifact);

/// <summary>Feedback as JSON: snake_case.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(FeedbackData))]
public sealed partial class FeedbackJson : JsonSerializerContext;
