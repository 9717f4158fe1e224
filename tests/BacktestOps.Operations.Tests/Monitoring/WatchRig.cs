using System.Net;
using System.Text;
using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Monitoring;
using BacktestOps.Operations.Monitoring.Criteria;
using BacktestOps.Operations.Monitoring.Resources;
using BacktestOps.Operations.ServiceProcesses;
using BacktestOps.Operations.Services;
using BacktestOps.Operations.Tests.Deployments;
using BacktestOps.Operations.Tests.Fixtures;

namespace BacktestOps.Operations.Tests.Monitoring;

/// <summary>A deployed service that is imagined, under a clock that runs as fast as it is looked at.</summary>
internal sealed class WatchRig : IAsyncDisposable
{
    private readonly Rig _rig = new();
    private readonly FakeHost _host = new();
    private readonly Imagined _service;
    private bool _isImagined;

    private WatchRig()
    {
        _service = new Imagined(this);
        _rig.Tools = _host.Into(_rig.Tools with { Clock = Clock });
        var http = _rig.Tools.Http!;
        _rig.Tools = _rig.Tools with { Http = () => new Routing(_service, http()), Host = (_, _, _) => _service };
        Machine = new ImaginedMachine(Clock);
    }

    public SetClock Clock { get; } = new();

    public ImaginedMachine Machine { get; }

    public DeploymentTools Tools => _rig.Tools;

    public Rig Deployments => _rig;

    /// <summary>Time that the machine slept: it counts since its start, and not in the clock that stands still meanwhile.</summary>
    public TimeSpan Slept { get; set; }

    /// <summary>How long the service takes to answer.</summary>
    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>The completed runs and their results.</summary>
    public SortedDictionary<string, string> Runs { get; } = new(StringComparer.Ordinal) { ["bt-1"] = "{\"a\":1}", ["bt-2"] = "{\"a\":2}", ["bt-3"] = "{\"a\":3}" };

    /// <summary>The status of every answer to a download; 200 where the run is there.</summary>
    public HttpStatusCode? DownloadStatus { get; set; }

    /// <summary>The process that runs; another one is a restart. Null: none.</summary>
    public ProcessIdentity? Process { get; set; } = new(4711, "boot:1");

    public string Log => Path.Combine(_rig.Layout.Logs, "20260208T143000000Z-000001-1.0.0.log");

    public EvidenceLedger Ledger => new(_rig.Layout.Ledger, Clock);

    /// <summary>Version 1.0.0 and, over it, 1.1.0 are deployed; the second has a baseline.</summary>
    public static async Task<WatchRig> DeployedAsync(object? watch = null)
    {
        var rig = new WatchRig();
        if (watch is not null) rig._rig.Plan["watch"] = watch;
        rig._rig.Version("1.0.0").Version("1.1.0");
        foreach (var version in (string[])["1.0.0", "1.1.0"])
        {
            var deployed = await rig._rig.DeployAsync(version);
            Assert.True(deployed.Outcome == DeploymentOutcome.Succeeded, deployed.Reason);
        }

        await File.WriteAllTextAsync(rig.Log, "");
        return rig;
    }

    public Watcher Watcher()
    {
        _isImagined = true;
        return new Watcher(_rig.Read(), Tools) { Resources = Machine, SinceBoot = () => Clock.GetElapsedTime(0) + Slept };
    }

    /// <summary>Watches to the end; something may be done after each sample.</summary>
    public async Task<(IReadOnlyList<WatchSample> Samples, Watcher Watcher)> WatchAsync(Action<WatchSample>? after = null, WatchRequest? request = null)
    {
        var watcher = Watcher();
        var samples = new List<WatchSample>();
        // A rollback must find a process that lives, and not one that is imagined.
        _isImagined = request?.AutoRollback != true;
        await foreach (var sample in watcher.WatchAsync(request ?? new WatchRequest(), TestContext.Current.CancellationToken))
        {
            samples.Add(sample);
            after?.Invoke(sample);
        }

        return (samples, watcher);
    }

    /// <summary>Answers criteria of the live deployment.</summary>
    public IReadOnlyList<RollbackCriterion> Test(params string[] names) => Criteria.Test(names.Length == 0 ? null : names);

    public RollbackCriteria Criteria => new(_rig.Read(), Tools);

    /// <summary>Records a smoke journey through the live deployment.</summary>
    public async Task SmokeAsync(params (string Name, Verdict Verdict)[] checks)
    {
        foreach (var (name, verdict) in checks)
            await Ledger.AppendAsync(EvidenceRecord.Of("smoke", new CheckResult { Name = name, Subject = "it", Verdict = verdict, Expected = "ok", ObservedAt = Clock.GetUtcNow() }, 2));
    }

    public void Say(params string[] lines) => File.AppendAllLines(Log, lines);

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    /// <summary>Processes as they are said to be.</summary>
    private sealed class Imagined(WatchRig rig) : IServiceHost
    {
        public WatchRig Rig => rig;

        public async Task<IReadOnlyList<ServiceMember>> FindAsync(CancellationToken cancellationToken)
        {
            var members = await rig._host.FindAsync(cancellationToken);
            // While deployments look, the process is the one that surely lives.
            return !rig._isImagined ? members : rig.Process is { } process ? [.. members.Select(member => member with { Identity = process })] : [];
        }

        public Task<ServiceMember> StartAsync(ServiceLaunch launch, CancellationToken cancellationToken) => rig._host.StartAsync(launch, cancellationToken);

        public Task<string> StopAsync(CancellationToken cancellationToken) => rig._host.StopAsync(cancellationToken);
    }

    private sealed class Routing(Imagined service, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var (rig, path) = (service.Rig, request.RequestUri!.AbsolutePath);
            rig.Clock.Advance(rig.Latency);
            cancellationToken.ThrowIfCancellationRequested();
            if (path == "/api/backtests") return Json(HttpStatusCode.OK, JsonSerializer.Serialize(new { backtests = rig.Runs.Keys }));
            if (!path.StartsWith("/api/backtest/result/", StringComparison.Ordinal)) return await base.SendAsync(request, cancellationToken);
            var found = rig.Runs.TryGetValue(path.Split('/')[^1], out var result);
            return Json(rig.DownloadStatus ?? (found ? HttpStatusCode.OK : HttpStatusCode.NotFound), found ? result! : "{}");
        }

        private static HttpResponseMessage Json(HttpStatusCode status, string body) => new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
    }
}

/// <summary>A clock whose wall time can be set without anything else moving, as an operator or NTP does it.</summary>
internal sealed class SetClock : TimeProvider
{
    private readonly SteppingClock _inner = new();

    /// <summary>How far the wall clock was set away from where it would be.</summary>
    public TimeSpan Offset { get; set; }

    public override long TimestampFrequency => _inner.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => _inner.LocalTimeZone;

    public void Advance(TimeSpan time) => _inner.Advance(time);

    public override DateTimeOffset GetUtcNow() => _inner.GetUtcNow() + Offset;

    public override long GetTimestamp() => _inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => _inner.CreateTimer(callback, state, dueTime, period);
}

/// <summary>A machine that is as busy and as full as it is said to be.</summary>
internal sealed class ImaginedMachine(TimeProvider clock) : IResourceReader
{
    private const long Memory = 8L << 30;

    private double _service;
    private double _machine;
    private double _total;
    private long _at = clock.GetTimestamp();

    public double ServicePercent { get; set; } = 12;

    public double MachinePercent { get; set; } = 20;

    public double ServiceMemoryPercent { get; set; } = 1;

    public double MachineMemoryPercent { get; set; } = 30;

    public DiskReading? File { get; set; } = new DiskReading(1000, 600, 500);

    public bool IsReadable { get; set; } = true;

    public ResourceReading Read(IReadOnlyCollection<ProcessIdentity> members)
    {
        // Two processors with a hundred ticks a second.
        var ticks = clock.GetElapsedTime(_at).TotalSeconds * 200;
        _at = clock.GetTimestamp();
        (_service, _machine, _total) = (_service + (ticks * ServicePercent / 100), _machine + (ticks * MachinePercent / 100), _total + ticks);
        return new ResourceReading
        {
            Processes = IsReadable ? members.ToDictionary(member => member, _ => new ProcessCpu((long)_service, (long)_service)) : [],
            MachineBusy = IsReadable ? (long)_machine : null,
            MachineTotal = (long)_total,
            MemoryBytes = IsReadable ? (long)(Memory * ServiceMemoryPercent / 100) : null,
            MemoryMeasure = "pss",
            MachineMemoryBytes = Memory,
            MachineAvailableBytes = IsReadable ? (long)(Memory * (100 - MachineMemoryPercent) / 100) : null,
        };
    }

    public DiskReading? Disk(string folder) => File;
}
