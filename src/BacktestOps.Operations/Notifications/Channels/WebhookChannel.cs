using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace BacktestOps.Operations.Notifications.Channels;

/// <summary>A webhook that takes the JSON of Slack's incoming webhooks: <c>{"text": "…"}</c>. What it needs no key for, others leave unread.</summary>
internal sealed class WebhookChannel(Uri url, Func<HttpMessageHandler>? handler = null) : INotificationChannel
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task<string> SendAsync(Notification notification, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(handler?.Invoke() ?? new SocketsHttpHandler { AllowAutoRedirect = false }, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
        using var content = new ByteArrayContent(Body(notification));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        try
        {
            using var answer = await http.PostAsync(url, content, cancellationToken).ConfigureAwait(false);
            var status = string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)answer.StatusCode}");
            if (answer.IsSuccessStatusCode) return status;
            // What is wrong with the message or the address stays wrong; what is busy or broken may not.
            var isFinal = (int)answer.StatusCode is < 500 and not (408 or 429);
            throw new SendException($"{url.Host} answered {status}", isFinal, answer.StatusCode == HttpStatusCode.TooManyRequests ? answer.Headers.RetryAfter?.Delta : null);
        }
        catch (HttpRequestException error)
        {
            throw new SendException($"{url.Host} can't be reached: {error.Message}", isFinal: false, innerException: error);
        }
    }

    private static byte[] Body(Notification notification)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Plain))
        {
            json.WriteStartObject();
            json.WriteString("text", Escape(MessageText.Whole(notification)));
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    /// <summary>Slack reads &lt;…&gt; as links and mentions: what comes from a log must not call the whole channel.</summary>
    private static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
