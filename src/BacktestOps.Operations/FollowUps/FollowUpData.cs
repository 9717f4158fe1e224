using System.Text.Json.Serialization;
using BacktestOps.Contracts;

namespace BacktestOps.Operations.FollowUps;

/// <summary>
/// What a <c>follow-up</c> record of the ledger carries for programs. Of several records of one day and item a miss stands
/// against everything, and else the last one counts; a run only adds one where those before were inconclusive or errors.
/// </summary>
public sealed record FollowUpData
{
    /// <summary>The number of the <c>schedule</c> record that asked for it.</summary>
    public required int Schedule { get; init; }

    /// <summary>The day, by the schedule's time zone.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>Which day of the week after the deployment it is.</summary>
    public required int Number { get; init; }

    /// <summary>What was looked at: one of <see cref="FollowUpItem"/>.</summary>
    public required string Item { get; init; }

    /// <summary><see cref="FollowUpState.Done"/> or <see cref="FollowUpState.Missed"/>.</summary>
    public required FollowUpState State { get; init; }

    /// <summary>When its time began, UTC.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>When its time was over, UTC.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>The numbers of the records that it rests on; none for a miss.</summary>
    public IReadOnlyList<int> Evidence { get; init; } = [];
}

/// <summary>Schedules and follow-ups as JSON: snake_case.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ScheduleData))]
[JsonSerializable(typeof(FollowUpData))]
public sealed partial class FollowUpJson : JsonSerializerContext;
