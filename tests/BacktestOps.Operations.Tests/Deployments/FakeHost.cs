using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.ServiceProcesses;
using BacktestOps.Operations.Services;

namespace BacktestOps.Operations.Tests.Deployments;

/// <summary>
/// A service that is imagined: it runs, answers and fails as the <c>service.json</c> of its release says. It stands in for
/// the process, the port, the health address and the journey, so that a whole deployment takes milliseconds.
/// </summary>
internal sealed class FakeHost : IServiceHost, ISmokeJourney
{
    // The one process that surely lives.
    private static readonly ProcessIdentity Alive = ProcessIdentity.Of(System.Environment.ProcessId)!;
    private readonly List<ServiceMember> _members = [];

    /// <summary>A process that no deployment started and that has the port.</summary>
    public int? Stranger { get; set; }

    /// <summary>Called before a start and a stop; what it throws is what they throw.</summary>
    public Action<string>? Before { get; set; }

    /// <summary>What the release that runs says of itself; null when none runs.</summary>
    public JsonElement? Settings { get; private set; }

    /// <summary>The environment that the service was started with last.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; private set; } = new Dictionary<string, string>();

    public DeploymentTools Into(DeploymentTools tools) => tools with
    {
        Host = (_, _, _) => this,
        Smoke = this,
        Http = () => new Handler(this),
        PortOwners = _ => Stranger is { } stranger ? [stranger] : _members.Count > 0 ? [Alive.Id] : [],
    };

    public Task<IReadOnlyList<ServiceMember>> FindAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ServiceMember>>([.. _members]);

    public Task<ServiceMember> StartAsync(ServiceLaunch launch, CancellationToken cancellationToken)
    {
        Before?.Invoke("start " + launch.Release);
        Environment = launch.Environment;
        Settings = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(launch.Folder, "service.json"))).RootElement;
        var member = new ServiceMember(Alive, launch.Release, IsRoot: true);
        if (Setting("start") != "exit") _members.Add(member);
        return Task.FromResult(member);
    }

    public Task<string> StopAsync(CancellationToken cancellationToken)
    {
        Before?.Invoke("stop");
        _members.Clear();
        Settings = null;
        return Task.FromResult("stopped");
    }

    /// <summary>The service that runs changes what it says.</summary>
    public void Restart(Rig rig, params (string Name, object Value)[] settings)
    {
        var said = JsonNode.Parse(File.ReadAllBytes(rig.LiveFile("service.json")))!.AsObject();
        foreach (var (name, value) in settings) said[name] = JsonValue.Create(value.ToString());
        Settings = JsonDocument.Parse(said.ToJsonString()).RootElement;
    }

    /// <summary>A start or stop fails, the first time.</summary>
    public void FailOnce(string call, string errorId)
    {
        var failed = false;
        Before = now =>
        {
            if (now != call || failed) return;
            failed = true;
            throw new DeploymentException(errorId, $"'{call}' failed.", "Look at it.");
        };
    }

    /// <summary>A stranger takes the port at one call and leaves it at another.</summary>
    public void StrangerAt(string call, string until) => Before = now =>
    {
        if (now == call) Stranger = 1;
        else if (now == until) Stranger = null;
    };

    /// <summary>The service dies.</summary>
    public void Die() => _members.Clear();

    public Task<SmokeOutcome> RunAsync(SmokeRequest request, CancellationToken cancellationToken)
    {
        var said = Setting("journey") ?? "pass";
        if (said == "throws") throw new InvalidOperationException("the journey broke");
        var verdict = Facts.Parse<Verdict>(said);
        return Task.FromResult(new SmokeOutcome(verdict,
        [
            new CheckResult
            {
                Name = "journey",
                Subject = "fake",
                Verdict = verdict,
                Expected = "ok",
                Observed = said,
                Action = verdict == Verdict.Pass ? null : "Read the service's log.",
                ObservedAt = DateTimeOffset.UnixEpoch,
            },
        ]));
    }

    private string? Setting(string name) => Settings is { } settings && settings.TryGetProperty(name, out var value) ? value.ToString() : null;

    private sealed class Handler(FakeHost host) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (host._members.Count == 0 || host.Setting("health") == "refused") throw new HttpRequestException("Connection refused");
            var body = host.Setting("health") ?? JsonSerializer.Serialize(new Dictionary<string, object?>
            {
                ["status"] = "healthy",
                ["version"] = host.Setting("says") ?? host.Setting("version"),
                ["services"] = new Dictionary<string, string> { ["database"] = "connected" },
                ["process"] = new Dictionary<string, int> { ["id"] = int.Parse(host.Setting("pid") ?? $"{Alive.Id}", null) },
            });
            var status = (HttpStatusCode)int.Parse(host.Setting("health_status") ?? "200", null);
            return Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") });
        }
    }
}
