using System.Net;
using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Notifications;
using BacktestOps.Operations.Tests.Fixtures;

namespace BacktestOps.Operations.Tests.Notifications;

public sealed class NotifierTests : IDisposable
{
    private const string Hook = "https://hooks.test/services/T000/B000/s3cr3t-h00k";
    private readonly ChannelPlan _plan = new();

    public void Dispose() => _plan.Dispose();

    [Theory]
    [InlineData(Verdict.Pass, "[OK]")]
    [InlineData(Verdict.Fail, "[FAILED]")]
    [InlineData(Verdict.Inconclusive, "[NOT PROVEN]")]
    [InlineData(Verdict.Error, "[COULD NOT BE CHECKED]")]
    public async Task A_webhook_hears_of_success_and_of_failure_and_the_ledger_says_so(Verdict verdict, string sign)
    {
        Webhook(_ => new HttpResponseMessage(HttpStatusCode.OK));

        var notices = await SendAsync(verdict);

        Assert.Empty(notices);
        using var body = JsonDocument.Parse(Assert.Single(_plan.Http!.Calls).Body);
        Assert.Equal($"{sign} channels 2.0.2 was deployed\nevidence #7 &lt;!channel&gt; R&amp;D", body.RootElement.GetProperty("text").GetString());
        var record = Assert.Single(_plan.Ledger());
        Assert.Equal((EvidenceKind.Notification, Verdict.Pass, "HTTP 200 at attempt 1", 7), (record.Kind, record.Verdict, record.Observed, record.Deployment));
        var data = record.Data!.Value.Deserialize(NotificationJson.Default.NotificationData)!;
        Assert.Equal((verdict, true, 1, "webhook", "deployment"), (data.About, data.Sent, data.Attempts, data.ChannelKind, data.Event));
    }

    [Fact]
    public async Task A_channel_hears_only_of_what_it_wants_to()
    {
        _plan.Http = new StubHttp(_ => new HttpResponseMessage(HttpStatusCode.OK));
        _plan.Notify(new { name = "good", kind = "webhook", url = "https://a.test/x", on = new[] { "pass" } }, new { name = "bad", kind = "webhook", url = "https://b.test/x", on = new[] { "fail" } });

        await SendAsync(Verdict.Pass);
        await SendAsync(Verdict.Inconclusive);

        Assert.Equal(["a.test", "b.test"], _plan.Http.Calls.Select(call => call.Address.Host));
    }

    [Fact]
    public async Task What_is_busy_is_asked_again_with_growing_pauses_and_no_more_often_than_allowed()
    {
        var clock = (PauseClock)_plan.Clock;
        Webhook(_ => new HttpResponseMessage(HttpStatusCode.BadGateway));

        var notices = await SendAsync(Verdict.Fail);

        Assert.Equal(3, _plan.Http!.Calls.Count);
        Assert.Equal([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)], clock.Pauses);
        Assert.Contains("'ops' was not sent: hooks.test answered HTTP 502", Assert.Single(notices), StringComparison.Ordinal);
        var record = Assert.Single(_plan.Ledger());
        Assert.Equal((Verdict.Error, null, 3), (record.Verdict, record.Observed, record.Samples));
    }

    [Fact]
    public async Task Once_refused_for_good_it_is_not_tried_again()
    {
        Webhook(_ => new HttpResponseMessage(HttpStatusCode.NotFound));

        await SendAsync(Verdict.Fail);

        Assert.Single(_plan.Http!.Calls);
    }

    [Fact]
    public async Task It_is_sent_at_last_where_an_attempt_succeeds()
    {
        Webhook(call => call.Number < 3 ? throw new HttpRequestException("Connection refused") : new HttpResponseMessage(HttpStatusCode.OK));

        Assert.Empty(await SendAsync(Verdict.Pass));
        Assert.Equal("HTTP 200 at attempt 3", Assert.Single(_plan.Ledger()).Observed);
    }

    [Fact]
    public async Task Whatever_a_channel_throws_is_said_and_thrown_nowhere()
    {
        Webhook(_ => throw new InvalidOperationException("boom " + Hook));

        var notice = Assert.Single(await SendAsync(Verdict.Pass));

        Assert.Contains("InvalidOperationException: boom [secret]", notice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ledger_that_can_t_be_written_is_said_too()
    {
        Webhook(_ => new HttpResponseMessage(HttpStatusCode.OK));
        Directory.CreateDirectory(_plan.LedgerPath);

        Assert.Contains("could not be recorded", Assert.Single(await SendAsync(Verdict.Pass)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_secret_is_sent_said_or_written()
    {
        Webhook(call => throw new HttpRequestException($"no route to {call.Address}"));

        var notices = await SendAsync(Verdict.Fail, $"the hook is {Hook}");

        Assert.All(_plan.Http!.Calls, call => Assert.DoesNotContain("s3cr3t", call.Body, StringComparison.Ordinal));
        Assert.DoesNotContain("s3cr3t", Assert.Single(notices), StringComparison.Ordinal);
        Assert.Empty(_plan.FilesWith("s3cr3t"));
    }

    [Fact]
    public async Task A_secret_that_is_not_set_is_said_and_fails_nothing()
    {
        _plan.Notify(new { name = "ops", kind = "webhook", url = "secret:OPS_HOOK" });

        Assert.Contains("the secret OPS_HOOK is not set", Assert.Single(await SendAsync(Verdict.Pass)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_operator_s_command_gets_its_arguments_whole_and_no_shell_reads_them()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "It uses sh.");
        var script = Path.Combine(_plan.Folder, "page.sh");
        await File.WriteAllTextAsync(script, "#!/bin/sh\nprintf '%s|' \"$@\" \"$BACKTESTOPS_EVENT\" > \"$0.out\"\n", TestContext.Current.CancellationToken);
        _plan.Notify(new { name = "page", kind = "command", run = new[] { "sh", script, "{title}", "{verdict}: {event}", "{unknown}" } });

        var notices = await SendAsync(Verdict.Fail, "$(touch /tmp/pwned) {verdict} `id`");

        Assert.Empty(notices);
        Assert.Equal("$(touch /tmp/pwned) {verdict} `id`|fail: deployment|{unknown}|deployment|", await File.ReadAllTextAsync(script + ".out", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_command_that_fails_is_tried_again_and_said()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "It uses sh.");
        _plan.Notify(new { name = "page", kind = "command", run = new[] { "sh", "-c", "echo no modem >&2; exit 3" }, attempts = 2 });

        Assert.Contains("'sh' ended with 3: no modem", Assert.Single(await SendAsync(Verdict.Fail)), StringComparison.Ordinal);
        Assert.Equal(2, Assert.Single(_plan.Ledger()).Samples);
    }

    private void Webhook(Func<StubHttp.Call, HttpResponseMessage> answer)
    {
        _plan.Variables["OPS_HOOK"] = Hook;
        _plan.Http = new StubHttp(answer);
        _plan.Notify(new { name = "ops", kind = "webhook", url = "secret:OPS_HOOK" });
    }

    private Task<IReadOnlyList<string>> SendAsync(Verdict verdict, string title = "channels 2.0.2 was deployed") => new Notifier(_plan.Read(), _plan.Tools).SendAsync(
        new Notification { Event = NotificationEvent.Deployment, Verdict = verdict, Title = title, Lines = ["evidence #7 <!channel> R&D"], Deployment = 7 },
        TestContext.Current.CancellationToken);
}
