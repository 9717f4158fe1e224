using System.Management.Automation;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Plans;
using BacktestOps.PowerShell.Binding;
using BacktestOps.PowerShell.Pipeline;

namespace BacktestOps.PowerShell.Evidence;

/// <summary>A cmdlet about a ledger of evidence: that of a plan's root, or any other.</summary>
public abstract class EvidenceCmdlet : BacktestCmdlet
{
    /// <summary>The plan whose deployments wrote the ledger.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(string))]
    public string Plan { get; set => field = string.IsNullOrEmpty(value) ? "deployment.json" : value; } = "deployment.json";

    /// <summary>The ledger itself, where there is no plan beside it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Evidence { get; set; }

    private protected override object? Subject => Evidence ?? Plan;

    /// <summary>The ledger's file, absolute.</summary>
    private protected string LedgerPath => Evidence is null ? LedgerLocation.Of(PlanReader.Read(ResolveFolder(Plan))) : ResolveFolder(Evidence);
}
