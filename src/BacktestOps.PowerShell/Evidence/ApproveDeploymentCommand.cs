using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.Operations.Approvals;
using BacktestOps.PowerShell.Binding;
using BacktestOps.PowerShell.Completion;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Evidence;

/// <summary>Approve-Deployment: records who approved a deployment, when, and on which head of the ledger.</summary>
[Cmdlet(VerbsLifecycle.Approve, "Deployment", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(DeploymentApproval))]
public sealed class ApproveDeploymentCommand : EvidenceCmdlet
{
    /// <summary>The deployment; the last one that brought up a release when absent.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(DeploymentIdCompleter))]
    [ValidateRange(1, int.MaxValue)]
    [CellTransformation(typeof(int))]
    public int? Id { get; set; }

    /// <summary>The head that was looked at.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(LedgerHead))]
    public LedgerHead? Head { get; set; }

    /// <summary>What the approver says.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(string))]
    public string? Comment { get; set => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>Lets the one who deployed be the only one who approves.</summary>
    [Parameter]
    public SwitchParameter AllowSelfApproval { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessAsync()
    {
        var ledger = LedgerPath;
        if (!ShouldProcess(Id is { } id ? Messages.DeploymentNumber.With(id, ledger) : ledger, Messages.ApproveAction)) return;
        var request = new ApprovalRequest
        {
            Deployment = Id,
            // Who is logged in, not who somebody says to be.
            Approver = $"{Environment.UserName}@{Environment.MachineName}",
            Head = Head,
            Comment = Comment,
            AllowSelfApproval = AllowSelfApproval,
        };
        WriteObject(await new DeploymentApprovals(ledger, TimeProvider.System).ApproveAsync(request, StopToken));
    }
}
