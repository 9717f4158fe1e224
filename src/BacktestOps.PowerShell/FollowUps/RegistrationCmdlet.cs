using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.FollowUps.Scheduling;
using BacktestOps.Operations.Plans;
using BacktestOps.PowerShell.Deployments;

namespace BacktestOps.PowerShell.FollowUps;

/// <summary>A cmdlet about the scheduler's entry of a plan.</summary>
public abstract class RegistrationCmdlet : DeploymentCmdlet
{
    private protected FollowUpRegistrar Registrar => new(PlanReader.Read(ResolveFolder(Plan)), new DeploymentTools());
}
