using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.Operations.FollowUps.Scheduling;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.FollowUps;

/// <summary>Register-DeploymentFollowUp: puts the follow-ups of a plan on the machine's own scheduler.</summary>
[Cmdlet(VerbsLifecycle.Register, "DeploymentFollowUp", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(FollowUpRegistration))]
public sealed class RegisterDeploymentFollowUpCommand : RegistrationCmdlet
{
    /// <summary>Which scheduler: Auto, Systemd, Cron or TaskScheduler.</summary>
    [Parameter]
    [ValidateSet("Auto", "Systemd", "Cron", "TaskScheduler")]
    public string Scheduler { get; set; } = "Auto";

    /// <summary>The program that runs scripts, and its arguments up to the script's path; that of this session when absent.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? HostCommand { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessAsync()
    {
        var (registrar, choice) = (Registrar, Enum.Parse<SchedulerChoice>(Scheduler));
        var host = new ScriptHost(HostCommand ?? SessionHost.Command(), SessionHost.Module(MyInvocation.MyCommand.Module));
        var preview = await registrar.PreviewAsync(choice, host, StopToken);
        if (!ShouldProcess(Messages.RegisterFollowUp.With(Plan, preview), Messages.RegisterFollowUpAction)) return;
        var registration = await registrar.RegisterAsync(choice, host, StopToken);
        WriteObject(registration);
        WriteNotices(registration.Notices);
    }
}
