using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.FollowUps;
using BacktestOps.Operations.Plans;
using BacktestOps.PowerShell.Deployments;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.FollowUps;

/// <summary>Invoke-DeploymentFollowUp: does what is due today in the week after a deployment.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "DeploymentFollowUp", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(FollowUp))]
public sealed class InvokeDeploymentFollowUpCommand : DeploymentCmdlet
{
    /// <summary>Gives the whole week as it stands afterwards, not only what this run did.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessAsync()
    {
        var followUp = new DeploymentFollowUp(PlanReader.Read(ResolveFolder(Plan)), new DeploymentTools());
        if (!ShouldProcess(Plan, Messages.FollowUpAction)) return;
        var run = await followUp.RunAsync(StopToken);
        foreach (var item in All ? followUp.List() : run.FollowUps) WriteObject(item);
        WriteNotices(run.Notices);
        var against = run.FollowUps.Where(item => item.Verdict is { } verdict and not Verdict.Pass).ToList();
        if (against.Count > 0)
            WriteError(
                new DeploymentException("FollowUpNotPassed", Messages.FollowUpNotPassed.With(against.Count, run.FollowUps.Count, string.Join(", ", against.Select(item => item.Item).Distinct())), Messages.FollowUpNotPassedAction),
                against);
    }
}
