using BacktestOps.Operations.Evidence;

namespace BacktestOps.Operations.Monitoring.Criteria;

/// <summary>The records of one deployment that rollback criteria rest on.</summary>
internal sealed class CriterionEvidence
{
    /// <summary>Reads the records of a deployment.</summary>
    /// <param name="records">The ledger's records.</param>
    /// <param name="deployment">The deployment.</param>
    public CriterionEvidence(IEnumerable<EvidenceRecord> records, int? deployment)
    {
        Deployment = deployment;
        var (samples, smoke) = (new List<RecordedSample>(), new List<EvidenceRecord>());
        foreach (var record in records.Where(record => record.Deployment == deployment))
        {
            if (MonitoringEvidence.Sample(record) is { IsMissed: false } sample) samples.Add(new RecordedSample(record.Sequence, sample));
            else if (MonitoringEvidence.Baseline(record) is { } baseline) Baseline = (record.Sequence, baseline);
            else if (record.Kind == "smoke") smoke.Add(record);
        }

        (Samples, Smoke) = (samples, smoke);
    }

    /// <summary>The deployment.</summary>
    public int? Deployment { get; }

    /// <summary>What was seen while it was watched, without the missed slots.</summary>
    public IReadOnlyList<RecordedSample> Samples { get; }

    /// <summary>The checks of its smoke journeys, in their order.</summary>
    public IReadOnlyList<EvidenceRecord> Smoke { get; }

    /// <summary>The times of the release before, and their record; null when there are none.</summary>
    public (int Sequence, BaselineData Times)? Baseline { get; }

    /// <summary>The numbers of some samples' records.</summary>
    public static IReadOnlyList<int> Numbers(IEnumerable<RecordedSample> samples) => [.. samples.Select(sample => sample.Sequence)];
}
