using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.FollowUps;

/// <summary>Unregister-DeploymentFollowUp: takes the follow-ups of a plan off the machine's scheduler.</summary>
[Cmdlet(VerbsLifecycle.Unregister, "DeploymentFollowUp", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(FollowUpRegistration))]
public sealed class UnregisterDeploymentFollowUpCommand : RegistrationCmdlet
{
    /// <summary>Gives what was taken off.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessAsync()
    {
        var registrar = Registrar;
        if (!ShouldProcess(Plan, Messages.UnregisterFollowUpAction)) return;
        var removed = await registrar.UnregisterAsync(StopToken);
        if (PassThru) WriteObject(removed, enumerateCollection: true);
    }
}
