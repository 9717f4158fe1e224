using System.Globalization;
using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Monitoring.Criteria;
using BacktestOps.Operations.Plans;

namespace BacktestOps.Operations.Monitoring;

/// <summary>Writes down what a watch sees: in the ledger, and the record's lines in a log for people.</summary>
/// <param name="plan">The plan.</param>
/// <param name="layout">Where things lie.</param>
/// <param name="ledger">The ledger.</param>
internal sealed class WatchRecorder(DeploymentPlan plan, DeploymentLayout layout, EvidenceLedger ledger)
{
    /// <summary>The log of a watch's lines.</summary>
    public string LogPath(string watch) => Path.Combine(layout.Logs, "watch", watch + ".log");

    /// <summary>Records a sample.</summary>
    /// <returns>The number of its record.</returns>
    public async Task<int> WriteAsync(WatchSample sample)
    {
        if (sample.Record is { } line)
        {
            var path = LogPath(sample.Watch);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.AppendAllTextAsync(path, line + "\n").ConfigureAwait(false);
        }

        var bad = sample.Checks.Where(check => check.Verdict != Verdict.Pass).Select(Describe).ToList();
        var head = await ledger.AppendAsync(new EvidenceRecord
        {
            At = sample.At,
            Kind = EvidenceKind.Watch,
            Subject = string.Create(CultureInfo.InvariantCulture, $"slot {sample.Slot} of {sample.Slots - 1} of the watch {sample.Watch} of {plan.Name}"),
            Deployment = sample.Deployment,
            Expected = Expected(),
            Observed = sample.IsMissed ? null : Observed(sample),
            Verdict = sample.Verdict,
            Detail = sample.Detail ?? (bad.Count == 0 ? null : string.Join("; ", bad)),
            WindowSeconds = sample.Resources?.CpuWindowSeconds ?? 0,
            Samples = sample.Endpoints.Sum(endpoint => endpoint.Requests),
            Data = MonitoringEvidence.Write(sample, MonitoringJson.Default.WatchSample),
            Artifacts = sample.Runs?.Catalogue is { } catalogue ? [catalogue] : [],
        }).ConfigureAwait(false);
        return head.Sequence;
    }

    /// <summary>Records the end of a watch.</summary>
    public Task WriteAsync(WatchSummary summary) => ledger.AppendAsync(new EvidenceRecord
    {
        At = summary.EndedAt,
        Kind = EvidenceKind.WatchEnd,
        Subject = $"the watch {summary.Watch} of {plan.Name}",
        Deployment = summary.Deployment,
        Expected = string.Create(CultureInfo.InvariantCulture, $"{summary.Slots} samples over {TimeSpan.FromSeconds(summary.DurationSeconds)}, each as the thresholds say"),
        Observed = string.Create(CultureInfo.InvariantCulture, $"{summary.Seen} samples over {TimeSpan.FromSeconds(Math.Round(summary.WatchedSeconds))}, {summary.Missed} missed; {Facts.Write(summary.Ending)}"),
        Verdict = summary.Verdict,
        Detail = summary.Reason,
        WindowSeconds = summary.WatchedSeconds,
        Samples = summary.Seen,
        Data = MonitoringEvidence.Write(summary, MonitoringJson.Default.WatchSummary),
    });

    /// <summary>Records the answer of a criterion.</summary>
    public Task WriteAsync(RollbackCriterion answer) => ledger.AppendAsync(RollbackCriteria.Record(answer));

    private static string Describe(WatchCheck check) => string.Create(
        CultureInfo.InvariantCulture,
        $"{check.Name}: {(check.Value is { } value ? $"{value:0.##} {check.Unit}" : "nothing seen")}{(check.Limit is { } limit ? $", limit {limit:0.##}" : "")}{(check.Detail is null ? "" : $" ({check.Detail})")}");

    private static string Observed(WatchSample sample) => string.Create(
        CultureInfo.InvariantCulture,
        $"{sample.Checks.Count(check => check.Verdict == Verdict.Pass)} of {sample.Checks.Count} checks passed; CPU {sample.Resources?.CpuPercent:0.#} %, memory {sample.Resources?.MemoryBytes} bytes, {sample.Errors} errors");

    private string Expected()
    {
        var limits = plan.Watch.Thresholds;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"CPU < {limits.CpuPercent:0.##} %, memory < {limits.MemoryPercent:0.##} %, disk < {limits.DiskPercent:0.##} %, API < {limits.Api.TotalSeconds:0.###} s, download < {limits.Download.TotalSeconds:0.###} s, the service lives and no errors");
    }
}
