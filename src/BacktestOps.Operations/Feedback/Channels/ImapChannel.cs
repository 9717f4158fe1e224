using System.Globalization;
using BacktestOps.Operations.Mail;
using BacktestOps.Operations.Plans;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;

namespace BacktestOps.Operations.Feedback.Channels;

/// <summary>A mailbox. It is opened read-only: what is unread stays unread, and nothing is moved.</summary>
internal sealed class ImapChannel(MailServerPlan server, string password, string folder) : IFeedbackChannel
{
    private const uint SizeLimit = 1 << 20;

    public async Task<ChannelContent> ReadAsync(DateTimeOffset since, int most, CancellationToken cancellationToken)
    {
        using var client = new ImapClient();
        try
        {
            await MailConnection.ConnectAsync(client, server, password, cancellationToken).ConfigureAwait(false);
            var box = await client.GetFolderAsync(folder, cancellationToken).ConfigureAwait(false);
            await box.OpenAsync(FolderAccess.ReadOnly, cancellationToken).ConfigureAwait(false);
            var content = await ReadAsync(box, since, most, cancellationToken).ConfigureAwait(false);
            await client.DisconnectAsync(quit: true, cancellationToken).ConfigureAwait(false);
            return content;
        }
        catch (Exception error) when (MailConnection.IsExpected(error))
        {
            var (why, action) = error is FolderNotFoundException ? ($"has no folder '{folder}'", "Correct the channel's 'folder' in the plan.") : MailConnection.Explain(error, server);
            throw new FeedbackException("FeedbackUnreadable", string.Create(CultureInfo.InvariantCulture, $"The mailbox of '{server.User}' at {server.Host}:{server.Port} {why}."), action, error);
        }
    }

    private static async Task<ChannelContent> ReadAsync(IMailFolder box, DateTimeOffset since, int most, CancellationToken cancellationToken)
    {
        // IMAP searches by whole days of the server's own zone; the exact time is held against afterwards.
        var found = await box.SearchAsync(SearchQuery.DeliveredAfter(since.UtcDateTime.Date.AddDays(-1)), cancellationToken).ConfigureAwait(false);
        if (found.Count == 0) return new ChannelContent([]);
        var summaries = await box.FetchAsync(found, MessageSummaryItems.UniqueId | MessageSummaryItems.InternalDate | MessageSummaryItems.Size, cancellationToken).ConfigureAwait(false);
        var wanted = summaries.Where(summary => summary.InternalDate >= since).OrderBy(summary => summary.InternalDate).ThenBy(summary => summary.UniqueId.Id).ToList();
        var messages = new List<ChannelMessage>();
        foreach (var summary in wanted.Take(most))
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"{box.UidValidity}/{summary.UniqueId.Id}");
            var at = summary.InternalDate!.Value.ToUniversalTime();
            if (summary.Size > SizeLimit)
            {
                messages.Add(new ChannelMessage(id, at, null, null, $"it has {summary.Size} bytes, more than the {SizeLimit} that are read"));
                continue;
            }

            messages.Add(MailText.MessageOf(await box.GetMessageAsync(summary.UniqueId, cancellationToken).ConfigureAwait(false), id, at));
        }

        return new ChannelContent(messages, wanted.Count > most ? string.Create(CultureInfo.InvariantCulture, $"there are {wanted.Count} messages, and the oldest {most} were read") : null);
    }
}
