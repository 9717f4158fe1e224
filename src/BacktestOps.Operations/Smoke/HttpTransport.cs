using System.Globalization;
using System.Text;
using BacktestOps.Operations.Health;

namespace BacktestOps.Operations.Smoke;

/// <summary>Sends a request once and keeps what came back, head and body. It follows no redirect: another address is another answer.</summary>
internal sealed class HttpTransport : IDisposable
{
    private const int BodyLimit = 256 << 20;
    private readonly SmokeLedger _ledger;
    private readonly TimeBudget _budget;
    private readonly TimeSpan _responseTimeLimit;
    private readonly HttpClient _http;

    public HttpTransport(SmokeLedger ledger, TimeBudget budget, TimeSpan responseTimeLimit)
    {
        (_ledger, _budget, _responseTimeLimit) = (ledger, budget, responseTimeLimit);
        // No pooled connection: on one that the service has closed meanwhile the handler sends a request again by itself,
        // and a POST must never be sent twice. Nothing is decompressed: the bytes are those that were sent.
        _http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false, AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.Zero,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestHeaders = { { OwnRequests.Header, OwnRequests.Agent } },
        };
    }

    public TimeBudget Budget => _budget;

    public Task<HttpExchange> GetAsync(string name, Uri address, CancellationToken cancellationToken) =>
        SendAsync(name, () => new HttpRequestMessage(HttpMethod.Get, address), cancellationToken);

    public Task<HttpExchange> PostAsync(string name, Uri address, string json, string? idempotencyKey, CancellationToken cancellationToken) =>
        SendAsync(
            name,
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Post, address)
                {
                    Content = new StringContent(json, Encoding.UTF8, "application/json"),
                };
                if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
                return request;
            },
            cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<HttpExchange> SendAsync(string name, Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        using var request = make();
        var exchange = new HttpExchange { Method = request.Method.Method, Address = request.RequestUri! };
        // An answer that is late is waited for a while, so that the report can say how late it was.
        var patience = _budget.AtMost(2 * _responseTimeLimit);
        if (patience == TimeSpan.Zero)
            return exchange with
            {
                AskFailed = true,
                Failure = $"the {Units.Seconds(_budget.Limit)} of the whole test had passed before it could be asked",
            };
        using var timeout = new CancellationTokenSource(patience, _ledger.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var start = _ledger.Clock.GetTimestamp();
        exchange = await ExchangeAsync(request, exchange, patience, either.Token, cancellationToken).ConfigureAwait(false);
        return Keep(name, exchange with { Duration = _ledger.Clock.GetElapsedTime(start) });
    }

    private async Task<HttpExchange> ExchangeAsync(
        HttpRequestMessage request, HttpExchange exchange, TimeSpan patience, CancellationToken either, CancellationToken outer)
    {
        var body = new MemoryStream();
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either).ConfigureAwait(false);
            exchange = exchange with
            {
                StatusCode = (int)response.StatusCode,
                Headers = response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
                    .GroupBy(header => header.Key.ToLowerInvariant(), header => header.Value.ToString())
                    .ToDictionary(group => group.Key, group => string.Join(", ", group)),
            };
            var problem = await ReadAsync(response.Content, body, either).ConfigureAwait(false);
            return exchange with { Body = body.ToArray(), BodyProblem = problem };
        }
        catch (OperationCanceledException) when (!outer.IsCancellationRequested)
        {
            return Broken(exchange, body, $"no whole answer came within {Units.Seconds(patience)}");
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            // The outer message says only that sending failed.
            return Broken(exchange, body, (error.InnerException ?? error).Message) with { AskFailed = HealthProbe.NeverArrived(error) };
        }
    }

    private static HttpExchange Broken(HttpExchange exchange, MemoryStream body, string why) =>
        exchange.StatusCode is null
            ? exchange with { Failure = why }
            : exchange with { Body = body.ToArray(), BodyProblem = $"after {body.Length} bytes: {why}" };

    private static async Task<string?> ReadAsync(HttpContent content, MemoryStream body, CancellationToken cancellationToken)
    {
        using var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            body.Write(buffer, 0, read);
            if (body.Length > BodyLimit) return $"it is longer than {BodyLimit} bytes";
        }

        return null;
    }

    private HttpExchange Keep(string name, HttpExchange exchange)
    {
        if (exchange.StatusCode is not { } status) return exchange;
        var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{exchange.Subject}\nHTTP {status}\n");
        foreach (var (header, value) in exchange.Headers) head.Append(CultureInfo.InvariantCulture, $"{header}: {value}\n");
        return exchange with
        {
            Artifacts =
            [
                _ledger.Keep($"{name}.head.txt", "text/plain", Encoding.UTF8.GetBytes(head.ToString())),
                _ledger.Keep($"{name}.body", exchange.MediaType ?? "application/octet-stream", exchange.Body),
            ],
        };
    }
}
