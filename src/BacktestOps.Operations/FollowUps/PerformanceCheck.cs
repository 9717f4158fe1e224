using System.Globalization;
using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Health;
using BacktestOps.Operations.Monitoring;
using BacktestOps.Operations.Monitoring.Criteria;
using BacktestOps.Operations.Monitoring.Statistics;
using BacktestOps.Operations.Plans;

namespace BacktestOps.Operations.FollowUps;

/// <summary>
/// How long the service's answers take today, held against the plan's limit and, where there is one, against the baseline that
/// was measured before the deployment.
/// </summary>
internal sealed class PerformanceCheck(DeploymentPlan plan, DeploymentTools tools, ScheduleData schedule)
{
    private readonly SlowdownPlan _slowdown = plan.Rollback.Slowdown;

    public async Task<CheckResult> RunAsync(IEnumerable<EvidenceRecord> records, CancellationToken cancellationToken)
    {
        var (address, times, took) = await MeasureAsync(cancellationToken).ConfigureAwait(false);
        var baseline = records.Where(record => record.Deployment == schedule.Deployment).Select(MonitoringEvidence.Baseline).LastOrDefault(found => found?.Path == plan.Health.Path);
        var limit = plan.Health.MaxLatency.TotalMilliseconds;
        var check = new CheckResult
        {
            Name = "performance",
            Subject = address,
            Verdict = Verdict.Inconclusive,
            Expected = FormattableString.Invariant($"{_slowdown.Samples} answers, each within {limit:0.###} ms, and not severely slower than before the deployment"),
            Observed = times.Count == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{times.Count} answers, median {SlowdownJudge.Median(times):0.0##} ms, longest {times.Max():0.0##} ms"),
            Samples = times.Count,
            Window = took,
            ObservedAt = tools.Clock.GetUtcNow(),
        };
        return Judge(check, times, baseline, limit);
    }

    private async Task<(string Address, List<double> Times, TimeSpan Took)> MeasureAsync(CancellationToken cancellationToken)
    {
        using var health = new HealthCheck(tools.Http?.Invoke(), tools.Clock);
        var begin = tools.Clock.GetTimestamp();
        var times = new List<double>();
        HealthReport report;
        do
        {
            report = await health.RunAsync(HealthExpectations.Of(plan, schedule.Version, null), cancellationToken).ConfigureAwait(false);
            if (report.Latency is { } latency) times.Add(latency.TotalMilliseconds);
        }
        while (report.Latency is not null && times.Count < _slowdown.Samples);

        return (report.Address.ToString(), SlowdownJudge.Usable(times), tools.Clock.GetElapsedTime(begin));
    }

    private CheckResult Judge(CheckResult check, List<double> times, BaselineData? baseline, double limit)
    {
        if (times.Count < _slowdown.Samples) return check with { Detail = "the service stopped answering", Action = "See whether it runs, and read its log." };
        if (times.Max() > limit) return check with { Verdict = Verdict.Fail, Detail = "an answer took longer than the plan allows", Action = "See what the machine and the service do." };
        var before = SlowdownJudge.Usable(baseline?.Milliseconds ?? []);
        if (before.Count == 0) return check with { Verdict = Verdict.Pass, Detail = "held against the limit alone: there is no baseline of this deployment" };
        if (before.Count < _slowdown.Samples) return check with { Detail = FormattableString.Invariant($"the baseline has {before.Count} answers, and {_slowdown.Samples} are needed") };
        var test = MannWhitney.TestLarger(before, times);
        var isSevere = SlowdownJudge.IsSevere(_slowdown, test, SlowdownJudge.Median(before), SlowdownJudge.Median(times));
        return check with
        {
            Verdict = isSevere ? Verdict.Fail : Verdict.Pass,
            Detail = FormattableString.Invariant(
                $"median {SlowdownJudge.Median(before):0.0##} ms before (n {before.Count}), p {test.P:0.####}, A {test.Effect:0.###}, {test.Ratio:0.##} times as long (exact one-sided Mann-Whitney)"),
            Action = isSevere ? "It is severely slower than before the deployment: see what changed, and decide whether to roll back." : null,
        };
    }
}
