using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Plans;
using BacktestOps.Operations.ServiceProcesses;

namespace BacktestOps.Operations.Services;

/// <summary>A process of the deployed service.</summary>
/// <param name="Identity">The process.</param>
/// <param name="Release">The release that it was started from; null when that can't be seen.</param>
/// <param name="IsRoot">True for the process that was started, false for one that it started.</param>
internal sealed record ServiceMember(ProcessIdentity Identity, string? Release, bool IsRoot);

/// <summary>How to start the service.</summary>
/// <param name="Release">The release.</param>
/// <param name="Folder">Its folder, without links.</param>
/// <param name="Environment">The environment that the plan gives, secrets resolved.</param>
/// <param name="LogPath">The file for its output.</param>
internal sealed record ServiceLaunch(string Release, string Folder, IReadOnlyDictionary<string, string> Environment, string LogPath);

/// <summary>What runs the deployed service: a detached process, systemd, or the operator's commands.</summary>
internal interface IServiceHost
{
    /// <summary>The processes of the service that live now, whatever is recorded of them.</summary>
    Task<IReadOnlyList<ServiceMember>> FindAsync(CancellationToken cancellationToken);

    /// <summary>Starts the service; it may not be ready yet.</summary>
    /// <returns>The process that was started.</returns>
    /// <exception cref="DeploymentException">It could not be started.</exception>
    Task<ServiceMember> StartAsync(ServiceLaunch launch, CancellationToken cancellationToken);

    /// <summary>Stops every process of the service, and returns when all are seen to be gone.</summary>
    /// <returns>What was done, for the record.</returns>
    /// <exception cref="DeploymentException">Something of it still lives.</exception>
    Task<string> StopAsync(CancellationToken cancellationToken);
}

/// <summary>Chooses the host of a plan.</summary>
internal static class ServiceHosts
{
    public static IServiceHost For(DeploymentPlan plan, DeploymentLayout layout, DeploymentTools tools) => plan.Service.Kind switch
    {
        ServiceKind.Systemd => new SystemdServiceHost(plan, layout, tools),
        ServiceKind.Command => new CommandServiceHost(plan, layout, tools),
        _ => new ProcessServiceHost(plan.Service, layout, tools),
    };
}
