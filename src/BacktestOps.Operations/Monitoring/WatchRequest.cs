using System.Globalization;
using BacktestOps.Operations.Feedback;
using BacktestOps.Operations.Notifications;

namespace BacktestOps.Operations.Monitoring;

/// <summary>How to watch.</summary>
public sealed record WatchRequest
{
    /// <summary>How long; null for what the plan says. When a watch is taken up again, its own times count.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The time between two samples; null for what the plan says.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>The time between two lines of the record; null for what the plan says, or where that does not fit the interval, every sample.</summary>
    public TimeSpan? RecordEvery { get; init; }

    /// <summary>True to take up the watch of this deployment that was interrupted; what passed meanwhile is recorded as missed.</summary>
    public bool Resume { get; init; }

    /// <summary>True to go back by itself when a rollback criterion is met.</summary>
    public bool AutoRollback { get; init; }

    /// <summary>The language of the record's lines.</summary>
    public CultureInfo Culture { get; init; } = CultureInfo.InvariantCulture;

    /// <summary>What reads the users' feedback; null for the plan's channels.</summary>
    public IFeedbackReader? Feedback { get; init; }

    /// <summary>What tells people of the end; null for the plan's notifications.</summary>
    public INotifier? Notifier { get; init; }
}

/// <summary>How far a watch is.</summary>
/// <param name="Slot">The slot that is waited for or looked at, from 0.</param>
/// <param name="Slots">How many there are.</param>
/// <param name="Next">How long until the next sample.</param>
/// <param name="Left">How long until the end.</param>
/// <param name="Duration">How long it is in all.</param>
/// <param name="IsLooking">True while a sample is taken.</param>
public sealed record WatchProgress(int Slot, int Slots, TimeSpan Next, TimeSpan Left, TimeSpan Duration, bool IsLooking);
