using System.Globalization;
using BacktestOps.Contracts;
using BacktestOps.Operations.Databases;
using BacktestOps.Operations.Health;
using BacktestOps.Operations.Plans;
using BacktestOps.Operations.Releases;
using BacktestOps.Operations.Services;

namespace BacktestOps.Operations.Deployments;

/// <summary>Whether a version can be deployed now, and gone back from. It changes nothing.</summary>
internal sealed class Preflight(DeploymentPlan plan, DeploymentTools tools, DeploymentLayout layout, IServiceHost host, DeploymentHistory history)
{
    private readonly CheckWriter _write = new(tools.Clock);

    /// <summary>What the version was found to be: the commit id, or the archive's digest; null when it was not found.</summary>
    public string? Revision { get; private set; }

    /// <summary>Makes every check; one that fails keeps no other from being made.</summary>
    /// <param name="version">The version to deploy.</param>
    /// <param name="hasLock">True when the caller has the lock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<CheckResult>> RunAsync(string version, bool hasLock, CancellationToken cancellationToken)
    {
        var checks = new List<CheckResult>
        {
            await _write.TryAsync("root", plan.Root, "a folder on a local disk that this user can write", () => Task.FromResult(CheckRoot())).ConfigureAwait(false),
        };
        if (!hasLock) checks.Add(await _write.TryAsync("lock", layout.LockFile, "free", () => Task.FromResult(CheckLock())).ConfigureAwait(false));
        checks.Add(CheckOpen(hasLock));
        checks.Add(await _write.TryAsync("version to deploy", version, "one commit, or an archive with the plan's digest", () => CheckVersionAsync(version, cancellationToken)).ConfigureAwait(false));
        checks.Add(await _write.TryAsync("version to go back to", plan.Name, "a whole release whose tag is where it was", () => CheckWayBackAsync(cancellationToken)).ConfigureAwait(false));
        checks.Add(await _write.TryAsync("port", Port, "the live release's process, or nobody when none should run", () => CheckPortAsync(cancellationToken)).ConfigureAwait(false));
        checks.AddRange(new EnvironmentChecks(plan, tools, _write).Run());
        foreach (var tool in plan.Requirements.Tools)
            checks.Add(await _write.TryAsync("tool", tool.Name, tool.Minimum is null ? "any version" : $"{tool.Minimum} or later", () => EnvironmentChecks.ToolAsync(tool, tools, layout, _write, cancellationToken)).ConfigureAwait(false));
        checks.Add(await _write.TryAsync("disk space", plan.Root, EnvironmentChecks.Bytes(NeededBytes), () => Task.FromResult(CheckDisk())).ConfigureAwait(false));
        if (plan.Database is { } database)
            checks.Add(await _write.TryAsync("database", database.Path, "a database whose integrity check passes", () => Task.FromResult(CheckDatabase(database))).ConfigureAwait(false));
        checks.AddRange(await CheckHealthAsync(cancellationToken).ConfigureAwait(false));
        return checks;
    }

    private string Port => string.Create(CultureInfo.InvariantCulture, $"port {plan.Service.Port}");

    private long NeededBytes => plan.Requirements.DiskFreeBytes
        + (plan.Database is { } database && File.Exists(database.Path) ? 2 * new FileInfo(database.Path).Length : 0);

    private string? Live => layout.LiveRelease();

    private CheckResult CheckRoot()
    {
        const string Expected = "a folder on a local disk that this user can write";
        if (tools.Disk.NetworkFileSystem(plan.Root) is { } type)
            return _write.Fail("root", plan.Root, Expected, $"a network file system ({type})", "Put the plan's root on a local disk: a lock there holds off no other machine.");
        _ = layout.LiveRelease();
        // Where there is no root yet, the folder that it will be made in is tried: a check makes nothing that stays.
        var folder = layout.State;
        while (!Directory.Exists(folder)) folder = Path.GetDirectoryName(folder)!;
        var probe = Path.Combine(folder, $".probe-{Guid.NewGuid():N}");
        tools.Disk.Write(probe, "probe"u8);
        File.Delete(probe);
        return _write.Pass("root", plan.Root, Expected, "writable, local");
    }

    private CheckResult CheckLock() => DeploymentLock.Holder(layout.LockFile) is { } holder
        ? _write.Fail("lock", layout.LockFile, "free", holder, "Wait for that deployment to end, or end its process and Resume-Deployment.")
        : _write.Pass("lock", layout.LockFile, "free", "free");

    private CheckResult CheckOpen(bool hasLock) => history.OpenId is { } open && !hasLock
        ? _write.Fail("open deployment", plan.Name, "none", $"deployment {open} was not closed", "Resume-Deployment finds out what it left and finishes it.")
        : _write.Pass("open deployment", plan.Name, "none", "none");

    private async Task<CheckResult> CheckVersionAsync(string version, CancellationToken cancellationToken)
    {
        Revision = await ReleaseSources.For(plan, layout, tools).ResolveAsync(version, cancellationToken).ConfigureAwait(false);
        return _write.Pass("version to deploy", version, "one commit, or an archive with the plan's digest", Revision);
    }

    private async Task<CheckResult> CheckWayBackAsync(CancellationToken cancellationToken)
    {
        const string Expected = "a whole release whose tag is where it was";
        if (Live is not { } live) return _write.Pass("version to go back to", plan.Name, Expected, "no release is live: going back means that nothing runs");
        if (ReleaseManifest.Read(layout.ReleaseFolder(live)) is not { } manifest)
            return _write.Fail("version to go back to", live, Expected, "its folder is gone or is not a whole release", "Deploy with another root, or restore the folder: there would be no way back.");
        if (manifest.FindDifferences(layout.ReleaseFolder(live)) is { Count: > 0 } differences)
            return _write.Fail("version to go back to", live, Expected, string.Join("; ", differences.Take(5)), "Restore the files: what would be gone back to is not what was verified.");
        var revision = await ReleaseSources.For(plan, layout, tools).ResolveAsync(manifest.Version, cancellationToken).ConfigureAwait(false);
        return revision == manifest.Revision
            ? _write.Pass("version to go back to", live, Expected, revision)
            : _write.Fail("version to go back to", live, Expected, $"the version is {revision} now and was {manifest.Revision}", "See who moved the tag, and move it back.");
    }

    private async Task<CheckResult> CheckPortAsync(CancellationToken cancellationToken)
    {
        const string Expected = "the live release's process, or nobody when none should run";
        var members = await host.FindAsync(cancellationToken).ConfigureAwait(false);
        var owners = tools.PortOwners(plan.Service.Port);
        var strangers = owners?.Where(owner => members.All(member => member.Identity.Id != owner)).ToList();
        if (strangers is { Count: > 0 })
            return _write.Fail("port", Port, Expected, $"process {string.Join(", ", strangers)}, which no deployment of this root started",
                "End that process (the deployment can't know what stops when it does), or give the service another port.");
        if (members.FirstOrDefault(member => member.Release is not null && member.Release != Live) is { } other)
            return _write.Fail("port", Port, Expected, $"process {other.Identity.Id} of release {other.Release} lives, and {Live ?? "no release"} is live", "Resume-Deployment ends it.");
        if (owners is null && EnvironmentChecks.IsTaken(plan.Service.Port) != members.Count > 0)
            return _write.Fail("port", Port, Expected, members.Count > 0 ? "free, though the service's process lives" : "taken by a program that can't be seen", "See who listens on the port.");
        return Live is not null && members.Count == 0
            ? _write.Fail("port", Port, Expected, "nobody, though a release is live", "Resume-Deployment starts the live release again.")
            : _write.Pass("port", Port, Expected, members.Count == 0 ? "nobody" : $"process {string.Join(", ", members.Select(member => member.Identity.Id))} of {Live}");
    }

    private CheckResult CheckDisk()
    {
        var free = tools.Disk.FreeBytes(plan.Root);
        return free >= NeededBytes
            ? _write.Pass("disk space", plan.Root, $"{EnvironmentChecks.Bytes(NeededBytes)} or more", EnvironmentChecks.Bytes(free))
            : _write.Fail("disk space", plan.Root, $"{EnvironmentChecks.Bytes(NeededBytes)} or more", EnvironmentChecks.Bytes(free), "Free space there; Remove-Deployment removes old releases.");
    }

    private CheckResult CheckDatabase(DatabasePlan database)
    {
        const string Expected = "a database whose integrity check passes";
        if (!File.Exists(database.Path))
            return Live is null
                ? _write.Pass("database", database.Path, Expected, "none yet, and no release is live that would have one")
                : _write.Fail("database", database.Path, Expected, "no file", "Correct database.path of the plan: there would be no backup.");
        return new DatabaseBackup(database.Path, tools.Disk).IntegrityFault() is { } fault
            ? _write.Fail("database", database.Path, Expected, fault, "Mend or restore the database before anything is deployed over it.")
            : _write.Pass("database", database.Path, Expected, "ok");
    }

    private async Task<IReadOnlyList<CheckResult>> CheckHealthAsync(CancellationToken cancellationToken)
    {
        if (Live is not { } live)
            return [_write.Pass("previous release's health", plan.Service.Address.ToString(), "healthy, where one is live", "no release is live")];
        var version = ReleaseManifest.Read(layout.ReleaseFolder(live))?.Version;
        using var check = new HealthCheck(tools.Http?.Invoke(), tools.Clock);
        var report = await check.RunAsync(HealthExpectations.Of(plan, version, null), cancellationToken).ConfigureAwait(false);
        return [.. report.Checks.Select(result => result with { Name = $"previous release's {result.Name}" })];
    }
}
