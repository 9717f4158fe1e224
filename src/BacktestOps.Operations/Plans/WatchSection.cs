namespace BacktestOps.Operations.Plans;

/// <summary>Reads the sections of a plan that say how the service is watched and when a release is taken back.</summary>
internal static class WatchSection
{
    private static readonly TimeSpan LongestDuration = TimeSpan.FromDays(1);

    public static WatchPlan Watch(PlanObject watch, Func<string?, string?> absolute)
    {
        var usual = new WatchPlan();
        var plan = new WatchPlan
        {
            Duration = watch.Time("duration") ?? usual.Duration,
            Interval = watch.Time("interval") ?? usual.Interval,
            RecordEvery = watch.Time("record_every") ?? usual.RecordEvery,
            Requests = (int)(watch.Whole("requests", 1, 100) ?? usual.Requests),
            SmokeEvery = watch.Time("smoke_every"),
            Thresholds = watch.Object("thresholds") is { } thresholds ? Thresholds(thresholds) : usual.Thresholds,
            Endpoints = Endpoints(watch),
            Logs = watch.Object("logs") is { } logs ? Logs(logs, absolute) : usual.Logs,
            Runs = watch.Find("runs") is { Kind: System.Text.Json.JsonValueKind.False } ? null : watch.Text("runs") ?? usual.Runs,
            RunFiles = absolute(watch.Text("run_files")),
        };
        if (Fault(plan.Duration, plan.Interval, plan.RecordEvery) is { } fault) watch.Fault(fault.Key, fault.Detail, fault.Hint);
        if (plan.Runs is { } runs && !runs.StartsWith('/')) watch.Fault("runs", $"'{runs}' does not begin with '/'", "for example \"/api/backtests\", or false");
        watch.Close();
        return plan;
    }

    public static CriteriaPlan Rollback(PlanObject rollback)
    {
        var criteria = rollback.Find("criteria") is not null ? rollback.Texts("criteria", required: true, "[ \"download_404\" ]") : CriteriaPlan.All;
        foreach (var unknown in criteria.Where(name => !CriteriaPlan.All.Contains(name)))
            rollback.Fault("criteria", $"there is no criterion '{unknown}'", Suggestion.For(unknown, CriteriaPlan.All));
        var plan = new CriteriaPlan
        {
            Criteria = [.. criteria.Distinct()],
            Slowdown = rollback.Object("slowdown") is { } slowdown ? Slowdown(slowdown) : new SlowdownPlan(),
        };
        rollback.Close();
        return plan;
    }

    /// <summary>What is wrong with the times of a watch; null when nothing is.</summary>
    public static (string Key, string Detail, string Hint)? Fault(TimeSpan duration, TimeSpan interval, TimeSpan recordEvery)
    {
        if (duration > LongestDuration) return ("duration", $"a watch of {duration} is longer than a day", "what is longer is the follow-ups' work");
        if (interval > duration) return ("interval", $"{interval} between two samples is longer than the whole watch of {duration}", "for example \"5m\" for an hour");
        if (duration.Ticks % interval.Ticks != 0) return ("interval", $"{duration} is no whole number of intervals of {interval}", "the last sample must be at the end");
        return recordEvery.Ticks % interval.Ticks == 0 ? null : ("record_every", $"{recordEvery} is no whole number of intervals of {interval}", "a record is written beside a sample");
    }

    private static WatchThresholds Thresholds(PlanObject thresholds)
    {
        var usual = new WatchThresholds();
        var plan = new WatchThresholds
        {
            CpuPercent = thresholds.Number("cpu_percent", 0, 100) ?? usual.CpuPercent,
            MemoryPercent = thresholds.Number("memory_percent", 0, 100) ?? usual.MemoryPercent,
            DiskPercent = thresholds.Number("disk_percent", 0, 100) ?? usual.DiskPercent,
            Api = thresholds.Time("api") ?? usual.Api,
            Download = thresholds.Time("download") ?? usual.Download,
        };
        thresholds.Close();
        return plan;
    }

    private static IReadOnlyDictionary<string, string> Endpoints(PlanObject watch)
    {
        var endpoints = watch.Map("endpoints");
        foreach (var (name, path) in endpoints)
        {
            if (!path.StartsWith('/')) watch.Fault("endpoints", $"'{path}' of '{name}' does not begin with '/'");
            if (name is "health" or "download") watch.Fault("endpoints", $"'{name}' is watched anyway", "name another");
        }

        return endpoints;
    }

    private static LogPlan Logs(PlanObject logs, Func<string?, string?> absolute)
    {
        var usual = new LogPlan();
        var request = logs.Text("request") ?? usual.Request;
        Check(logs, "request", request);
        var ignore = logs.Text("ignore") is { } further ? $"{usual.Ignore}|{further}" : usual.Ignore;
        Check(logs, "ignore", ignore);
        var own = logs.Map("classes");
        foreach (var pattern in own.Values) Check(logs, "classes", pattern);
        var plan = new LogPlan
        {
            Files = [.. logs.Texts("files").Select(file => absolute(file)!)],
            Request = request,
            Ignore = ignore,
            // The plan's classes stand beside the usual ones, or in their place.
            Classes = new Dictionary<string, string>(usual.Classes.Concat(own).GroupBy(pair => pair.Key).Select(pairs => pairs.Last()), StringComparer.Ordinal),
            Allowed = Allowed(logs),
        };
        foreach (var unknown in plan.Allowed.Keys.Where(name => !plan.Classes.ContainsKey(name)))
            logs.Fault("allowed", $"there is no class '{unknown}'", Suggestion.For(unknown, [.. plan.Classes.Keys]));
        logs.Close();
        return plan;
    }

    private static Dictionary<string, int> Allowed(PlanObject logs)
    {
        var allowed = new Dictionary<string, int>(StringComparer.Ordinal);
        if (logs.Object("allowed") is not { } counts) return allowed;
        foreach (var (name, _) in counts.All()) allowed[name] = (int)(counts.Whole(name, 0, 1_000_000) ?? 0);
        counts.Close();
        return allowed;
    }

    private static SlowdownPlan Slowdown(PlanObject slowdown)
    {
        var usual = new SlowdownPlan();
        var plan = new SlowdownPlan
        {
            Alpha = slowdown.Number("alpha", 1e-9, 0.5) ?? usual.Alpha,
            Effect = slowdown.Number("effect", 0.5, 1) ?? usual.Effect,
            Ratio = slowdown.Number("ratio", 1, 1000) ?? usual.Ratio,
            LongerBy = slowdown.Time("longer_by") ?? usual.LongerBy,
            Samples = (int)(slowdown.Whole("samples", 5, 500) ?? usual.Samples),
        };
        slowdown.Close();
        return plan;
    }

    private static void Check(PlanObject owner, string key, string pattern)
    {
        try
        {
            _ = LogPatterns.Compile(pattern);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            owner.Fault(key, $"'{pattern}' is no regular expression that can be used: {error.Message}", "lookarounds and backreferences can't be used");
        }
    }
}
