using System.Net.Sockets;

namespace BacktestOps.Operations.Health;

/// <summary>One answer of a health address, or why there was none.</summary>
internal sealed record HealthAnswer
{
    public int? StatusCode { get; init; }

    public string? ContentType { get; init; }

    public byte[]? Body { get; init; }

    /// <summary>Set when the body was not read to its end.</summary>
    public string? BodyProblem { get; init; }

    public TimeSpan? Latency { get; init; }

    /// <summary>Why no answer came.</summary>
    public string? Failure { get; init; }

    /// <summary>True when the question never reached the service's machine, so that nothing can be said of the service.</summary>
    public bool AskFailed { get; init; }
}

/// <summary>Sends one GET and keeps what came back. It follows no redirect: another address is another answer.</summary>
internal sealed class HealthProbe(HttpMessageHandler? handler, TimeProvider clock) : IDisposable
{
    private const int BodyLimit = 1 << 20;

    // No pooled connection: an old process could answer on it after a new one took the port.
    private readonly HttpClient _http = new(
        handler ?? new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.Zero })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestHeaders = { { OwnRequests.Header, OwnRequests.Agent } },
    };

    public async Task<HealthAnswer> AskAsync(Uri address, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var start = clock.GetTimestamp();
        try
        {
            using var response = await _http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            var (body, whole) = await ReadAsync(response.Content, either.Token).ConfigureAwait(false);
            return new HealthAnswer
            {
                StatusCode = (int)response.StatusCode,
                ContentType = response.Content.Headers.ContentType?.ToString(),
                Body = body,
                BodyProblem = whole ? null : $"the document is longer than {BodyLimit} bytes",
                Latency = clock.GetElapsedTime(start),
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new HealthAnswer { Failure = FormattableString.Invariant($"no whole answer came within {timeout.TotalSeconds:0.###} s") };
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return new HealthAnswer { Failure = error.Message, AskFailed = NeverArrived(error) };
        }
    }

    public void Dispose() => _http.Dispose();

    internal static bool NeverArrived(Exception error) =>
        error is HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError }
        || error.InnerException is SocketException
        {
            SocketErrorCode: SocketError.NetworkUnreachable or SocketError.AccessDenied or SocketError.TooManyOpenSockets,
        };

    private static async Task<(byte[] Body, bool Whole)> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        using var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            if (body.Length + read > BodyLimit) return (body.ToArray(), false);
            body.Write(buffer, 0, read);
        }

        return (body.ToArray(), true);
    }
}
