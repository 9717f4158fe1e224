using System.Globalization;
using BacktestOps.Operations.Commands;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Files;
using BacktestOps.Operations.Plans;
using BacktestOps.Operations.Processes;
using BacktestOps.Operations.ServiceProcesses;

namespace BacktestOps.Operations.Services;

/// <summary>Runs the service through the operator's own start, stop and status commands.</summary>
internal sealed class CommandServiceHost(DeploymentPlan plan, DeploymentLayout layout, DeploymentTools tools) : IServiceHost
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan CommandPatience = TimeSpan.FromMinutes(1);

    private ServiceLaunch? _launch;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ServiceMember>> FindAsync(CancellationToken cancellationToken)
    {
        var status = await RunAsync(plan.Service.Status, cancellationToken).ConfigureAwait(false);
        if (status.ExitCode != 0) return [];
        // kill -0, which such commands use, takes a process that has ended and waits for its parent for one that lives.
        if (int.TryParse(status.Output.Split('\n')[0].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var said))
            return ProcessIdentity.Of(said) is { } identity ? [new ServiceMember(identity, ReleaseOf(said, layout), IsRoot: true)] : [];
        if (tools.PortOwners(plan.Service.Port) is [var owner, ..] && ProcessIdentity.Of(owner) is { } listening)
            return [new ServiceMember(listening, ReleaseOf(owner, layout), IsRoot: true)];
        throw new DeploymentException(
            "StatusWithoutProcess",
            $"The status command '{string.Join(' ', plan.Service.Status)}' says that the service runs, but names no process, and none is seen on port {plan.Service.Port}.",
            "Let the status command print the process id on its first line, and end with a code other than 0 when the service does not run.");
    }

    /// <inheritdoc/>
    public async Task<ServiceMember> StartAsync(ServiceLaunch launch, CancellationToken cancellationToken)
    {
        _launch = launch;
        var result = await RunAsync(plan.Service.Start, cancellationToken).ConfigureAwait(false);
        if (result.ExitCode != 0)
            throw new DeploymentException(
                "StartFailed", $"The start command '{string.Join(' ', plan.Service.Start)}' ended with {result.ExitCode}: {result.Tail(5)}",
                "Run it by hand in the release's folder and mend what it says.");
        var begin = tools.Clock.GetTimestamp();
        while (true)
        {
            if (await FindAsync(cancellationToken).ConfigureAwait(false) is [var member, ..])
                return member with { Release = member.Release ?? launch.Release };
            if (tools.Clock.GetElapsedTime(begin) > plan.Health.Timeout)
                throw new DeploymentException(
                    "ServiceExited", "The start command succeeded, but the status command does not say that the service runs.",
                    "See whether both speak of the same service.");
            await Task.Delay(Pause, tools.Clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task<string> StopAsync(CancellationToken cancellationToken)
    {
        var before = await FindAsync(cancellationToken).ConfigureAwait(false);
        if (before.Count == 0) return "nothing of it was running";
        var result = await RunAsync(plan.Service.Stop, cancellationToken).ConfigureAwait(false);
        var begin = tools.Clock.GetTimestamp();
        var killed = false;
        while (before.Any(member => member.Identity.IsAlive()) || (await FindAsync(cancellationToken).ConfigureAwait(false)).Count > 0)
        {
            var waited = tools.Clock.GetElapsedTime(begin);
            if (waited > plan.Service.StopTimeout && !killed)
            {
                foreach (var member in before) DetachedProcess.Kill(member.Identity);
                killed = true;
            }

            if (waited > plan.Service.StopTimeout * 2)
                throw new DeploymentException(
                    "StopFailed", $"The service still runs after its stop command (exit code {result.ExitCode}): {result.Tail(5)}",
                    "Stop it by hand, then Resume-Deployment.");
            await Task.Delay(Pause, tools.Clock, cancellationToken).ConfigureAwait(false);
        }

        return $"process {before[0].Identity.Id} gone{(killed ? ", killed" : "")}";
    }

    /// <summary>The release whose folder a process works in; null when it works elsewhere or that can't be seen.</summary>
    internal static string? ReleaseOf(int id, DeploymentLayout layout)
    {
        if (ProcessTable.WorkingFolder(id) is not { } folder) return null;
        var releases = RealPath.Of(layout.Releases) + Path.DirectorySeparatorChar;
        return folder.StartsWith(releases, StringComparison.Ordinal) ? folder[releases.Length..].Split(Path.DirectorySeparatorChar)[0] : null;
    }

    private Task<CommandResult> RunAsync(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        // Before anything was started here, status and stop are asked in the live release's folder.
        var folder = _launch?.Folder
            ?? (layout.LiveRelease() is { } live && Directory.Exists(layout.ReleaseFolder(live)) ? layout.ReleaseFolder(live) : layout.CommandFolder);
        return tools.Commands.RunAsync(
            new CommandLine
            {
                Program = command[0],
                Arguments = [.. command.Skip(1).Select(part => part.Replace("{release}", folder, StringComparison.Ordinal))],
                Folder = folder,
                Environment = _launch?.Environment ?? new Dictionary<string, string>(),
                Timeout = CommandPatience,
                LogPath = _launch?.LogPath,
                OutlivesCaller = true,
            },
            cancellationToken);
    }
}
