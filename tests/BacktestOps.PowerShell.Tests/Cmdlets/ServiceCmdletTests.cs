using System.Management.Automation;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Tests.Support;

namespace BacktestOps.PowerShell.Tests.Cmdlets;

/// <summary>The cmdlets over the real service, in a process of its own.</summary>
public sealed class ServiceCmdletTests
{
    public ServiceCmdletTests() =>
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Start-BacktestService does not start processes on Windows.");

    [Fact]
    public void A_service_is_given_a_folder_of_strategies_in_Python()
    {
        using var session = new TestSession();
        var folder = Directory.CreateDirectory(Path.Combine(session.Folder, "strategies"));
        File.WriteAllText(Path.Combine(folder.FullName, "hold.py"), "def signals(bars): return [1] * len(bars)\n");
        var service = Assert.Single(session.Run("Start-BacktestService -Port 0 -HomePath ./home -PythonStrategiesPath ./strategies").WithoutErrors().As<ServiceInstance>());
        try
        {
            var names = session.Run($"$null = Connect-BacktestService {service.Uri}; (Get-BacktestStrategy).Name").WithoutErrors().As<string>();
            Assert.Contains("py:hold", names);
        }
        finally
        {
            session.Run($"Stop-BacktestService -Port {service.Port} -HomePath ./home").WithoutErrors();
        }
    }

    [Fact]
    public void A_service_is_started_connected_to_used_checked_and_stopped_by_pipeline()
    {
        using var session = new TestSession();
        using var other = new TestSession();
        var service = Assert.Single(session.Run("Start-BacktestService -Port 0 -HomePath ./home").WithoutErrors().As<ServiceInstance>());
        try
        {
            session.Runspace.SessionStateProxy.SetVariable("service", service);
            var connection = Assert.Single(session.Run("$service | Connect-BacktestService").WithoutErrors().As<ServiceConnection>());
            Assert.Equal((ConnectionKind.Http, "healthy", (int?)service.ProcessId), (connection.Kind, connection.Status, connection.ProcessId));

            var file = Assert.Single(session.Run(
                "Start-Backtest SP500 SmaCross @{ Fast = 10; Slow = 20 } | Get-BacktestProgress -Wait | Save-BacktestResult -PassThru")
                .WithoutErrors().As<FileInfo>());
            var result = JsonSerializer.Deserialize(File.ReadAllBytes(file.FullName), ContractsJson.Default.BacktestResult)!;
            Assert.Equal(PerformanceInSession(other), result.Performance);

            Assert.Equal([true], session.Run("Test-DeploymentHealth -Quiet").WithoutErrors().As<bool>());
            Assert.Equal([true], other.Run($"Test-DeploymentHealth {service.Uri} -Quiet").WithoutErrors().As<bool>());
        }
        finally
        {
            var stopped = other.Run($"Stop-BacktestService -Port {service.Port} -HomePath '{service.HomePath}' -PassThru").WithoutErrors();
            Assert.False(Assert.Single(stopped.As<ServiceInstance>()).IsRunning);
        }

        var gone = Assert.Single(session.Run("Get-BacktestService").WithoutErrors().As<ServiceConnection>());
        Assert.Equal("unreachable", gone.Status);
        var error = session.Run("Get-Backtest").Terminating;
        Assert.StartsWith("BacktestUnavailable,", error?.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_with_keys_is_used_with_one_that_is_never_shown()
    {
        const string Key = "bto_a-key-of-this-test";
        using var session = new TestSession();
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key)));
        var keys = Path.Combine(session.Folder, "keys");
        File.WriteAllText(keys, $"ops sha256:{hash}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(keys, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var service = Assert.Single(session.Run("Start-BacktestService -Port 0 -HomePath ./home -ApiKeyFile ./keys").WithoutErrors().As<ServiceInstance>());
        try
        {
            session.Runspace.SessionStateProxy.SetVariable("service", service);
            session.Runspace.SessionStateProxy.SetVariable("key", new NetworkCredential("", Key).SecurePassword);
            session.Runspace.SessionStateProxy.SetVariable("wrong", new NetworkCredential("", "bto_wrong").SecurePassword);
            session.Runspace.SessionStateProxy.SetVariable("credential", new PSCredential("ops", new NetworkCredential("", Key).SecurePassword));

            session.Run("$service | Connect-BacktestService").WithoutErrors();
            Assert.StartsWith("AccessDenied,", session.Run("Get-Backtest").Terminating?.FullyQualifiedErrorId, StringComparison.Ordinal);
            var refused = session.Run("$service | Connect-BacktestService -ApiKey $wrong").Terminating;
            Assert.StartsWith("AccessDenied,", refused?.FullyQualifiedErrorId, StringComparison.Ordinal);

            foreach (var how in new[] { "-ApiKey $key", "-Credential $credential" })
            {
                var connected = session.Run($"$VerbosePreference = 'Continue'; $DebugPreference = 'Continue'; $service | Connect-BacktestService {how}").WithoutErrors();
                Assert.Empty(session.Run("Get-Backtest").WithoutErrors().Output);
                var shown = JsonSerializer.Serialize(Assert.Single(connected.As<ServiceConnection>())) + session.Host + refused;
                Assert.DoesNotContain("a-key-of-this-test", shown, StringComparison.Ordinal);
            }
        }
        finally
        {
            session.Run($"Stop-BacktestService -Port {service.Port} -HomePath '{service.HomePath}'").WithoutErrors();
        }

        Assert.DoesNotContain("a-key-of-this-test", File.ReadAllText(service.LogPath), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIf_starts_and_stops_nothing()
    {
        using var session = new TestSession();

        session.Run("Start-BacktestService -Port 0 -HomePath ./home -WhatIf; Stop-BacktestService -Port 3000 -HomePath ./home -WhatIf").WithoutErrors();

        Assert.Empty(Directory.GetFileSystemEntries(session.Folder));
    }

    [Fact]
    public void Stopping_what_was_never_started_is_an_error_of_the_port()
    {
        using var session = new TestSession();

        var error = session.Run("Stop-BacktestService -Port 3999 -HomePath ./home").OnlyError();

        Assert.StartsWith("ServiceNotFound,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(3999, error.TargetObject);
    }

    private static Performance PerformanceInSession(TestSession session) => Assert.Single(session.Run(
        "Start-Backtest SP500 SmaCross @{ Fast = 10; Slow = 20 } | Get-BacktestProgress -Wait | Get-BacktestResult")
        .WithoutErrors().As<BacktestResult>()).Performance;
}
