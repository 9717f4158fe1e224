using System.Runtime.CompilerServices;
using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.FollowUps;
using BacktestOps.Operations.Monitoring;
using BacktestOps.Operations.Plans;
using BacktestOps.Operations.Reports;

namespace BacktestOps.Operations.Checklists;

/// <summary>
/// Runs the whole procedure: deployment and smoke test, watch, questions to people, follow-ups. Each item is what the ledger
/// says of it afterwards, never what was meant to be done. Called again, it goes on where it was interrupted.
/// </summary>
/// <param name="plan">The plan.</param>
/// <param name="tools">The outside things.</param>
public sealed class DeploymentChecklist(DeploymentPlan plan, DeploymentTools tools)
{
    private const int Watch = 3;
    private const int Week = 4;

    private readonly string _ledger = LedgerLocation.Of(plan);

    /// <summary>Runs it.</summary>
    /// <param name="request">Which version, and how.</param>
    /// <param name="cancellationToken">Interrupts it; a deployment that is under way takes back what it began.</param>
    /// <returns>The items, each stage's as soon as the stage is over.</returns>
    /// <exception cref="BacktestOpsException">It could not begin.</exception>
    public async IAsyncEnumerable<ChecklistItem> RunAsync(ChecklistRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var deployment = await DeployAsync(request, cancellationToken).ConfigureAwait(false);
        foreach (var item in Items(deployment.Id, request).Where(item => item.Stage < Watch)) yield return item;
        if (deployment.Outcome != DeploymentOutcome.Succeeded)
        {
            // Nothing is watched that is not live: the rest stays open, and says so.
            foreach (var item in Items(deployment.Id, request).Where(item => item.Stage >= Watch)) yield return item;
            yield break;
        }

        await WatchAsync(request, deployment.Id, cancellationToken).ConfigureAwait(false);
        await AskAsync(request, deployment.Id, Watch, cancellationToken).ConfigureAwait(false);
        foreach (var item in Items(deployment.Id, request).Where(item => item.Stage == Watch)) yield return item;

        await FollowUpAsync(request, cancellationToken).ConfigureAwait(false);
        await AskAsync(request, deployment.Id, Week, cancellationToken).ConfigureAwait(false);
        foreach (var item in Items(deployment.Id, request).Where(item => item.Stage == Week)) yield return item;
    }

    private IReadOnlyList<ChecklistItem> Items(int deployment, ChecklistRequest request) => DeploymentReports.Items(_ledger, deployment, request.Culture);

    /// <summary>The deployment of the version: the one that is live, where it is; what was interrupted is finished first.</summary>
    private async Task<Deployment> DeployAsync(ChecklistRequest request, CancellationToken cancellationToken)
    {
        var deployer = new Deployer(plan, tools);
        if (deployer.List().Any(deployment => deployment.Outcome == DeploymentOutcome.Open))
            await deployer.ResumeAsync(progress: request.Progress, cancellationToken: cancellationToken).ConfigureAwait(false);
        var live = deployer.List().LastOrDefault(deployment => deployment is { IsCurrent: true, Outcome: DeploymentOutcome.Succeeded, Kind: DeploymentKind.Deploy });
        if (live?.Version == request.Version) return live;
        return await deployer.DeployAsync(new DeployRequest { Version = request.Version, Reason = request.Reason }, request.Progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Watches the deployment once: a watch that ended is not made again, one that was interrupted is taken up.</summary>
    private async Task WatchAsync(ChecklistRequest request, int deployment, CancellationToken cancellationToken)
    {
        var records = new EvidenceLedger(_ledger, tools.Clock).Read().Where(record => record.Deployment == deployment).ToList();
        var ended = records.Select(MonitoringEvidence.Summary).OfType<WatchSummary>().ToList();
        if (ended.Exists(summary => summary.Ending != WatchEnding.Abandoned)) return;
        var open = records.Select(MonitoringEvidence.Sample).OfType<WatchSample>().Any(sample => ended.TrueForAll(summary => summary.Watch != sample.Watch));
        var watcher = new Watcher(plan, tools);
        var watch = new WatchRequest
        {
            Duration = request.Duration,
            Interval = request.Interval,
            RecordEvery = request.RecordEvery,
            Resume = open,
            AutoRollback = request.AutoRollback,
            Culture = System.Globalization.CultureInfo.GetCultureInfo(request.Culture),
        };
        await foreach (var sample in watcher.WatchAsync(watch, cancellationToken).ConfigureAwait(false)) request.Sampled?.Report(sample);
        foreach (var notice in watcher.Notices) request.Notices?.Report(notice);
    }

    private async Task FollowUpAsync(ChecklistRequest request, CancellationToken cancellationToken)
    {
        if (plan.FollowUp is null) return;
        var run = await new DeploymentFollowUp(plan, tools).RunAsync(cancellationToken).ConfigureAwait(false);
        foreach (var notice in run.Notices) request.Notices?.Report(notice);
        if (request.Register is null) return;
        foreach (var notice in await request.Register(cancellationToken).ConfigureAwait(false)) request.Notices?.Report(notice);
    }

    /// <summary>Asks what only a person can answer, and nobody has; the answer and who gave it are evidence.</summary>
    private async Task AskAsync(ChecklistRequest request, int deployment, int stage, CancellationToken cancellationToken)
    {
        if (request.Ask is null) return;
        foreach (var item in Items(deployment, request).Where(item => item.Stage == stage && item.State == ChecklistState.Open && ManualItems.Ids.Contains(item.Id)))
        {
            if (await request.Ask(item).ConfigureAwait(false) is { } answer)
                await new ChecklistAnswers(_ledger, tools, Secrets.Resolve(plan, tools.Variable).Redactor).RecordAsync(item, answer, cancellationToken).ConfigureAwait(false);
        }
    }
}
