using BacktestOps.Contracts;

namespace BacktestOps.Operations.ServiceProcesses;

/// <summary>The services of one home folder that run as processes of this machine: started, found again, stopped.</summary>
/// <param name="homePath">The home folder, absolute: records in <c>services</c>, logs in <c>logs</c>.</param>
/// <param name="handler">What sends health requests; null for the default. It is not disposed here.</param>
/// <param name="clock">The clock; null for the system's.</param>
public sealed class ServiceProcesses(string homePath, HttpMessageHandler? handler = null, TimeProvider? clock = null)
{
    private const int FirstFree = 1024;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(5);

    private readonly ServiceRecords _records = new(homePath);
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;

    /// <summary>The service that was started on a port, running or not; null when none was.</summary>
    /// <param name="port">The port.</param>
    public ServiceInstance? Find(int port) => _records.Find(port) is { } record ? Describe(record) : null;

    /// <summary>The services that were started and not stopped, by port. One whose process died is among them, not running.</summary>
    public IReadOnlyList<ServiceInstance> List() => [.. _records.List().Select(Describe)];

    /// <summary>Starts a service and waits until its health names the new process. When that fails, no process is left.</summary>
    /// <param name="start">How.</param>
    /// <param name="cancellationToken">Gives up; the process is ended then.</param>
    /// <exception cref="ServiceProcessException">It can't be started there, ended early, or was not healthy in time.</exception>
    public async Task<ServiceInstance> StartAsync(ServiceStart start, CancellationToken cancellationToken = default)
    {
        var port = start.Port == 0 ? PortOwner.FindFree() : start.Port;
        var address = new Uri(FormattableString.Invariant($"http://127.0.0.1:{port}/"));
        RefuseIfTaken(port, address);

        var log = new ServiceLog(homePath, port, _clock.GetUtcNow());
        string[] arguments = ["--urls", address.ToString().TrimEnd('/'), "--home", homePath];
        if (start.DataPath is not null) arguments = [.. arguments, "--data", start.DataPath];
        if (start.ApiKeyFile is not null) arguments = [.. arguments, "--api-key-file", start.ApiKeyFile];
        if (start.PythonStrategiesPath is not null) arguments = [.. arguments, "--python-strategies", start.PythonStrategiesPath];
        using var process = DetachedProcess.Start(start.Command, arguments, homePath, log.Path);
        var identity = ProcessIdentity.Of(process.Id);
        try
        {
            var health = await new StartWatch(process, address, log, handler, _clock)
                .WaitAsync(start.Timeout, cancellationToken).ConfigureAwait(false);
            var record = new ServiceRecord
            {
                Uri = address,
                Port = port,
                ProcessId = process.Id,
                StartMark = identity?.StartMark ?? throw new InvalidOperationException("A process that answers has no identity."),
                StartedAt = health.Process.StartedAt,
                Version = health.Version,
                DataPath = start.DataPath,
                LogPath = log.Path,
            };
            _records.Save(record);
            return Describe(record);
        }
        catch
        {
            if (identity is not null) await EndAsync(identity, TimeSpan.Zero, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Stops a service: asks it to end, ends it when it does not, and returns when the process is gone.</summary>
    /// <param name="port">Its port.</param>
    /// <param name="patience">How long it may take to end by itself: it finishes answers that are under way.</param>
    /// <param name="cancellationToken">Stops waiting; the service has been asked to end by then.</param>
    /// <exception cref="ServiceProcessException">No service was started on the port, or its process can't be ended.</exception>
    public async Task<ServiceInstance> StopAsync(int port, TimeSpan patience, CancellationToken cancellationToken = default)
    {
        var record = _records.Find(port) ?? throw new ServiceProcessException(
            ServiceProcessFault.NotFound,
            $"No service on port {port} was started with the home folder '{homePath}'.",
            "Get-BacktestService -Local lists those that were; -HomePath names another home folder.");
        await EndAsync(record.Process, patience, cancellationToken).ConfigureAwait(false);
        _records.Remove(port);
        return Describe(record);
    }

    private void RefuseIfTaken(int port, Uri address)
    {
        if (Find(port) is { IsRunning: true } running)
            throw new ServiceProcessException(
                ServiceProcessFault.AlreadyRunning,
                $"A service (process {running.ProcessId}, version {running.Version}) runs at {address} already.",
                $"Use it with Connect-BacktestService -Uri {address}, stop it with Stop-BacktestService -Port {port}, or take another -Port.");
        if (PortOwner.IsTaken(port, out var reason))
            throw new ServiceProcessException(
                ServiceProcessFault.PortInUse,
                $"Port {port} can't be listened on: {reason}.",
                port < FirstFree
                    ? $"Take another -Port (0 takes any that is free): those below {FirstFree} are for users with the right to listen there. Or end the program that has it."
                    : "Take another -Port (0 takes any that is free), or end that program.");
    }

    private async Task EndAsync(ProcessIdentity process, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (patience > TimeSpan.Zero)
        {
            DetachedProcess.Ask(process);
            if (await IsGoneAsync(process, patience, cancellationToken).ConfigureAwait(false)) return;
        }

        DetachedProcess.Kill(process);
        if (!await IsGoneAsync(process, KillPatience, cancellationToken).ConfigureAwait(false))
            throw new ServiceProcessException(
                ServiceProcessFault.TimedOut,
                $"Process {process.Id} still lives {KillPatience.TotalSeconds:0} s after it was killed.",
                "It waits for the kernel (state D in ps); look at the disk that its home folder is on.");
    }

    private async Task<bool> IsGoneAsync(ProcessIdentity process, TimeSpan patience, CancellationToken cancellationToken)
    {
        var begin = _clock.GetTimestamp();
        while (process.IsAlive())
        {
            if (_clock.GetElapsedTime(begin) >= patience) return false;
            await Task.Delay(Pause, _clock, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    private ServiceInstance Describe(ServiceRecord record) => new()
    {
        Uri = record.Uri,
        Port = record.Port,
        ProcessId = record.ProcessId,
        StartedAt = record.StartedAt,
        IsRunning = record.Process.IsAlive(),
        Version = record.Version,
        HomePath = homePath,
        DataPath = record.DataPath,
        LogPath = record.LogPath,
    };
}
