using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Deployments;

/// <summary>Resume-Deployment: finds out what an interrupted deployment left, and finishes it.</summary>
[Cmdlet(VerbsLifecycle.Resume, "Deployment", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Deployment))]
public sealed class ResumeDeploymentCommand : DeploymentCmdlet
{
    /// <summary>Closes a deployment that can't be finished, and leaves what there is.</summary>
    [Parameter]
    public SwitchParameter Abandon { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessAsync()
    {
        var deployer = Deployer;
        if (!ShouldProcess(Plan, Messages.ResumeAction)) return;
        var deployment = await WithProgressAsync(Messages.ResumeTitle, (progress, _) => deployer.ResumeAsync(Abandon, progress, StopToken));
        if (deployment is null) return;
        WriteObject(deployment);
        WriteNotices(deployment.Notices);
        // That an interrupted deployment was taken back is what was asked for; that it stays open is not.
        if (deployment.Outcome == DeploymentOutcome.Open)
            WriteError(
                new Operations.Deployments.DeploymentException("DeploymentOpen", deployment.Reason ?? "", deployment.Action ?? ""), deployment);
    }
}
