using System.Globalization;
using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Releases;

namespace BacktestOps.Operations.Rollback;

/// <summary>One rollback that was asked for, from the stop to its end.</summary>
internal sealed class RollbackTransaction(DeploymentSession session, RollbackPreview preview, RollbackRequest request)
{
    private readonly Changeover _changeover = new(session);

    public async Task<Deployment> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var restore = preview.Backup is { } backup
                ? new RestoreRequest(backup, preview.BackupAt ?? default, ConfirmAsync, IsOptional: false)
                : null;
            await _changeover.ToAsync(preview.Release, "", restore, cancellationToken).ConfigureAwait(false);
            return await FinishAsync(session, _changeover, preview.Release, request.Reason, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            return await BackAsync(DeploymentException.From(error, "rolling back")).ConfigureAwait(false);
        }
    }

    /// <summary>The restore of an interrupted rollback: what was confirmed then is confirmed, more is not.</summary>
    public static RestoreRequest Continue(DeploymentSession session, JournalRecord opened, string backup)
    {
        var confirmed = long.TryParse(opened.Fact(Facts.Accepted), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : (long?)null;
        // Once begun, it was confirmed with the writers stopped, and nothing was accepted since.
        var begun = session.Journal.Records.Any(record => record.Entry == JournalEntry.Intent && record.Step == Step.Restore);
        return new RestoreRequest(backup, opened.At, loss => Task.FromResult(begun || (loss.Accepted is { } now && now <= confirmed)), IsOptional: true);
    }

    /// <summary>Puts back what the rollback gave up, where it turns back itself; null where it gave up nothing, or that was done.</summary>
    public static RestoreRequest? Undo(DeploymentSession session)
    {
        var records = session.Journal.Records;
        var givenUp = Changeover.GivenUpFile(session);
        if (!File.Exists(givenUp) || records.Any(record => record is { Entry: JournalEntry.Intent, Step: Step.Rollback + Step.Start })) return null;
        return new RestoreRequest(givenUp, records[0].At, _ => Task.FromResult(true), IsOptional: false);
    }

    /// <summary>The last part, also of one that was interrupted: the journey, and the record.</summary>
    public static async Task<Deployment> FinishAsync(
        DeploymentSession session, Changeover changeover, string release, string? reason, CancellationToken cancellationToken)
    {
        var left = session.Journal.Records[0].Fact(Facts.Previous);
        var version = ReleaseManifest.Read(session.Layout.ReleaseFolder(release))!.Version;
        SmokeOutcome? smoke;
        string? fault = null;
        try
        {
            smoke = await changeover.SmokeAsync("", version, mustPass: false, cancellationToken).ConfigureAwait(false);
            if (smoke is { Verdict: not Verdict.Pass }) fault = SmokeRuns.Fault(smoke, version).Message;
        }
        catch (BacktestOpsException error)
        {
            (smoke, fault) = (null, error.Message);
        }

        var facts = new Dictionary<string, string>
        {
            [Facts.Live] = release,
            [Facts.Bad] = left == release ? "" : left ?? "",
            [Facts.Gap] = changeover.Gap?.TotalSeconds.ToString("R", CultureInfo.InvariantCulture) ?? "",
        };
        if (fault is not null)
            return await session.CloseAsync(
                DeploymentOutcome.Failed, smoke?.Verdict ?? Verdict.Error,
                $"{release} runs and is healthy, but its journey did not pass. {fault}", "Roll back further, or deploy a version that mends it.", facts).ConfigureAwait(false);
        return await session.CloseAsync(
            DeploymentOutcome.Succeeded, Verdict.Pass, reason, null, new Dictionary<string, string>(facts) { [Facts.Good] = release }).ConfigureAwait(false);
    }

    private Task<bool> ConfirmAsync(RestoreLoss loss)
    {
        if (loss.Accepted == 0) return Task.FromResult(true);
        return request.ConfirmLoss?.Invoke(loss) ?? Task.FromResult(false);
    }

    private async Task<Deployment> BackAsync(BacktestOpsException error)
    {
        try
        {
            await new WayBack(session, _changeover).GoAsync(preview.Live, failed: null, mayHaveRun: false, Undo(session)).ConfigureAwait(false);
        }
        catch (BacktestOpsException second)
        {
            return session.Result() with
            {
                Verdict = Verdict.Fail,
                Reason = $"{error.ErrorId}: {error.Message} What was live could not be brought back either: {second.ErrorId}: {second.Message}",
                Action = $"{second.RecommendedAction} Then Resume-Deployment.",
            };
        }

        return await session.CloseAsync(
            DeploymentOutcome.RolledBack, Verdict.Fail, $"{error.ErrorId}: {error.Message}", error.RecommendedAction,
            new Dictionary<string, string> { [Facts.Live] = preview.Live ?? "" }).ConfigureAwait(false);
    }
}
