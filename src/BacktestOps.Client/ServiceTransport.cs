using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace BacktestOps.Client;

/// <summary>Sends requests, with retries where a repetition does no harm, and gives no answer as an exception that says what to do.</summary>
internal sealed class ServiceTransport : IDisposable
{
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(30);

    // Statuses of a service that starts, stops or is behind a gateway that lost it for a moment. 429 is not among them:
    // asking again at once is what it forbids.
    private static readonly HashSet<int> Transient = [502, 503, 504];

    private readonly HttpClient _http;
    private readonly string _endpoint;
    private readonly ResiliencePipeline<ServiceAnswer> _reads;
    private readonly ResiliencePipeline<ServiceAnswer> _once;

    public ServiceTransport(Uri address, string endpoint, string? apiKey, HttpMessageHandler? handler, TimeProvider clock)
    {
        _endpoint = endpoint;
        _http = new HttpClient(handler ?? DefaultHandler(address), disposeHandler: true)
        {
            BaseAddress = new Uri(endpoint + "/"),
            Timeout = Timeout.InfiniteTimeSpan, // the pipelines below limit each attempt
        };
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("BacktestOps.Client", ClientVersion));
        if (apiKey is not null)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        _once = new ResiliencePipelineBuilder<ServiceAnswer> { TimeProvider = clock }.AddTimeout(AttemptTimeout).Build();
        _reads = new ResiliencePipelineBuilder<ServiceAnswer> { TimeProvider = clock }
            .AddRetry(new RetryStrategyOptions<ServiceAnswer>
            {
                MaxRetryAttempts = 3,
                Delay = TimeSpan.FromMilliseconds(100),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                // A timed-out attempt is not repeated: it has already taken longer than a person waits.
                ShouldHandle = new PredicateBuilder<ServiceAnswer>()
                    .Handle<HttpRequestException>()
                    .HandleResult(answer => Transient.Contains(answer.StatusCode) || IsUnderWay(answer)),
            })
            .AddTimeout(AttemptTimeout)
            .Build();
    }

    private static string ClientVersion => typeof(ServiceTransport).Assembly.GetName().Version?.ToString(3) ?? "0";

    /// <summary>A read, retried where the fault may pass.</summary>
    public Task<ServiceAnswer> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(_reads, HttpMethod.Get, path, null, null, null, cancellationToken);

    /// <summary>A read of a part, retried where the fault may pass.</summary>
    /// <param name="path">Relative to the service's address.</param>
    /// <param name="range">The bytes that are wanted.</param>
    /// <param name="cancellationToken">Stops waiting for the answer.</param>
    public Task<ServiceAnswer> GetPartAsync(string path, RangeHeaderValue range, CancellationToken cancellationToken) =>
        SendAsync(_reads, HttpMethod.Get, path, null, null, null, cancellationToken, range);

    /// <summary>A read that is itself the measurement.</summary>
    public Task<ServiceAnswer> GetOnceAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(_once, HttpMethod.Get, path, null, null, null, cancellationToken);

    /// <summary>A write, sent once.</summary>
    /// <param name="path">Relative to the service's address.</param>
    /// <param name="warning">What may have happened when the answer is lost.</param>
    /// <param name="cancellationToken">Stops waiting for the answer.</param>
    public Task<ServiceAnswer> PostOnceAsync(string path, string warning, CancellationToken cancellationToken) =>
        SendAsync(_once, HttpMethod.Post, path, null, null, warning, cancellationToken);

    /// <summary>A write under a key that lets the service tell a repetition, or a question that changes nothing; retried like a read.</summary>
    /// <param name="path">Relative to the service's address.</param>
    /// <param name="json">What to send.</param>
    /// <param name="key">The idempotency key; null for a question.</param>
    /// <param name="warning">What may have happened when the last answer is lost; null for nothing.</param>
    /// <param name="cancellationToken">Stops waiting for the answer.</param>
    public Task<ServiceAnswer> PostAsync(string path, byte[] json, string? key, string? warning, CancellationToken cancellationToken) =>
        SendAsync(_reads, HttpMethod.Post, path, json, key, warning, cancellationToken);

    public void Dispose() => _http.Dispose();

    private static SocketsHttpHandler DefaultHandler(Uri address) => new()
    {
        // A proxy of the environment can't reach this machine's own loopback.
        UseProxy = !address.IsLoopback,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2), // so that a changed DNS entry is seen
        AutomaticDecompression = DecompressionMethods.All,
        AllowAutoRedirect = false, // a redirected POST would become a GET of something else
    };

    private async Task<ServiceAnswer> SendAsync(
        ResiliencePipeline<ServiceAnswer> pipeline, HttpMethod method, string path, byte[]? json, string? key, string? warning,
        CancellationToken cancellationToken, RangeHeaderValue? range = null)
    {
        // The handler sends a trace context (W3C traceparent) with every request that is part of an activity. One activity
        // for all attempts: in the service's log they bear one trace id.
        using var activity = Activity.Current is null ? new Activity("BacktestOps.Client").SetIdFormat(ActivityIdFormat.W3C).Start() : null;
        try
        {
            return await pipeline.ExecuteAsync(
                async attempt =>
                {
                    using var request = new HttpRequestMessage(method, path);
                    request.Headers.Range = range;
                    if (json is not null)
                        request.Content = new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
                    if (key is not null)
                        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
                    using var response = await _http.SendAsync(request, attempt).ConfigureAwait(false);
                    return await ServiceAnswer.ReadAsync(path, response, attempt).ConfigureAwait(false);
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException exception)
        {
            // Where nothing listens, nothing can have been accepted.
            var refused = exception.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError;
            throw AnswerFault.NoAnswer(_endpoint, Reason(exception), refused ? null : warning, exception);
        }
        catch (TimeoutRejectedException exception)
        {
            throw AnswerFault.NoAnswer(_endpoint, $"no answer within {AttemptTimeout.TotalSeconds:0} s.", warning, exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Nobody asked for it: the handler gave up connecting.
            throw AnswerFault.NoAnswer(_endpoint, Reason(exception.InnerException ?? exception), null, exception);
        }
        catch (IOException exception)
        {
            throw AnswerFault.NoAnswer(_endpoint, Reason(exception), warning, exception);
        }
    }

    // The first attempt's connection was lost, and the service is still at it.
    private static bool IsUnderWay(ServiceAnswer answer) =>
        answer is { StatusCode: 409, IsProblem: true } && answer.Content.Span.IndexOf("urn:backtestops:idempotency-key-in-use"u8) >= 0;

    private static string Reason(Exception exception) => exception.Message.TrimEnd('.') + ".";
}
