using System.Globalization;
using BacktestOps.Contracts;
using BacktestOps.Operations.Commands;
using BacktestOps.Operations.Plans;
using BacktestOps.Operations.Rollback;

namespace BacktestOps.Operations.Deployments;

/// <summary>What to deploy.</summary>
public sealed record DeployRequest
{
    /// <summary>The version.</summary>
    public required string Version { get; init; }

    /// <summary>Why, for the record.</summary>
    public string? Reason { get; init; }

    /// <summary>True to leave a failed release as it is.</summary>
    public bool NoRollback { get; init; }

    /// <summary>True to deploy over a release that is not healthy now; going back then goes back to that.</summary>
    public bool AllowUnhealthy { get; init; }
}

/// <summary>
/// Deploys releases, goes back to them and finishes what was interrupted. Whatever happens in between, either the release that
/// was asked for runs and was verified, or the one before does; where even that could not be reached, or this process was
/// killed, the journal stays open, and <see cref="ResumeAsync"/> finds out what there is and finishes it.
/// </summary>
/// <param name="plan">The plan.</param>
/// <param name="tools">The outside things.</param>
public sealed class Deployer(DeploymentPlan plan, DeploymentTools tools)
{
    private Redactor Redactor => Secrets.Resolve(plan, tools.Variable).Redactor;

    /// <summary>Checks whether a version can be deployed now, and gone back from. It changes nothing.</summary>
    /// <param name="version">The version.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<CheckResult>> TestReadinessAsync(string version, CancellationToken cancellationToken = default)
    {
        CheckVersion(version);
        var layout = new DeploymentLayout(plan);
        // Who only looks may have no right to write there.
        var own = tools.Guarded(plan, layout, hasLock: false, keepsRecords: false);
        var host = own.Host?.Invoke(plan, layout, own) ?? Services.ServiceHosts.For(plan, layout, own);
        var preflight = new Preflight(plan, own, layout, host, History(layout));
        var checks = await preflight.RunAsync(version, hasLock: false, cancellationToken).ConfigureAwait(false);
        return [.. checks.Select(check => RedactedCheck.Of(check, Redactor))];
    }

    /// <summary>What a deployment would do, step by step. It changes nothing, and checks nothing.</summary>
    /// <param name="request">What to deploy.</param>
    public DeployPreview PreviewDeployment(DeployRequest request)
    {
        CheckVersion(request.Version);
        var layout = new DeploymentLayout(plan);
        var preview = DeployPreview.Make(plan, tools, layout, History(layout), request);
        return preview with { Steps = [.. preview.Steps.Select(Redactor.Redact)] };
    }

    /// <summary>Deploys a version.</summary>
    /// <param name="request">What to deploy.</param>
    /// <param name="progress">Hears of each step.</param>
    /// <param name="cancellationToken">Gives up: what ran before is brought back.</param>
    /// <returns>How it ended; a failure after the journal was begun is an outcome, not an exception.</returns>
    /// <exception cref="DeploymentException">It could not begin: locked, or an earlier deployment is open.</exception>
    public async Task<Deployment> DeployAsync(DeployRequest request, IProgress<StepProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        CheckVersion(request.Version);
        using var session = await BeginAsync(progress, cancellationToken).ConfigureAwait(false);
        session.Open(DeploymentKind.Deploy, request.Version, id => DeploymentLayout.ReleaseName(id, request.Version), request.Reason);
        return await EndAsync(session, await new DeployTransaction(session, request).RunAsync(cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <summary>What a rollback would do, step by step. It changes nothing.</summary>
    /// <param name="request">What to go back to.</param>
    /// <exception cref="DeploymentException">There is nothing to go back to.</exception>
    public RollbackPreview PreviewRollback(RollbackRequest request)
    {
        var layout = new DeploymentLayout(plan);
        var preview = RollbackPreview.Make(plan, tools, layout, History(layout), request);
        return preview with { Steps = [.. preview.Steps.Select(Redactor.Redact)] };
    }

    /// <summary>Goes back to a release that was good.</summary>
    /// <param name="request">To which, why, and whether with its database.</param>
    /// <param name="progress">Hears of each step.</param>
    /// <param name="cancellationToken">Gives up: what ran before is brought back.</param>
    /// <exception cref="DeploymentException">It could not begin: locked, an earlier deployment is open, or there is nothing to go back to.</exception>
    public async Task<Deployment> RollBackAsync(RollbackRequest request, IProgress<StepProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        using var session = await BeginAsync(progress, cancellationToken).ConfigureAwait(false);
        var preview = RollbackPreview.Make(plan, tools, session.Layout, session.History, request);
        session.Open(DeploymentKind.Rollback, preview.Version, _ => preview.Release, request.Reason, new Dictionary<string, string>
        {
            [Facts.Restore] = preview.Backup ?? "",
            [Facts.Accepted] = preview.Accepted?.ToString(CultureInfo.InvariantCulture) ?? "",
        });
        return await EndAsync(session, await new RollbackTransaction(session, preview, request).RunAsync(cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <summary>
    /// Finds out what an interrupted deployment left, and finishes it: a release that was verified and runs is kept, anything
    /// else is taken back to what ran before; an interrupted rollback is finished. Where nothing was interrupted, the live
    /// release is started again when it does not run.
    /// </summary>
    /// <param name="abandon">True to close what can't be finished and leave what there is, so that another version can be deployed.</param>
    /// <param name="progress">Hears of each step.</param>
    /// <param name="cancellationToken">Gives up; what is then left can be resumed again.</param>
    /// <returns>The deployment that was finished, or the last one when nothing was to be done; null when there was never any.</returns>
    public async Task<Deployment?> ResumeAsync(
        bool abandon = false, IProgress<StepProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        using var session = await DeploymentSession.BeginAsync(plan, tools, progress, cancellationToken).ConfigureAwait(false);
        var (wasOpen, next) = (session.History.OpenId is not null, session.History.NextId);
        var found = await new ResumeTransaction(session, abandon).RunAsync(cancellationToken).ConfigureAwait(false);
        // Where all was well, there is nothing to tell.
        return found is not null && (wasOpen || found.Id >= next) ? await EndAsync(session, found).ConfigureAwait(false) : found;
    }

    /// <summary>Every deployment of the root, in the order of their numbers. It takes no lock and changes nothing.</summary>
    /// <exception cref="DeploymentException">The root can't be read (<c>RootNotReadable</c>).</exception>
    public IReadOnlyList<Deployment> List()
    {
        var layout = new DeploymentLayout(plan);
        return RootReading.Of(layout, [layout.Deployments], () => DeploymentHistory.Read(layout).Deployments());
    }

    /// <summary>Removes the release of an old deployment, and its backup. Its journal stays.</summary>
    /// <param name="id">The deployment.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DeploymentException">The release is live, or the one to go back to, or there is no such deployment.</exception>
    public async Task<Deployment> RemoveAsync(int id, CancellationToken cancellationToken = default)
    {
        using var session = await BeginAsync(null, cancellationToken).ConfigureAwait(false);
        return new Retention(session).Remove(id);
    }

    private static DeploymentHistory History(DeploymentLayout layout) => RootReading.Of(layout, [layout.Deployments], () => DeploymentHistory.Read(layout));

    /// <summary>Lets go of the root, so that nobody waits while people are told.</summary>
    private async Task<Deployment> EndAsync(DeploymentSession session, Deployment deployment)
    {
        await session.EndStartedAsync().ConfigureAwait(false);
        session.Dispose();
        return await new Aftermath(plan, tools).OfAsync(deployment).ConfigureAwait(false);
    }

    private async Task<DeploymentSession> BeginAsync(IProgress<StepProgress>? progress, CancellationToken cancellationToken)
    {
        var session = await DeploymentSession.BeginAsync(plan, tools, progress, cancellationToken).ConfigureAwait(false);
        if (session.History.OpenId is not { } open) return session;
        session.Dispose();
        throw new DeploymentException(
            "DeploymentOpen", $"Deployment {open} of '{plan.Name}' was interrupted and is not finished.",
            "Resume-Deployment finds out what it left and finishes it; then try again.");
    }

    private static void CheckVersion(string version)
    {
        if (!PlanReader.IsVersion(version))
            throw new DeploymentException(
                "VersionInvalid", $"'{version}' is no version: letters, digits, '.', '_', '+' and '-' are, 64 at most.", "Name the version without the tag's prefix: 2.0.2.");
    }
}
