using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.PowerShell.Completion;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Deployments;

/// <summary>Get-Deployment: the deployments of a plan, the last first.</summary>
[Cmdlet(VerbsCommon.Get, "Deployment")]
[OutputType(typeof(Deployment))]
public sealed class GetDeploymentCommand : DeploymentCmdlet
{
    /// <summary>Only these deployments.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(DeploymentIdCompleter))]
    [ValidateRange(1, int.MaxValue)]
    public int[]? Id { get; set; }

    /// <summary>Only the deployment whose release is live.</summary>
    [Parameter]
    public SwitchParameter Current { get; set; }

    /// <inheritdoc/>
    protected override Task ProcessAsync()
    {
        var all = Deployer.List();
        foreach (var missing in (Id ?? []).Where(id => all.All(deployment => deployment.Id != id)))
            WriteError(new DeploymentException("DeploymentNotFound", Messages.DeploymentNotFound.With(missing, Plan), Messages.DeploymentNotFoundAction), missing);
        foreach (var deployment in all.Reverse())
        {
            if ((Id is null || Id.Contains(deployment.Id)) && (!Current || deployment.IsCurrent)) WriteObject(deployment);
        }

        return Task.CompletedTask;
    }
}
