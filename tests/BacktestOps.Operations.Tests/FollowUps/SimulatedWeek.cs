using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.FollowUps;
using BacktestOps.Operations.Notifications;
using BacktestOps.Operations.Tests.Deployments;
using BacktestOps.Operations.Tests.Fixtures;

namespace BacktestOps.Operations.Tests.FollowUps;

/// <summary>A deployment on 2026-02-08, 14:30 in Seoul, on an imagined service, and the week after it under a clock of its own.</summary>
internal sealed class SimulatedWeek : IAsyncDisposable, ISmokeJourney, INotifier
{
    private static readonly TimeSpan Seoul = TimeSpan.FromHours(9);

    public SimulatedWeek(string zone = "Asia/Seoul")
    {
        Set(8, 14, 30);
        Host = new FakeHost();
        Rig.Tools = Host.Into(Rig.Tools with { Clock = Clock }) with { Smoke = this };
        var answers = Rig.Tools.Http!;
        Rig.Tools = Rig.Tools with { Http = () => new Slowly(this) { InnerHandler = answers() } };
        Rig.Version("2.0.1").Version("2.0.2");
        Directory.CreateDirectory(Feedback);
        Rig.Plan["feedback"] = new { channels = new[] { new { name = "inbox", kind = "files", path = Feedback } } };
        Rig.Plan["follow_up"] = new { time_zone = zone };
    }

    public Rig Rig { get; } = new();

    public FakeHost Host { get; }

    public SteppingClock Clock { get; } = new();

    public string Feedback => Path.Combine(Rig.Folder, "feedback");

    public List<Notification> Told { get; } = [];

    /// <summary>Done while a journey is under way.</summary>
    public Action? DuringJourney { get; set; }

    /// <summary>How long each answer of the service takes.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>What the download answers.</summary>
    public Verdict Download { get; set; } = Verdict.Pass;

    public EvidenceLedger Ledger => new(Rig.Layout.Ledger, TimeProvider.System);

    public static async Task<SimulatedWeek> DeployedAsync(string zone = "Asia/Seoul")
    {
        var week = new SimulatedWeek(zone);
        var deployment = await week.Rig.DeployAsync("2.0.2");
        Assert.True(deployment.Outcome == DeploymentOutcome.Succeeded, deployment.Reason);
        return week;
    }

    /// <summary>Sets the clock, backwards too, and runs what is due.</summary>
    public async Task<IReadOnlyList<FollowUp>> AtAsync(int day, int hour, int minute = 0)
    {
        Set(day, hour, minute);
        return (await FollowUp().RunAsync(TestContext.Current.CancellationToken)).FollowUps;
    }

    public void Set(int day, int hour, int minute = 0) => Clock.AdjustTime(new DateTimeOffset(2026, 2, day, hour, minute, 0, Seoul).ToUniversalTime());

    public DeploymentFollowUp FollowUp() => new(Rig.Read(), Rig.Tools, this);

    public async Task DoAsync(int from, int to)
    {
        for (var day = from; day <= to; day++) await AtAsync(day, 10);
    }

    public Task<SmokeOutcome> RunAsync(SmokeRequest request, CancellationToken cancellationToken)
    {
        DuringJourney?.Invoke();
        CheckResult Check(string name, Verdict verdict) => new()
        {
            Name = name, Subject = "imagined", Verdict = verdict, Expected = "200", Observed = verdict == Verdict.Pass ? "200" : "404", ObservedAt = Clock.GetUtcNow(), Samples = 1,
            Action = verdict == Verdict.Pass ? null : "Read the log.",
        };
        return Task.FromResult(new SmokeOutcome(Download, [Check("start: HTTP status", Verdict.Pass), Check("progress: completes", Verdict.Pass), Check("result: HTTP status", Download)]));
    }

    public Task<IReadOnlyList<string>> SendAsync(Notification notification, CancellationToken cancellationToken)
    {
        Told.Add(notification);
        return Task.FromResult<IReadOnlyList<string>>([]);
    }

    public ValueTask DisposeAsync() => Rig.DisposeAsync();

    private sealed class Slowly(SimulatedWeek week) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            week.Clock.Advance(week.Latency);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
