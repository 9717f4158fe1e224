using BacktestOps.Contracts;

namespace BacktestOps.Operations.Notifications;

/// <summary>Something that people are told of.</summary>
public sealed record Notification
{
    /// <summary>What it is about: one of <see cref="NotificationEvent"/>.</summary>
    public required string Event { get; init; }

    /// <summary>How it ended; only <see cref="Verdict.Pass"/> is a success.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>One line: <c>backtest-service 2.0.2 was deployed</c>.</summary>
    public required string Title { get; init; }

    /// <summary>Further lines: why, what to do next, the records that it rests on.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];

    /// <summary>The deployment that it belongs to; null for none.</summary>
    public int? Deployment { get; init; }
}

/// <summary>What notifications are about.</summary>
public static class NotificationEvent
{
    /// <summary>A deployment ended.</summary>
    public const string Deployment = "deployment";

    /// <summary>A rollback ended.</summary>
    public const string Rollback = "rollback";

    /// <summary>A watch ended.</summary>
    public const string Watch = "watch";

    /// <summary>Follow-ups were done or missed.</summary>
    public const string FollowUp = "follow-up";
}

/// <summary>Tells people. It never fails what it tells of.</summary>
public interface INotifier
{
    /// <summary>Sends a message to every channel of the plan that wants it, and records what became of it.</summary>
    /// <param name="notification">The message.</param>
    /// <param name="cancellationToken">Gives up; what was not sent by then is recorded as not sent.</param>
    /// <returns>What an operator must know: one line for each channel that could not be told, none when all were.</returns>
    Task<IReadOnlyList<string>> SendAsync(Notification notification, CancellationToken cancellationToken);
}
