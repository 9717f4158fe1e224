using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.FollowUps;
using BacktestOps.Operations.Monitoring;

namespace BacktestOps.Operations.Reports;

/// <summary>A ledger as the report of one deployment reads it.</summary>
internal sealed class LedgerView
{
    private readonly IReadOnlyList<EvidenceRecord> _records;
    private readonly List<EvidenceRecord> _during;
    private readonly Lazy<LedgerView?> _before;

    public LedgerView(IReadOnlyList<EvidenceRecord> records, int deployment)
    {
        (_records, Deployment) = (records, deployment);
        // Of one that was interrupted and resumed, the last word counts.
        End = records.Last(record => record.Deployment == deployment && record.Kind == EvidenceKind.Deployment);
        Data = EndOf(End)!;
        // What was looked at on the way back is about the release before.
        var back = Data.Steps.FirstOrDefault(step => step.Name.StartsWith("rollback.", StringComparison.Ordinal))?.StartedAt;
        _during = [.. records.Where(record => record.Deployment == deployment && record.Sequence <= End.Sequence && (back is null || record.At < back))];
        AsOf = records.Max(record => record.At);
        _before = new Lazy<LedgerView?>(() => Ends(records).LastOrDefault(end => end.Record.Sequence < End.Sequence && end.Record.Deployment != deployment
            && end.Data is { Kind: DeploymentKind.Deploy, Outcome: DeploymentOutcome.Succeeded }) is { Record.Deployment: { } before } ? new LedgerView(records, before) : null);
    }

    public int Deployment { get; }

    /// <summary>The record of its end.</summary>
    public EvidenceRecord End { get; }

    public DeploymentData Data { get; }

    /// <summary>The latest time in the ledger: the time that a report of it speaks of.</summary>
    public DateTimeOffset AsOf { get; }

    public DateTimeOffset EndedAt => End.At;

    /// <summary>The deployment before this one that succeeded: what its items took is what is expected; null for none.</summary>
    public LedgerView? Before => _before.Value;

    /// <summary>The deployments of a ledger that ended, in the order of their ends.</summary>
    public static IEnumerable<(EvidenceRecord Record, DeploymentData Data)> Ends(IEnumerable<EvidenceRecord> records) =>
        records.Select(record => (Record: record, Data: EndOf(record))).Where(end => end.Data is not null && end.Record.Deployment is not null).Select(end => (end.Record, end.Data!));

    /// <summary>The checks that were made while the deployment was under way, whose name is one of some; a star stands for the rest of a name.</summary>
    /// <remarks>What was checked later, by follow-ups or by hand, neither ticks nor unticks what was seen then.</remarks>
    public IReadOnlyList<EvidenceRecord> During(string kind, params ReadOnlySpan<string> names)
    {
        var found = new List<EvidenceRecord>();
        foreach (var record in _during.Where(record => record.Kind == kind))
        {
            var name = NameOf(record);
            foreach (var wanted in names)
            {
                if (wanted.EndsWith('*') ? !name.StartsWith(wanted[..^1], StringComparison.Ordinal) : name != wanted) continue;
                found.Add(record);
                break;
            }
        }

        return found;
    }

    /// <summary>A check's name: a subject reads <c>name of what was checked</c>.</summary>
    public static string NameOf(EvidenceRecord record) =>
        record.Subject.IndexOf(" of ", StringComparison.Ordinal) is > 0 and var at ? record.Subject[..at] : record.Subject;

    /// <summary>A successful rollback away from the release, or the watch's own; null for none.</summary>
    public (int Deployment, int Evidence)? RolledBackBy()
    {
        foreach (var (record, data) in Ends(_records).Where(end => end.Record.Sequence > End.Sequence))
        {
            if (data is { Kind: DeploymentKind.Rollback, Outcome: DeploymentOutcome.Succeeded } && data.Previous == Data.Release) return (record.Deployment!.Value, record.Sequence);
        }

        return null;
    }

    public IReadOnlyList<(WatchSample Sample, int Evidence)> Samples() => Of(record => MonitoringEvidence.Sample(record) is { } sample
        ? sample with
        {
            Checks = sample.Checks ?? [], Endpoints = sample.Endpoints ?? [], Logs = sample.Logs ?? [], Feedback = sample.Feedback ?? [], Incidents = sample.Incidents ?? [],
        }
        : null);

    public IReadOnlyList<(WatchSummary Summary, int Evidence)> WatchEnds() => Of(MonitoringEvidence.Summary);

    public IReadOnlyList<(RollbackCriterion Criterion, int Evidence)> Criteria() => Of(MonitoringEvidence.Criterion);

    public IReadOnlyList<(ScheduleData Schedule, int Evidence)> Schedules() => Of(FollowUpEvidence.Schedule);

    /// <summary>The follow-ups of a schedule with their records.</summary>
    public IReadOnlyList<(FollowUpData Data, EvidenceRecord Record)> FollowUps(int schedule) =>
    [
        .. _records.Select(record => (Data: FollowUpEvidence.FollowUp(record), Record: record)).Where(entry => entry.Data?.Schedule == schedule).Select(entry => (entry.Data!, entry.Record)),
    ];

    public IReadOnlyList<EvidenceRecord> Feedback() => [.. _records.Where(record => record.Kind == EvidenceKind.Feedback && record.Deployment == Deployment)];

    public IReadOnlyList<(ApprovalData Approval, EvidenceRecord Record)> Approvals() =>
        [.. _records.Where(record => record.Deployment == Deployment).Select(record => (PeopleEvidence.Approval(record), record)).Where(entry => entry.Item1 is not null).Select(entry => (entry.Item1!, entry.record))];

    /// <summary>The last answer to an item; null while nobody answered.</summary>
    public (AnswerData Answer, EvidenceRecord Record)? Answer(string item) =>
        _records.Where(record => record.Deployment == Deployment).Select(record => (Answer: PeopleEvidence.Answer(record), Record: record))
            .LastOrDefault(entry => entry.Answer?.Item == item) is { Answer: { } answer } found ? (answer, found.Record) : null;

    private IReadOnlyList<(T, int)> Of<T>(Func<EvidenceRecord, T?> read)
        where T : class =>
        [.. _records.Where(record => record.Deployment == Deployment).Select(record => (Value: read(record), record.Sequence)).Where(entry => entry.Value is not null).Select(entry => (entry.Value!, entry.Sequence))];

    private static DeploymentData? EndOf(EvidenceRecord record)
    {
        if (record.Kind != EvidenceKind.Deployment || record.Data is not { ValueKind: JsonValueKind.Object } data) return null;
        try
        {
            // A member that is not there is null, whatever its type says.
            return data.Deserialize(DeploymentDataJson.Default.DeploymentData) is { } end ? end with { Steps = end.Steps ?? [], Scope = end.Scope ?? [] } : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
