using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.PowerShell.Binding;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Deployments;

/// <summary>Invoke-Deployment: brings up a version, verified, or brings back what ran before.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "Deployment", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Deployment))]
public sealed class InvokeDeploymentCommand : DeploymentCmdlet
{
    /// <summary>The version to deploy.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [CellTransformation(typeof(string))]
    public string Version { get; set; } = "";

    /// <summary>Why, for the record.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Reason { get; set; }

    /// <summary>Leaves a release that failed as it is.</summary>
    [Parameter]
    public SwitchParameter NoRollback { get; set; }

    /// <summary>Deploys over a release that is not healthy now.</summary>
    [Parameter]
    public SwitchParameter AllowUnhealthy { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessAsync()
    {
        var deployer = Deployer;
        var request = new DeployRequest { Version = Version, Reason = Reason, NoRollback = NoRollback, AllowUnhealthy = AllowUnhealthy };
        var description = Messages.DeploySteps.With(Version, Plan, Environment.NewLine + StepList(deployer.PreviewDeployment(request).Steps));
        if (!ShouldProcess(description, Messages.StepsQuestion.With(description), Messages.DeployCaption)) return;
        WriteOutcome(await WithProgressAsync(Messages.DeployTitle.With(Version), (progress, _) => deployer.DeployAsync(request, progress, StopToken)));
    }
}
