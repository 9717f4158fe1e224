using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace BacktestOps.Operations.Feedback.Channels;

/// <summary>A Slack channel over the Web API: <c>conversations.history</c>, page by page, as fast as Slack allows.</summary>
/// <remarks>The messages of the channel, not the answers in their threads.</remarks>
internal sealed class SlackChannel(Uri address, string channel, string token, TimeProvider clock, Func<HttpMessageHandler>? handler = null) : IFeedbackChannel
{
    private const int PageSize = 200;
    private static readonly TimeSpan UsualPause = TimeSpan.FromSeconds(5);

    public async Task<ChannelContent> ReadAsync(DateTimeOffset since, int most, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(handler?.Invoke() ?? new SocketsHttpHandler { AllowAutoRedirect = false }, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var oldest = Seconds(since);
        var messages = new List<ChannelMessage>();
        var cursors = new HashSet<string>(StringComparer.Ordinal);
        string? cursor = null;
        do
        {
            var query = $"conversations.history?channel={Uri.EscapeDataString(channel)}&oldest={oldest}&inclusive=true&limit={PageSize}"
                + (cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}");
            using var page = await AskAsync(http, new Uri(address, query), cancellationToken).ConfigureAwait(false);
            foreach (var message in Array(page.RootElement, "messages"))
            {
                if (messages.Count == most) return Content(messages, string.Create(CultureInfo.InvariantCulture, $"there are more than {most} messages, and the newest {most} were read"));
                if (Read(message, since) is { } read) messages.Add(read);
            }

            cursor = page.RootElement.TryGetProperty("response_metadata", out var more) && more.ValueKind == JsonValueKind.Object && more.TryGetProperty("next_cursor", out var next) ? next.GetString() : null;
            var hasMore = page.RootElement.TryGetProperty("has_more", out var flag) && flag.ValueKind == JsonValueKind.True;
            if (hasMore && string.IsNullOrEmpty(cursor)) return Content(messages, "Slack says that there is more, and not where");
            // A server that repeats itself would be asked for ever.
            if (!string.IsNullOrEmpty(cursor) && !cursors.Add(cursor)) return Content(messages, "Slack gave the same page twice");
        }
        while (!string.IsNullOrEmpty(cursor));
        return Content(messages, null);
    }

    // Slack gives the newest first.
    private static ChannelContent Content(List<ChannelMessage> messages, string? gap) => new([.. messages.OrderBy(message => message.At)], gap);

    /// <summary>Asks for a page; where Slack says "later", asks again then. The caller's time limit ends it.</summary>
    private async Task<JsonDocument> AskAsync(HttpClient http, Uri page, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var answer = await SendAsync(http, page, cancellationToken).ConfigureAwait(false);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            {
                await Task.Delay(answer.Headers.RetryAfter?.Delta ?? UsualPause, clock, cancellationToken).ConfigureAwait(false);
                continue;
            }

            if (!answer.IsSuccessStatusCode) throw Unreadable($"answered {(int)answer.StatusCode}", "See whether Slack is up (status.slack.com), and the channel's 'address' in the plan.");
            return await ParseAsync(answer, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpClient http, Uri page, CancellationToken cancellationToken)
    {
        try
        {
            return await http.GetAsync(page, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException error)
        {
            throw Unreadable($"can't be reached: {error.Message}", "See this machine's network, and the channel's 'address' in the plan.", error);
        }
    }

    private async Task<JsonDocument> ParseAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        JsonDocument page;
        try
        {
            page = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (Exception error) when (error is JsonException or HttpRequestException)
        {
            throw Unreadable("gave an answer that is not whole JSON", "See the channel's 'address' in the plan.", error);
        }

        if (page.RootElement.ValueKind == JsonValueKind.Object && page.RootElement.TryGetProperty("ok", out var ok) && ok.ValueKind == JsonValueKind.True) return page;
        var reason = page.RootElement.ValueKind == JsonValueKind.Object && page.RootElement.TryGetProperty("error", out var said) ? said.ToString() : "no reason";
        page.Dispose();
        throw Unreadable($"refused: {reason}", reason switch
        {
            "channel_not_found" or "not_in_channel" => "Give the channel's id, and invite the app to the channel.",
            "missing_scope" => "Give the app the scope channels:history (groups:history for a private channel).",
            _ => "See the token: it must be a valid one of an app of this workspace.",
        });
    }

    private static ChannelMessage? Read(JsonElement message, DateTimeOffset since)
    {
        var stamp = Text(message, "ts") ?? "";
        if (!decimal.TryParse(stamp, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
            return new ChannelMessage($"ts '{stamp}'", since, Text(message, "user"), null, "its 'ts' is no time");
        var at = DateTimeOffset.UnixEpoch + TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond));
        var subtype = Text(message, "subtype");
        // Somebody joined, a topic was set: nothing that anybody wrote.
        if (subtype is not (null or "bot_message" or "thread_broadcast" or "file_share" or "me_message")) return null;
        var isByProgram = subtype == "bot_message" || Text(message, "bot_id") is not null;
        return Text(message, "text") is { } text
            ? new ChannelMessage(stamp, at, Text(message, "user"), WebUtility.HtmlDecode(text), IsByProgram: isByProgram)
            : new ChannelMessage(stamp, at, Text(message, "user"), null, "its 'text' is no string", isByProgram);
    }

    private static IEnumerable<JsonElement> Array(JsonElement of, string name) =>
        of.TryGetProperty(name, out var array) && array.ValueKind == JsonValueKind.Array
            ? array.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object)
            : throw new FeedbackException("FeedbackUnreadable", "Slack's answer has no 'messages'.", "See the channel's 'address' in the plan.");

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Seconds(DateTimeOffset time) =>
        ((time - DateTimeOffset.UnixEpoch).Ticks / (decimal)TimeSpan.TicksPerSecond).ToString("0.000000", CultureInfo.InvariantCulture);

    private FeedbackException Unreadable(string what, string action, Exception? error = null) => new("FeedbackUnreadable", $"Slack at {address.Authority} {what}.", action, error);
}
