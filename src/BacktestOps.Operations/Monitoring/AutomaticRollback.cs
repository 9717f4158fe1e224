using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Plans;
using BacktestOps.Operations.Rollback;

namespace BacktestOps.Operations.Monitoring;

/// <summary>Goes back when nobody is there to ask: what the plan allows is done, and what it does not is left as it is.</summary>
/// <param name="plan">The plan.</param>
/// <param name="tools">The outside things.</param>
internal sealed class AutomaticRollback(DeploymentPlan plan, DeploymentTools tools)
{
    /// <summary>Goes back to the last release that was good.</summary>
    /// <param name="reason">Why, for the record.</param>
    public async Task<Deployment> GoAsync(string reason)
    {
        var deployer = new Deployer(plan, tools);
        var always = plan.Database?.Restore == RestorePolicy.Always;
        var request = new RollbackRequest { Reason = reason, ConfirmLoss = loss => Task.FromResult(always || loss.Accepted == 0) };
        // With the watch's own time over, nothing cancels it: a rollback that was begun is finished.
        var back = await deployer.RollBackAsync(request, cancellationToken: CancellationToken.None).ConfigureAwait(false);
        // Something was accepted since the backup, which the plan does not give up: the release goes back without its database.
        return back.Outcome != DeploymentOutcome.Succeeded && back.Reason?.StartsWith("RestoreNotConfirmed", StringComparison.Ordinal) == true
            ? await deployer.RollBackAsync(request with { RestoreDatabase = false }, cancellationToken: CancellationToken.None).ConfigureAwait(false)
            : back;
    }
}
