using System.Diagnostics;
using System.Globalization;
using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Monitoring;
using BacktestOps.Operations.Services;
using BacktestOps.Operations.Tests.Deployments;
using BacktestOps.Operations.Tests.ServiceProcesses;

namespace BacktestOps.Operations.Tests.Monitoring;

/// <summary>
/// This project's own service under load, watched for real, with real faults: each must be found with its class.
/// BACKTESTOPS_WATCH_MINUTES lets the watch go on so long after the last fault.
/// </summary>
public sealed class RealWatchTests : IAsyncDisposable
{
    private const int Patience = 12;
    private const long Hog = 400L << 20;
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(3);

    private readonly Rig _rig = new() { Tools = new DeploymentTools() };
    private readonly List<Process> _helpers = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Access => Path.Combine(_rig.Folder, "access.log");

    [Fact]
    public async Task Every_fault_of_a_real_service_under_load_is_found_with_its_class()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are found by /proc, which only Linux has.");
        await DeployAsync();
        using var load = new Load(_rig.Port);
        await load.UntilAsync(10);
        var watcher = new Watcher(_rig.Read(), _rig.Tools);
        var stages = new Queue<Stage>(Stages(watcher));
        var (seen, since, begin, told) = (0, 0, 0L, new List<string>());
        var minutes = double.Parse(Environment.GetEnvironmentVariable("BACKTESTOPS_WATCH_MINUTES") ?? "0", CultureInfo.InvariantCulture);
        await foreach (var sample in watcher.WatchAsync(new WatchRequest(), Token))
        {
            if (sample.IsMissed) continue;
            seen++;
            if (seen == 1)
            {
                Quiet(sample);
            }
            else if (stages.TryPeek(out var stage) && stage.IsFound(sample))
            {
                told.Add($"{stage.Name}: sample {seen}, {since + 1} after it began");
                await stage.Clean();
                stages.Dequeue();
                since = 0;
            }
            else if (stages.Count > 0)
            {
                Assert.True(++since < Patience, $"'{stages.Peek().Name}' was not found in {since} samples; the last: {string.Join("\n", sample.Checks)}");
                await stages.Peek().Insist();
                continue;
            }

            if (stages.TryPeek(out var next))
            {
                await next.Inject();
                continue;
            }

            begin = begin == 0 ? Stopwatch.GetTimestamp() : begin;
            if (Stopwatch.GetElapsedTime(begin).TotalMinutes >= minutes) break;
        }

        var result = await load.StopAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{seen} samples under {result.Sent} requests of load, {minutes} further minutes; {string.Join("; ", told)}.");
        Assert.Empty(stages);
        Assert.True(result.Good > 20, "The load was not answered.");
        Assert.Empty(LedgerVerification.Verify(_rig.Layout.Ledger));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var helper in _helpers)
        {
            if (!helper.HasExited) helper.Kill(entireProcessTree: true);
            await helper.WaitForExitAsync(CancellationToken.None);
            helper.Dispose();
        }

        await _rig.DisposeAsync();
    }

    private static void Quiet(WatchSample sample)
    {
        string[] always = ["service process", "request errors", "404", "api_error", "run data", "download", "API response"];
        Assert.All(always, name => Assert.True(
            sample.Checks.Single(check => check.Name == name).Verdict == Verdict.Pass, sample.Checks.Single(check => check.Name == name).ToString()));
        Assert.Equal(2, sample.Endpoints.Count);
        Assert.True(sample.Resources is { MemoryBytes: > 10_000_000, MemoryMeasure: "pss", CpuPercent: not null, MachineCpuPercent: not null }, sample.Resources?.ToString());
    }

    private IEnumerable<Stage> Stages(Watcher watcher)
    {
        var results = Path.Combine(_rig.Root, "shared", "data", "results");
        yield return new Stage("404s in a log that is rotated", () =>
        {
            File.Move(Access, Access + ".1");
            File.WriteAllText(Access, "GET /favicon.ico HTTP/1.1\" 404 0\n");
            return Task.CompletedTask;
        }, sample => Failed(sample, "404") && sample.Incidents.Any(incident => incident.Kind == WatchIncidentKind.LogRotated));
        // Where others burn too, two get less than the threshold: then there are more.
        yield return new Stage("a CPU burner", BurnAsync, sample => Failed(sample, "service CPU"), EndHelpersAsync, BurnAsync);
        yield return new Stage(
            "a memory hog", () => HelpAsync($"head -c {Hog} /dev/zero | tail | sleep 600"),
            sample => Failed(sample, "service memory") && sample.Resources!.MemoryBytes > Hog, EndHelpersAsync);
        yield return new Stage("slow answers", () =>
        {
            _ = PauseAsync(watcher);
            return Task.CompletedTask;
        }, sample => Failed(sample, "API response"));
        yield return new Stage("a result that was changed", () =>
        {
            var file = Directory.EnumerateFiles(results, "*.json").Order(StringComparer.Ordinal).First();
            File.WriteAllText(file, File.ReadAllText(file).Replace("completed", "completeD", StringComparison.Ordinal));
            return Task.CompletedTask;
        }, sample => Failed(sample, "run data"));
        yield return new Stage("a result that is gone", () =>
        {
            File.Delete(Directory.EnumerateFiles(results, "*.json").Order(StringComparer.Ordinal).Last());
            return Task.CompletedTask;
        }, sample => sample.Runs!.Vanished.Count + sample.Runs.Changed.Count >= 2);
        yield return new Stage("a restart", async () =>
        {
            foreach (var member in await _rig.MembersAsync()) ServiceHome.Signal(member.Identity.Id, "KILL");
            await _rig.Deployer().ResumeAsync(cancellationToken: Token);
        }, sample => Failed(sample, "service process") && sample.Incidents.Any(incident => incident.Kind == WatchIncidentKind.ServiceRestart));
    }

    private static bool Failed(WatchSample sample, string check) => sample.Checks.Any(seen => seen.Name == check && seen.Verdict == Verdict.Fail);

    /// <summary>The service stands still while the watch looks, and longer than the threshold.</summary>
    private async Task PauseAsync(Watcher watcher)
    {
        var members = await _rig.MembersAsync();
        foreach (var member in members) ServiceHome.Signal(member.Identity.Id, "STOP");
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (watcher.Progress is not { IsLooking: true }) await look.WaitForNextTickAsync(Token);
        for (var begin = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begin) < 1.2 * Slow;) await look.WaitForNextTickAsync(Token);
        foreach (var member in members) ServiceHome.Signal(member.Identity.Id, "CONT");
    }

    /// <summary>Processes that carry the service's mark, as if it had started them.</summary>
    private Task HelpAsync(params string[] scripts)
    {
        foreach (var script in scripts)
        {
            var start = new ProcessStartInfo("/bin/sh", ["-c", script]);
            start.Environment[ProcessServiceHost.Mark] = $"{_rig.Layout.Scope}:{_rig.Layout.LiveRelease()}";
            _helpers.Add(Process.Start(start)!);
        }

        return Task.CompletedTask;
    }

    private Task BurnAsync() => HelpAsync([.. Enumerable.Repeat("while :; do :; done", 4)]);

    private async Task EndHelpersAsync()
    {
        foreach (var helper in _helpers.Where(helper => !helper.HasExited))
        {
            helper.Kill(entireProcessTree: true);
            await helper.WaitForExitAsync(Token);
        }
    }

    private async Task DeployAsync()
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        File.WriteAllText(Access, "");
        _rig.Plan["watch"] = new
        {
            duration = "1h",
            interval = "2s",
            requests = 3,
            thresholds = new { cpu_percent = 15, memory_percent = Math.Round(100.0 * Hog / memory, 2), api = $"{Slow.TotalSeconds}s" },
            logs = new { files = new[] { Access } },
            run_files = Path.Combine(_rig.Root, "shared", "data", "results", "*.json"),
        };
        await OwnRelease.DeployAsync(_rig, 2);
    }

    /// <summary>A fault, the sample that shows it, what ends it, and what makes it worse where a sample did not show it.</summary>
    private sealed record Stage(string Name, Func<Task> Inject, Func<WatchSample, bool> IsFound, Func<Task>? End = null, Func<Task>? Worsen = null)
    {
        public Task Clean() => End?.Invoke() ?? Task.CompletedTask;

        public Task Insist() => Worsen?.Invoke() ?? Task.CompletedTask;
    }
}
