using System.Text.Json.Serialization;

namespace BacktestOps.Contracts;

/// <summary>Where a follow-up stands.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<FollowUpState>))]
public enum FollowUpState : long
{
    /// <summary>Its day has not begun.</summary>
    Upcoming,

    /// <summary>Its day is today, and nothing was seen yet.</summary>
    Due,

    /// <summary>It was done on its day; the verdict says with what result.</summary>
    Done,

    /// <summary>Its day passed and nothing was seen. No later run changes that.</summary>
    Missed,
}

/// <summary>One thing to look at on one day after a deployment.</summary>
public sealed record FollowUp
{
    /// <summary>The deployment that it follows.</summary>
    public required int Deployment { get; init; }

    /// <summary>The version that was deployed.</summary>
    public required string Version { get; init; }

    /// <summary>The day, by the time zone of the schedule.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>Which day of the week after the deployment it is; the day of the deployment is 1.</summary>
    public required int Number { get; init; }

    /// <summary>What is looked at: <c>health</c>, <c>backtest</c>, <c>download</c>, <c>feedback</c>, <c>performance</c>, <c>review</c>.</summary>
    public required string Item { get; init; }

    /// <summary>Where it stands.</summary>
    public required FollowUpState State { get; init; }

    /// <summary>What was found; null until its day is over or it was done. A missed one is inconclusive.</summary>
    public Verdict? Verdict { get; init; }

    /// <summary>What was seen, on one line; null for nothing.</summary>
    public string? Observed { get; init; }

    /// <summary>Why, where the rest does not say it all.</summary>
    public string? Detail { get; init; }

    /// <summary>When its time begins, UTC.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>When its time is over, UTC: what is seen then or later does not count for it.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>The number of the ledger's record that says so; null when there is none yet.</summary>
    public int? Evidence { get; init; }
}

/// <summary>An entry of the machine's scheduler that runs the follow-ups.</summary>
public sealed record FollowUpRegistration
{
    /// <summary>The entry's name: the plan's, and its root in short.</summary>
    public required string Name { get; init; }

    /// <summary>Which scheduler has it: <c>systemd</c>, <c>cron</c>, <c>task_scheduler</c>.</summary>
    public required string Scheduler { get; init; }

    /// <summary>The plan file, absolute.</summary>
    public required string Plan { get; init; }

    /// <summary>The command that is run, absolute.</summary>
    public required string Command { get; init; }

    /// <summary>True when something was changed; false when it was as wanted already.</summary>
    public required bool Changed { get; init; }

    /// <summary>What an operator must know: what the scheduled command will lack, where its output goes.</summary>
    public IReadOnlyList<string> Notices { get; init => field = ReadableList.Of(value); } = ReadableList.Of<string>([]);
}
