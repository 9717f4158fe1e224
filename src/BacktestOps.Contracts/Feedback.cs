using System.Text.Json.Serialization;

namespace BacktestOps.Contracts;

/// <summary>What a user's message says of the service.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<FeedbackClass>))]
public enum FeedbackClass : long
{
    /// <summary>It was read, and no word in it decides.</summary>
    Neutral,

    /// <summary>It praises.</summary>
    Positive,

    /// <summary>It complains, and names nothing that is broken.</summary>
    Negative,

    /// <summary>It says that something does not work.</summary>
    BugReport,

    /// <summary>It could not be read as text in English or Korean, so nothing is known of it.</summary>
    Unreadable,
}

/// <summary>One message of a user.</summary>
public sealed record FeedbackItem
{
    /// <summary>The channel that it came by, as the plan names it.</summary>
    public required string Channel { get; init; }

    /// <summary>What the channel calls it: a message id, a file's name, a line.</summary>
    public required string Id { get; init; }

    /// <summary>When the channel got it, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who wrote it; null where the channel does not say.</summary>
    public string? From { get; init; }

    /// <summary>What was written, without what it quotes of other messages.</summary>
    public required string Text { get; init; }

    /// <summary>What it says of the service.</summary>
    public FeedbackClass Class { get; init; }

    /// <summary>The words that decided, as they stand in the text: <c>not working</c>, <c>오류 없이</c>.</summary>
    public IReadOnlyList<string> Words { get; init => field = ReadableList.Of(value); } = ReadableList.Of<string>([]);

    /// <summary>SHA-256 of the item as it was kept; null where it was not.</summary>
    public string? Digest { get; init; }
}

/// <summary>What was read from one feedback channel.</summary>
public sealed record FeedbackReading
{
    /// <summary>The channel, as the plan names it.</summary>
    public required string Channel { get; init; }

    /// <summary>What the channel is: <c>imap</c>, <c>slack</c>, <c>files</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>
    /// <see cref="Verdict.Pass"/>: read whole, and nobody complained. <see cref="Verdict.Fail"/>: there are complaints or bug
    /// reports. <see cref="Verdict.Inconclusive"/>: not all of it could be read. <see cref="Verdict.Error"/>: the channel
    /// could not be read; that is not the same as nobody having written.
    /// </summary>
    public required Verdict Verdict { get; init; }

    /// <summary>From when on messages were asked for, UTC.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When it was read, UTC.</summary>
    public required DateTimeOffset ReadAt { get; init; }

    /// <summary>The messages of users, the oldest first.</summary>
    public IReadOnlyList<FeedbackItem> Items { get; init => field = ReadableList.Of(value); } = ReadableList.Of<FeedbackItem>([]);

    /// <summary>How many messages were left out because a program wrote them: our own notifications, automatic replies.</summary>
    public int Ignored { get; init; }

    /// <summary>How many messages praise.</summary>
    public int Positive => Count(FeedbackClass.Positive);

    /// <summary>How many messages complain.</summary>
    public int Negative => Count(FeedbackClass.Negative);

    /// <summary>How many messages report something that does not work.</summary>
    public int BugReports => Count(FeedbackClass.BugReport);

    /// <summary>How many messages have no word that decides.</summary>
    public int Neutral => Count(FeedbackClass.Neutral);

    /// <summary>How many messages could not be read.</summary>
    public int Unreadable => Count(FeedbackClass.Unreadable);

    /// <summary>Why, where the counts do not say it all; what failed where the channel could not be read.</summary>
    public string? Detail { get; init; }

    /// <summary>What to do next; null for a pass.</summary>
    public string? Action { get; init; }

    private int Count(FeedbackClass kind) => Items.Count(item => item.Class == kind);
}
