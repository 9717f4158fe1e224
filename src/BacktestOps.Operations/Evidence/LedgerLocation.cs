using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Plans;

namespace BacktestOps.Operations.Evidence;

/// <summary>Where the evidence of a plan lies.</summary>
public static class LedgerLocation
{
    /// <summary>The ledger of a plan's root.</summary>
    /// <param name="plan">The plan.</param>
    public static string Of(DeploymentPlan plan) => new DeploymentLayout(plan).Ledger;
}
