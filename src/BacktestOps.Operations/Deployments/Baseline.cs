using System.Globalization;
using BacktestOps.Contracts;
using BacktestOps.Operations.Health;
using BacktestOps.Operations.Monitoring;
using BacktestOps.Operations.Plans;

namespace BacktestOps.Operations.Deployments;

/// <summary>How the running release is before anything is changed: what a slowdown is later measured against.</summary>
internal static class Baseline
{
    /// <summary>The name of the check that has the times.</summary>
    public const string LatencyCheck = "latency";

    private const int Samples = 20;

    /// <summary>Asks for the health several times.</summary>
    /// <returns>The checks of the last answer, and the times of all of them in the order of asking.</returns>
    public static async Task<(IReadOnlyList<CheckResult> Checks, BaselineData Times)> MeasureAsync(
        DeploymentPlan plan, DeploymentTools tools, string version, CancellationToken cancellationToken)
    {
        using var check = new HealthCheck(tools.Http?.Invoke(), tools.Clock);
        var expectation = HealthExpectations.Of(plan, version, null);
        var begin = tools.Clock.GetTimestamp();
        var times = new List<TimeSpan>();
        HealthReport report;
        do
        {
            report = await check.RunAsync(expectation, cancellationToken).ConfigureAwait(false);
            if (report.Latency is { } latency) times.Add(latency);
        }
        while (report.Verdict == Verdict.Pass && times.Count < Samples);

        var data = new BaselineData(plan.Health.Path, [.. times.Select(time => time.TotalMilliseconds)]);
        times.Sort();
        return (
        [
            .. report.Checks,
            new CheckResult
            {
                Name = LatencyCheck,
                Subject = report.Address.ToString(),
                Verdict = times.Count == Samples ? Verdict.Pass : Verdict.Inconclusive,
                Expected = string.Create(CultureInfo.InvariantCulture, $"{Samples} healthy answers"),
                Observed = times.Count == 0 ? null : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{times.Count} answers, median {times[times.Count / 2].TotalMilliseconds:0.0##} ms, longest {times[^1].TotalMilliseconds:0.0##} ms; all in ms: {string.Join(' ', times.Select(time => time.TotalMilliseconds.ToString("0.0##", CultureInfo.InvariantCulture)))}"),
                Samples = times.Count,
                Window = tools.Clock.GetElapsedTime(begin),
                ObservedAt = tools.Clock.GetUtcNow(),
            },
        ], data);
    }
}
