using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Plans;
using BacktestOps.Operations.Processes;
using BacktestOps.Operations.ServiceProcesses;

namespace BacktestOps.Operations.Services;

/// <summary>
/// Runs the service as a process of its own session that outlives whoever started it. Its processes are found by a mark in
/// their environment, which children inherit, and by their session: neither is lost when the starter is killed before it
/// could write the id down, or when a child is re-parented. Where there is no /proc the written record is all there is.
/// </summary>
internal sealed class ProcessServiceHost(ServicePlan service, DeploymentLayout layout, DeploymentTools tools) : IServiceHost
{
    /// <summary>The variable that marks the processes of a service: <c>scope:release</c>.</summary>
    public const string Mark = StartedThings.ServiceMark;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ServiceMember>> FindAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ServiceMember>>(Find());

    /// <inheritdoc/>
    public Task<ServiceMember> StartAsync(ServiceLaunch launch, CancellationToken cancellationToken)
    {
        var folder = Path.GetFullPath(service.WorkingFolder, launch.Folder);
        if (!Directory.Exists(folder))
            throw new DeploymentException(
                "StartFailed", $"The release has no folder '{service.WorkingFolder}' to start the service in.", "Correct service.working_folder of the plan.");
        var program = service.Start[0].Contains('/', StringComparison.Ordinal) ? Path.GetFullPath(service.Start[0], folder) : service.Start[0];
        var arguments = service.Start.Skip(1).Select(part => part.Replace("{release}", launch.Folder, StringComparison.Ordinal));
        var environment = new Dictionary<string, string>(launch.Environment) { [Mark] = $"{layout.Scope}:{launch.Release}" };
        try
        {
            using var process = DetachedProcess.Start(new ServiceCommand(program, [.. arguments]), [], folder, launch.LogPath, environment, without: StartedThings.Variable);
            var identity = ProcessIdentity.Of(process.Id) ?? throw new DeploymentException(
                "ServiceExited",
                $"The service's process ended the moment it was started. Its log says:{Environment.NewLine}{ServiceLog.Tail(launch.LogPath, 8)}",
                $"Mend what the log names; the command is '{string.Join(' ', service.Start)}' in '{folder}'.");
            new ServiceProcessRecord(identity.Id, identity.StartMark, launch.Release, launch.LogPath).Write(tools.Disk, layout.ServiceRecord);
            return Task.FromResult(new ServiceMember(identity, launch.Release, IsRoot: true));
        }
        catch (ServiceProcessException error)
        {
            throw new DeploymentException("StartFailed", error.Message, error.RecommendedAction, error);
        }
    }

    /// <inheritdoc/>
    public async Task<string> StopAsync(CancellationToken cancellationToken)
    {
        var begin = tools.Clock.GetTimestamp();
        var asked = Find();
        if (asked.Count == 0) return "nothing of it was running";
        Signal(asked, DetachedProcess.AskGroup, DetachedProcess.Ask);
        var killed = 0;
        while (true)
        {
            // While one of those that were asked lives there is no need to look at every process of the machine.
            var left = asked.Where(member => member.Identity.IsAlive()).ToList();
            if (left.Count == 0) left = Find();
            if (left.Count == 0) break;
            var waited = tools.Clock.GetElapsedTime(begin);
            if (waited > service.StopTimeout + KillPatience)
                throw new DeploymentException(
                    "StopFailed",
                    $"{Facts.Many(left.Count, "process", "processes")} of the service still live after SIGKILL: {string.Join(", ", left.Select(member => member.Identity.Id))}.",
                    "They wait for the kernel (state D in ps), or belong to another user; end them, then Resume-Deployment.");
            if (waited > service.StopTimeout)
            {
                left = Find();
                killed = Math.Max(killed, left.Count);
                Signal(left, DetachedProcess.KillGroup, DetachedProcess.Kill);
            }

            await Task.Delay(Pause, tools.Clock, cancellationToken).ConfigureAwait(false);
        }

        var how = killed == 0 ? "by SIGTERM" : FormattableString.Invariant($"{killed} of them killed after {service.StopTimeout.TotalSeconds:0.###} s");
        return $"{Facts.Many(asked.Count, "process", "processes")} gone ({string.Join(", ", asked.Select(member => member.Identity.Id))}), {how}";
    }

    private List<ServiceMember> Find()
    {
        var record = ServiceProcessRecord.Read(layout.ServiceRecord);
        var started = record is null ? null : new ProcessIdentity(record.Id, record.StartMark);
        if (!OperatingSystem.IsLinux())
            return started is not null && started.IsAlive() ? [new ServiceMember(started, record!.Release, IsRoot: true)] : [];

        var all = ProcessTable.All().ToList();
        // A leader with the recorded id that is another process proves that the session is not the one that was started.
        var sessionIsOurs = started is not null
            && all.All(entry => SameBoot(entry.Identity, started) && (entry.Identity.Id != started.Id || entry.Identity == started));
        var members = new List<ServiceMember>();
        foreach (var entry in all)
        {
            var mark = ProcessTable.Variable(entry.Identity.Id, Mark);
            var isRoot = entry.Session == entry.Identity.Id;
            if (mark is not null && mark.StartsWith(layout.Scope + ":", StringComparison.Ordinal))
                members.Add(new ServiceMember(entry.Identity, mark[(layout.Scope.Length + 1)..], isRoot));
            else if (entry.Identity == started || (sessionIsOurs && entry.Session == started!.Id))
                // While a process becomes another program (exec) its environment reads as empty; it is the same process.
                members.Add(new ServiceMember(entry.Identity, record!.Release, isRoot));
        }

        return members;
    }

    private static bool SameBoot(ProcessIdentity left, ProcessIdentity right) =>
        left.StartMark.Split(':')[0] == right.StartMark.Split(':')[0];

    private static void Signal(List<ServiceMember> members, Action<int> group, Action<ProcessIdentity> one)
    {
        foreach (var root in members.Where(member => member.IsRoot)) group(root.Identity.Id);
        // What left the group, or whose leader has ended, is told by itself.
        foreach (var member in members.Where(member => !member.IsRoot))
        {
            try
            {
                one(member.Identity);
            }
            catch (ServiceProcessException error)
            {
                throw new DeploymentException("StopFailed", error.Message, error.RecommendedAction, error);
            }
        }
    }
}
