using BacktestOps.Contracts;
using BacktestOps.Operations.Releases;

namespace BacktestOps.Operations.Deployments;

/// <summary>Which releases stay: the live one, the one to go back to, and as many good ones as the plan keeps. Failed ones do not count.</summary>
internal sealed class Retention(DeploymentSession session)
{
    /// <summary>Removes what need not stay. What can't be removed stays for the next time.</summary>
    public void Prune()
    {
        var live = session.Layout.LiveRelease();
        var keep = session.History.RollbackTargets(live).Take(Math.Max(1, session.Plan.Keep - 1)).Append(live).ToHashSet();
        foreach (var folder in Directory.EnumerateDirectories(session.Layout.Releases))
        {
            if (keep.Contains(Path.GetFileName(folder))) continue;
            try
            {
                ReleaseBuilder.Remove(folder);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // A file that somebody still reads: the deployment itself succeeded.
            }
        }
    }

    /// <summary>Removes the release of a deployment, and its backup.</summary>
    public Deployment Remove(int id)
    {
        if (session.History.Records(id).Count == 0)
            throw new DeploymentException("DeploymentNotFound", $"There is no deployment {id} of '{session.Plan.Name}'.", "Get-Deployment lists them.");
        var deployment = session.History.Describe(id);
        var live = session.Layout.LiveRelease();
        if (deployment.Release is { } release)
        {
            if (release == live)
                throw new DeploymentException("ReleaseIsLive", $"Release {release} is live.", "Deploy another version, or roll back, before you remove it.");
            if (session.History.RollbackTargets(live) is [var target, ..] && target == release)
                throw new DeploymentException("ReleaseIsRollbackTarget", $"Release {release} is the one that a rollback goes back to.", "Keep it until another good release has been live.");
            ReleaseBuilder.Remove(session.Layout.ReleaseFolder(release));
        }

        // The backup that a rollback to the target would restore stays with the target.
        if (session.History.RollbackTargets(live) is not [var first, ..] || session.History.BackupAfter(first) != id) File.Delete(session.Layout.BackupFile(id));
        return deployment;
    }
}
