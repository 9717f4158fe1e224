using System.Globalization;
using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Monitoring.Statistics;
using BacktestOps.Operations.Notifications;
using BacktestOps.Operations.Plans;

namespace BacktestOps.Operations.FollowUps;

/// <summary>What became of a run of the follow-ups.</summary>
/// <param name="FollowUps">What was done or missed in this run, and what is due and could not be done now.</param>
/// <param name="Notices">What an operator must know beside.</param>
public sealed record FollowUpRun(IReadOnlyList<FollowUp> FollowUps, IReadOnlyList<string> Notices);

/// <summary>
/// Does what is due today in the week after a deployment. It may be called as often as one likes, and late: what was done is
/// not done again, and a day that passed unseen is missed for ever. Days are those of the time zone that the schedule names.
/// </summary>
/// <param name="plan">The plan.</param>
/// <param name="tools">The outside things.</param>
/// <param name="notifier">Tells people; null for the plan's channels.</param>
public sealed class DeploymentFollowUp(DeploymentPlan plan, DeploymentTools tools, INotifier? notifier = null)
{
    // Clocks that are set by a network step back by less; a ledger from the future by more is a clock that is wrong.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(2);

    private readonly DeploymentLayout _layout = new(plan);
    private readonly EvidenceLedger _ledger = new(new DeploymentLayout(plan).Ledger, tools.Clock, tools.Disk, Secrets.Resolve(plan, tools.Variable).Redactor);

    /// <summary>Every follow-up of the live deployment, wherever it stands. It changes nothing.</summary>
    /// <exception cref="DeploymentException">The ledger is damaged, or no deployment is live that has follow-ups.</exception>
    public IReadOnlyList<FollowUp> List()
    {
        CheckLedger();
        var book = new FollowUpBook(_ledger.Read());
        var live = Live() ?? throw Nothing();
        if (plan.FollowUp is null && book.Of(live.Id) is null) throw NotPlanned();
        var schedule = book.Of(live.Id) ?? (0, FollowUpSchedule.Make(plan, live));
        return [.. schedule.Data.Items.Select(item => book.Look(schedule, item, tools.Clock.GetUtcNow()))];
    }

    /// <summary>Does what is due, and writes down what was missed.</summary>
    /// <param name="cancellationToken">Gives up between two follow-ups, or in one; what was done stays done.</param>
    /// <exception cref="DeploymentException">
    /// The ledger is damaged (<c>LedgerDamaged</c>), this machine's clock is behind it (<c>ClockWentBack</c>), another run is under
    /// way (<c>FollowUpRunning</c>), nothing is deployed (<c>NothingDeployed</c>), or the plan has no follow-ups (<c>NoFollowUps</c>).
    /// </exception>
    public async Task<FollowUpRun> RunAsync(CancellationToken cancellationToken = default)
    {
        if (!Directory.Exists(_layout.State)) throw Nothing();
        try
        {
            return await RunLockedAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A full disk: what was written down stays, the rest is for the next run.
            throw DeploymentException.From(error, "doing the follow-ups");
        }
    }

    private async Task<FollowUpRun> RunLockedAsync(CancellationToken cancellationToken)
    {
        using var own = Lock();
        CheckLedger();
        CheckClock();
        var live = Live();
        await ScheduleAsync(live).ConfigureAwait(false);
        var book = new FollowUpBook(_ledger.Read());
        if (book.Schedules.Count == 0) throw live is null ? Nothing() : NotPlanned();
        var seen = new List<FollowUp>(await MissAsync(book).ConfigureAwait(false));
        if (live is not null && book.Of(live.Id) is { } schedule) seen.AddRange(await DoAsync(book, schedule, cancellationToken).ConfigureAwait(false));
        return new FollowUpRun(seen, await TellAsync(seen, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Writes down the week of the live deployment, once. A process that died after a deployment left that to the next run.</summary>
    /// <param name="deployment">The live deployment; null for none.</param>
    internal async Task ScheduleAsync(Deployment? deployment)
    {
        if (plan.FollowUp is null || deployment is not { Kind: DeploymentKind.Deploy, Outcome: DeploymentOutcome.Succeeded }) return;
        if (new FollowUpBook(_ledger.Read()).Of(deployment.Id) is null)
            await _ledger.AppendAsync(FollowUpSchedule.Record(FollowUpSchedule.Make(plan, deployment), tools.Clock.GetUtcNow())).ConfigureAwait(false);
    }

    private async Task<List<FollowUp>> MissAsync(FollowUpBook book)
    {
        var (now, missed) = (tools.Clock.GetUtcNow(), new List<FollowUp>());
        foreach (var schedule in book.Schedules)
        {
            // What another deployment replaced need not be looked at any more; the days before that had to be.
            var end = Superseded(schedule.Data) is { } superseded && superseded < now ? superseded : now;
            foreach (var item in schedule.Data.Items.Where(item => item.Until <= end))
            {
                var look = book.Look(schedule, item, now);
                if (look is not { State: FollowUpState.Missed, Evidence: null }) continue;
                missed.Add(await WriteAsync(schedule, item, FollowUpState.Missed, new FollowUpFinding(Verdict.Inconclusive, null, "its day passed and nothing was seen", [])).ConfigureAwait(false));
            }
        }

        return missed;
    }

    private async Task<List<FollowUp>> DoAsync(FollowUpBook book, (int Sequence, ScheduleData Data) schedule, CancellationToken cancellationToken)
    {
        var done = new List<FollowUp>();
        var checks = new FollowUpChecks(plan, tools, _ledger, schedule.Data);
        foreach (var item in schedule.Data.Items)
        {
            var now = tools.Clock.GetUtcNow();
            if (now < item.From || now >= item.Until || IsSettled(book.Look(schedule, item, now))) continue;
            cancellationToken.ThrowIfCancellationRequested();
            if (DeploymentLock.Holder(_layout.LockFile) is { } holder)
            {
                done.Add(book.Look(schedule, item, now) with { State = FollowUpState.Due, Detail = $"it waits for a deployment that is under way: {holder}" });
                continue;
            }

            var finding = item.Item == FollowUpItem.Review ? Review(schedule) : await checks.RunAsync(item.Item, Since(schedule.Data), cancellationToken).ConfigureAwait(false);
            // What was seen after midnight was not seen that day.
            var isLate = tools.Clock.GetUtcNow() >= item.Until;
            if (isLate) finding = finding with { Verdict = Verdict.Inconclusive, Detail = $"it ended after its day was over, with {Facts.Write(finding.Verdict)}" };
            done.Add(await WriteAsync(schedule, item, isLate ? FollowUpState.Missed : FollowUpState.Done, finding).ConfigureAwait(false));
        }

        return done;
    }

    // A pass and a fail stand for their day; what could not be seen may be looked for again while the day lasts.
    private static bool IsSettled(FollowUp look) => look.State == FollowUpState.Missed || look is { State: FollowUpState.Done, Verdict: Verdict.Pass or Verdict.Fail };

    private FollowUpFinding Review((int Sequence, ScheduleData Data) schedule)
    {
        var book = new FollowUpBook(_ledger.Read());
        var now = tools.Clock.GetUtcNow();
        return WeekReview.Judge(
            [.. schedule.Data.Items.Where(item => item.Item != FollowUpItem.Review).Select(item => book.Look(schedule, item, now))],
            BurnRate.Judge((plan.FollowUp ?? new FollowUpPlan()).Objective, WeekReview.Events(_ledger.Read(), schedule.Data), now));
    }

    /// <summary>From where the last reading of this deployment that all channels answered ended: no message falls between two days.</summary>
    private DateTimeOffset Since(ScheduleData schedule)
    {
        var readings = _ledger.Read()
            .Where(record => record.Kind == EvidenceKind.FollowUp && record.Deployment == schedule.Deployment && record.Verdict is Verdict.Pass or Verdict.Fail)
            .Where(record => record.Data is { } data && data.TryGetProperty("item", out var item) && item.GetString() == FollowUpItem.Feedback);
        return readings.Select(record => record.At).LastOrDefault(schedule.DeployedAt);
    }

    private async Task<FollowUp> WriteAsync((int Sequence, ScheduleData Data) schedule, ScheduledFollowUp item, FollowUpState state, FollowUpFinding finding)
    {
        var record = new EvidenceRecord
        {
            At = tools.Clock.GetUtcNow(),
            Kind = EvidenceKind.FollowUp,
            Subject = string.Create(CultureInfo.InvariantCulture, $"{item.Item} of {schedule.Data.Release} on {item.Day:yyyy-MM-dd}, day {item.Number}"),
            Deployment = schedule.Data.Deployment,
            Expected = item.Item == FollowUpItem.Review ? "every follow-up of the week done and passed" : $"{item.Item} is looked at on its day, and well",
            Observed = finding.Observed,
            Verdict = finding.Verdict,
            Detail = finding.Detail,
            Samples = finding.Evidence.Count,
            Data = JsonSerializer.SerializeToElement(
                new FollowUpData
                {
                    Schedule = schedule.Sequence,
                    Day = item.Day,
                    Number = item.Number,
                    Item = item.Item,
                    State = state,
                    From = item.From,
                    Until = item.Until,
                    Evidence = finding.Evidence,
                },
                FollowUpJson.Default.FollowUpData),
        };
        var head = await _ledger.AppendAsync(record).ConfigureAwait(false);
        return new FollowUpBook([record with { Sequence = head.Sequence }]).Look(schedule, item, record.At);
    }

    private async Task<IReadOnlyList<string>> TellAsync(List<FollowUp> seen, CancellationToken cancellationToken)
    {
        var written = seen.Where(item => item.Evidence is not null).ToList();
        if (written.Count == 0) return [];
        var message = FollowUpMessage.Of(plan.Name, written);
        return await (notifier ?? new Notifier(plan, tools)).SendAsync(message, cancellationToken).ConfigureAwait(false);
    }

    private Deployment? Live() => DeploymentHistory.Read(_layout).Deployments().LastOrDefault(deployment => deployment is { IsCurrent: true, Kind: not DeploymentKind.Repair });

    /// <summary>When another release took the place of a schedule's; null while none did.</summary>
    private DateTimeOffset? Superseded(ScheduleData schedule) => DeploymentHistory.Read(_layout).Deployments()
        .FirstOrDefault(deployment => deployment.Id > schedule.Deployment && deployment.Kind != DeploymentKind.Repair && deployment.Live is not null && deployment.Live != schedule.Release)?.StartedAt;

    private void CheckLedger()
    {
        if (!File.Exists(_layout.Ledger)) return;
        var faults = LedgerVerification.Verify(_layout.Ledger).Where(fault => fault.Kind != LedgerFaultKind.Torn).ToList();
        if (faults.Count > 0)
            throw new DeploymentException(
                "LedgerDamaged", string.Create(CultureInfo.InvariantCulture, $"'{_layout.Ledger}' is not as it was written: line {faults[0].Line}: {faults[0].Detail}. What was done and missed can't be known from it."),
                "Test-DeploymentEvidence names every fault; bring back a copy that is whole.");
    }

    private void CheckClock()
    {
        var now = tools.Clock.GetUtcNow();
        if (_ledger.Read().Select(record => record.At).DefaultIfEmpty(now).Max() is var last && last > now + Tolerance)
            throw new DeploymentException(
                "ClockWentBack", $"This machine's clock says {now.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, and the ledger has a record of {last.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC. Nothing is ticked by a clock that is wrong.",
                "Set the clock; where a record is of a clock that was ahead, the follow-ups go on when that time has come.");
    }

    private DeploymentLock Lock()
    {
        try
        {
            return DeploymentLock.Acquire(Path.Combine(_layout.State, "follow-up.lock"), tools.Disk, tools.Clock);
        }
        catch (DeploymentException error) when (error.ErrorId == "DeploymentLocked")
        {
            throw new DeploymentException("FollowUpRunning", "The follow-ups of this root are being done by another process.", "Let it end; what it does need not be done again.", error);
        }
    }

    private DeploymentException Nothing() => new("NothingDeployed", $"No release of '{plan.Name}' is live, so there is nothing to follow up.", "Deploy one with Invoke-Deployment.");

    private DeploymentException NotPlanned() => new(
        "NoFollowUps", $"The live release of '{plan.Name}' has no follow-ups: {(plan.FollowUp is null ? "the plan says 'follow_up: false'" : "it was gone back to, and had its week before")}.", "There is nothing to do.");
}
