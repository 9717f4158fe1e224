using System.Net;
using System.Security.Cryptography;
using BacktestOps.Operations.Health;

namespace BacktestOps.Operations.Monitoring;

/// <summary>One request and what came of it.</summary>
/// <param name="Status">The HTTP status; null when no whole answer came.</param>
/// <param name="Took">From the request to the last byte, on a clock that is never set.</param>
/// <param name="Body">The answer's bytes, where they were wanted.</param>
/// <param name="Digest">SHA-256 of the answer's bytes; null without a whole answer.</param>
/// <param name="Error">Why there is no whole answer; null when there is.</param>
internal sealed record TimedAnswer(HttpStatusCode? Status, TimeSpan Took, byte[]? Body, string? Digest, string? Error)
{
    public bool IsGood => Status is { } status && (int)status < 400;
}

/// <summary>Asks a service and measures how long the whole answer took.</summary>
internal sealed class HttpTimer : IDisposable
{
    private readonly HttpClient _http;
    private readonly TimeProvider _clock;

    /// <summary>Makes a timer.</summary>
    /// <param name="address">The service.</param>
    /// <param name="handler">What sends; null for the default: no proxy, no redirects.</param>
    /// <param name="clock">The clock.</param>
    public HttpTimer(Uri address, HttpMessageHandler? handler, TimeProvider clock)
    {
        _clock = clock;
        _http = new HttpClient(handler ?? new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
        {
            BaseAddress = address,
            // Each request has its own limit, on the clock that was given.
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestHeaders = { { OwnRequests.Header, OwnRequests.Agent } },
        };
    }

    /// <summary>Asks once.</summary>
    /// <param name="path">The path, with its query.</param>
    /// <param name="limit">How long the whole answer is waited for.</param>
    /// <param name="keepBody">True to have the bytes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<TimedAnswer> GetAsync(string path, TimeSpan limit, bool keepBody, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(limit, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        var begin = _clock.GetTimestamp();
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            using var stream = await answer.Content.ReadAsStreamAsync(either.Token).ConfigureAwait(false);
            if (!keepBody)
            {
                var digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, either.Token).ConfigureAwait(false));
                return new TimedAnswer(answer.StatusCode, _clock.GetElapsedTime(begin), null, digest, null);
            }

            using var body = new MemoryStream();
            await stream.CopyToAsync(body, either.Token).ConfigureAwait(false);
            var bytes = body.ToArray();
            return new TimedAnswer(answer.StatusCode, _clock.GetElapsedTime(begin), bytes, Convert.ToHexStringLower(SHA256.HashData(bytes)), null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new TimedAnswer(null, _clock.GetElapsedTime(begin), null, null, FormattableString.Invariant($"no whole answer within {limit.TotalSeconds:0.###} s"));
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return new TimedAnswer(null, _clock.GetElapsedTime(begin), null, null, error.Message);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
