using System.Globalization;
using System.Net;
using System.Net.Sockets;
using BacktestOps.Operations.ServiceProcesses;
using static BacktestOps.Operations.Tests.ServiceProcesses.ServiceHome;

namespace BacktestOps.Operations.Tests.ServiceProcesses;

public sealed class ServiceProcessesTests : IDisposable
{
    private readonly ServiceHome _home = new();

    public ServiceProcessesTests() =>
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Start-BacktestService does not start processes on Windows.");

    [Theory]
    [InlineData(SocketError.AccessDenied, "this user may not (Permission denied)")]
    [InlineData(SocketError.AddressAlreadyInUse, "has it")]
    public void A_port_that_this_user_may_not_have_is_not_said_to_be_somebody_else_s(SocketError error, string words)
    {
        var reason = PortOwner.Explain(new SocketException((int)error), FreePorts.Take());

        Assert.EndsWith(words, reason, StringComparison.Ordinal);
        Assert.DoesNotContain("denied has it", reason, StringComparison.Ordinal);
    }

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_started_service_is_found_by_another_session_and_stopped_by_it_for_good()
    {
        var started = await _home.Services.StartAsync(new ServiceStart { Command = await RealService(), Port = 0 }, Token);

        Assert.True(started.IsRunning);
        Assert.Equal(started, Assert.Single(_home.Services.List()));
        Assert.Contains(started.Uri.Port.ToString(CultureInfo.InvariantCulture), File.ReadAllText(started.LogPath), StringComparison.Ordinal);

        var stopped = await _home.Services.StopAsync(started.Port, TimeSpan.FromSeconds(30), Token);

        Assert.False(stopped.IsRunning);
        Assert.Null(ProcessIdentity.Of(started.ProcessId));
        Assert.Empty(_home.Services.List());
        Assert.Empty(_home.Files("services"));
        Assert.False(PortOwner.IsTaken(started.Port, out _));
    }

    [Fact]
    public async Task A_started_service_has_a_session_of_its_own_so_that_a_hang_up_does_not_reach_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The session of a process is read from /proc.");

        var started = await _home.Services.StartAsync(new ServiceStart { Command = await RealService(), Port = 0 }, Token);

        // proc(5): after the name come state, parent, process group and session.
        var stat = File.ReadAllText($"/proc/{started.ProcessId}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        Assert.Equal(started.ProcessId.ToString(CultureInfo.InvariantCulture), fields[3]);
    }

    [Fact]
    public async Task A_second_start_on_the_port_is_refused_and_says_who_runs()
    {
        var started = await _home.Services.StartAsync(new ServiceStart { Command = await RealService(), Port = 0 }, Token);

        var error = await Assert.ThrowsAsync<ServiceProcessException>(
            async () => await _home.Services.StartAsync(new ServiceStart { Command = await RealService(), Port = started.Port }, Token));

        Assert.Equal("ServiceAlreadyRunning", error.ErrorId);
        Assert.Contains($"process {started.ProcessId}", error.Message, StringComparison.Ordinal);
        Assert.True(_home.Services.Find(started.Port)!.IsRunning);
    }

    [Fact]
    public async Task A_port_that_a_stranger_has_is_an_error_that_names_the_stranger_and_starts_nothing()
    {
        using var stranger = new TcpListener(IPAddress.Loopback, 0);
        stranger.Start();
        var port = ((IPEndPoint)stranger.LocalEndpoint).Port;

        var error = await Assert.ThrowsAsync<ServiceProcessException>(
            () => _home.Services.StartAsync(Script("echo $$ > pid") with { Port = port }, Token));

        Assert.Equal("ServicePortInUse", error.ErrorId);
        if (OperatingSystem.IsLinux()) Assert.Contains($"process {Environment.ProcessId} (", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_home.Folder, "pid")));
    }

    [Fact]
    public async Task A_service_that_ends_at_once_is_an_error_with_its_exit_code_and_the_last_lines_of_its_log()
    {
        var error = await Assert.ThrowsAsync<ServiceProcessException>(
            () => _home.Services.StartAsync(Script("echo first; echo the database is locked >&2; exit 3"), Token));

        Assert.Equal("ServiceStartFailed", error.ErrorId);
        Assert.Contains("exit code 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("the database is locked", error.Message, StringComparison.Ordinal);
        Assert.Contains(Assert.Single(_home.Files("logs")), error.RecommendedAction, StringComparison.Ordinal);
        Assert.Empty(_home.Services.List());
    }

    [Fact]
    public async Task A_service_that_is_not_healthy_in_time_is_ended()
    {
        var error = await Assert.ThrowsAsync<ServiceProcessException>(
            () => _home.Services.StartAsync(Script("echo $$ > pid; echo waiting for nothing; exec sleep 600", seconds: 1), Token));

        Assert.Equal("ServiceTimedOut", error.ErrorId);
        Assert.Contains("waiting for nothing", error.Message, StringComparison.Ordinal);
        Assert.Null(ProcessIdentity.Of(_home.WrittenProcessId()));
        Assert.Empty(_home.Services.List());
    }

    [Fact]
    public async Task A_start_that_is_given_up_leaves_no_process()
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using var watcher = new FileSystemWatcher(_home.Folder, "ready");
        watcher.Created += (_, _) => giveUp.Cancel();
        watcher.EnableRaisingEvents = true;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _home.Services.StartAsync(Script("echo $$ > pid; echo > ready; exec sleep 600", seconds: 600), giveUp.Token));

        Assert.Null(ProcessIdentity.Of(_home.WrittenProcessId()));
    }

    [Fact]
    public async Task A_service_that_hears_nothing_is_ended_all_the_same()
    {
        var started = await _home.Services.StartAsync(new ServiceStart { Command = await RealService(), Port = 0 }, Token);
        Signal(started.ProcessId, "STOP");

        await _home.Services.StopAsync(started.Port, TimeSpan.FromSeconds(1), Token);

        Assert.Null(ProcessIdentity.Of(started.ProcessId));
    }

    [Fact]
    public async Task A_service_that_died_is_listed_as_not_running_and_stopping_it_forgets_it()
    {
        var started = await _home.Services.StartAsync(new ServiceStart { Command = await RealService(), Port = 0 }, Token);
        var identity = ProcessIdentity.Of(started.ProcessId)!;
        Signal(started.ProcessId, "KILL");
        Assert.True(SpinWait.SpinUntil(() => !identity.IsAlive(), TimeSpan.FromSeconds(30)));

        Assert.False(Assert.Single(_home.Services.List()).IsRunning);
        await _home.Services.StopAsync(started.Port, TimeSpan.FromSeconds(1), Token);

        Assert.Empty(_home.Services.List());
    }

    [Fact]
    public async Task Stopping_what_was_never_started_is_an_error()
    {
        var error = await Assert.ThrowsAsync<ServiceProcessException>(() => _home.Services.StopAsync(3000, TimeSpan.FromSeconds(1), Token));

        Assert.Equal("ServiceNotFound", error.ErrorId);
        Assert.Contains(_home.Folder, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_assembly_that_is_not_there_is_an_error_that_says_where_it_was_looked_for()
    {
        var error = await Assert.ThrowsAsync<ServiceProcessException>(
            () => ServiceCommand.ForAssemblyAsync(Path.Combine(_home.Folder, "BacktestOps.Service.dll"), Token));

        Assert.Equal("ServiceNotInstalled", error.ErrorId);
        Assert.Contains(_home.Folder, error.Message, StringComparison.Ordinal);
    }
}
