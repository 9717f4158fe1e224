using BacktestOps.Contracts;
using BacktestOps.Operations.Releases;
using BacktestOps.Operations.Rollback;

namespace BacktestOps.Operations.Deployments;

/// <summary>Finds out what is there, and finishes what was begun. The truth is read from the disk and the processes; the journal says what was meant.</summary>
/// <param name="session">The session.</param>
/// <param name="abandon">True to close what can't be finished, and leave what there is.</param>
internal sealed class ResumeTransaction(DeploymentSession session, bool abandon)
{
    private readonly Changeover _changeover = new(session);

    public async Task<Deployment?> RunAsync(CancellationToken cancellationToken)
    {
        if (session.History.OpenId is not { } open) return await RepairAsync(cancellationToken).ConfigureAwait(false);
        session.Reopen(open);
        var opened = session.Journal.Records[0];
        try
        {
            return Facts.Parse<DeploymentKind>(opened.Fact(Facts.Kind)) switch
            {
                DeploymentKind.Deploy => await FinishDeployAsync(opened, cancellationToken).ConfigureAwait(false),
                DeploymentKind.Rollback => await FinishRollbackAsync(opened, cancellationToken).ConfigureAwait(false),
                _ => await FinishRepairAsync(opened.Fact(Facts.Release)!, cancellationToken).ConfigureAwait(false),
            };
        }
        catch (BacktestOpsException error)
        {
            return await UnfinishedAsync(error).ConfigureAwait(false);
        }
    }

    private async Task<Deployment> UnfinishedAsync(BacktestOpsException error)
    {
        if (abandon)
            return await session.CloseAsync(
                DeploymentOutcome.Failed, Verdict.Fail, $"Abandoned: {error.ErrorId}: {error.Message}", error.RecommendedAction,
                new Dictionary<string, string> { [Facts.Live] = session.Layout.LiveRelease() ?? "" }).ConfigureAwait(false);
        return session.Result() with
        {
            Verdict = Verdict.Fail,
            Reason = $"{error.ErrorId}: {error.Message}",
            Action = $"{error.RecommendedAction} Then Resume-Deployment again.",
        };
    }

    /// <summary>True when a step was done, and no later step took it back.</summary>
    private bool WasDone(string step) =>
        session.Journal.Records.Any(record => record.Entry == JournalEntry.Done && record.Step == step)
        && !session.Journal.Records.Any(record => record.Step?.StartsWith(Step.Rollback, StringComparison.Ordinal) == true);

    private bool WasBegun(string step) => session.Journal.Records.Any(record => record.Entry == JournalEntry.Intent && record.Step == step);

    private async Task<Deployment> FinishDeployAsync(JournalRecord opened, CancellationToken cancellationToken)
    {
        var (release, previous) = (opened.Fact(Facts.Release)!, opened.Fact(Facts.Previous));
        var verified = WasDone(session.Plan.Smoke is null ? Step.Health : Step.Smoke);
        if (verified && await _changeover.IsUpAsync(release, cancellationToken).ConfigureAwait(false))
        {
            await _changeover.EnsureAsync(release, "", restore: null, cancellationToken).ConfigureAwait(false);
            return await session.CloseAsync(
                DeploymentOutcome.Succeeded, Verdict.Pass, opened.Detail, null, new Dictionary<string, string> { [Facts.Live] = release, [Facts.Good] = release }).ConfigureAwait(false);
        }

        var failed = session.Journal.Records.LastOrDefault(record => record.Entry == JournalEntry.Failed);
        var touched = WasBegun(Step.Start);
        await new WayBack(session, _changeover).GoAsync(previous, release, touched).ConfigureAwait(false);
        return await session.CloseAsync(
            DeploymentOutcome.RolledBack, Verdict.Fail,
            failed is null ? "It was interrupted before the release was verified." : failed.Detail,
            "Deploy again.",
            new Dictionary<string, string> { [Facts.Live] = previous ?? "", [Facts.Bad] = touched ? release : "" }).ConfigureAwait(false);
    }

    private async Task<Deployment> FinishRollbackAsync(JournalRecord opened, CancellationToken cancellationToken)
    {
        var (release, previous) = (opened.Fact(Facts.Release)!, opened.Fact(Facts.Previous));
        if (session.Journal.Records.Any(record => record.Step?.StartsWith(Step.Rollback, StringComparison.Ordinal) == true))
        {
            // It had turned back already: what was live then may have accepted more since, so this direction is kept.
            await new WayBack(session, _changeover).GoAsync(previous, failed: null, mayHaveRun: false, RollbackTransaction.Undo(session)).ConfigureAwait(false);
            var reason = session.Journal.Records.Last(record => record.Entry == JournalEntry.Failed).Detail;
            return await session.CloseAsync(
                DeploymentOutcome.RolledBack, Verdict.Fail, reason, "Roll back again.", new Dictionary<string, string> { [Facts.Live] = previous ?? "" }).ConfigureAwait(false);
        }

        var restore = opened.Fact(Facts.Restore) is { } backup && !WasDone(Step.Restore) ? RollbackTransaction.Continue(session, opened, backup) : null;
        await _changeover.EnsureAsync(release, "", restore, cancellationToken).ConfigureAwait(false);
        return await RollbackTransaction.FinishAsync(session, _changeover, release, opened.Detail, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Deployment?> RepairAsync(CancellationToken cancellationToken)
    {
        var history = session.History;
        if (history.NextId == 1) return null;
        if (history.Live is not { } live) return history.Describe(history.NextId - 1);
        if (await _changeover.IsUpAsync(live, cancellationToken).ConfigureAwait(false)) return history.Describe(history.NextId - 1);
        session.Open(DeploymentKind.Repair, ReleaseManifest.Read(session.Layout.ReleaseFolder(live))?.Version, _ => live, "The live release was not up.");
        try
        {
            return await FinishRepairAsync(live, cancellationToken).ConfigureAwait(false);
        }
        catch (BacktestOpsException error)
        {
            return await UnfinishedAsync(error).ConfigureAwait(false);
        }
    }

    private async Task<Deployment> FinishRepairAsync(string release, CancellationToken cancellationToken)
    {
        session.IsGoingBack = true;
        await _changeover.EnsureAsync(release, "", restore: null, cancellationToken).ConfigureAwait(false);
        return await session.CloseAsync(
            DeploymentOutcome.Succeeded, Verdict.Pass, session.Journal.Records[0].Detail, null, new Dictionary<string, string> { [Facts.Live] = release }).ConfigureAwait(false);
    }
}
