using BacktestOps.Contracts;
using BacktestOps.Operations.Plans;
using BacktestOps.Operations.Releases;

namespace BacktestOps.Operations.Deployments;

/// <summary>From a release that failed back to what was live before. It is not cancelled, and no full disk stops it where it can go on.</summary>
internal sealed class WayBack(DeploymentSession session, Changeover changeover)
{
    /// <summary>Brings back what was live, and removes the release that failed.</summary>
    /// <param name="previous">What was live; null for nothing.</param>
    /// <param name="failed">The release that failed; null for none.</param>
    /// <param name="mayHaveRun">True when the failed release may have run, and written to the database.</param>
    /// <param name="undo">The database that a rollback gave up, to put back with what was live; null for none.</param>
    public async Task GoAsync(string? previous, string? failed, bool mayHaveRun, RestoreRequest? undo = null)
    {
        const string prefix = Step.Rollback;
        session.IsGoingBack = true;
        session.Journal.Release();
        if (previous is null)
        {
            await changeover.ToNothingAsync(prefix, CancellationToken.None).ConfigureAwait(false);
            Clean(failed);
            return;
        }

        // A release that never ran is removed first: on a full disk its bytes are what the old one needs.
        if (!mayHaveRun) Clean(failed);
        await changeover.EnsureAsync(previous, prefix, undo ?? (mayHaveRun ? Restore() : null), CancellationToken.None).ConfigureAwait(false);
        Clean(failed);
        var version = ReleaseManifest.Read(session.Layout.ReleaseFolder(previous))!.Version;
        if (mayHaveRun) await NoteSmokeAsync(prefix, version).ConfigureAwait(false);
    }

    /// <summary>The journey through what was brought back is noted: there is nothing further to go back to.</summary>
    private async Task NoteSmokeAsync(string prefix, string version)
    {
        try
        {
            await changeover.SmokeAsync(prefix, version, mustPass: false, CancellationToken.None).ConfigureAwait(false);
        }
        catch (BacktestOpsException)
        {
            // That the journey could not be made stands in the journal.
        }
    }

    private RestoreRequest? Restore()
    {
        if (session.Plan.Database is not { Restore: not RestorePolicy.Never } database) return null;
        // Brought up once already, what was live may have accepted more: restoring again would give that up unsaid.
        if (session.Journal.Records.Any(record => record is { Entry: JournalEntry.Intent, Step: Step.Rollback + Step.Start })) return null;
        var backup = session.Layout.BackupFile(session.Id);
        var made = session.Journal.Records.LastOrDefault(record => record is { Entry: JournalEntry.Done, Step: Step.Backup });
        if (made is null || !File.Exists(backup)) return null;
        return new RestoreRequest(
            backup, made.At, loss => Task.FromResult(database.Restore == RestorePolicy.Always || loss.Accepted == 0), IsOptional: true);
    }

    private void Clean(string? failed)
    {
        if (failed is null || failed == session.Layout.LiveRelease()) return;
        try
        {
            ReleaseBuilder.Remove(session.Layout.ReleaseFolder(failed));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Without its release.json it is no release; the next deployment's retention tries again.
        }
    }
}
