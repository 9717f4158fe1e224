using System.Globalization;
using BacktestOps.Operations.Commands;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Plans;
using BacktestOps.Operations.ServiceProcesses;

namespace BacktestOps.Operations.Services;

/// <summary>
/// Runs the service as a unit of systemd, which has its environment and its start command in the unit's file; the unit
/// works in <c>current</c>. systemd stops the whole control group; that it is empty is looked at here.
/// </summary>
internal sealed class SystemdServiceHost(DeploymentPlan plan, DeploymentLayout layout, DeploymentTools tools) : IServiceHost
{
    private readonly string _unit = plan.Service.Unit!;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ServiceMember>> FindAsync(CancellationToken cancellationToken)
    {
        var state = await ShowAsync(cancellationToken).ConfigureAwait(false);
        var main = int.Parse(state.GetValueOrDefault("MainPID", "0"), CultureInfo.InvariantCulture);
        var ids = GroupMembers(state.GetValueOrDefault("ControlGroup", "")).Append(main).Where(id => id > 0).Distinct();
        return
        [
            .. ids.Select(ProcessIdentity.Of).OfType<ProcessIdentity>()
                .Select(identity => new ServiceMember(identity, CommandServiceHost.ReleaseOf(identity.Id, layout), identity.Id == main)),
        ];
    }

    /// <inheritdoc/>
    public async Task<ServiceMember> StartAsync(ServiceLaunch launch, CancellationToken cancellationToken)
    {
        await ControlAsync("start", plan.Health.Timeout, "StartFailed", cancellationToken).ConfigureAwait(false);
        var members = await FindAsync(cancellationToken).ConfigureAwait(false);
        var main = members.FirstOrDefault(member => member.IsRoot) ?? throw new DeploymentException(
            "ServiceExited", $"systemd started '{_unit}', but it has no main process.", $"See 'journalctl -u {_unit}'.");
        if (main.Release is not null && main.Release != launch.Release)
            throw new DeploymentException(
                "WrongRelease", $"The unit '{_unit}' works in release '{main.Release}', not in '{launch.Release}' that 'current' names.",
                $"Let the unit's WorkingDirectory be '{layout.Current}'.");
        return main with { Release = launch.Release };
    }

    /// <inheritdoc/>
    public async Task<string> StopAsync(CancellationToken cancellationToken)
    {
        var before = await FindAsync(cancellationToken).ConfigureAwait(false);
        if (before.Count == 0) return "nothing of it was running";
        await ControlAsync("stop", plan.Service.StopTimeout * 2, "StopFailed", cancellationToken).ConfigureAwait(false);
        var left = before.Where(member => member.Identity.IsAlive()).ToList();
        foreach (var member in left) DetachedProcess.Kill(member.Identity);
        var begin = tools.Clock.GetTimestamp();
        while (left.Any(member => member.Identity.IsAlive()))
        {
            if (tools.Clock.GetElapsedTime(begin) > plan.Service.StopTimeout)
                throw new DeploymentException(
                    "StopFailed", $"Processes of '{_unit}' still live after it was stopped and they were killed.", $"See 'systemctl status {_unit}'.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), tools.Clock, cancellationToken).ConfigureAwait(false);
        }

        return $"{Facts.Many(before.Count, "process", "processes")} gone{(left.Count > 0 ? $", {left.Count} of them killed after systemd had left them" : "")}";
    }

    private async Task ControlAsync(string verb, TimeSpan timeout, string fault, CancellationToken cancellationToken)
    {
        var result = await RunAsync([verb, _unit], timeout, cancellationToken).ConfigureAwait(false);
        if (result.ExitCode != 0)
            throw new DeploymentException(fault, $"'systemctl {verb} {_unit}' ended with {result.ExitCode}: {result.Tail(5)}", $"See 'systemctl status {_unit}'.");
    }

    private async Task<Dictionary<string, string>> ShowAsync(CancellationToken cancellationToken)
    {
        var result = await RunAsync(
            ["show", _unit, "--property=MainPID,ControlGroup,LoadState"], TimeSpan.FromSeconds(30), cancellationToken).ConfigureAwait(false);
        var state = result.Output.Split('\n').Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1].Trim(), StringComparer.Ordinal);
        if (result.ExitCode == 0 && state.GetValueOrDefault("LoadState") == "loaded") return state;
        throw new DeploymentException(
            "UnitMissing", $"systemd does not know the unit '{_unit}': {(result.ExitCode == 0 ? state.GetValueOrDefault("LoadState") : result.Tail(3))}",
            "Install the unit's file and run 'systemctl daemon-reload'.");
    }

    private Task<CommandResult> RunAsync(IReadOnlyList<string> arguments, TimeSpan timeout, CancellationToken cancellationToken) =>
        tools.Commands.RunAsync(new CommandLine { Program = "systemctl", Arguments = arguments, Folder = layout.CommandFolder, Timeout = timeout }, cancellationToken);

    private static IEnumerable<int> GroupMembers(string group)
    {
        foreach (var root in (string[])["/sys/fs/cgroup", "/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified"])
        {
            var folder = root + group;
            if (group.Length < 2 || !Directory.Exists(folder)) continue;
            foreach (var list in Directory.EnumerateFiles(folder, "cgroup.procs", SearchOption.AllDirectories))
            {
                foreach (var line in File.ReadLines(list)) yield return int.Parse(line, CultureInfo.InvariantCulture);
            }
        }
    }
}
