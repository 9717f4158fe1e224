using BacktestOps.Operations.Mail;
using BacktestOps.Operations.Plans;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace BacktestOps.Operations.Notifications.Channels;

/// <summary>A mail to operators.</summary>
internal sealed class SmtpChannel(MailServerPlan server, string? password, string from, IReadOnlyList<string> to, TimeProvider clock) : INotificationChannel
{
    public async Task<string> SendAsync(Notification notification, CancellationToken cancellationToken)
    {
        using var mail = new MimeMessage
        {
            Subject = MessageText.Title(notification).ReplaceLineEndings(" "),
            Date = clock.GetUtcNow(),
            Body = new TextPart("plain") { Text = string.Join("\n", notification.Lines.Prepend(notification.Title)) },
        };
        mail.From.Add(MailboxAddress.Parse(from));
        mail.To.AddRange(to.Select(MailboxAddress.Parse));
        // So that no vacation answer comes back, and that our own reading of feedback leaves it out (RFC 3834).
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        using var client = new SmtpClient();
        try
        {
            await MailConnection.ConnectAsync(client, server, password, cancellationToken).ConfigureAwait(false);
            var answer = await client.SendAsync(mail, cancellationToken).ConfigureAwait(false);
            await client.DisconnectAsync(quit: true, cancellationToken).ConfigureAwait(false);
            return answer;
        }
        catch (SmtpCommandException error)
        {
            throw new SendException($"{server.Host} answered {(int)error.StatusCode}: {error.Message}", isFinal: (int)error.StatusCode is >= 500, innerException: error);
        }
        catch (Exception error) when (MailConnection.IsExpected(error))
        {
            var isFinal = error is AuthenticationException or SslHandshakeException or NotSupportedException;
            throw new SendException($"{server.Host} {MailConnection.Explain(error, server).Why}", isFinal, innerException: error);
        }
    }
}
