using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Completion;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Deployments;

/// <summary>Remove-Deployment: removes the release and the backup of old deployments; their journals stay.</summary>
[Cmdlet(VerbsCommon.Remove, "Deployment", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Deployment))]
public sealed class RemoveDeploymentCommand : DeploymentCmdlet
{
    /// <summary>The deployments.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(DeploymentIdCompleter))]
    [ValidateRange(1, int.MaxValue)]
    public int[] Id { get; set; } = [];

    /// <summary>Gives the deployments whose releases were removed.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessAsync()
    {
        var deployer = Deployer;
        foreach (var id in Id)
        {
            if (!ShouldProcess(Messages.DeploymentNumber.With(id, Plan), Messages.RemoveDeploymentAction)) continue;
            await ForItemAsync(id, async () =>
            {
                var removed = await deployer.RemoveAsync(id, StopToken);
                if (PassThru) WriteObject(removed);
            });
        }
    }
}
