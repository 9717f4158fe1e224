using System.Globalization;
using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Notifications.Channels;
using BacktestOps.Operations.Plans;

namespace BacktestOps.Operations.Notifications;

/// <summary>
/// Tells the plan's channels what ended, on fail and on success, and writes to the ledger what became of it. It tries a
/// bounded number of times and never throws: a message that could not be sent is said, and fails nothing.
/// </summary>
public sealed class Notifier : INotifier
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly DeploymentPlan _plan;
    private readonly DeploymentTools _tools;
    private readonly DeploymentLayout _layout;
    private readonly Secrets _secrets;
    private readonly EvidenceLedger _ledger;

    /// <summary>Names the plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="tools">The outside things.</param>
    public Notifier(DeploymentPlan plan, DeploymentTools tools)
    {
        (_plan, _layout) = (plan, new DeploymentLayout(plan));
        _tools = tools.Guarded(plan, _layout, hasLock: false, keepsRecords: false);
        _secrets = Secrets.Resolve(plan, tools.Variable);
        _ledger = new EvidenceLedger(_layout.Ledger, tools.Clock, tools.Disk, _secrets.Redactor);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> SendAsync(Notification notification, CancellationToken cancellationToken)
    {
        var clean = Clean(notification);
        var wanted = _plan.Notifications.Where(channel => notification.Verdict == Verdict.Pass ? channel.OnPass : channel.OnFail).ToList();
        var sendings = await Task.WhenAll(wanted.Select(channel => SendAsync(channel, clean, cancellationToken))).ConfigureAwait(false);
        var notices = sendings.Where(sending => sending.Fault is not null).Select(sending => $"Notification '{sending.Channel.Name}' was not sent: {sending.Fault}").ToList();
        foreach (var sending in sendings)
        {
            try
            {
                await _ledger.AppendAsync(Record(clean, sending), CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or BacktestOpsException)
            {
                notices.Add($"That notification '{sending.Channel.Name}' was {(sending.Fault is null ? "" : "not ")}sent could not be recorded: {error.Message}");
            }
        }

        return notices;
    }

    private async Task<Sending> SendAsync(NotificationChannelPlan channel, Notification notification, CancellationToken cancellationToken)
    {
        var begin = _tools.Clock.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            SendException fault;
            try
            {
                return Made(attempt, answer: await TryAsync(channel, notification, cancellationToken).ConfigureAwait(false));
            }
            catch (SendException error)
            {
                fault = error;
            }
            catch (OperationCanceledException)
            {
                return Made(attempt, fault: "it was given up");
            }
            catch (Exception error)
            {
                // Whatever a channel does, what it tells of has ended already.
                fault = new SendException($"{error.GetType().Name}: {error.Message}", isFinal: true, innerException: error);
            }

            if (fault.IsFinal || attempt >= channel.Attempts) return Made(attempt, fault: fault.Message);
            var pause = fault.RetryAfter ?? FirstPause * Math.Pow(2, attempt - 1);
            try
            {
                await Task.Delay(pause < LongestPause ? pause : LongestPause, _tools.Clock, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return Made(attempt, fault: $"it was given up after {fault.Message}");
            }
        }

        Sending Made(int attempts, string? answer = null, string? fault = null) =>
            new(channel, attempts, answer is null ? null : _secrets.Redactor.Redact(answer), fault is null ? null : _secrets.Redactor.Redact(fault), _tools.Clock.GetElapsedTime(begin));
    }

    private async Task<string> TryAsync(NotificationChannelPlan channel, Notification notification, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(channel.Timeout, _tools.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await Open(channel).SendAsync(notification, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SendException(FormattableString.Invariant($"no answer within {channel.Timeout.TotalSeconds:0.###} s"), isFinal: false);
        }
    }

    private INotificationChannel Open(NotificationChannelPlan channel) => channel.Kind switch
    {
        NotificationChannelKind.Webhook => new WebhookChannel(channel.Url ?? Url(Secret(channel.UrlSecret!), channel.UrlSecret!), _tools.ChannelHttp),
        NotificationChannelKind.Smtp => new SmtpChannel(
            channel.Server!, channel.Server!.PasswordSecret is { } name ? Secret(name) : null, channel.From!, channel.To, _tools.Clock),
        _ => new CommandChannel(channel.Run, _layout.CommandFolder, channel.Timeout, _tools.Commands),
    };

    private string Secret(string name) => _secrets.Find(name)
        ?? throw new SendException($"the secret {name} is not set in the operator's environment{(_plan.Service.SecretsFile is null ? "" : " or in service.secrets_file")}", isFinal: true);

    private static Uri Url(string text, string name) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
        ? url
        : throw new SendException($"the secret {name} is no http or https address", isFinal: true);

    private Notification Clean(Notification notification) => notification with
    {
        Title = _secrets.Redactor.Redact(notification.Title),
        Lines = [.. notification.Lines.Select(_secrets.Redactor.Redact)],
    };

    private EvidenceRecord Record(Notification notification, Sending sending)
    {
        var kind = JsonNamingPolicy.SnakeCaseLower.ConvertName(sending.Channel.Kind.ToString());
        return new EvidenceRecord
        {
            At = _tools.Clock.GetUtcNow(),
            Kind = EvidenceKind.Notification,
            Subject = $"{notification.Event} notification '{sending.Channel.Name}' ({kind})",
            Deployment = notification.Deployment,
            Expected = "the channel takes it",
            Observed = sending.Answer is null ? null : string.Create(CultureInfo.InvariantCulture, $"{sending.Answer} at attempt {sending.Attempts}"),
            Verdict = sending.Fault is null ? Verdict.Pass : Verdict.Error,
            Detail = sending.Fault is null ? null : string.Create(CultureInfo.InvariantCulture, $"{sending.Fault}, after {sending.Attempts} attempts"),
            WindowSeconds = sending.Took.TotalSeconds,
            Samples = sending.Attempts,
            Data = JsonSerializer.SerializeToElement(
                new NotificationData
                {
                    Channel = sending.Channel.Name,
                    ChannelKind = kind,
                    Event = notification.Event,
                    About = notification.Verdict,
                    Title = notification.Title,
                    Sent = sending.Fault is null,
                    Attempts = sending.Attempts,
                },
                NotificationJson.Default.NotificationData),
        };
    }

    private sealed record Sending(NotificationChannelPlan Channel, int Attempts, string? Answer, string? Fault, TimeSpan Took);
}
