using BacktestOps.Contracts;
using BacktestOps.Operations.Notifications;
using BacktestOps.Operations.Tests.Fixtures;

namespace BacktestOps.Operations.Tests.Notifications;

/// <summary>Mail to operators, against an imitation of a mail server on this machine.</summary>
public sealed class SmtpTests : IDisposable
{
    private readonly ChannelPlan _plan = new();

    public void Dispose() => _plan.Dispose();

    [Fact]
    public async Task A_mail_says_what_ended_and_that_a_program_wrote_it()
    {
        using var server = new StubMailServer();

        var notices = await SendAsync(server.Port);

        Assert.Empty(notices);
        var mail = Assert.Single(server.Mails);
        Assert.Contains("Subject: [FAILED] channels 2.0.2 was rolled back\n", mail, StringComparison.Ordinal);
        Assert.Contains("Auto-Submitted: auto-generated\n", mail, StringComparison.Ordinal);
        Assert.Contains("From: backtest@example.com\n", mail, StringComparison.Ordinal);
        Assert.EndsWith("channels 2.0.2 was rolled back\nsee evidence #3\n", mail, StringComparison.Ordinal);
        Assert.Equal("queued as 4711 at attempt 1", Assert.Single(_plan.Ledger()).Observed);
    }

    [Theory]
    [InlineData("550 no such user", 1)]
    [InlineData("451 try later", 3)]
    public async Task What_may_change_is_tried_again_and_what_will_not_is_not(string refusal, int attempts)
    {
        using var server = new StubMailServer(refusal);

        var notice = Assert.Single(await SendAsync(server.Port));

        Assert.Contains(refusal[4..], notice, StringComparison.Ordinal);
        Assert.Equal(attempts, server.Connections);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_said()
    {
        var notice = Assert.Single(await SendAsync(FreePorts.Take()));

        Assert.Contains("127.0.0.1 can't be used", notice, StringComparison.Ordinal);
        Assert.Equal(3, Assert.Single(_plan.Ledger()).Samples);
    }

    private Task<IReadOnlyList<string>> SendAsync(int port)
    {
        _plan.Notify(new { name = "mail", kind = "smtp", host = "127.0.0.1", port, security = "none", from = "backtest@example.com", to = new[] { "ops@example.com" } });
        return new Notifier(_plan.Read(), _plan.Tools).SendAsync(
            new Notification { Event = NotificationEvent.Rollback, Verdict = Verdict.Fail, Title = "channels 2.0.2 was rolled back", Lines = ["see evidence #3"] },
            TestContext.Current.CancellationToken);
    }
}
