using System.Management.Automation;
using BacktestOps.Operations.Plans;
using BacktestOps.PowerShell.Pipeline;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Deployments;

/// <summary>New-DeploymentPlan: writes a commented plan to begin with.</summary>
[Cmdlet(VerbsCommon.New, "DeploymentPlan", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(FileInfo))]
public sealed class NewDeploymentPlanCommand : BacktestCmdlet
{
    /// <summary>The file to write.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "deployment.json";

    /// <summary>What is deployed: BacktestService or NodeBacktestService.</summary>
    [Parameter]
    [ValidateSet("BacktestService", "NodeBacktestService")]
    public string Template { get; set; } = "BacktestService";

    /// <summary>Replaces a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override Task EndAsync()
    {
        var path = ResolveFolder(Path);
        if (ShouldProcess(path, Messages.WritePlanAction.With(Template)))
        {
            PlanTemplates.Write(Template, path, Force);
            WriteObject(GetFile(path));
        }

        return Task.CompletedTask;
    }
}
