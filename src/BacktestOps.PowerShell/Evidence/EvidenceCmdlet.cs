using System.Management.Automation;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Plans;
using BacktestOps.PowerShell.Pipeline;

namespace BacktestOps.PowerShell.Evidence;

/// <summary>A cmdlet about a ledger of evidence: that of a plan's root, or any other.</summary>
public abstract class EvidenceCmdlet : BacktestCmdlet
{
    /// <summary>The plan whose deployments wrote the ledger.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Plan { get; set; } = "deployment.json";

    /// <summary>The ledger itself, where there is no plan beside it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Evidence { get; set; }

    private protected override object? Subject => Evidence ?? Plan;

    /// <summary>The ledger's file, absolute.</summary>
    private protected string LedgerPath => Evidence is null ? LedgerLocation.Of(PlanReader.Read(ResolveFolder(Plan))) : ResolveFolder(Evidence);
}
