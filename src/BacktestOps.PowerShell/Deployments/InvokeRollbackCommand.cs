using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Rollback;
using BacktestOps.PowerShell.Binding;
using BacktestOps.PowerShell.Completion;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Deployments;

/// <summary>Invoke-Rollback: goes back to the last release that was good.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "Rollback", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(Deployment))]
public sealed class InvokeRollbackCommand : DeploymentCmdlet
{
    /// <summary>The version to go back to; the last release that was good when absent.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(DeployedVersionCompleter))]
    [CellTransformation(typeof(string))]
    public string? Version { get; set => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>Why, for the record.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Reason { get; set; }

    /// <summary>Puts the database back as well; what the plan says when absent.</summary>
    [Parameter]
    public SwitchParameter RestoreDatabase { get; set; }

    /// <summary>Gives up what was accepted since the backup without asking again, however much that is by then.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessAsync()
    {
        var deployer = Deployer;
        bool? restore = MyInvocation.BoundParameters.ContainsKey(nameof(RestoreDatabase)) ? RestoreDatabase.IsPresent : null;
        var request = new RollbackRequest { Version = Version, Reason = Reason, RestoreDatabase = restore };
        var preview = deployer.PreviewRollback(request);
        var description = Messages.RollbackSteps.With(preview.Live, preview.Release, Environment.NewLine + StepList(preview.Steps));
        if (!ShouldProcess(description, Messages.StepsQuestion.With(description), Messages.RollbackCaption)) return;
        WriteOutcome(await WithProgressAsync(Messages.RollbackTitle.With(preview.Version), (progress, ask) =>
            deployer.RollBackAsync(request with { ConfirmLoss = loss => ConfirmAsync(loss, preview, ask) }, progress, StopToken)));
    }

    /// <summary>What was shown was confirmed; what came since is asked for.</summary>
    private Task<bool> ConfirmAsync(RestoreLoss loss, RollbackPreview preview, Func<Func<bool>, Task<bool>> ask) =>
        Force || loss.Accepted <= preview.Accepted || (loss.Accepted is null && preview.Accepted is null)
            ? Task.FromResult(true)
            : ask(() => ShouldContinue(Messages.LossQuestion.With(loss.Accepted, loss.Table, loss.BackupAt.LocalDateTime), Messages.RollbackCaption));
}
