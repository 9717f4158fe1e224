using BacktestOps.Contracts;
using BacktestOps.Operations.Plans;

namespace BacktestOps.Operations.Monitoring;

/// <summary>What one look at a service has, before it is judged.</summary>
internal sealed record WatchLook
{
    public ResourceUse? Resources { get; init; }

    /// <summary>The process that was seen; null when none lives.</summary>
    public string? Process { get; init; }

    /// <summary>Why it can't be said whether the service runs; null when it can.</summary>
    public string? ProcessProblem { get; init; }

    public IReadOnlyList<EndpointLatency> Endpoints { get; init; } = [];

    public IReadOnlyList<LogCount> Logs { get; init; } = [];

    /// <summary>How many logs are followed.</summary>
    public int FollowedLogs { get; init; }

    public RunDataCheck? Runs { get; init; }

    public IReadOnlyList<FeedbackCount> Feedback { get; init; } = [];

    public IReadOnlyList<WatchIncident> Incidents { get; init; } = [];
}

/// <summary>Holds what was seen against the plan's thresholds. A value that was not seen is never a pass.</summary>
/// <param name="plan">The thresholds.</param>
internal sealed class WatchChecks(WatchPlan plan)
{
    /// <summary>The check that the service runs.</summary>
    public const string Process = "service process";

    /// <summary>The check that the answers come in time.</summary>
    public const string Api = "API response";

    /// <summary>The check that downloads come in time.</summary>
    public const string Download = "download";

    /// <summary>The check that completed runs stay.</summary>
    public const string RunData = "run data";

    /// <summary>The check that every request is answered.</summary>
    public const string RequestErrors = "request errors";

    private const string Percent = "%";
    private const string Milliseconds = "ms";
    private const string Number = "count";

    public IReadOnlyList<WatchCheck> Judge(WatchLook look)
    {
        var (limits, use) = (plan.Thresholds, look.Resources);
        var checks = new List<WatchCheck>
        {
            JudgeProcess(look),
            Below("service CPU", Percent, use?.CpuPercent, limits.CpuPercent, "the processes' CPU time could not be read"),
            Below("machine CPU", Percent, use?.MachineCpuPercent, limits.CpuPercent, "the machine's CPU time could not be read"),
            Below("service memory", Percent, use?.MemoryPercent, limits.MemoryPercent, "the processes' memory could not be read"),
            Below("machine memory", Percent, use?.MachineMemoryPercent, limits.MemoryPercent, "the machine's memory could not be read"),
            Below("disk", Percent, use?.DiskPercent, limits.DiskPercent, "the root's file system could not be read"),
            Latency(Api, [.. look.Endpoints.Where(endpoint => !endpoint.IsDownload)], limits.Api, "no request was answered"),
        };
        if (plan.Runs is not null)
            checks.Add(Latency(Download, [.. look.Endpoints.Where(endpoint => endpoint.IsDownload)], limits.Download, "no completed run is known that could be downloaded"));
        checks.Add(JudgeRequests(look.Endpoints));
        checks.AddRange(look.Logs.Select(count => JudgeLog(count, look)));
        if (look.Runs is { } runs) checks.Add(JudgeRuns(runs));
        checks.AddRange(look.Feedback.Select(JudgeFeedback));
        return checks;
    }

    private static WatchCheck JudgeProcess(WatchLook look)
    {
        if (look.ProcessProblem is { } problem) return new WatchCheck(Process, Verdict.Error, Number, null, null, 0, problem);
        if (look.Process is null) return new WatchCheck(Process, Verdict.Fail, Number, 0, null, 1, "no process of the service lives");
        var restart = look.Incidents.FirstOrDefault(incident => incident.Kind == WatchIncidentKind.ServiceRestart);
        return new WatchCheck(Process, restart is null ? Verdict.Pass : Verdict.Fail, Number, look.Resources?.Processes, null, 1, restart?.Detail);
    }

    private static WatchCheck Below(string name, string unit, double? value, double limit, string whyNot) => value is { } seen
        ? new WatchCheck(name, seen < limit ? Verdict.Pass : Verdict.Fail, unit, seen, limit, 1)
        : new WatchCheck(name, Verdict.Inconclusive, unit, null, limit, 0, whyNot);

    /// <summary>The slowest of some endpoints, by the 95th percentile of each.</summary>
    private static WatchCheck Latency(string name, List<EndpointLatency> endpoints, TimeSpan limit, string whyNot)
    {
        var slowest = endpoints.Where(endpoint => endpoint.P95 is not null).MaxBy(endpoint => endpoint.P95);
        return Below(name, Milliseconds, slowest?.P95, limit.TotalMilliseconds, whyNot) with
        {
            Samples = endpoints.Sum(endpoint => endpoint.Milliseconds.Count),
            Detail = slowest is null ? whyNot : endpoints.Count > 1 ? $"95th percentile of {slowest.Name}, the slowest" : "95th percentile",
        };
    }

    private static WatchCheck JudgeRequests(IReadOnlyList<EndpointLatency> endpoints)
    {
        var (requests, errors) = (endpoints.Sum(endpoint => endpoint.Requests), endpoints.Sum(endpoint => endpoint.Errors));
        var first = endpoints.FirstOrDefault(endpoint => endpoint.Error is not null);
        return new WatchCheck(
            RequestErrors, requests == 0 ? Verdict.Inconclusive : errors == 0 ? Verdict.Pass : Verdict.Fail, Number, errors, 0, requests,
            first is null ? null : $"{first.Path}: {first.Error}");
    }

    private WatchCheck JudgeLog(LogCount count, WatchLook look)
    {
        var allowed = plan.Logs.Allowed.GetValueOrDefault(count.Class);
        var own = look.Endpoints.Sum(endpoint => endpoint.Requests);
        var found = count.Matches - count.Unknown;
        var outOf = FormattableString.Invariant($"of {count.Lines} lines, {count.Requests} logged and {own} own requests")
            + (count.Unknown == 0 ? "" : FormattableString.Invariant($"; {count.Unknown} more for runs that were never given out"));
        var lost = look.Incidents.FirstOrDefault(incident => incident.Kind is WatchIncidentKind.LogTruncated or WatchIncidentKind.LogLost);
        var (verdict, detail) = (found > allowed, look.FollowedLogs, lost, count.Lines + own) switch
        {
            (true, _, _, _) => (Verdict.Fail, $"{outOf}; the first: {count.First}"),
            (_, 0, _, _) => (Verdict.Inconclusive, "no log was found to follow; watch.logs.files of the plan names those that this root does not write"),
            (_, _, not null, _) => (Verdict.Inconclusive, $"{outOf}; {lost.Detail}"),
            (_, _, _, 0) => (Verdict.Inconclusive, "nothing was logged, and nothing was asked"),
            _ => (Verdict.Pass, outOf),
        };
        return new WatchCheck(count.Class, verdict, Number, found, allowed, count.Lines, detail);
    }

    private static WatchCheck JudgeRuns(RunDataCheck runs)
    {
        var bad = runs.Vanished.Count + runs.Changed.Count;
        var said = FormattableString.Invariant($"{runs.Compared} of {runs.Known} known results compared, {runs.Vanished.Count} gone, {runs.Changed.Count} changed");
        var named = string.Join(", ", runs.Vanished.Concat(runs.Changed).Take(3));
        return new WatchCheck(
            RunData,
            bad > 0 ? Verdict.Fail : runs.Detail is not null || runs.Compared == 0 ? Verdict.Inconclusive : Verdict.Pass,
            Number, bad, 0, runs.Compared,
            (bad, runs.Detail, runs.Known) switch
            {
                (> 0, _, _) => $"{said}: {named}",
                (_, { } problem, _) => problem,
                (_, _, 0) => "no completed run was known before",
                _ => said,
            });
    }

    private static WatchCheck JudgeFeedback(FeedbackCount feedback) => new(
        $"feedback {feedback.Channel}", feedback.Verdict, Number,
        feedback.Verdict == Verdict.Error ? null : feedback.Negative + feedback.BugReports, 0, feedback.Items, feedback.Detail);
}
