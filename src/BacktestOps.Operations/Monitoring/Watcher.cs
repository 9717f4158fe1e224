using System.Runtime.CompilerServices;
using BacktestOps.Contracts;
using BacktestOps.Operations.Databases;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Feedback;
using BacktestOps.Operations.Monitoring.Resources;
using BacktestOps.Operations.Notifications;
using BacktestOps.Operations.Plans;

namespace BacktestOps.Operations.Monitoring;

/// <summary>
/// Watches the live release: a sample in each slot, recorded before it is given out. A slot in which nobody looked is recorded
/// as missed. A watch that is interrupted stays open, and can be taken up again.
/// </summary>
/// <param name="plan">The plan.</param>
/// <param name="tools">The outside things.</param>
public sealed class Watcher(DeploymentPlan plan, DeploymentTools tools)
{
    // Waiting is done in pieces: a machine that slept must be noticed when it wakes, not when a timer would have ended.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private WatchRun? _run;

    /// <summary>How far the watch is; null before it began.</summary>
    public WatchProgress? Progress => _run?.Progress;

    /// <summary>How the watch ended; null while it has not, and when it was interrupted.</summary>
    public WatchSummary? Summary { get; private set; }

    /// <summary>The rollback criteria that were met, in the order of being noticed.</summary>
    public IReadOnlyList<RollbackCriterion> Met => _run?.Met ?? [];

    /// <summary>What an operator must know of the end beside it: who could not be told.</summary>
    public IReadOnlyList<string> Notices { get; private set; } = [];

    /// <summary>The rollback that the watch made; null for none.</summary>
    public Deployment? Rollback { get; private set; }

    internal IResourceReader Resources { get; init; } = new MachineReader();

    internal Func<TimeSpan?> SinceBoot { get; init; } = WatchTime.SinceBoot;

    /// <summary>Watches.</summary>
    /// <param name="request">How.</param>
    /// <param name="cancellationToken">Interrupts the watch.</param>
    /// <returns>The samples as they are taken, missed ones among them.</returns>
    /// <exception cref="DeploymentException">Nothing is live, another watch runs, there is none to take up, or the times don't fit.</exception>
    public async IAsyncEnumerable<WatchSample> WatchAsync(WatchRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var layout = new DeploymentLayout(plan);
        var chosen = Chosen(request, tools.Clock.GetUtcNow());
        var live = LiveRelease.Find(layout);
        Prepare(layout);
        using var own = Lock(layout);
        var redactor = Secrets.Resolve(plan, tools.Variable).Redactor;
        var ledger = new EvidenceLedger(layout.Ledger, tools.Clock, tools.Disk, redactor);
        var recorder = new WatchRecorder(plan, layout, ledger);
        var history = new WatchHistory(ledger.Read());
        var open = history.Open();
        var schedule = request.Resume ? Resumed(open, live) : chosen;
        if (!request.Resume && open.Count > 0)
            await recorder.WriteAsync(WatchEnd.Summarize(WatchSchedule.Of(open[0].Sample), open, WatchEnding.Abandoned, tools.Clock.GetUtcNow(), "it was interrupted, and another watch began")).ConfigureAwait(false);

        var store = new ArtifactStore(Path.Combine(layout.Evidence, "artifacts"));
        using var eye = new ServiceEye(plan, tools, Resources, new EvidenceReferences(store, history.Catalogue(), AcceptedBefore(layout, live)), Feedback(request));
        var run = _run = new WatchRun(plan, tools, schedule, live, eye, recorder, ledger, request, SinceBoot, request.Resume ? open : []);
        await run.BeginAsync(history.IsFirst(live.Deployment), cancellationToken).ConfigureAwait(false);
        while (run.Slot < schedule.Slots)
        {
            for (TimeSpan left; (left = run.UntilNext()) > TimeSpan.Zero;)
                await Task.Delay(left < LongestPause ? WholeMilliseconds(left) : LongestPause, tools.Clock, cancellationToken).ConfigureAwait(false);
            if (layout.LiveRelease() != live.Release)
            {
                await EndAsync(run, WatchEnding.Abandoned, $"{layout.LiveRelease() ?? "nothing"} is live now instead of {live.Release}", request, cancellationToken).ConfigureAwait(false);
                yield break;
            }

            yield return await run.TakeAsync(cancellationToken).ConfigureAwait(false);
            if (!request.AutoRollback || run.Met.Count == 0) continue;
            var (ending, why) = await GoBackAsync(run.Met).ConfigureAwait(false);
            await EndAsync(run, ending, why, request, cancellationToken).ConfigureAwait(false);
            yield break;
        }

        await run.AnswerAsync().ConfigureAwait(false);
        await EndAsync(run, WatchEnding.Completed, null, request, cancellationToken).ConfigureAwait(false);
    }

    // A timer knows no less than a millisecond, and takes what is less for nothing.
    private static TimeSpan WholeMilliseconds(TimeSpan time) => TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds));

    private async Task EndAsync(WatchRun run, WatchEnding ending, string? reason, WatchRequest request, CancellationToken cancellationToken)
    {
        var summary = await run.EndAsync(ending, reason, Rollback?.Id).ConfigureAwait(false);
        Summary = summary;
        Notices = await (request.Notifier ?? new Notifier(plan, tools)).SendAsync(WatchEnd.Tell(plan.Name, summary, run.Met), cancellationToken).ConfigureAwait(false);
    }

    private IFeedbackReader? Feedback(WatchRequest request) =>
        request.Feedback ?? (new DeploymentFeedback(plan, tools) is { HasChannels: true } channels ? channels : null);

    private async Task<(WatchEnding Ending, string Why)> GoBackAsync(IReadOnlyList<RollbackCriterion> met)
    {
        var why = string.Join("; ", met.Select(criterion => $"{criterion.Name}: {criterion.Observed} (evidence {string.Join(", ", criterion.Evidence.Select(number => FormattableString.Invariant($"#{number}")))})"));
        try
        {
            Rollback = await new AutomaticRollback(plan, tools).GoAsync($"rolled back by the watch; {why}").ConfigureAwait(false);
            return Rollback.Outcome == DeploymentOutcome.Succeeded
                ? (WatchEnding.RolledBack, why)
                : (WatchEnding.RollbackFailed, $"{why}. The rollback did not succeed: {Rollback.Reason}");
        }
        catch (BacktestOpsException error)
        {
            return (WatchEnding.RollbackFailed, $"{why}. The rollback could not begin: {error.ErrorId}: {error.Message} {error.RecommendedAction}");
        }
    }

    private AcceptedEntries? AcceptedBefore(DeploymentLayout layout, LiveRelease live) =>
        plan.Database is { AcceptedTable: { } table, AcceptedKey: { } key } && live.Deployment is { } id && layout.BackupFile(id) is var copy && File.Exists(copy)
            ? new AcceptedEntries(copy, table, key)
            : null;

    private static void Prepare(DeploymentLayout layout)
    {
        try
        {
            layout.Prepare();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DeploymentException.From(error, $"preparing the root '{layout.Root}'");
        }
    }

    private DeploymentLock Lock(DeploymentLayout layout)
    {
        var path = Path.Combine(layout.State, "watch.lock");
        try
        {
            return DeploymentLock.Acquire(path, tools.Disk, tools.Clock);
        }
        catch (DeploymentException error) when (error.ErrorId == "DeploymentLocked")
        {
            throw new DeploymentException(
                "WatchRunning", $"Another watch of this root runs: {DeploymentLock.Holder(path)}.", "Wait for its end, or end that process: its watch can be taken up again.", error);
        }
    }

    private WatchSchedule Chosen(WatchRequest request, DateTimeOffset now)
    {
        var (duration, interval) = (request.Duration ?? plan.Watch.Duration, request.Interval ?? plan.Watch.Interval);
        var recordEvery = request.RecordEvery ?? (plan.Watch.RecordEvery.Ticks % interval.Ticks == 0 ? plan.Watch.RecordEvery : interval);
        return WatchSection.Fault(duration, interval, recordEvery) is { } fault
            ? throw new DeploymentException("WatchTimesInvalid", $"The watch's times don't fit: {fault.Detail}.", $"Change {fault.Key}: {fault.Hint}.")
            : new WatchSchedule(now, duration, interval, recordEvery);
    }

    private static WatchSchedule Resumed(IReadOnlyList<RecordedSample> open, LiveRelease live) =>
        open.Count > 0 && open[0].Sample.Deployment == live.Deployment
            ? WatchSchedule.Of(open[0].Sample)
            : throw new DeploymentException(
                "NoWatchToResume",
                open.Count == 0 ? "There is no watch that was interrupted." : $"The watch that was interrupted is of deployment {open[0].Sample.Deployment}, and {live.Deployment} is live.",
                "Begin a new one: Watch-Deployment without -Resume.");
}
