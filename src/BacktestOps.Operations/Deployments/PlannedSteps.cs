using BacktestOps.Operations.Plans;

namespace BacktestOps.Operations.Deployments;

/// <summary>What a change of the live release does, in words, before it is done: the steps that a deployment and a rollback share.</summary>
internal sealed class PlannedSteps(DeploymentPlan plan, DeploymentLayout layout)
{
    public string Lock => $"take the lock '{layout.LockFile}'";

    public string Stop => plan.Service.Kind switch
    {
        ServiceKind.Systemd => $"stop the unit '{plan.Service.Unit}' (up to {plan.Service.StopTimeout.TotalSeconds} s) and see that its processes are gone",
        ServiceKind.Command => $"stop the service with '{string.Join(' ', plan.Service.Stop)}' (up to {plan.Service.StopTimeout.TotalSeconds} s) and see that its processes are gone",
        _ => $"stop the service (SIGTERM, up to {plan.Service.StopTimeout.TotalSeconds} s, then SIGKILL) and see that its processes are gone",
    };

    public string Health =>
        $"wait up to {plan.Health.Timeout.TotalSeconds} s until {plan.Service.Address}{plan.Health.Path.TrimStart('/')} is healthy, from the new process";

    /// <summary>None where the plan has no journey.</summary>
    public IEnumerable<string> Smoke => plan.Smoke switch
    {
        null => [],
        { Page: null } => ["make the smoke journey through the API"],
        _ => ["make the smoke journey through the API, and through the page in a browser"],
    };

    public string Switch(string? live, string release) => $"point '{layout.Current}' from {live ?? "nothing"} to {release}";

    public string Start(string release) => plan.Service.Kind == ServiceKind.Systemd
        ? $"start the unit '{plan.Service.Unit}'"
        : $"start '{string.Join(' ', plan.Service.Start)}' in '{Path.TrimEndingDirectorySeparator(Path.GetFullPath(plan.Service.WorkingFolder, layout.ReleaseFolder(release)))}'";
}
