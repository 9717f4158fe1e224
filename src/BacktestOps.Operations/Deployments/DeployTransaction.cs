using System.Globalization;
using BacktestOps.Contracts;
using BacktestOps.Operations.Databases;
using BacktestOps.Operations.Monitoring;
using BacktestOps.Operations.Releases;

namespace BacktestOps.Operations.Deployments;

/// <summary>One deployment, from its preflight to its end.</summary>
internal sealed class DeployTransaction(DeploymentSession session, DeployRequest request)
{
    private readonly string _release = DeploymentLayout.ReleaseName(session.Id, request.Version);
    private readonly Changeover _changeover = new(session);
    private string? _previous;

    public async Task<Deployment> RunAsync(CancellationToken cancellationToken)
    {
        string revision;
        try
        {
            _previous = session.Layout.LiveRelease();
            revision = await PreflightAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (BacktestOpsException error)
        {
            return await session.CloseAsync(DeploymentOutcome.Refused, Verdict.Fail, error.Message, error.RecommendedAction, Live(_previous)).ConfigureAwait(false);
        }

        try
        {
            await BaselineAsync(cancellationToken).ConfigureAwait(false);
            await BackupAsync().ConfigureAwait(false);
            await MakeReleaseAsync(revision, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            await _changeover.ToAsync(_release, "", restore: null, cancellationToken).ConfigureAwait(false);
            await _changeover.SmokeAsync("", request.Version, mustPass: true, cancellationToken).ConfigureAwait(false);
            await RecordAsync(cancellationToken).ConfigureAwait(false);
            var closed = await session.CloseAsync(DeploymentOutcome.Succeeded, Verdict.Pass, request.Reason, null, new Dictionary<string, string>(Live(_release))
            {
                [Facts.Good] = _release,
                [Facts.Gap] = _changeover.Gap?.TotalSeconds.ToString("R", CultureInfo.InvariantCulture) ?? "",
            }).ConfigureAwait(false);
            new Retention(session).Prune();
            return closed;
        }
        catch (Exception error)
        {
            var known = DeploymentException.From(error, "deploying");
            return request.NoRollback ? await LeaveAsync(known).ConfigureAwait(false) : await BackAsync(known).ConfigureAwait(false);
        }
    }

    private Task<string> PreflightAsync(CancellationToken cancellationToken) => session.StepAsync(Step.Preflight, async () =>
    {
        var preflight = new Preflight(session.Plan, session.Tools, session.Layout, session.Host, session.History);
        var checks = await preflight.RunAsync(request.Version, hasLock: true, cancellationToken).ConfigureAwait(false);
        var against = checks.Where(check => check.Verdict != Verdict.Pass && !(request.AllowUnhealthy && IsAboutTheRunning(check))).ToList();
        if (against.Count > 0)
            throw new DeploymentException(
                "NotReady", $"{against.Count} of {Facts.Many(checks.Count, "check")} {(against.Count == 1 ? "is" : "are")} against it: {string.Join("; ", against.Select(Checks.Describe))}.", against[0].Action ?? "See the checks.")
            {
                Checks = checks,
            };
        await session.KeepAsync(Step.Preflight, checks).ConfigureAwait(false);
        return (preflight.Revision!, $"{checks.Count} checks, {request.Version} is {preflight.Revision}");
    }, revision => new Dictionary<string, string> { [Facts.Revision] = revision });

    private static bool IsAboutTheRunning(CheckResult check) =>
        check.Name.StartsWith("previous release's", StringComparison.Ordinal) || (check.Name == "port" && check.Observed!.StartsWith("nobody", StringComparison.Ordinal));

    private async Task BaselineAsync(CancellationToken cancellationToken)
    {
        if (_previous is null) return;
        await session.StepAsync(Step.Baseline, async () =>
        {
            var manifest = ReleaseManifest.Read(session.Layout.ReleaseFolder(_previous))!;
            var (health, times) = await Baseline.MeasureAsync(session.Plan, session.Tools, manifest.Version, cancellationToken).ConfigureAwait(false);
            var data = MonitoringEvidence.Write(times, MonitoringJson.Default.BaselineData);
            await session.KeepAsync(Step.Baseline, health, data: check => check.Name == Baseline.LatencyCheck ? data : null).ConfigureAwait(false);
            var said = $"health {Facts.Write(Verdicts.Combine(health.Select(check => check.Verdict)))}";
            if (session.Plan.Smoke is not null)
            {
                // What is deployed may be the mend of just that: the running release's journey is noted and decides nothing.
                var smoke = await SmokeRuns.RunAsync(session.Plan, session.Tools, session.Layout, manifest.Version, cancellationToken).ConfigureAwait(false);
                await session.KeepAsync("baseline smoke", smoke.Checks).ConfigureAwait(false);
                said += $", smoke {Facts.Write(smoke.Verdict)}";
            }

            return (true, said);
        }).ConfigureAwait(false);
    }

    private async Task BackupAsync()
    {
        if (session.Plan.Database is not { } database || !File.Exists(database.Path)) return;
        await session.StepAsync(Step.Backup, async () =>
        {
            var target = session.Layout.BackupFile(session.Id);
            var facts = new DatabaseBackup(database.Path, session.Tools.Disk).Make(target);
            var digest = ReleaseManifest.Digest(target);
            await session.KeepAsync(Step.Backup,
            [
                new CheckResult
                {
                    Name = "backup",
                    Subject = database.Path,
                    Verdict = Verdict.Pass,
                    Expected = "a copy whose integrity check passes",
                    Observed = facts.ToString(),
                    Samples = 1,
                    ObservedAt = session.Tools.Clock.GetUtcNow(),
                },
            ], [digest]).ConfigureAwait(false);
            return (facts, $"{facts} in '{target}', {new FileInfo(target).Length} bytes, SHA-256 {digest}");
        }).ConfigureAwait(false);
    }

    private async Task MakeReleaseAsync(string revision, CancellationToken cancellationToken)
    {
        var source = ReleaseSources.For(session.Plan, session.Layout, session.Tools);
        var builder = new ReleaseBuilder(session.Plan, session.Layout, session.Tools, session.Secrets);
        await session.StepAsync(Step.Fetch, async () =>
        {
            var folder = await builder.FetchAsync(source, _release, request.Version, revision, cancellationToken).ConfigureAwait(false);
            return (true, $"{revision} in '{folder}'");
        }).ConfigureAwait(false);
        if (session.Plan.Build.Count > 0)
        {
            var log = Path.Combine(session.Journal.Folder, "build.log");
            await session.StepAsync(Step.Build, async () =>
                (true, await builder.BuildAsync(_release, request.Version, log, cancellationToken).ConfigureAwait(false))).ConfigureAwait(false);
        }

        await session.StepAsync(Step.Files, async () =>
        {
            var manifest = builder.Seal(source, _release, request.Version, revision);
            await session.KeepAsync(Step.Files, ReleaseFacts.Of(session.Plan, manifest, session.Tools.Clock)).ConfigureAwait(false);
            return (true, $"{Facts.Many(manifest.Files.Count, "file")}, {Facts.Many(manifest.Files.Sum(file => file.Size), "byte")}, {Facts.Many(manifest.Links.Count, "link")}");
        }).ConfigureAwait(false);
    }

    private Task<bool> RecordAsync(CancellationToken cancellationToken) => session.StepAsync(Step.Record, async () =>
    {
        // The journey may have taken minutes: what is recorded as live must live now.
        if (!await _changeover.IsUpAsync(_release, cancellationToken).ConfigureAwait(false))
            throw new DeploymentException(
                "ServiceExited", $"Release {_release} passed its checks and does not run any more.", $"Read its log in '{session.Layout.Logs}'.");
        var head = session.Ledger.Head();
        return (true, $"{_release} is live; the ledger ends with record {head.Sequence}, {head.Hash}");
    });

    private Task<Deployment> LeaveAsync(BacktestOpsException error) => session.CloseAsync(
        DeploymentOutcome.Failed, Verdict.Fail, $"{error.ErrorId}: {error.Message}", error.RecommendedAction,
        new Dictionary<string, string>(Live(session.Layout.LiveRelease())) { [Facts.Bad] = _release });

    private async Task<Deployment> BackAsync(BacktestOpsException error)
    {
        try
        {
            var mayHaveRun = session.Journal.Records.Any(record => record is { Entry: JournalEntry.Intent, Step: Step.Start });
            await new WayBack(session, _changeover).GoAsync(_previous, _release, mayHaveRun).ConfigureAwait(false);
        }
        catch (BacktestOpsException second)
        {
            // What was not healthy before need not be healthy to be what ran before.
            if (request.AllowUnhealthy && session.Layout.LiveRelease() == _previous)
                return await session.CloseAsync(
                    DeploymentOutcome.Failed, Verdict.Fail,
                    $"{error.ErrorId}: {error.Message} What ran before was not healthy then, and is not now: {second.Message}", second.RecommendedAction,
                    new Dictionary<string, string>(Live(_previous)) { [Facts.Bad] = _release }).ConfigureAwait(false);
            // The journal stays open: that is what Resume-Deployment looks for.
            return session.Result() with
            {
                Verdict = Verdict.Fail,
                Reason = $"{error.ErrorId}: {error.Message} Going back failed too: {second.ErrorId}: {second.Message}",
                Action = $"{second.RecommendedAction} Then Resume-Deployment.",
            };
        }

        return await session.CloseAsync(
            DeploymentOutcome.RolledBack, Verdict.Fail, $"{error.ErrorId}: {error.Message}", error.RecommendedAction,
            new Dictionary<string, string>(Live(_previous)) { [Facts.Bad] = _release }).ConfigureAwait(false);
    }

    private static Dictionary<string, string> Live(string? release) => new() { [Facts.Live] = release ?? "" };
}
