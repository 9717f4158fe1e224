using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Monitoring.Criteria;
using BacktestOps.Operations.Plans;

namespace BacktestOps.Operations.Monitoring;

/// <summary>One watch in one process: where it is, and each slot's sample.</summary>
internal sealed class WatchRun
{
    private readonly DeploymentPlan _plan;
    private readonly DeploymentTools _tools;
    private readonly WatchSchedule _schedule;
    private readonly LiveRelease _live;
    private readonly ServiceEye _eye;
    private readonly WatchRecorder _recorder;
    private readonly EvidenceLedger _ledger;
    private readonly WatchRequest _request;
    private readonly WatchTime _time;
    private readonly WatchChecks _checks;
    private readonly List<RecordedSample> _samples;
    private readonly List<WatchIncident> _incidents = [];
    private readonly List<RollbackCriterion> _met = [];
    private readonly bool _isResumed;
    private bool _hasLooked;
    private volatile bool _isLooking;

    public WatchRun(
        DeploymentPlan plan, DeploymentTools tools, WatchSchedule schedule, LiveRelease live, ServiceEye eye, WatchRecorder recorder, EvidenceLedger ledger,
        WatchRequest request, Func<TimeSpan?> sinceBoot, IReadOnlyList<RecordedSample> before)
    {
        (_plan, _tools, _schedule, _live, _eye, _recorder, _ledger, _request) = (plan, tools, schedule, live, eye, recorder, ledger, request);
        (_samples, _isResumed) = ([.. before], before.Count > 0);
        _checks = new WatchChecks(plan.Watch);
        // Between two processes the wall clock is all there is; it can't have gone back behind what was seen already.
        var begin = tools.Clock.GetUtcNow() - schedule.StartedAt;
        var seen = _isResumed ? TimeSpan.FromSeconds(before[^1].Sample.ElapsedSeconds) : TimeSpan.Zero;
        _time = new WatchTime(tools.Clock, sinceBoot, begin > seen ? begin : seen);
        Slot = _isResumed ? before[^1].Sample.Slot + 1 : 0;
    }

    /// <summary>The slot that comes next.</summary>
    public int Slot { get; private set; }

    /// <summary>The criteria that were met.</summary>
    public IReadOnlyList<RollbackCriterion> Met => _met;

    public WatchProgress Progress
    {
        get
        {
            var elapsed = _time.Elapsed;
            return new WatchProgress(
                Math.Min(Slot, _schedule.Slots - 1), _schedule.Slots, Positive(_schedule.Due(Slot) - elapsed), Positive(_schedule.Duration - elapsed), _schedule.Duration, _isLooking);
        }
    }

    /// <summary>Begins to look, or goes on where the watch was interrupted.</summary>
    public Task BeginAsync(bool isFirst, CancellationToken cancellationToken)
    {
        if (_samples.Select(recorded => recorded.Sample).LastOrDefault(sample => !sample.IsMissed) is { } last) _eye.LastProcess = last.Process;
        return _eye.BeginAsync(isFirst, _isResumed ? _samples[^1].Sample.LogPositions : null, cancellationToken);
    }

    /// <summary>How long until the next slot is due; not above zero when it is.</summary>
    public TimeSpan UntilNext()
    {
        _incidents.AddRange(_time.Look());
        return _schedule.Due(Slot) - _time.Elapsed;
    }

    /// <summary>Takes the sample of the next slot, or records that it was missed.</summary>
    public async Task<WatchSample> TakeAsync(CancellationToken cancellationToken)
    {
        var elapsed = _time.Elapsed;
        var empty = _schedule.Sample(Slot, _live, _tools.Clock.GetUtcNow(), elapsed);
        WatchSample sample;
        _isLooking = true;
        try
        {
            sample = elapsed > _schedule.MissedAfter(Slot) ? Missed(empty) : await LookAsync(empty, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _isLooking = false;
        }

        if (_schedule.HasRecord(Slot)) sample = sample with { Record = RecordLine.Write([.. SinceRecord(), sample], Local(sample.DueAt), _request.Culture) };
        var number = await _recorder.WriteAsync(sample).ConfigureAwait(false);
        _samples.Add(new RecordedSample(number, sample));
        _incidents.Clear();
        Slot++;
        if (!sample.IsMissed)
        {
            await SmokeAsync(sample, cancellationToken).ConfigureAwait(false);
            await NoticeAsync().ConfigureAwait(false);
        }

        return sample;
    }

    /// <summary>Records the answer of every criterion that is not recorded as met already.</summary>
    public async Task AnswerAsync()
    {
        foreach (var answer in Answers().Where(answer => _met.All(met => met.Name != answer.Name))) await _recorder.WriteAsync(answer).ConfigureAwait(false);
    }

    /// <summary>Records the end.</summary>
    public async Task<WatchSummary> EndAsync(WatchEnding ending, string? reason, int? rollback)
    {
        var summary = WatchEnd.Summarize(_schedule, _samples, ending, _tools.Clock.GetUtcNow(), reason) with
        {
            Deployment = _live.Deployment,
            Version = _live.Version,
            Rollback = rollback,
        };
        // A release that met a criterion did not pass its watch, however good its other figures are.
        if (_met.Count > 0) summary = summary with { Verdict = Verdict.Fail };
        await _recorder.WriteAsync(summary).ConfigureAwait(false);
        return summary;
    }

    private async Task<WatchSample> LookAsync(WatchSample empty, CancellationToken cancellationToken)
    {
        var since = _samples.Count > 0 ? _samples[^1].Sample.At : _live.Since ?? _schedule.StartedAt;
        var (look, errorLines) = await _eye.LookAsync(_incidents, since, cancellationToken).ConfigureAwait(false);
        _hasLooked = true;
        var checks = _checks.Judge(look);
        return empty with
        {
            Verdict = Verdicts.Combine(checks.Select(check => check.Verdict)),
            Checks = checks,
            Process = look.Process,
            Errors = errorLines + look.Endpoints.Sum(endpoint => endpoint.Errors),
            Resources = look.Resources,
            Endpoints = look.Endpoints,
            Logs = look.Logs,
            LogPositions = _eye.LogPositions,
            Runs = look.Runs,
            Feedback = look.Feedback,
            Incidents = look.Incidents,
        };
    }

    private WatchSample Missed(WatchSample empty) => empty with
    {
        IsMissed = true,
        Incidents = [.. _incidents],
        // What was read before counts on from there.
        LogPositions = _samples.Count > 0 ? _samples[^1].Sample.LogPositions : [],
        Detail = _incidents.Find(incident => incident.Kind == WatchIncidentKind.Suspended)?.Detail
            ?? (_isResumed && !_hasLooked ? "the watch was interrupted and taken up again later" : "the sample before took too long"),
    };

    /// <summary>The journey through the service, where the plan wants it during the watch; its checks are evidence of their own.</summary>
    private async Task SmokeAsync(WatchSample sample, CancellationToken cancellationToken)
    {
        if (_plan.Watch.SmokeEvery is not { } every || _plan.Smoke is null || sample.Slot == 0 || _schedule.Due(sample.Slot).Ticks % every.Ticks >= _schedule.Interval.Ticks) return;
        var outcome = await SmokeRuns.RunAsync(_plan, _tools, new DeploymentLayout(_plan), _live.Version ?? "", cancellationToken).ConfigureAwait(false);
        foreach (var check in outcome.Checks) await _ledger.AppendAsync(EvidenceRecord.Of(Step.Smoke, check, _live.Deployment), CancellationToken.None).ConfigureAwait(false);
    }

    private async Task NoticeAsync()
    {
        foreach (var answer in Answers().Where(answer => answer.IsMet && _met.All(met => met.Name != answer.Name)))
        {
            _met.Add(answer);
            await _recorder.WriteAsync(answer).ConfigureAwait(false);
        }
    }

    private IReadOnlyList<RollbackCriterion> Answers() =>
        new CriterionJudge(_plan.Rollback, new CriterionEvidence(_ledger.Read(), _live.Deployment), _tools.Clock.GetUtcNow()).Judge();

    private IEnumerable<WatchSample> SinceRecord() =>
        _samples.Select(recorded => recorded.Sample).Reverse().TakeWhile(sample => sample.Record is null).Reverse();

    private DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, _tools.Clock.LocalTimeZone);

    private static TimeSpan Positive(TimeSpan time) => time > TimeSpan.Zero ? time : TimeSpan.Zero;
}
