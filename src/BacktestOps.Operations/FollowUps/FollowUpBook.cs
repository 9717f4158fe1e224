using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BacktestOps.Contracts;
using BacktestOps.Operations.Evidence;

namespace BacktestOps.Operations.FollowUps;

/// <summary>The schedules and follow-ups of a ledger.</summary>
internal sealed class FollowUpBook
{
    private readonly Dictionary<(int Schedule, DateOnly Day, string Item), (EvidenceRecord Record, FollowUpData Data)> _found = [];

    public FollowUpBook(IEnumerable<EvidenceRecord> records)
    {
        var schedules = new List<(int Sequence, ScheduleData Data)>();
        foreach (var record in records)
        {
            if (Read(record, EvidenceKind.Schedule, FollowUpJson.Default.ScheduleData) is { } schedule) schedules.Add((record.Sequence, schedule));
            if (Read(record, EvidenceKind.FollowUp, FollowUpJson.Default.FollowUpData) is not { } followUp) continue;
            var key = (followUp.Schedule, followUp.Day, followUp.Item);
            // A miss stands against everything; else the last one counts.
            if (!_found.TryGetValue(key, out var before) || before.Data.State != FollowUpState.Missed) _found[key] = (record, followUp);
        }

        Schedules = schedules;
    }

    /// <summary>The schedules, with the numbers of their records.</summary>
    public IReadOnlyList<(int Sequence, ScheduleData Data)> Schedules { get; }

    /// <summary>What a deployment was scheduled; null when it was not.</summary>
    public (int Sequence, ScheduleData Data)? Of(int deployment) => Schedules.LastOrDefault(schedule => schedule.Data.Deployment == deployment) is { Data: not null } found ? found : null;

    /// <summary>Where an item stands.</summary>
    public FollowUp Look((int Sequence, ScheduleData Data) schedule, ScheduledFollowUp item, DateTimeOffset now)
    {
        var followUp = new FollowUp
        {
            Deployment = schedule.Data.Deployment,
            Version = schedule.Data.Version,
            Day = item.Day,
            Number = item.Number,
            Item = item.Item,
            From = item.From,
            Until = item.Until,
            State = now < item.From ? FollowUpState.Upcoming : FollowUpState.Due,
        };
        if (_found.TryGetValue((schedule.Sequence, item.Day, item.Item), out var found))
            return followUp with
            {
                State = found.Data.State,
                Verdict = found.Record.Verdict,
                Observed = found.Record.Observed,
                Detail = found.Record.Detail,
                Evidence = found.Record.Sequence,
            };
        // Not yet written down, and missed all the same.
        return now < item.Until ? followUp : followUp with { State = FollowUpState.Missed, Verdict = Verdict.Inconclusive };
    }

    private static T? Read<T>(EvidenceRecord record, string kind, JsonTypeInfo<T> type)
        where T : class
    {
        if (record.Kind != kind || record.Data is not { ValueKind: JsonValueKind.Object } data) return null;
        try
        {
            return data.Deserialize(type);
        }
        catch (JsonException)
        {
            // Of another version, or of another hand: what can't be read is no evidence.
            return null;
        }
    }
}
