using BacktestOps.Contracts;
using BacktestOps.Operations.Databases;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Feedback;
using BacktestOps.Operations.Monitoring.Logs;
using BacktestOps.Operations.Monitoring.Resources;
using BacktestOps.Operations.Monitoring.Runs;
using BacktestOps.Operations.Plans;
using BacktestOps.Operations.Services;
using BacktestOps.Operations.Smoke;

namespace BacktestOps.Operations.Monitoring;

/// <summary>Looks at a deployed service: its processes, answers, logs, run data and what users say. It judges nothing.</summary>
internal sealed class ServiceEye : IDisposable
{
    // A mean of CPU time over less says more about the kernel's ticks than about the service.
    private static readonly TimeSpan ShortestCpuWindow = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestPatience = TimeSpan.FromSeconds(5);

    private readonly DeploymentPlan _plan;
    private readonly DeploymentTools _tools;
    private readonly DeploymentLayout _layout;
    private readonly IServiceHost _host;
    private readonly ResourceMeter _meter;
    private readonly HttpTimer _timer;
    private readonly LogFollower _follower;
    private readonly LogCounter _counter;
    private readonly ApiRuns? _api;
    private readonly RunDataWatch? _runs;
    private readonly GivenOutRuns _given;
    private readonly IFeedbackReader? _feedback;
    private long _began;

    public ServiceEye(DeploymentPlan plan, DeploymentTools tools, IResourceReader resources, EvidenceReferences evidence, IFeedbackReader? feedback)
    {
        (_plan, _tools, _layout, _feedback) = (plan, tools, new DeploymentLayout(plan), feedback);
        _host = tools.Host?.Invoke(plan, _layout, tools) ?? ServiceHosts.For(plan, _layout, tools);
        _meter = new ResourceMeter(resources, tools.Clock, plan.Root);
        _timer = new HttpTimer(plan.Service.Address, tools.Http?.Invoke(), tools.Clock);
        _follower = new LogFollower([Path.Combine(_layout.Logs, "*.log"), .. plan.Watch.Logs.Files]);
        _counter = new LogCounter(plan.Watch.Logs, Secrets.Resolve(plan, tools.Variable).Redactor);
        var paths = plan.Smoke?.Endpoints ?? new SmokeEndpoints();
        _api = plan.Watch.Runs is { } list ? new ApiRuns(_timer, list, paths.Result, Patience(plan.Watch.Thresholds.Download)) : null;
        List<IRunSource> sources = [.. _api is null ? (IRunSource[])[] : [_api], .. plan.Watch.RunFiles is { } files ? (IRunSource[])[new FileRuns(files)] : []];
        _runs = sources.Count == 0 ? null : new RunDataWatch(sources, evidence.Store, evidence.Catalogue);
        _given = new GivenOutRuns(_timer, paths.Progress, Patience(plan.Watch.Thresholds.Api), id => _runs?.Knows(id) == true, evidence.Accepted);
    }

    /// <summary>The process of the sample before; a restart is seen by it.</summary>
    public string? LastProcess { get; set; }

    /// <summary>How far each log was read.</summary>
    public IReadOnlyList<LogPosition> LogPositions => _follower.Positions;

    /// <summary>Begins what later looks are held against.</summary>
    /// <param name="isFirst">True when this release was not watched before: its log counts from its start.</param>
    /// <param name="positions">How far the logs were read when this watch was interrupted; null for a new one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task BeginAsync(bool isFirst, IReadOnlyList<LogPosition>? positions, CancellationToken cancellationToken)
    {
        if (positions is null) _follower.Begin(isFirst ? ServiceProcessRecord.Read(_layout.ServiceRecord)?.LogPath : null);
        else _follower.Resume(positions);
        if (_runs is not null) await _runs.BeginAsync(cancellationToken).ConfigureAwait(false);
        var (members, _) = await FindAsync(cancellationToken).ConfigureAwait(false);
        _meter.Begin([.. members.Select(member => member.Identity)]);
        _began = _tools.Clock.GetTimestamp();
    }

    /// <summary>Looks once.</summary>
    /// <param name="incidents">What happened to the clocks.</param>
    /// <param name="since">From when on feedback counts.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was seen, and how many log lines tell of errors.</returns>
    public async Task<(WatchLook Look, int ErrorLines)> LookAsync(IReadOnlyList<WatchIncident> incidents, DateTimeOffset since, CancellationToken cancellationToken)
    {
        while (_tools.Clock.GetElapsedTime(_began) < ShortestCpuWindow)
            await Task.Delay(ShortestCpuWindow, _tools.Clock, cancellationToken).ConfigureAwait(false);
        var happened = incidents.ToList();
        var (members, problem) = await FindAsync(cancellationToken).ConfigureAwait(false);
        var process = MainProcess(members);
        if (problem is null) happened.AddRange(ProcessIncidents(process));
        // Before the requests, so that the watch's own are in the next sample's CPU and not this one's.
        var use = _meter.Measure([.. members.Select(member => member.Identity)]);
        var endpoints = await AskAsync(cancellationToken).ConfigureAwait(false);
        var runs = _runs is null ? null : await _runs.LookAsync(cancellationToken).ConfigureAwait(false);
        happened.AddRange(_follower.Read(_counter.Add));
        RotateOwnLog();
        happened.AddRange(_follower.Read(_counter.Add));
        var errorLines = _counter.ErrorLines;
        var given = await _given.CountAsync(_counter.TakeRuns(), cancellationToken).ConfigureAwait(false);
        var look = new WatchLook
        {
            Resources = use,
            Process = process,
            ProcessProblem = problem,
            Endpoints = endpoints,
            Logs = [.. _counter.Take().Select(count => count.Class == LogPatterns.DownloadNotFound ? count with { Unknown = count.Matches - given } : count)],
            FollowedLogs = _follower.Positions.Count,
            Runs = runs,
            Feedback = await ReadFeedbackAsync(since, cancellationToken).ConfigureAwait(false),
            Incidents = happened,
        };
        return (look, errorLines);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        _follower.Dispose();
    }

    private static TimeSpan Patience(TimeSpan limit) => limit * 2 > ShortestPatience ? limit * 2 : ShortestPatience;

    private async Task<(IReadOnlyList<ServiceMember> Members, string? Problem)> FindAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await _host.FindAsync(cancellationToken).ConfigureAwait(false), null);
        }
        catch (BacktestOpsException error)
        {
            return ([], $"{error.ErrorId}: {error.Message}");
        }
    }

    /// <summary>The process that was started, told apart from a later one with its id; the oldest where several were.</summary>
    private static string? MainProcess(IReadOnlyList<ServiceMember> members) => members
        .OrderByDescending(member => member.IsRoot).ThenBy(member => member.Identity.Id)
        .Select(member => $"{member.Identity.Id}@{member.Identity.StartMark}").FirstOrDefault();

    private IEnumerable<WatchIncident> ProcessIncidents(string? process)
    {
        var before = LastProcess;
        if (process is not null) LastProcess = process;
        if (process is null) yield return new WatchIncident(WatchIncidentKind.ServiceDown, "no process of the service lives");
        else if (before is not null && before != process)
            yield return new WatchIncident(WatchIncidentKind.ServiceRestart, $"process {process.Split('@')[0]} runs where process {before.Split('@')[0]} did; nobody but its host, or an operator, starts it");
    }

    private async Task<IReadOnlyList<EndpointLatency>> AskAsync(CancellationToken cancellationToken)
    {
        var (watch, asked) = (_plan.Watch, new List<EndpointLatency>());
        foreach (var (name, path) in watch.Endpoints.Prepend(new KeyValuePair<string, string>("health", _plan.Health.Path)))
            asked.Add(await EndpointProbe.AskAsync(_timer, name, path, false, watch.Requests, Patience(watch.Thresholds.Api), cancellationToken).ConfigureAwait(false));
        if (_api is not null && _runs?.Good is { } run)
            asked.Add(await EndpointProbe.AskAsync(_timer, "download", _api.PathOf(run), true, watch.Requests, Patience(watch.Thresholds.Download), cancellationToken).ConfigureAwait(false));
        return asked;
    }

    private void RotateOwnLog()
    {
        if (ServiceProcessRecord.Read(_layout.ServiceRecord) is not { } started) return;
        try
        {
            _follower.Rotate(started.LogPath, _plan.Service.LogBytes, _tools.Clock.GetUtcNow(), _counter.Add);
        }
        catch (IOException)
        {
            // A disk that is full has no room for the copy; its own check says so, and the log stays as it is.
        }
    }

    private async Task<IReadOnlyList<FeedbackCount>> ReadFeedbackAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        if (_feedback is null) return [];
        try
        {
            // A wall clock that was set back makes the last look later than now.
            var now = _tools.Clock.GetUtcNow();
            var readings = await _feedback.ReadAsync(since < now ? since : now, cancellationToken).ConfigureAwait(false);
            if (_feedback is DeploymentFeedback channels) await channels.RecordAsync(readings, null, cancellationToken).ConfigureAwait(false);
            return [.. readings.Select(reading => new FeedbackCount(
                reading.Channel, reading.Verdict, reading.Items.Count, reading.Positive, reading.Negative, reading.BugReports, reading.Detail))];
        }
        catch (BacktestOpsException error)
        {
            return [new FeedbackCount("channels", Verdict.Error, 0, 0, 0, 0, $"{error.ErrorId}: {error.Message}")];
        }
    }
}

/// <summary>What of earlier evidence a look needs.</summary>
/// <param name="Store">Where artifacts are kept.</param>
/// <param name="Catalogue">The digest of the catalogue of known runs; null for none.</param>
/// <param name="Accepted">What had been accepted before the deployment; null where no backup tells.</param>
internal sealed record EvidenceReferences(ArtifactStore Store, string? Catalogue, AcceptedEntries? Accepted);
