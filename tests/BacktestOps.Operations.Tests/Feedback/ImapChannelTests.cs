using BacktestOps.Contracts;
using BacktestOps.Operations.Feedback;
using BacktestOps.Operations.Tests.Fixtures;

namespace BacktestOps.Operations.Tests.Feedback;

/// <summary>A mailbox, in Debian's own dovecot over TLS; skipped, with the reason, where it is not installed.</summary>
public sealed class ImapChannelTests : IDisposable
{
    private static readonly DateTimeOffset Since = new(2026, 2, 8, 14, 0, 0, TimeSpan.Zero);
    private readonly ChannelPlan _plan = new() { Clock = TimeProvider.System };

    public void Dispose() => _plan.Dispose();

    [Fact]
    public async Task Mails_since_a_time_are_read_classed_and_left_unread()
    {
        await using var dovecot = await Dovecot.StartAsync();
        dovecot.Deliver("old", Since.AddMinutes(-1), Mail("broken", "It is broken"));
        dovecot.Deliver("korean", Since, Mail("문의", "결과 다운로드가 안 돼요.\n\nOn Sun, 8 Feb 2026, ops wrote:\n> great"));
        dovecot.Deliver("praise", Since.AddMinutes(1), Mail("Re: error 404", "No errors any more, thank you!"));
        dovecot.Deliver("html", Since.AddMinutes(2), Mail("charts", "<html><style>.error{}</style><p>They are <b>slow</b></p><blockquote>404</blockquote>", "text/html"));
        dovecot.Deliver("ours", Since.AddMinutes(3), "Auto-Submitted: auto-generated\n" + Mail("[FAILED] deployment", "error"));

        var reading = await ReadAsync(dovecot.Port, dovecot.CertificateDigest);

        Assert.True(reading.Verdict != Verdict.Error, reading.Detail);
        Assert.Equal((Verdict.Fail, 1, 1, 1, 1), (reading.Verdict, reading.Positive, reading.Negative, reading.BugReports, reading.Ignored));
        Assert.Equal(["문의\n결과 다운로드가 안 돼요.", "No errors any more, thank you!"], reading.Items.Take(2).Select(item => item.Text));
        Assert.Equal(Since, reading.Items[0].At);
        Assert.Equal(5, dovecot.Unseen);
        Assert.Empty(_plan.FilesWith(Dovecot.Password));
    }

    [Fact]
    public async Task A_wrong_password_a_strange_certificate_and_a_missing_folder_are_errors_that_say_so()
    {
        await using var dovecot = await Dovecot.StartAsync();

        var password = await ReadAsync(dovecot.Port, dovecot.CertificateDigest, password: "wr0ng-pa55");
        var pinned = await ReadAsync(dovecot.Port, new string('a', 64));
        var untrusted = await ReadAsync(dovecot.Port, null);
        var folder = await ReadAsync(dovecot.Port, dovecot.CertificateDigest, folder: "Support");

        Assert.All([password, pinned, untrusted, folder], reading => Assert.Equal((Verdict.Error, 0), (reading.Verdict, reading.Items.Count)));
        Assert.Contains("does not accept the password of 'ops@example.com'", password.Detail, StringComparison.Ordinal);
        Assert.Contains("another certificate than the one that the plan trusts", pinned.Detail, StringComparison.Ordinal);
        Assert.Contains("a certificate that this machine does not trust", untrusted.Detail, StringComparison.Ordinal);
        Assert.Contains("has no folder 'Support'", folder.Detail, StringComparison.Ordinal);
        Assert.Empty(_plan.FilesWith("wr0ng-pa55"));
    }

    [Fact]
    public async Task A_mailbox_that_nobody_serves_is_an_error()
    {
        var reading = await ReadAsync(FreePorts.Take(), null);

        Assert.Equal(Verdict.Error, reading.Verdict);
        Assert.Contains("can't be used", reading.Detail, StringComparison.Ordinal);
    }

    private static string Mail(string subject, string body, string type = "text/plain") =>
        $"From: Kim <kim@example.com>\nTo: ops@example.com\nSubject: {subject}\nMIME-Version: 1.0\nContent-Type: {type}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{body}\n";

    private async Task<FeedbackReading> ReadAsync(int port, string? digest, string password = Dovecot.Password, string folder = "INBOX")
    {
        _plan.Variables["MAIL_PASSWORD"] = password;
        var channel = new Dictionary<string, object> { ["name"] = "mail", ["kind"] = "imap", ["host"] = "127.0.0.1", ["port"] = port, ["user"] = "ops@example.com", ["password"] = "secret:MAIL_PASSWORD", ["folder"] = folder };
        if (digest is not null) channel["certificate_sha256"] = digest;
        _plan.Feedback(channel);
        var feedback = new DeploymentFeedback(_plan.Read(), _plan.Tools);
        var readings = await feedback.ReadAsync(Since, TestContext.Current.CancellationToken);
        await feedback.RecordAsync(readings, cancellationToken: TestContext.Current.CancellationToken);
        return Assert.Single(readings);
    }
}
