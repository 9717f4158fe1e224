using System.Globalization;
using BacktestOps.Operations.Databases;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Plans;
using BacktestOps.Operations.Releases;

namespace BacktestOps.Operations.Rollback;

/// <summary>What to go back to.</summary>
public sealed record RollbackRequest
{
    /// <summary>The version; null for the last release that was good.</summary>
    public string? Version { get; init; }

    /// <summary>Why, for the record; the release that is left is marked bad with it.</summary>
    public string? Reason { get; init; }

    /// <summary>True to put the database back as well; null for what the plan says.</summary>
    public bool? RestoreDatabase { get; init; }

    /// <summary>Decides whether what was accepted since the backup may be given up; asked with the writers stopped. Null refuses when there is anything.</summary>
    public Func<RestoreLoss, Task<bool>>? ConfirmLoss { get; init; }
}

/// <summary>What a rollback would do.</summary>
/// <param name="Live">The release that is live and would be left; null when none is.</param>
/// <param name="Release">The release that would be gone back to.</param>
/// <param name="Version">Its version.</param>
/// <param name="Backup">The backup that would be restored; null for none.</param>
/// <param name="BackupAt">When that backup was made, UTC.</param>
/// <param name="Accepted">How many accepted entries the database has now that the backup has not; null when that is not counted.</param>
/// <param name="Steps">The exact steps, in words.</param>
public sealed record RollbackPreview(
    string? Live, string Release, string Version, string? Backup, DateTimeOffset? BackupAt, long? Accepted, IReadOnlyList<string> Steps)
{
    internal static RollbackPreview Make(
        DeploymentPlan plan, DeploymentTools tools, DeploymentLayout layout, DeploymentHistory history, RollbackRequest request)
    {
        var live = layout.LiveRelease();
        var release = Choose(layout, history, live, request.Version);
        var manifest = ReleaseManifest.Read(layout.ReleaseFolder(release))!;
        if (manifest.FindDifferences(layout.ReleaseFolder(release)) is { Count: > 0 } differences)
            throw new DeploymentException(
                "ReleaseDamaged", $"Release {release} is not what was verified: {string.Join("; ", differences.Take(5))}.",
                $"Deploy version {manifest.Version} again instead.");
        var (backup, made) = request.RestoreDatabase ?? plan.Database is { Restore: not RestorePolicy.Never } ? FindBackup(plan, layout, history, release) : default;
        long? accepted = backup is not null && plan.Database is { AcceptedTable: { } table } database && File.Exists(database.Path)
            ? new DatabaseBackup(database.Path, tools.Disk).CountSince(backup, table, database.AcceptedKey!)
            : null;
        return new RollbackPreview(live, release, manifest.Version, backup, made, accepted, Describe(plan, layout, live, release, backup, accepted));
    }

    private static string Choose(DeploymentLayout layout, DeploymentHistory history, string? live, string? version)
    {
        var targets = history.RollbackTargets(live);
        if (version is null)
            return targets is [var last, ..] ? last : throw new DeploymentException(
                "NothingToGoBackTo", $"No good release of this root but {live ?? "the live one"} is there to go back to.", "Deploy a version that is known to be good.");
        if (targets.FirstOrDefault(target => ReleaseManifest.Read(layout.ReleaseFolder(target))!.Version == version) is { } chosen) return chosen;
        if (live is not null && ReleaseManifest.Read(layout.ReleaseFolder(live))?.Version == version)
            throw new DeploymentException("AlreadyLive", $"Version {version} is live already ({live}).", "Resume-Deployment starts it again when it does not run.");
        var bad = Directory.EnumerateDirectories(layout.Releases).Select(folder => history.Release(Path.GetFileName(folder)!))
            .FirstOrDefault(known => known.Standing == ReleaseStanding.Bad && ReleaseManifest.Read(layout.ReleaseFolder(known.Name))?.Version == version);
        throw bad is not null
            ? new DeploymentException("ReleaseIsBad", $"Release {bad.Name} is marked bad: {bad.Why}", $"Deploy version {version} again: then it is verified anew.")
            : new DeploymentException(
                "ReleaseUnknown", $"No good release of version {version} is there to go back to.",
                targets.Count > 0 ? $"There are {string.Join(", ", targets)}; or deploy version {version}." : $"Deploy version {version}.");
    }

    private static (string? File, DateTimeOffset? At) FindBackup(DeploymentPlan plan, DeploymentLayout layout, DeploymentHistory history, string release)
    {
        if (plan.Database is null)
            throw new DeploymentException("NoDatabase", "The plan names no database, so there is none to restore.", "Roll back without restoring the database.");
        return history.BackupAfter(release) is { } id
            ? (layout.BackupFile(id), history.Records(id).LastOrDefault(record => record is { Entry: JournalEntry.Done, Step: Step.Backup })?.At)
            : throw new DeploymentException(
                "BackupMissing", $"There is no backup of the database as it was when {release} was live.", "Roll back without restoring the database.");
    }

    private static List<string> Describe(DeploymentPlan plan, DeploymentLayout layout, string? live, string release, string? backup, long? accepted)
    {
        var common = new PlannedSteps(plan, layout);
        var steps = new List<string> { common.Lock, common.Stop };
        if (backup is not null)
            steps.Add($"restore '{plan.Database!.Path}' from '{backup}', giving up {accepted?.ToString(CultureInfo.InvariantCulture) ?? "an uncounted number of"} entries accepted since (they are kept in '{layout.Backups}')");
        steps.AddRange([common.Switch(live, release), common.Start(release), common.Health, .. common.Smoke]);
        if (live is not null) steps.Add($"mark {live} bad, and record {release} as live");
        return steps;
    }
}
