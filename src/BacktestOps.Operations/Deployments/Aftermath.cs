using System.Globalization;
using BacktestOps.Contracts;
using BacktestOps.Operations.FollowUps;
using BacktestOps.Operations.Notifications;
using BacktestOps.Operations.Plans;

namespace BacktestOps.Operations.Deployments;

/// <summary>What is done when a deployment has ended, and can't change how it did: its week is planned, and people are told.</summary>
internal sealed class Aftermath(DeploymentPlan plan, DeploymentTools tools)
{
    /// <summary>Plans and tells. What can't be done is said in the deployment's notices.</summary>
    /// <param name="deployment">The deployment, which has ended.</param>
    public async Task<Deployment> OfAsync(Deployment deployment)
    {
        var notices = new List<string>();
        try
        {
            await new DeploymentFollowUp(plan, tools).ScheduleAsync(deployment).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or BacktestOpsException)
        {
            notices.Add($"The follow-ups could not be planned: {error.Message} The first Invoke-DeploymentFollowUp does it.");
        }

        // Who stopped it wants to be told all the same; each channel's own limits end this.
        notices.AddRange(await new Notifier(plan, tools).SendAsync(Message(deployment), CancellationToken.None).ConfigureAwait(false));
        return deployment with { Notices = notices };
    }

    private Notification Message(Deployment deployment)
    {
        var lines = new List<string?>
        {
            deployment.Reason is null ? null : $"Why: {deployment.Reason}",
            deployment.Action is null ? null : $"Next: {deployment.Action}",
            $"Live: {deployment.Live ?? (deployment.Outcome == DeploymentOutcome.Open ? "not known" : "nothing")}",
            string.Create(CultureInfo.InvariantCulture, $"Deployment {deployment.Id} on {Environment.MachineName}, by {deployment.Operator}"),
        };
        return new Notification
        {
            Event = deployment.Kind == DeploymentKind.Rollback ? NotificationEvent.Rollback : NotificationEvent.Deployment,
            Verdict = deployment.Outcome == DeploymentOutcome.Succeeded ? Verdict.Pass : Verdict.Fail,
            Title = $"{plan.Name} {deployment.Version}: {Said(deployment)}",
            Lines = [.. lines.OfType<string>()],
            Deployment = deployment.Id,
        };
    }

    private static string Said(Deployment deployment) => (deployment.Kind, deployment.Outcome) switch
    {
        (DeploymentKind.Deploy, DeploymentOutcome.Succeeded) => "deployed, verified and live",
        (DeploymentKind.Rollback, DeploymentOutcome.Succeeded) => "gone back to, verified and live",
        (DeploymentKind.Repair, DeploymentOutcome.Succeeded) => "repaired, verified and live",
        (_, DeploymentOutcome.Refused) => "refused, nothing was changed",
        (DeploymentKind.Rollback, DeploymentOutcome.RolledBack) => "the rollback failed, what ran before it runs again",
        (_, DeploymentOutcome.RolledBack) => "failed, what ran before runs again",
        (_, DeploymentOutcome.Open) => "failed, and is not finished",
        _ => "failed",
    };
}
