using System.Diagnostics;
using BacktestOps.Contracts;
using BacktestOps.Operations.Commands;
using BacktestOps.Operations.Files;
using BacktestOps.Operations.Services;
using BacktestOps.Operations.Tests.Deployments;
using BacktestOps.Operations.Tests.Fixtures;

namespace BacktestOps.Operations.Tests.Services;

public class ServiceHostTests
{
    [Fact]
    public async Task A_unit_of_systemd_is_deployed_by_systemctl_alone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "systemd is Linux's.");
        await using var rig = new Rig().Version("1.0.0").Version("1.1.0", ("start", "exit")).Version("1.2.0");
        rig.Plan["service"] = new { kind = "systemd", unit = "backtest.service", port = rig.Port, stop_timeout = "3s" };
        using var systemctl = new Systemctl(rig);
        rig.Tools = rig.Tools with { Commands = systemctl };

        var outcomes = new[] { await rig.DeployAsync("1.0.0"), await rig.DeployAsync("1.1.0"), await rig.DeployAsync("1.2.0") };

        Assert.Equal(
            [DeploymentOutcome.Succeeded, DeploymentOutcome.RolledBack, DeploymentOutcome.Succeeded], outcomes.Select(deployment => deployment.Outcome));
        Assert.StartsWith("ServiceExited", outcomes[1].Reason, StringComparison.Ordinal);
        await rig.AssertSoundAsync("1.2.0");
    }

    [Fact]
    public async Task A_unit_that_systemd_does_not_know_is_refused()
    {
        await using var rig = new Rig().Version("1.0.0");
        rig.Plan["service"] = new { kind = "systemd", unit = "nowhere.service", port = rig.Port };
        using var systemctl = new Systemctl(rig) { LoadState = "not-found" };
        rig.Tools = rig.Tools with { Commands = systemctl };

        var deployment = await rig.DeployAsync("1.0.0");

        Assert.Equal(DeploymentOutcome.Refused, deployment.Outcome);
        Assert.Contains("UnitMissing", deployment.Reason, StringComparison.Ordinal);
        systemctl.LoadState = "loaded";
    }

    [Fact]
    public void A_log_that_grew_too_large_is_rotated_under_the_service_that_appends_to_it()
    {
        using var folder = new TemporaryFolder();
        var log = folder["a.log"];
        using var service = new FileStream(log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        service.Write("0123456789"u8);
        service.Flush();
        var now = new DateTimeOffset(2026, 2, 8, 14, 30, 0, TimeSpan.Zero);

        Assert.Null(ServiceLogs.Rotate(log, 10, now));
        var copy = ServiceLogs.Rotate(log, 9, now)!;

        Assert.Equal("0123456789", File.ReadAllText(copy));
        Assert.Equal(0, new FileInfo(log).Length);
    }

    [Fact]
    public void The_oldest_logs_go()
    {
        using var folder = new TemporaryFolder();
        for (var i = 0; i < 5; i++) File.WriteAllText(folder[$"2026020{i}.log"], "");

        ServiceLogs.Prune(folder.Path, 2);

        Assert.Equal(["20260203.log", "20260204.log"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("/mnt/nfs/app/state", "nfs4")]
    [InlineData("/mnt/nfs", "nfs4")]
    [InlineData("/mnt/nfs-not/app", null)]
    [InlineData("/mnt/nfs/local disk/app", null)]
    [InlineData("/home/me", "fuse.sshfs")]
    [InlineData("/var/lib", null)]
    public void A_network_file_system_is_known_by_the_mount_that_covers_the_path(string path, string? type)
    {
        var table = new MountTable(
        [
            "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw",
            "30 22 0:40 / /mnt/nfs rw,relatime shared:9 master:2 - nfs4 server:/export rw",
            @"31 30 0:41 / /mnt/nfs/local\040disk rw - xfs /dev/sdb rw",
            "32 22 0:42 / /home rw - ext4 /dev/sdc rw",
            "33 22 0:43 / /home rw - fuse.sshfs me@host:/ rw",
        ]);

        Assert.Equal(type, table.NetworkType(path));
    }

    /// <summary>systemctl, as far as a deployment uses it, over a process of this test.</summary>
    private sealed class Systemctl(Rig rig) : ICommandRunner, IDisposable
    {
        private readonly CommandRunner _others = new(TimeProvider.System);
        private Process? _main;

        public string LoadState { get; set; } = "loaded";

        public Task<CommandResult> RunAsync(CommandLine command, CancellationToken cancellationToken)
        {
            if (command.Program != "systemctl") return _others.RunAsync(command, cancellationToken);
            if (command.Arguments[0] == "start")
                _main = Process.Start(new ProcessStartInfo("dotnet", [rig.ServiceProgram, "serve", $"{rig.Port}"])
                {
                    WorkingDirectory = RealPath.Of(rig.Layout.Current), RedirectStandardOutput = true, RedirectStandardError = true,
                });
            else if (command.Arguments[0] == "stop") End();
            return Task.FromResult(new CommandResult(0, $"MainPID={(_main is { HasExited: false } ? _main.Id : 0)}\nControlGroup=\nLoadState={LoadState}\n"));
        }

        public void Dispose()
        {
            End();
            _main?.Dispose();
            _main = null;
        }

        private void End()
        {
            if (_main is null or { HasExited: true }) return;
            _main.Kill();
            _main.WaitForExit();
        }
    }
}
