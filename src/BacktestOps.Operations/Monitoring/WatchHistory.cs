using BacktestOps.Contracts;
using BacktestOps.Operations.Evidence;

namespace BacktestOps.Operations.Monitoring;

/// <summary>A sample and the number of its record.</summary>
/// <param name="Sequence">The record.</param>
/// <param name="Sample">The sample.</param>
internal sealed record RecordedSample(int Sequence, WatchSample Sample);

/// <summary>The watches that a ledger tells of.</summary>
internal sealed class WatchHistory
{
    private readonly List<RecordedSample> _samples = [];
    private readonly HashSet<string> _ended = new(StringComparer.Ordinal);
    private int _restored;

    /// <summary>Reads the records.</summary>
    public WatchHistory(IEnumerable<EvidenceRecord> records)
    {
        foreach (var record in records)
        {
            if (MonitoringEvidence.Sample(record) is { } sample) _samples.Add(new RecordedSample(record.Sequence, sample));
            else if (MonitoringEvidence.Summary(record) is { } summary) _ended.Add(summary.Watch);
            else if (record.Kind == "restore") _restored = record.Sequence;
        }
    }

    /// <summary>The samples of the last watch when that has not ended; empty when it has.</summary>
    public IReadOnlyList<RecordedSample> Open() =>
        _samples is [.., var last] && !_ended.Contains(last.Sample.Watch) ? Of(last.Sample.Watch) : [];

    /// <summary>The samples of a watch.</summary>
    public IReadOnlyList<RecordedSample> Of(string watch) => [.. _samples.Where(recorded => recorded.Sample.Watch == watch)];

    /// <summary>True when a deployment was never watched before.</summary>
    public bool IsFirst(int? deployment) => _samples.All(recorded => recorded.Sample.Deployment != deployment);

    /// <summary>
    /// The catalogue of completed runs that the last watch left, whichever deployment it was of; null when there is none, or
    /// when a rollback has restored the database since: what was completed in between was given up knowingly.
    /// </summary>
    public string? Catalogue() => _samples.LastOrDefault(recorded => recorded.Sample.Runs?.Catalogue is not null) is { } last && last.Sequence > _restored
        ? last.Sample.Runs!.Catalogue
        : null;
}
