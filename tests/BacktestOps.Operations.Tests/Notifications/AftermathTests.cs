using System.Net;
using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Rollback;
using BacktestOps.Operations.Tests.Deployments;
using BacktestOps.Operations.Tests.Fixtures;

namespace BacktestOps.Operations.Tests.Notifications;

/// <summary>Deployments and rollbacks tell how they ended, and end the same whether they can or not.</summary>
public sealed class AftermathTests : IAsyncLifetime
{
    private const string Hook = "https://hooks.test/services/T0/B0/s3cr3t-h00k";
    private readonly Rig _rig = new();
    private readonly FakeHost _host = new();
    private readonly StubHttp _http;
    private HttpStatusCode _status = HttpStatusCode.OK;

    public AftermathTests()
    {
        _http = new StubHttp(_ => new HttpResponseMessage(_status));
        _rig.Tools = _host.Into(_rig.Tools with { Clock = new SteppingClock(), ChannelHttp = _http.Handler, Variable = name => name == "OPS_HOOK" ? Hook : null });
        _rig.Version("2.0.1").Version("2.0.2").Version("2.0.3", ("journey", "fail"));
        _rig.Plan["notifications"] = new[] { new { name = "ops", kind = "webhook", url = "secret:OPS_HOOK" } };
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Success_failure_refusal_and_rollback_are_each_told_once()
    {
        await _rig.DeployAsync("2.0.1");
        await _rig.DeployAsync("2.0.2");
        await _rig.DeployAsync("2.0.3");
        await _rig.DeployAsync("9.9.9");
        await _rig.Deployer().RollBackAsync(new RollbackRequest(), cancellationToken: TestContext.Current.CancellationToken);
        await _rig.Deployer().ResumeAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(
            [
                "[OK] rig 2.0.1: deployed, verified and live",
                "[OK] rig 2.0.2: deployed, verified and live",
                "[FAILED] rig 2.0.3: failed, what ran before runs again",
                "[FAILED] rig 9.9.9: refused, nothing was changed",
                "[OK] rig 2.0.1: gone back to, verified and live",
            ],
            Texts().Select(text => text.Split('\n')[0]));
        Assert.Contains("Live: 000002-2.0.2", Texts()[2], StringComparison.Ordinal);
        Assert.Equal(["deployment", "deployment", "deployment", "deployment", "rollback"], Notifications().Select(record => record.Data!.Value.GetProperty("event").GetString()));
    }

    [Fact]
    public async Task A_channel_that_refuses_changes_no_outcome_and_is_said()
    {
        _status = HttpStatusCode.Forbidden;

        var deployment = await _rig.DeployAsync("2.0.2");

        Assert.Equal(DeploymentOutcome.Succeeded, deployment.Outcome);
        Assert.Equal("Notification 'ops' was not sent: hooks.test answered HTTP 403", Assert.Single(deployment.Notices));
        Assert.Equal(Verdict.Error, Assert.Single(Notifications()).Verdict);
        await _rig.AssertSoundAsync("2.0.2");
    }

    [Fact]
    public async Task Who_stopped_a_deployment_is_told_that_it_was_taken_back()
    {
        using var stopping = new CancellationTokenSource();
        _host.Before = call =>
        {
            if (call.StartsWith("start", StringComparison.Ordinal)) stopping.Cancel();
        };

        var deployment = await _rig.Deployer().DeployAsync(new DeployRequest { Version = "2.0.2" }, cancellationToken: stopping.Token);

        Assert.Equal(DeploymentOutcome.RolledBack, deployment.Outcome);
        Assert.StartsWith("[FAILED] rig 2.0.2", Assert.Single(Texts()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_address_of_the_webhook_is_on_no_disk()
    {
        await _rig.DeployAsync("2.0.2");

        Assert.DoesNotContain(
            Directory.EnumerateFiles(_rig.Folder, "*", SearchOption.AllDirectories), file => File.ReadAllText(file).Contains("s3cr3t", StringComparison.Ordinal));
    }

    private List<string> Texts() => [.. _http.Calls.Select(call => System.Text.Json.JsonDocument.Parse(call.Body).RootElement.GetProperty("text").GetString()!)];

    private List<EvidenceRecord> Notifications() => [.. new EvidenceLedger(_rig.Layout.Ledger, TimeProvider.System).Read().Where(record => record.Kind == EvidenceKind.Notification)];
}
