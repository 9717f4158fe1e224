using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BacktestOps.Contracts;
using Microsoft.Extensions.Time.Testing;

namespace BacktestOps.Client.Tests;

/// <summary>Answers in place of a network, one answer a request in turn (the last one repeats), and keeps what was asked.</summary>
internal sealed class StubService(params Func<HttpResponseMessage>[] answers) : HttpMessageHandler
{
    public static readonly Uri Address = new("http://127.0.0.1:3000");

    public List<string> Asked { get; } = [];

    public List<string> Bodies { get; } = [];

    /// <summary>The idempotency key of each request; null where none was sent.</summary>
    public List<string?> Keys { get; } = [];

    public FakeTimeProvider Clock { get; } = new();

    public BacktestClient Client() => new(Address, this, Clock);

    public static BacktestProgress SampleProgress(string id = "20261123-013558-7f3a9c2e", BacktestStatus status = BacktestStatus.Running) => new()
    {
        BacktestId = id,
        Status = status,
        Progress = 41.5,
        Activity = "simulating",
        Strategy = "SmaCross",
        Symbols = ["AAPL", "IBM"],
        AcceptedAt = new DateTimeOffset(2026, 11, 23, 1, 35, 58, TimeSpan.Zero),
    };

    public static Func<HttpResponseMessage> Json<T>(T value, JsonTypeInfo<T> type, HttpStatusCode status = HttpStatusCode.OK) =>
        Text(JsonSerializer.Serialize(value, type), "application/json", status);

    public static Func<HttpResponseMessage> Text(string body, string? mediaType, HttpStatusCode status = HttpStatusCode.OK) => () =>
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = mediaType is null ? null : new MediaTypeHeaderValue(mediaType);
        return new HttpResponseMessage(status) { Content = content };
    };

    public static Func<HttpResponseMessage> Throw(Func<Exception> exception) => () => throw exception();

    /// <summary>Lets the clock run until the call has ended, so that delays between attempts cost no time.</summary>
    public async Task<T> RunClock<T>(Task<T> call)
    {
        while (!call.IsCompleted)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        return await call;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Asked.Add($"{request.Method} {request.RequestUri!.PathAndQuery}");
        Keys.Add(request.Headers.TryGetValues("Idempotency-Key", out var keys) ? keys.Single() : null);
        Bodies.Add(request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
        var answer = answers[Math.Min(Asked.Count, answers.Length) - 1]();
        answer.RequestMessage = request;
        return answer;
    }
}
