using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BacktestOps.Contracts;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.FollowUps;
using BacktestOps.Operations.Monitoring;
using BacktestOps.Operations.Reports;
using BacktestOps.Operations.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace BacktestOps.Operations.Tests.Reports;

/// <summary>A ledger of a deployment, its watch, its week and its approval under a fake clock; each part can be left out or made to go wrong.</summary>
internal sealed class ReportLedger : IDisposable
{
    public const string Kept = "aaaabbbbccccddddeeeeffff0000111122223333444455556666777788889999";

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 2, 8, 5, 30, 0, TimeSpan.Zero));
    private readonly List<int> _samples = [];
    private DateTimeOffset _smoke;

    public string Path => _folder["ledger.jsonl"];

    public TemporaryFolder Folder => _folder;

    public int Deployment { get; init; } = 7;

    /// <summary>What the plan asks people for; null for a record of before it could say so.</summary>
    public IReadOnlyList<string>? Manual { get; init; }

    /// <summary>The verdict of a check by the name that its subject begins with.</summary>
    public Dictionary<string, Verdict> Verdicts { get; } = [];

    /// <summary>Slots that were not seen.</summary>
    public HashSet<int> MissedSlots { get; } = [];

    public double Cpu { get; set; } = 12.5;

    /// <summary>How long everything takes: round times, unless others are given.</summary>
    public ReportTimes Times { get; init; } = new();

    /// <summary>Everything that went well, to the approval on the eighth day.</summary>
    public static async Task<ReportLedger> CompleteAsync()
    {
        var ledger = new ReportLedger();
        await ledger.DeployAsync();
        await ledger.WatchAsync();
        await ledger.CriteriaAsync();
        await ledger.ScheduleAsync();
        await ledger.AnswerAsync();
        await ledger.WeekAsync();
        await ledger.ApproveAsync("lee@host");
        return ledger;
    }

    public async Task DeployAsync(DeploymentOutcome outcome = DeploymentOutcome.Succeeded)
    {
        var start = _clock.GetUtcNow();
        await CheckAsync("preflight", "root of /srv/app", "a folder on a local disk that this user can write", "writable, local");
        await CheckAsync("preflight", "open deployment of app", "none", "none");
        await CheckAsync("preflight", "version to deploy of 2.0.2", "one commit, or an archive with the plan's digest", "2cbe29c5a1eebe66f5689e8d745cd4d5a3184780");
        await CheckAsync("preflight", "version to go back to of 000006-2.0.1", "a whole release whose tag is where it was", "7e265f4e0d108b1bf811a848af61ecc10fe64140");
        await CheckAsync("preflight", "port of port 3000", "the live release's process, or nobody when none should run", "process 24876 of 000006-2.0.1");
        await CheckAsync("preflight", "tool of node", "18.0.0 or later", "v20.20.2");
        await CheckAsync("preflight", "disk space of /srv/app", "536870912 bytes or more", "79767289856 bytes");
        await CheckAsync("preflight", "previous release's HTTP status of http://127.0.0.1:3000/api/health", "200", "200");
        await CheckAsync("backup", "backup of /srv/app/runs.db", "a copy whose integrity check passes", "integrity ok, 120 runs");
        await CheckAsync("files", "file of package.json", "a file, version = 2.0.2", $"214 bytes, SHA-256 {Kept}");
        await CheckAsync("files", "file of backend/", "a folder that is not empty", "2 files, 5120 bytes");
        await CheckAsync("files", "release of 000007-2.0.2", "every file with its SHA-256", "6 files, 9120 bytes, 1 link");
        await CheckAsync("health", "HTTP status of http://127.0.0.1:3000/api/health", "200", "200");
        await CheckAsync("health", "version of http://127.0.0.1:3000/api/health", "\"2.0.2\"", "\"2.0.2\"");
        await CheckAsync("health", "services.python_worker of http://127.0.0.1:3000/api/health", "\"ready\"", "\"ready\"");
        await CheckAsync("health", "process of port 3000", "a process of release 000007-2.0.2", "process 25809 of 000007-2.0.2");
        _clock.Advance(TimeSpan.FromSeconds(Times.Steps.Sum()));
        _smoke = _clock.GetUtcNow();
        await SmokeAsync();
        _clock.Advance(TimeSpan.FromSeconds(Times.Smoke + 0.5));
        await EndAsync(start, outcome);
    }

    public async Task WatchAsync(bool ends = true)
    {
        var start = _clock.GetUtcNow();
        var watch = start.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        for (var slot = 0; slot <= 12; slot++)
        {
            _clock.SetUtcNow(start + (Times.Interval * slot) + Times.Late(slot));
            var sample = Sample(watch, start, slot);
            _samples.Add(await AppendAsync(EvidenceKind.Watch, $"slot {slot} of watch {watch}", sample.Verdict, "every value below its limit", null, sample, MonitoringJson.Default.WatchSample));
        }

        if (!ends) return;
        var summary = new WatchSummary
        {
            Watch = watch, Deployment = Deployment, Version = "2.0.2", StartedAt = start, EndedAt = _clock.GetUtcNow(), DurationSeconds = Times.Interval.TotalSeconds * 12,
            WatchedSeconds = ((Times.Interval * 12) + Times.Late(12)).TotalSeconds,
            Slots = 13, Seen = 13 - MissedSlots.Count, Missed = MissedSlots.Count, Ending = WatchEnding.Completed, Evidence = _samples,
            Verdict = MissedSlots.Count > 0 ? Verdict.Inconclusive : Cpu < 80 ? Verdict.Pass : Verdict.Fail,
        };
        await AppendAsync(EvidenceKind.WatchEnd, $"watch {watch}", summary.Verdict, "every slot seen", null, summary, MonitoringJson.Default.WatchSummary);
    }

    public async Task CriteriaAsync()
    {
        foreach (var name in new[] { "download_404", "feature_broken", "severe_slowdown", "data_loss" })
        {
            var verdict = Verdicts.GetValueOrDefault(name, Verdict.Pass);
            var slow = name == "severe_slowdown";
            var criterion = new RollbackCriterion
            {
                Name = name, Deployment = Deployment, Verdict = verdict, Expected = slow ? "not slower" : "no failure", Observed = slow ? "1.04 times as long" : "no failure seen",
                Samples = slow ? 26 : 13, UpperBound = slow ? null : 1 - Math.Pow(0.05, 1.0 / 13), Before = slow ? 20 : null, PValue = slow ? 0.3174 : null,
                EffectSize = slow ? 0.541 : null, Ratio = slow ? 1.04 : null, Evidence = _samples, At = _clock.GetUtcNow(),
            };
            await AppendAsync(EvidenceKind.Criterion, $"criterion {name}", verdict, criterion.Expected, criterion.Observed, criterion, MonitoringJson.Default.RollbackCriterion);
        }
    }

    public async Task<int> ScheduleAsync()
    {
        var items = new List<ScheduledFollowUp>();
        for (var day = 1; day <= 5; day++)
        {
            var from = new DateTimeOffset(2026, 2, 8 + day, 0, 0, 0, TimeSpan.Zero);
            foreach (var item in day == 5 ? [.. FollowUpItem.Daily, FollowUpItem.Review] : FollowUpItem.Daily)
                items.Add(new ScheduledFollowUp(new DateOnly(2026, 2, 8 + day), day + 1, item, from, from.AddDays(1)));
        }

        var schedule = new ScheduleData { Deployment = Deployment, Version = "2.0.2", Release = "000007-2.0.2", DeployedAt = _smoke, TimeZone = "UTC", Items = items };
        return Schedule = await AppendAsync(EvidenceKind.Schedule, "follow-ups of 2.0.2", Verdict.Pass, "a week of follow-ups", $"{items.Count} follow-ups", schedule, FollowUpJson.Default.ScheduleData);
    }

    public int Schedule { get; private set; }

    public async Task AnswerAsync(bool feedback = true)
    {
        foreach (var item in feedback ? ManualItems.Ids : ["4.2.reviewed"])
        {
            var answer = new AnswerData { Item = item, Question = item, Answer = true, By = "kim@host" };
            await AppendAsync(EvidenceKind.Answer, $"answer to {item}", Verdict.Pass, "yes", "yes", answer, PeopleJson.Default.AnswerData);
        }
    }

    /// <summary>The days of the week as far as they go; days in <paramref name="missed"/> pass unseen and are recorded as missed.</summary>
    public async Task WeekAsync(int days = 5, params int[] missed)
    {
        for (var day = 1; day <= days; day++)
        {
            var at = new DateTimeOffset(2026, 2, 8 + day, 9, 0, 0, TimeSpan.Zero);
            var seen = missed.Contains(day) ? at.AddDays(1) : at;
            if (seen > _clock.GetUtcNow()) _clock.SetUtcNow(seen);
            foreach (var item in day == 5 ? [.. FollowUpItem.Daily, FollowUpItem.Review] : FollowUpItem.Daily)
            {
                var isMissed = missed.Contains(day);
                var verdict = isMissed ? Verdict.Inconclusive : Verdicts.GetValueOrDefault($"day {day} {item}", Verdict.Pass);
                var data = new FollowUpData
                {
                    Schedule = Schedule, Day = new DateOnly(2026, 2, 8 + day), Number = day + 1, Item = item, State = isMissed ? FollowUpState.Missed : FollowUpState.Done,
                    From = at.Date, Until = at.Date.AddDays(1),
                };
                await AppendAsync(EvidenceKind.FollowUp, $"{item} on day {day}", verdict, "as before", isMissed ? null : "as before", data, FollowUpJson.Default.FollowUpData);
            }
        }
    }

    public Task<int> ApproveAsync(string approver, bool self = false)
    {
        var head = new EvidenceLedger(Path, _clock).Head();
        var data = new ApprovalData { Approver = approver, Operator = "kim@host", HeadSequence = head.Sequence, HeadHash = head.Hash, SelfApproval = self, State = ChecklistState.Done };
        return AppendAsync(EvidenceKind.Approval, "approval of 2.0.2", Verdict.Pass, "a person who is named", approver, data, PeopleJson.Default.ApprovalData);
    }

    /// <summary>A rollback away from the release.</summary>
    public Task<int> RollBackAsync()
    {
        var data = new DeploymentData
        {
            Name = "app", Kind = DeploymentKind.Rollback, Outcome = DeploymentOutcome.Succeeded, Version = "2.0.1", Release = "000006-2.0.1", Previous = "000007-2.0.2", Live = "000006-2.0.1",
            Operator = "kim@host", StartedAt = _clock.GetUtcNow(), Seconds = 4,
        };
        return AppendAsync(EvidenceKind.Deployment, "rollback of 2.0.1", Verdict.Pass, "succeeded", "succeeded", data, DeploymentDataJson.Default.DeploymentData, Deployment + 1);
    }

    public void Dispose() => _folder.Dispose();

    public string Write(ReportFormat format, string culture) =>
        DeploymentReports.Write(Path, new ReportRequest { Format = format, Culture = culture, TimeZone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Seoul") });

    private async Task SmokeAsync()
    {
        string[] texts = ["status", "version", "services.database", "services.python_worker"];
        await CheckAsync("smoke", "health: HTTP status of http://127.0.0.1:3000/api/health", "200", "200");
        await CheckAsync("smoke", "health: response time of http://127.0.0.1:3000/api/health", "≤ 5000 ms", "8.6 ms");
        foreach (var field in texts) await CheckAsync("smoke", $"health: {field} of http://127.0.0.1:3000/api/health", "\"ready\"", "\"ready\"");
        await CheckAsync("smoke", "start: HTTP status of POST http://127.0.0.1:3000/api/backtest/start", "200", "200");
        await CheckAsync("smoke", "start: backtest_id of POST http://127.0.0.1:3000/api/backtest/start", "a string that can stand in a file name", "bt-17-a833d7d1");
        await CheckAsync("smoke", "progress: never falls of GET /api/backtest/progress", "each value at least the one before", "0 → 40 → 80 → 100 (completed)");
        await CheckAsync("smoke", "progress: completes of GET /api/backtest/progress", "100 with the status completed within 120 s", "0 → 40 → 80 → 100 (completed)");
        foreach (var name in new[] { "HTTP status", "content type", "file name", "JSON", "backtest_id", "status", "performance.total_return", "results_file", "completed_at", "second download", "response time" })
            await CheckAsync("smoke", $"result: {name} of GET /api/backtest/result/bt-17", "as asked", name switch { "HTTP status" => "200", "content type" => "application/json", "response time" => "2.6 ms", _ => "bt-17" }, Kept);
        await CheckAsync("smoke", "unknown id: result of GET /api/backtest/result/none", "404", "404");
        foreach (var name in new[] { "load", "pick", "start", "progress", "bar never falls", "download", "file name", "download time", "requests", "console" })
            await CheckAsync("smoke", $"page: {name} of http://127.0.0.1:3000/specific-stock-selection.html", "as asked", name == "requests" ? "8 requests, 0 failed" : "as asked");
    }

    private Task<int> EndAsync(DateTimeOffset start, DeploymentOutcome outcome)
    {
        DeploymentStepData Step(string name, DateTimeOffset at, double seconds, double? expected = null, string? detail = null) =>
            new() { Name = name, StartedAt = at, Seconds = seconds, ExpectedSeconds = expected ?? seconds + 1, Succeeded = true, Detail = detail ?? "as asked" };
        var data = new DeploymentData
        {
            Name = "app", Kind = DeploymentKind.Deploy, Outcome = outcome, Version = "2.0.2", Release = "000007-2.0.2", Revision = "2cbe29c5a1eebe66f5689e8d745cd4d5a3184780",
            Previous = "000006-2.0.1", Live = outcome == DeploymentOutcome.Succeeded ? "000007-2.0.2" : "000006-2.0.1", Operator = "kim@host", StartedAt = start,
            Seconds = (_clock.GetUtcNow() - start).TotalSeconds, GapSeconds = 0.62, Scope = [DeploymentScope.Database, DeploymentScope.Smoke, DeploymentScope.Page],
            Manual = Manual,
            Steps = [.. Times.StepNames.Select((name, at) => Step(name, start.AddSeconds(Times.Steps.Take(at).Sum()), Times.Steps[at])), Step("smoke", _smoke, Times.Smoke, Times.Smoke + 1.5)],
        };
        return AppendAsync(EvidenceKind.Deployment, "deploy of 2.0.2", outcome == DeploymentOutcome.Succeeded ? Verdict.Pass : Verdict.Fail, "succeeded", outcome.ToString(), data, DeploymentDataJson.Default.DeploymentData);
    }

    private WatchSample Sample(string watch, DateTimeOffset start, int slot)
    {
        var (missed, cpu) = (MissedSlots.Contains(slot), Math.Round(Cpu + (slot % 4), 1));
        var sample = new WatchSample
        {
            Watch = watch, Deployment = Deployment, Version = "2.0.2", StartedAt = start, DurationSeconds = Times.Interval.TotalSeconds * 12, IntervalSeconds = Times.Interval.TotalSeconds,
            RecordEverySeconds = Times.Interval.TotalSeconds * 3, Slot = slot, Slots = 13, DueAt = start + (Times.Interval * slot), At = _clock.GetUtcNow(),
            ElapsedSeconds = ((Times.Interval * slot) + Times.Late(slot)).TotalSeconds, IsMissed = missed, Verdict = missed ? Verdict.Inconclusive : cpu < 80 ? Verdict.Pass : Verdict.Fail,
        };
        if (missed) return sample;
        WatchCheck Check(string name, string unit, double value, double? limit, int samples = 20) => new(name, limit is { } most && unit != "count" && value >= most ? Verdict.Fail : Verdict.Pass, unit, value, limit, samples);
        return sample with
        {
            Resources = new ResourceUse { Processes = 2, CpuPercent = cpu, MemoryPercent = 1.2 + (0.1 * (slot % 3)), MemoryBytes = (45 + slot) << 20, MemoryMeasure = "pss", DiskPercent = 42 },
            Endpoints = [new EndpointLatency { Name = "health", Path = "/api/health", Requests = 20, Errors = 0, Milliseconds = [1.5, 2.5, 3.5], P50 = 2.5, P95 = 3.5, Max = 3.5 }],
            Logs = [new LogCount("404", 0, 120, 40), new LogCount("download_404", 0, 120, 40), new LogCount("backtest_error", 0, 120, 40), new LogCount("api_error", 0, 120, 40), new LogCount("warning", 0, 120, 40)],
            Checks =
            [
                Check("service process", "count", 2, null, 1), Check("service CPU", "%", cpu, 80), Check("machine CPU", "%", cpu + 5, 80), Check("service memory", "%", 1.2 + (0.1 * (slot % 3)), 80),
                Check("machine memory", "%", 30, 80), Check("disk", "%", 42, 90), Check("API response", "ms", 3.5 + (slot % 2) + Times.Slower(slot), 2000), Check("request errors", "count", 0, 0),
                Check("404", "count", 0, 0, 120), Check("download_404", "count", 0, 0, 120), Check("backtest_error", "count", 0, 0, 120), Check("api_error", "count", 0, 0, 120), Check("warning", "count", 0, 0, 120),
                Check("run data", "count", 0, 0, 5), Check("download", "ms", 8.5, 5000, 5),
            ],
            Record = slot % 3 == 0 ? string.Create(CultureInfo.InvariantCulture, $"[{_clock.GetUtcNow():HH:mm}] CPU: {cpu:0}%, Memory: {45 + slot}MB, API Response: 2.5ms, Errors: 0") : null,
        };
    }

    private Task<int> CheckAsync(string kind, string subject, string expected, string observed, params string[] artifacts)
    {
        var verdict = Verdicts.FirstOrDefault(entry => subject.StartsWith(entry.Key, StringComparison.Ordinal)) is { Key: not null } chosen ? chosen.Value : Verdict.Pass;
        return AppendAsync(new EvidenceRecord
        {
            At = _clock.GetUtcNow(), Kind = kind, Subject = subject, Deployment = Deployment, Expected = expected, Observed = verdict == Verdict.Inconclusive ? null : observed, Verdict = verdict, Samples = 1, Artifacts = artifacts,
        });
    }

    private Task<int> AppendAsync<T>(string kind, string subject, Verdict verdict, string expected, string? observed, T data, JsonTypeInfo<T> type, int? deployment = null) => AppendAsync(new EvidenceRecord
    {
        At = _clock.GetUtcNow(), Kind = kind, Subject = subject, Deployment = deployment ?? Deployment, Expected = expected, Observed = observed, Verdict = verdict, Samples = 1,
        Data = JsonSerializer.SerializeToElement(data, type),
    });

    private async Task<int> AppendAsync(EvidenceRecord record) =>
        (await new EvidenceLedger(Path, _clock).AppendAsync(record, TestContext.Current.CancellationToken)).Sequence;
}
