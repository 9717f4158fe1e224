using System.Globalization;
using System.Net;
using BacktestOps.Contracts;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Monitoring;
using BacktestOps.Operations.ServiceProcesses;

namespace BacktestOps.Operations.Tests.Monitoring;

/// <summary>An hour under a fake clock: what a quiet one leaves, and each fault found with its class.</summary>
public sealed class SimulatedHourTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_quiet_hour_has_thirteen_samples_five_record_lines_and_an_end_that_passes()
    {
        await using var rig = await WatchRig.DeployedAsync();

        var (samples, watcher) = await rig.WatchAsync(_ => rig.Say("info: GET /api/health 200"), new WatchRequest { Culture = CultureInfo.GetCultureInfo("ko-KR") });

        Assert.Equal(Enumerable.Range(0, 13), samples.Select(sample => sample.Slot));
        Assert.All(samples, sample => Assert.True(sample.Verdict == Verdict.Pass, string.Join("\n", sample.Checks.Where(check => check.Verdict != Verdict.Pass))));
        Assert.All(samples, sample => Assert.InRange(sample.At - sample.DueAt, TimeSpan.Zero, TimeSpan.FromSeconds(2)));
        Assert.Equal(
            ["[14:30] CPU: 12%, Memory: 82MB, API Response: 2ms, Errors: 0건", "[14:45] CPU: 12%, Memory: 82MB, API Response: 2ms, Errors: 0건"],
            samples.Select(sample => sample.Record).OfType<string>().Take(2));
        Assert.Equal([0, 3, 6, 9, 12], samples.Where(sample => sample.Record is not null).Select(sample => sample.Slot));
        Assert.Equal(12, samples.Sum(sample => sample.Logs.Single(count => count.Class == "404").Lines));

        var end = watcher.Summary!;
        Assert.Equal((WatchEnding.Completed, Verdict.Pass, 13, 13, 0), (end.Ending, end.Verdict, end.Slots, end.Seen, end.Missed));
        Assert.InRange(end.WatchedSeconds, 3600, 3602);
        Assert.Equal(12, end.Figures.Single(figure => figure.Name == "service CPU").Mean!.Value, 0.1);
        Assert.Empty(LedgerVerification.Verify(rig.Ledger.Path));
        var records = rig.Ledger.Read().ToList();
        Assert.Equal(samples.Select(sample => sample.Slot), records.Select(MonitoringEvidence.Sample).OfType<WatchSample>().Select(sample => sample.Slot));
        Assert.Equal(["download_404", "feature_broken", "severe_slowdown", "data_loss"], records.Select(MonitoringEvidence.Criterion).OfType<RollbackCriterion>().Select(answer => answer.Name));
        Assert.Single(records, record => MonitoringEvidence.Summary(record) is not null);
    }

    public static TheoryData<string> Faults => [.. All.Keys];

    /// <summary>What is done after the third sample, and the check that must fail, and no other.</summary>
    private static readonly Dictionary<string, (Action<WatchRig> Do, string Check)> All = new()
    {
        ["a CPU burner in the service"] = (rig => (rig.Machine.ServicePercent, rig.Machine.MachinePercent) = (85, 79), "service CPU"),
        ["a CPU burner beside it"] = (rig => rig.Machine.MachinePercent = 97, "machine CPU"),
        ["a memory hog in the service"] = (rig => rig.Machine.ServiceMemoryPercent = 81, "service memory"),
        ["a memory hog beside it"] = (rig => rig.Machine.MachineMemoryPercent = 92, "machine memory"),
        ["a disk that fills up"] = (rig => rig.Machine.File = new(1000, 60, 50), "disk"),
        ["slow answers"] = (rig => rig.Latency = TimeSpan.FromMilliseconds(2100), "API response"),
        ["404s of others"] = (rig => rig.Say("GET /favicon.ico HTTP/1.1\" 404 12"), "404"),
        ["a backtest that failed"] = (rig => rig.Say("warned: backtest bt-9 failed after 3 s"), "backtest_error"),
        ["an error of the API"] = (rig => rig.Say("POST /api/backtest/start 500 in 3 ms"), "api_error"),
        ["a warning"] = (rig => rig.Say("2026-02-08T15:00:00.000Z warn: Svc[1] slow query"), "warning"),
        ["a run that is gone"] = (rig => rig.Runs.Remove("bt-2"), "run data"),
        ["a run that was changed"] = (rig => rig.Runs["bt-2"] = "{\"a\":20}", "run data"),
        ["another process"] = (rig => rig.Process = new ProcessIdentity(4712, "boot:2"), "service process"),
        ["no process"] = (rig => rig.Process = null, "service process"),
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_is_found_with_its_class_and_only_after_it_began(string fault)
    {
        var (inject, check) = All[fault];
        await using var rig = await WatchRig.DeployedAsync();

        var (samples, watcher) = await rig.WatchAsync(sample =>
        {
            if (sample.Slot == 2) inject(rig);
        }, new WatchRequest { Duration = TimeSpan.FromMinutes(20) });

        Assert.All(samples.Take(3), sample => Assert.Equal(Verdict.Pass, sample.Verdict));
        var failed = samples[3].Checks.Where(found => found.Verdict == Verdict.Fail).Select(found => found.Name).ToList();
        Assert.Equal([check], failed);
        Assert.Equal(Verdict.Fail, watcher.Summary!.Verdict);
        Assert.Equal(Verdict.Fail, watcher.Summary.Figures.Single(figure => figure.Name == check).Verdict);
    }

    [Fact]
    public async Task A_download_that_answers_404_is_an_error_of_the_requests_and_a_criterion_that_is_met()
    {
        await using var rig = await WatchRig.DeployedAsync();

        var (samples, watcher) = await rig.WatchAsync(sample => rig.DownloadStatus = sample.Slot >= 2 ? HttpStatusCode.NotFound : null);

        Assert.Contains(samples[3].Checks, check => check is { Name: "request errors", Verdict: Verdict.Fail, Value: 5 });
        Assert.Equal(["download_404", "data_loss"], watcher.Met.Select(met => met.Name).Take(2));
        Assert.Equal(samples.Count, samples.Select(sample => sample.Slot).Distinct().Count());
    }

    [Fact]
    public async Task What_could_not_be_read_is_no_pass()
    {
        await using var rig = await WatchRig.DeployedAsync();
        rig.Machine.IsReadable = false;
        rig.Machine.File = null;
        rig.Runs.Clear();

        var (samples, watcher) = await rig.WatchAsync();

        string[] unseen = ["service CPU", "machine CPU", "service memory", "machine memory", "disk", "download", "run data"];
        Assert.All(samples, sample => Assert.Equal(unseen, sample.Checks.Where(check => check.Verdict == Verdict.Inconclusive).Select(check => check.Name)));
        Assert.Equal(Verdict.Inconclusive, watcher.Summary!.Verdict);
    }

    [Theory]
    [InlineData(3600)]
    [InlineData(-7200)]
    public async Task A_clock_that_is_set_is_noticed_and_moves_no_slot(int seconds)
    {
        await using var rig = await WatchRig.DeployedAsync();

        var (samples, watcher) = await rig.WatchAsync(sample =>
        {
            if (sample.Slot == 4) rig.Clock.Offset = TimeSpan.FromSeconds(seconds);
        });

        var incident = Assert.Single(samples.SelectMany(sample => sample.Incidents));
        Assert.Equal(WatchIncidentKind.ClockStep, incident.Kind);
        Assert.Contains($"{(seconds > 0 ? "forward" : "back")} by {Math.Abs(seconds)} s", incident.Detail, StringComparison.Ordinal);
        Assert.Equal(5, samples.Single(sample => sample.Incidents.Count > 0).Slot);
        Assert.Equal((13, 0), (watcher.Summary!.Seen, watcher.Summary.Missed));
        Assert.InRange(watcher.Summary.WatchedSeconds, 3600, 3602);
    }

    [Fact]
    public async Task A_machine_that_slept_missed_the_slots_of_that_time()
    {
        await using var rig = await WatchRig.DeployedAsync();

        var (samples, watcher) = await rig.WatchAsync(sample =>
        {
            if (sample.Slot != 4) return;
            // Asleep, the monotonic clock stands still, and the wall clock goes on.
            rig.Slept = TimeSpan.FromMinutes(13);
            rig.Clock.Offset = rig.Slept;
        });

        Assert.Equal([5, 6], samples.Where(sample => sample.IsMissed).Select(sample => sample.Slot));
        Assert.All(samples.Where(sample => sample.IsMissed), sample => Assert.Equal(Verdict.Inconclusive, sample.Verdict));
        Assert.Equal(WatchIncidentKind.Suspended, Assert.Single(samples.SelectMany(sample => sample.Incidents)).Kind);
        Assert.Equal((Verdict.Inconclusive, 11, 2), (watcher.Summary!.Verdict, watcher.Summary.Seen, watcher.Summary.Missed));
    }

    [Fact]
    public async Task A_watch_that_was_interrupted_is_taken_up_and_the_gap_is_recorded_as_missed()
    {
        await using var rig = await WatchRig.DeployedAsync();
        await foreach (var sample in rig.Watcher().WatchAsync(new WatchRequest(), Token))
        {
            if (sample.Slot == 3) break;
        }

        rig.Say("GET /api/health 200", "GET /gone 404 1 ms");
        rig.Clock.Advance(TimeSpan.FromMinutes(18));
        var (samples, watcher) = await rig.WatchAsync(request: new WatchRequest { Resume = true, Duration = TimeSpan.FromMinutes(5) });

        Assert.Equal(Enumerable.Range(4, 9), samples.Select(sample => sample.Slot));
        Assert.Equal([4, 5, 6], samples.Where(sample => sample.IsMissed).Select(sample => sample.Slot));
        // What was logged while nobody watched is not lost: the logs stand where they did.
        Assert.Equal((1, 2), samples[3].Logs.Where(count => count.Class == "404").Select(count => (count.Matches, count.Lines)).Single());
        Assert.Equal((Verdict.Fail, 10, 3), (watcher.Summary!.Verdict, watcher.Summary.Seen, watcher.Summary.Missed));
        Assert.Equal(13, watcher.Summary.Evidence.Count);
    }

    [Fact]
    public async Task A_watch_that_nobody_took_up_is_closed_when_another_begins()
    {
        await using var rig = await WatchRig.DeployedAsync();
        await foreach (var sample in rig.Watcher().WatchAsync(new WatchRequest(), Token))
        {
            if (sample.Slot == 1) break;
        }

        rig.Clock.Advance(TimeSpan.FromHours(3));
        await rig.WatchAsync(request: new WatchRequest { Duration = TimeSpan.FromMinutes(10) });

        var ends = rig.Ledger.Read().Select(MonitoringEvidence.Summary).OfType<WatchSummary>().ToList();
        Assert.Equal([(WatchEnding.Abandoned, 2, 11), (WatchEnding.Completed, 3, 0)], ends.Select(end => (end.Ending, end.Seen, end.Missed)));
        Assert.Equal(Verdict.Inconclusive, ends[0].Verdict);
    }
}
