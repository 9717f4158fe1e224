using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Monitoring.Criteria;
using BacktestOps.Operations.Plans;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Deployments;

/// <summary>Test-RollbackCriterion: whether the live release must be taken back, one answer a criterion, from evidence alone.</summary>
[Cmdlet(VerbsDiagnostic.Test, "RollbackCriterion", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(RollbackCriterion), typeof(bool))]
public sealed class TestRollbackCriterionCommand : DeploymentCmdlet
{
    /// <summary>The criteria; all of the plan when absent.</summary>
    [Parameter(Position = 0)]
    [ValidateSet("download_404", "feature_broken", "severe_slowdown", "data_loss")]
    [ValidateNotNullOrEmpty]
    public string[]? Criterion { get; set; }

    /// <summary>Writes the answers to the ledger.</summary>
    [Parameter]
    public SwitchParameter Record { get; set; }

    /// <summary>Gives one Boolean: true when every criterion was answered, and none is met.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessAsync()
    {
        var criteria = new RollbackCriteria(PlanReader.Read(ResolveFolder(Plan)), new DeploymentTools());
        var answers = criteria.Test(Criterion);
        if (Record && ShouldProcess(Plan, Messages.RecordCriteriaAction)) await criteria.RecordAsync(answers, StopToken);
        if (Quiet) WriteObject(Verdicts.Combine(answers.Select(answer => answer.Verdict)) == Verdict.Pass);
        else foreach (var answer in answers) WriteObject(answer);
    }
}
