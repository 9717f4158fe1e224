using System.Globalization;
using BacktestOps.Contracts;
using BacktestOps.Operations.Databases;
using BacktestOps.Operations.Files;
using BacktestOps.Operations.Releases;
using BacktestOps.Operations.Services;

namespace BacktestOps.Operations.Deployments;

/// <summary>What a rollback gives up of what was accepted since the backup.</summary>
/// <param name="Accepted">How many entries; null when the plan names no table to count in.</param>
/// <param name="Table">The table.</param>
/// <param name="Backup">The backup.</param>
/// <param name="BackupAt">When it was made, UTC.</param>
public sealed record RestoreLoss(long? Accepted, string? Table, string Backup, DateTimeOffset BackupAt);

/// <summary>A database to put back between stop and start.</summary>
/// <param name="Backup">The backup.</param>
/// <param name="BackupAt">When it was made, UTC.</param>
/// <param name="Confirm">Decides, with the writers stopped, whether what would be given up may be.</param>
/// <param name="IsOptional">True where a refusal leaves the database as it is and goes on; false where it stops the rollback.</param>
internal sealed record RestoreRequest(string Backup, DateTimeOffset BackupAt, Func<RestoreLoss, Task<bool>> Confirm, bool IsOptional);

/// <summary>Takes the service from whatever runs to a release: stop, (restore,) switch, start, health, smoke. Each step may be done again.</summary>
internal sealed class Changeover(DeploymentSession session)
{
    private readonly HealthGate _gate = new(session.Plan, session.Host, session.Tools);

    /// <summary>Between the begin of the stop and the first healthy answer; null when nothing was stopped.</summary>
    public TimeSpan? Gap { get; private set; }

    /// <summary>Brings up a release, verified by its health.</summary>
    /// <param name="release">The release.</param>
    /// <param name="prefix">The prefix of the steps' names.</param>
    /// <param name="restore">The database to put back; null for none.</param>
    /// <param name="cancellationToken">Gives up between two steps, or in one.</param>
    public async Task ToAsync(string release, string prefix, RestoreRequest? restore, CancellationToken cancellationToken)
    {
        var manifest = Manifest(release);
        var begin = session.Tools.Clock.GetTimestamp();
        var stopped = await StopAsync(prefix, cancellationToken).ConfigureAwait(false);
        if (restore is not null) await RestoreAsync(prefix, restore).ConfigureAwait(false);
        await SwitchAsync(prefix, release).ConfigureAwait(false);
        var log = await StartAsync(prefix, release, cancellationToken).ConfigureAwait(false);
        await HealthAsync(prefix, manifest.Version, release, log, cancellationToken).ConfigureAwait(false);
        if (stopped) Gap = session.Tools.Clock.GetElapsedTime(begin);
    }

    /// <summary>Brings up a release unless it is up already: <c>current</c> names it, its processes alone live, and it is healthy.</summary>
    public async Task EnsureAsync(string release, string prefix, RestoreRequest? restore, CancellationToken cancellationToken)
    {
        if (restore is null && await IsUpAsync(release, cancellationToken).ConfigureAwait(false))
        {
            var log = ServiceProcessRecord.Read(session.Layout.ServiceRecord)?.LogPath ?? session.Layout.Logs;
            await HealthAsync(prefix, Manifest(release).Version, release, log, cancellationToken).ConfigureAwait(false);
            return;
        }

        await ToAsync(release, prefix, restore, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stops everything and lets <c>current</c> name nothing: what there was before the first release.</summary>
    public async Task ToNothingAsync(string prefix, CancellationToken cancellationToken)
    {
        await StopAsync(prefix, cancellationToken).ConfigureAwait(false);
        await session.StepAsync(prefix + Step.Switch, () =>
        {
            if (session.Layout.LiveRelease() is not null) File.Delete(session.Layout.Current);
            return Done("no release is live");
        }).ConfigureAwait(false);
    }

    /// <summary>Where the database goes that a restore gives up.</summary>
    public static string GivenUpFile(DeploymentSession session) => Path.Combine(
        session.Layout.Backups, string.Create(CultureInfo.InvariantCulture, $"{session.Id:D6}-given-up.db"));

    /// <summary>True when a release is up and nothing else of the service is.</summary>
    public async Task<bool> IsUpAsync(string release, CancellationToken cancellationToken)
    {
        if (session.Layout.LiveRelease() != release || ReleaseManifest.Read(session.Layout.ReleaseFolder(release)) is not { } manifest) return false;
        var members = await session.Host.FindAsync(cancellationToken).ConfigureAwait(false);
        if (members.Count == 0 || members.Any(member => member.Release is not null && member.Release != release)) return false;
        // One bad answer of a service that runs is no reason to stop it.
        var begin = session.Tools.Clock.GetTimestamp();
        do
        {
            if ((await _gate.LookAsync(manifest.Version, release, cancellationToken).ConfigureAwait(false)).Verdict == Verdict.Pass) return true;
            await Task.Delay(TimeSpan.FromMilliseconds(50), session.Tools.Clock, cancellationToken).ConfigureAwait(false);
        }
        while (session.Tools.Clock.GetElapsedTime(begin) < TimeSpan.FromSeconds(2));
        return false;
    }

    /// <summary>Makes the smoke journey; its verdict is returned, not thrown.</summary>
    public async Task<SmokeOutcome?> SmokeAsync(string prefix, string version, bool mustPass, CancellationToken cancellationToken)
    {
        if (session.Plan.Smoke is null) return null;
        return await session.StepAsync<SmokeOutcome?>(prefix + Step.Smoke, async () =>
        {
            var outcome = await SmokeRuns.RunAsync(session.Plan, session.Tools, session.Layout, version, cancellationToken).ConfigureAwait(false);
            await session.KeepAsync(Step.Smoke, outcome.Checks).ConfigureAwait(false);
            if (mustPass && outcome.Verdict != Verdict.Pass) throw SmokeRuns.Fault(outcome, version);
            return (outcome, $"{Facts.Write(outcome.Verdict)}: {Facts.Many(outcome.Checks.Count, "check")}");
        }).ConfigureAwait(false);
    }

    private ReleaseManifest Manifest(string release) => ReleaseManifest.Read(session.Layout.ReleaseFolder(release)) ?? throw new DeploymentException(
        "ReleaseGone", $"The folder of release {release} is gone, or is not a whole release.", "Deploy that version again.");

    private Task<bool> StopAsync(string prefix, CancellationToken cancellationToken) => session.StepAsync(prefix + Step.Stop, async () =>
    {
        var found = await session.Host.FindAsync(cancellationToken).ConfigureAwait(false);
        return (found.Count > 0, await session.Host.StopAsync(cancellationToken).ConfigureAwait(false));
    });

    private async Task RestoreAsync(string prefix, RestoreRequest request)
    {
        var (plan, clock) = (session.Plan.Database!, session.Tools.Clock);
        var database = new DatabaseBackup(plan.Path, session.Tools.Disk);
        long? accepted = plan.AcceptedTable is { } table && File.Exists(plan.Path) ? database.CountSince(request.Backup, table, plan.AcceptedKey!) : null;
        var loss = new RestoreLoss(accepted, plan.AcceptedTable, request.Backup, request.BackupAt);
        if (!await request.Confirm(loss).ConfigureAwait(false))
        {
            if (request.IsOptional) return;
            throw new DeploymentException(
                "RestoreNotConfirmed", $"{accepted?.ToString(CultureInfo.InvariantCulture) ?? "An unknown number"} of accepted entries would be given up, and that was not confirmed.",
                "Roll back without restoring the database, or confirm the number.");
        }

        var givenUp = GivenUpFile(session);
        await session.StepAsync(prefix + Step.Restore, () =>
        {
            var facts = database.Restore(request.Backup, givenUp);
            return Task.FromResult((accepted, $"{facts}; {accepted ?? 0} entries accepted since the backup were given up and are kept in '{givenUp}'"));
        }, given => new Dictionary<string, string> { [Facts.Accepted] = given?.ToString(CultureInfo.InvariantCulture) ?? "" }).ConfigureAwait(false);
        await session.KeepAsync(Step.Restore,
        [
            new CheckResult
            {
                Name = "restored database",
                Subject = plan.Path,
                Verdict = Verdict.Pass,
                Expected = $"the rows of '{Path.GetFileName(request.Backup)}'",
                Observed = "the same rows, integrity checked",
                Detail = $"{accepted?.ToString(CultureInfo.InvariantCulture) ?? "an uncounted number of"} entries accepted since the backup were given up",
                Samples = 1,
                ObservedAt = clock.GetUtcNow(),
            },
        ]).ConfigureAwait(false);
    }

    private Task<bool> SwitchAsync(string prefix, string release) => session.StepAsync(prefix + Step.Switch, () =>
    {
        _ = session.Layout.LiveRelease();
        session.Tools.Disk.Switch(session.Layout.Current, OperatingSystem.IsWindows() ? release : Path.Combine("releases", release));
        return Done($"current names {release}");
    });

    private Task<string> StartAsync(string prefix, string release, CancellationToken cancellationToken) => session.StepAsync(prefix + Step.Start, async () =>
    {
        ServiceLogs.Prune(session.Layout.Logs, session.Plan.Service.LogFiles);
        // Resolved once: a reader of 'current' may see one release and then another.
        var folder = RealPath.Of(session.Layout.ReleaseFolder(release));
        var log = ServiceLogs.NewPath(session.Layout, release, session.Tools.Clock.GetUtcNow());
        var started = await session.Host.StartAsync(new ServiceLaunch(release, folder, session.Secrets.Environment, log), cancellationToken).ConfigureAwait(false);
        return (log, $"process {started.Identity.Id} from '{folder}'");
    });

    private Task<GateResult> HealthAsync(string prefix, string version, string release, string log, CancellationToken cancellationToken) =>
        session.StepAsync(prefix + Step.Health, async () =>
        {
            var seen = await _gate.WaitAsync(version, release, log, cancellationToken).ConfigureAwait(false);
            await session.KeepAsync(Step.Health, seen.Checks).ConfigureAwait(false);
            return (seen, $"{Facts.Many(seen.Checks.Count, "check")} passed at look {seen.Looks}");
        });

    private static Task<(bool, string)> Done(string detail) => Task.FromResult((true, detail));
}
