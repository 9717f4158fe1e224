using System.Diagnostics;
using System.Globalization;
using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Processes;
using BacktestOps.Operations.Rollback;

namespace BacktestOps.Operations.Tests.Deployments;

/// <summary>What only real processes, real disks and real load can show.</summary>
public class RealProcessTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Under_fifty_requests_a_second_only_the_changeover_refuses_any()
    {
        SkipWithoutProc();
        await using var rig = new Rig().Version("1.0.0").Version("1.1.0").WithDatabase(100);
        await rig.DeployAsync("1.0.0");
        using var load = new Load(rig.Port);
        await load.UntilAsync(good: 10);

        var deployment = await rig.DeployAsync("1.1.0");
        await load.UntilAsync(good: 10);
        var seen = await load.StopAsync();

        Assert.True(deployment.Outcome == DeploymentOutcome.Succeeded, deployment.Reason);
        Say($"{seen.Sent} requests at 50/s, {seen.Failed.Count} failed; the deployment measured a gap of {deployment.Gap!.Value.TotalMilliseconds:0} ms.");
        var (stop, health) = (deployment.Steps.Single(step => step.Name == "stop"), deployment.Steps.Single(step => step.Name == "health"));
        Assert.All(seen.Failed, failed => Assert.True(
            failed.EndedAt >= stop.StartedAt && failed.SentAt <= health.StartedAt + health.Duration,
            $"A request from {failed.SentAt:O} to {failed.EndedAt:O} was refused outside of the changeover, {stop.StartedAt:O} to {health.StartedAt + health.Duration:O}."));
        Assert.True(seen.Good >= 20, $"Only {seen.Good} good answers frame the gap.");
    }

    [Fact]
    public async Task The_gap_of_a_deployment_is_little_more_than_the_start_of_its_service()
    {
        SkipWithoutProc();
        await using var rig = new Rig().Version("1.0.0").WithDatabase(100);
        await rig.DeployAsync("1.0.0");

        // A ratio of two times measured one after the other. A busy machine can hold either of them up, but not the same one each time.
        const int Tries = 5, Most = 4;
        var ratios = new List<double>();
        while (ratios.Count < Tries && !ratios.Exists(ratio => ratio <= Most))
        {
            var bare = await rig.MeasureStartAsync();
            var version = string.Create(CultureInfo.InvariantCulture, $"1.{ratios.Count + 1}.0");
            var deployment = await rig.Version(version).DeployAsync(version);
            Assert.True(deployment.Outcome == DeploymentOutcome.Succeeded, deployment.Reason);
            ratios.Add(deployment.Gap!.Value / bare);
            Say($"the service alone answers {bare.TotalMilliseconds:0} ms after its start; the gap of the deployment was {deployment.Gap.Value.TotalMilliseconds:0} ms.");
        }

        Assert.True(ratios.Min() <= Most, $"Each gap was more than {Most} times the start of the service alone: {string.Join(", ", ratios.Select(ratio => ratio.ToString("0.0", CultureInfo.InvariantCulture)))}.");
    }

    [Fact]
    public async Task Nothing_of_the_old_release_lives_on_not_even_a_child_that_left_its_session()
    {
        SkipWithoutProc();
        await using var rig = new Rig().Version("1.0.0", ("child", "orphan")).Version("1.1.0");
        await rig.DeployAsync("1.0.0");
        var old = await rig.MembersAsync();
        Assert.True(old.Count >= 2);

        var deployment = await rig.DeployAsync("1.1.0");

        Assert.True(deployment.Outcome == DeploymentOutcome.Succeeded, deployment.Reason);
        Assert.All(old, member => Assert.False(member.Identity.IsAlive()));
        await rig.AssertSoundAsync("1.1.0");
    }

    [Fact]
    public async Task A_service_that_does_not_hear_sigterm_is_killed_after_its_time()
    {
        SkipWithoutProc();
        await using var rig = new Rig().Version("1.0.0", ("term", "ignore")).Version("1.1.0");
        rig.ServiceKeys["stop_timeout"] = "300ms";
        await rig.DeployAsync("1.0.0");

        var deployment = await rig.DeployAsync("1.1.0");

        Assert.True(deployment.Outcome == DeploymentOutcome.Succeeded, deployment.Reason);
        Assert.Contains("killed after 0.3 s", deployment.Steps.Single(step => step.Name == "stop").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_reaches_the_service_and_no_file()
    {
        SkipWithoutProc();
        var (first, second) = ($"s3cr3t-{Guid.NewGuid():N}", $"f1l3-{Guid.NewGuid():N}");
        await using var rig = new Rig().Version("1.0.0").Version("1.1.0", ("journey", "broken")).WithDatabase(5);
        rig.SecretsFile($"# mine\nFROM_FILE={second}\n", "600");
        rig.ServiceKeys["environment"] = new Dictionary<string, string> { ["A"] = "secret:FROM_OPERATOR", ["B"] = "secret:FROM_FILE" };
        rig.Plan["build"] = new[] { new[] { "sh", "-c", "echo building with $A and $B; exit 0" } };
        rig.Tools = rig.Tools with { Variable = name => name == "FROM_OPERATOR" ? first : Environment.GetEnvironmentVariable(name) };

        Assert.Equal(DeploymentOutcome.Succeeded, (await rig.DeployAsync("1.0.0")).Outcome);
        Assert.Equal(DeploymentOutcome.RolledBack, (await rig.DeployAsync("1.1.0")).Outcome);
        rig.Plan["build"] = new[] { new[] { "sh", "-c", "echo failing with $A; exit 1" } };
        var failed = await rig.DeployAsync("1.1.0");

        var running = (await rig.MembersAsync())[0].Identity.Id;
        Assert.Equal((first, second), (ProcessTable.Variable(running, "A"), ProcessTable.Variable(running, "B")));
        var files = Directory.EnumerateFiles(rig.Root, "*", SearchOption.AllDirectories).Append(rig.PlanPath).ToList();
        Assert.True(files.Count > 15);
        Assert.All(files, file =>
        {
            var text = File.ReadAllText(file);
            Assert.DoesNotContain(first, text, StringComparison.Ordinal);
            Assert.DoesNotContain(second, text, StringComparison.Ordinal);
        });
        Assert.Contains("failing with [secret]", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_that_is_really_full_leaves_the_old_release_running_and_room_made_lets_the_next_succeed()
    {
        SkipWithoutProc();
        using var disk = SmallDisk.Mount(3);
        await using var rig = new Rig(Path.Combine(disk.Folder, "root")).Version("1.0.0").Version("1.1.0", ("fat", new string('x', 10_000_000)));
        Assert.Equal(DeploymentOutcome.Succeeded, (await rig.DeployAsync("1.0.0")).Outcome);

        var failed = await rig.DeployAsync("1.1.0");

        Assert.Equal(DeploymentOutcome.RolledBack, failed.Outcome);
        Assert.StartsWith("DiskFull", failed.Reason, StringComparison.Ordinal);
        await rig.AssertSoundAsync("1.0.0");
        var next = await rig.Version("1.2.0").DeployAsync("1.2.0");
        Assert.True(next.Outcome == DeploymentOutcome.Succeeded, next.Reason);
        await rig.AssertSoundAsync("1.2.0");
    }

    [Fact]
    public async Task Runs_that_are_accepted_while_a_rollback_happens_are_lost_only_as_it_said()
    {
        SkipWithoutProc();
        await using var rig = new Rig().Version("1.0.0").Version("1.1.0").WithDatabase(100);
        await rig.DeployAsync("1.0.0");
        await rig.DeployAsync("1.1.0");
        using var load = new Load(rig.Port, post: "/runs");
        await load.UntilAsync(good: 10);
        long? said = null;

        var back = await rig.Deployer().RollBackAsync(
            new RollbackRequest { RestoreDatabase = true, ConfirmLoss = loss => Task.FromResult((said = loss.Accepted) is not null) }, cancellationToken: Token);
        var seen = await load.StopAsync();

        Assert.True(back.Outcome == DeploymentOutcome.Succeeded, back.Reason);
        Assert.NotNull(said);
        // Every run that was answered for is there, or is one of those that it said it gives up.
        Assert.InRange(rig.CountRuns() + said.Value, 100 + seen.Good, 100 + seen.Sent);
        await rig.AssertSoundAsync("1.0.0");
    }

    [Fact]
    public async Task A_loss_that_is_not_confirmed_stops_the_rollback_and_the_live_release_goes_on()
    {
        SkipWithoutProc();
        await using var rig = new Rig().Version("1.0.0").Version("1.1.0").WithDatabase(100);
        await rig.DeployAsync("1.0.0");
        await rig.DeployAsync("1.1.0");
        using (var http = new HttpClient()) await http.PostAsync(new Uri($"http://127.0.0.1:{rig.Port}/runs"), null, Token);
        Assert.Equal(1, rig.Deployer().PreviewRollback(new RollbackRequest { RestoreDatabase = true }).Accepted);

        var back = await rig.Deployer().RollBackAsync(
            new RollbackRequest { RestoreDatabase = true, ConfirmLoss = _ => Task.FromResult(false) }, cancellationToken: Token);

        Assert.Equal(DeploymentOutcome.RolledBack, back.Outcome);
        Assert.StartsWith("RestoreNotConfirmed", back.Reason, StringComparison.Ordinal);
        Assert.Equal(101, rig.CountRuns());
        await rig.AssertSoundAsync("1.1.0");
    }

    [Fact]
    public async Task Two_deployments_of_one_root_do_not_meet()
    {
        SkipWithoutProc();
        await using var rig = new Rig().Version("1.0.0").Version("1.1.0");
        await rig.DeployAsync("1.0.0");
        DeploymentException? second = null;
        rig.Tools = rig.Tools with
        {
            Recorded = record =>
            {
                if (record.Sequence == 4) second = Assert.ThrowsAsync<DeploymentException>(() => new Deployer(rig.Read(), new DeploymentTools()).ResumeAsync(cancellationToken: Token)).GetAwaiter().GetResult();
            },
        };

        var first = await rig.DeployAsync("1.1.0");

        Assert.Equal(DeploymentOutcome.Succeeded, first.Outcome);
        Assert.Equal("DeploymentLocked", second!.ErrorId);
        Assert.Contains($"process {Environment.ProcessId}", second.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_operator_s_own_commands_run_a_service_too()
    {
        SkipWithoutProc();
        await using var rig = new Rig().Version("1.0.0").Version("1.1.0");
        var script = Path.Combine(rig.Folder, "ctl.sh");
        await File.WriteAllTextAsync(script,
            $"""
            #!/bin/sh
            pid="{rig.Folder}/pid"
            case "$1" in
            start) setsid dotnet "{rig.ServiceProgram}" serve {rig.Port} </dev/null >>"{rig.Folder}/log" 2>&1 & echo $! > "$pid" ;;
            stop) kill "$(cat "$pid")" ;;
            status) kill -0 "$(cat "$pid")" 2>/dev/null && cat "$pid" ;;
            esac
            """, Token);
        foreach (var verb in (string[])["start", "stop", "status"]) rig.ServiceKeys[verb] = new[] { "sh", script, verb };
        rig.ServiceKeys["kind"] = "command";

        var first = await rig.DeployAsync("1.0.0");
        var second = await rig.DeployAsync("1.1.0");

        Assert.True(first.Outcome == DeploymentOutcome.Succeeded, first.Reason);
        Assert.True(second.Outcome == DeploymentOutcome.Succeeded, second.Reason);
        await rig.AssertSoundAsync("1.1.0");
    }

    private static void Say(FormattableString text) => TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant(text));

    private static void SkipWithoutProc() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are found by /proc, which only Linux has.");

    /// <summary>A file system of a few megabytes.</summary>
    private sealed class SmallDisk : IDisposable
    {
        private SmallDisk(string folder) => Folder = folder;

        public string Folder { get; }

        public static SmallDisk Mount(int megabytes)
        {
            Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root may mount the small disk that this fills.");
            var folder = Directory.CreateTempSubdirectory("disk-").FullName;
            using var mount = Process.Start("mount", ["-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", folder]);
            mount.WaitForExit();
            if (mount.ExitCode == 0) return new SmallDisk(folder);
            Directory.Delete(folder);
            Assert.Skip("This machine lets nobody mount a small disk.");
            return null;
        }

        public void Dispose()
        {
            using (var umount = Process.Start("umount", ["-l", Folder])) umount.WaitForExit();
            Directory.Delete(Folder);
        }
    }
}
