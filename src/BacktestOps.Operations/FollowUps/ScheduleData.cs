namespace BacktestOps.Operations.FollowUps;

/// <summary>What a <c>schedule</c> record of the ledger carries for programs: the follow-ups that a deployment will need.</summary>
public sealed record ScheduleData
{
    /// <summary>The deployment.</summary>
    public required int Deployment { get; init; }

    /// <summary>The version that was deployed.</summary>
    public required string Version { get; init; }

    /// <summary>The release that the follow-ups are about.</summary>
    public required string Release { get; init; }

    /// <summary>When the deployment passed, UTC.</summary>
    public required DateTimeOffset DeployedAt { get; init; }

    /// <summary>The time zone that the days are of: <c>Asia/Seoul</c>.</summary>
    public required string TimeZone { get; init; }

    /// <summary>What is due when. The times are final: a zone whose rules change later moves none of them.</summary>
    public required IReadOnlyList<ScheduledFollowUp> Items { get; init; }
}

/// <summary>One thing to look at on one day.</summary>
/// <param name="Day">The day, by the schedule's time zone.</param>
/// <param name="Number">Which day of the week after the deployment it is; the day of the deployment is 1.</param>
/// <param name="Item">What is looked at: one of <see cref="FollowUpItem"/>.</param>
/// <param name="From">When its time begins, UTC.</param>
/// <param name="Until">When its time is over, UTC.</param>
public sealed record ScheduledFollowUp(DateOnly Day, int Number, string Item, DateTimeOffset From, DateTimeOffset Until);

/// <summary>What is looked at after a deployment.</summary>
public static class FollowUpItem
{
    /// <summary>The service's health.</summary>
    public const string Health = "health";

    /// <summary>A backtest runs from its start to its end.</summary>
    public const string Backtest = "backtest";

    /// <summary>Its result can be downloaded, without a 404.</summary>
    public const string Download = "download";

    /// <summary>Nobody complains.</summary>
    public const string Feedback = "feedback";

    /// <summary>It is not slower than before the deployment.</summary>
    public const string Performance = "performance";

    /// <summary>The week as a whole, on its last day.</summary>
    public const string Review = "review";

    /// <summary>What is looked at every day, in this order.</summary>
    public static IReadOnlyList<string> Daily { get; } = [Health, Backtest, Download, Feedback, Performance];
}
