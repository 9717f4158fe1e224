using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace BacktestOps.Operations.Tests.Fixtures;

/// <summary>A request as it came over the wire.</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">Path and query.</param>
/// <param name="Head">The head, whole.</param>
/// <param name="Body">The body.</param>
/// <param name="Count">How many of this method and path have come, this one included.</param>
internal sealed record StubRequest(string Method, string Target, string Head, string Body, int Count)
{
    public bool Is(string path) => Target.Split('?')[0] == path;

    public bool IsUnknownId => Target.Contains("smoke-unknown", StringComparison.Ordinal);
}

/// <summary>An answer as it goes over the wire, faults and all.</summary>
internal sealed record StubAnswer
{
    public int Status { get; init; } = 200;

    public string? ContentType { get; init; } = "application/json";

    public string? Disposition { get; init; }

    public string? Location { get; init; }

    public byte[] Body { get; init; } = [];

    /// <summary>What Content-Length says; null for the truth.</summary>
    public int? DeclaredLength { get; init; }

    /// <summary>Sends this many bytes of the body and resets the connection.</summary>
    public int? ResetAfter { get; init; }

    /// <summary>Closes the connection without an answer.</summary>
    public bool Close { get; init; }

    /// <summary>Never answers, and lets the caller close the connection.</summary>
    public bool Hang { get; init; }

    /// <summary>Done before the answer: time passes.</summary>
    public Action? Before { get; init; }

    public string Text => Encoding.UTF8.GetString(Body);

    public StubAnswer With(string text) => this with { Body = Encoding.UTF8.GetBytes(text) };

    public StubAnswer Change(Action<JsonObject> change)
    {
        var json = JsonNode.Parse(Body)!.AsObject();
        change(json);
        return With(json.ToJsonString());
    }
}

/// <summary>A backtest service that works, on a free port, with one change to what it answers.</summary>
internal sealed class StubBacktestService : IDisposable
{
    public const string Id = "run-7f3a";
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<StubRequest> _requests = new();
    private readonly ConcurrentDictionary<string, int> _counts = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Func<StubRequest, StubAnswer, StubAnswer> _change;

    public StubBacktestService(Func<StubRequest, StubAnswer, StubAnswer>? change = null)
    {
        _change = change ?? ((_, answer) => answer);
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _ = AcceptAsync();
    }

    public Uri Address { get; }

    public IReadOnlyCollection<StubRequest> Requests => _requests;

    public void Dispose()
    {
        _stopping.Cancel();
        _listener.Dispose();
        _stopping.Dispose();
    }

    private static StubAnswer Answer(StubRequest request)
    {
        if (request.Is("/api/health"))
            return new StubAnswer().With("""{"status":"healthy","version":"2.0.2","services":{"database":"connected","python_worker":"ready"}}""");
        if (request.Is("/api/symbols"))
            return new StubAnswer().With("""[{"symbol":"BAD","error":"line 7"},{"symbol":"SP500","name":"S&P 500"}]""");
        if (request is { Method: "POST" } && request.Is("/api/backtest/start"))
            return new StubAnswer().With($$"""{"backtest_id":"{{Id}}","status":"queued","progress":0}""");
        if (request.IsUnknownId) return new StubAnswer { Status = 404, ContentType = "application/problem+json" }.With("""{"title":"no such backtest"}""");
        if (request.Is("/api/backtest/progress"))
            return request.Count switch { 1 => Progress(0, "queued"), 2 => Progress(55, "running"), _ => Progress(100, "completed") };
        if (request.Is($"/api/backtest/result/{Id}"))
            return new StubAnswer { Disposition = $"attachment; filename=\"backtest-result-{Id}.json\"" }.With(
                $$"""
                {"backtest_id":"{{Id}}","status":"completed","performance":{"total_return":0.25,"sharpe_ratio":1.2,"max_drawdown":-0.1,
                "total_trades":3,"win_rate":0.5},"results_file":"backtest-result-{{Id}}.json","completed_at":"2026-02-08T14:31:00Z"}
                """);
        if (request.Is("/specific-stock-selection.html")) return new StubAnswer { ContentType = "text/html; charset=utf-8" }.With(StubPage.Html);
        if (request.Is("/page.js")) return new StubAnswer { ContentType = "text/javascript" }.With(StubPage.Script);
        return new StubAnswer { Status = 404, ContentType = "text/plain" }.With("nothing here");
    }

    public static StubAnswer Progress(double progress, string status) => new StubAnswer().With(
        string.Create(CultureInfo.InvariantCulture, $$"""{"backtest_id":"{{Id}}","status":"{{status}}","progress":{{progress}}}"""));

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token));
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test has ended.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var request = await ReadAsync(stream);
                _requests.Enqueue(request);
                await WriteAsync(client, stream, _change(request, Answer(request)));
            }
            catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // The caller went away, as it may.
            }
        }
    }

    private async Task<StubRequest> ReadAsync(NetworkStream stream)
    {
        var bytes = new List<byte>();
        var one = new byte[1];
        while (!(bytes.Count >= 4 && bytes[^4..] is [13, 10, 13, 10]))
        {
            await stream.ReadExactlyAsync(one, _stopping.Token);
            bytes.Add(one[0]);
        }

        var head = Encoding.ASCII.GetString([.. bytes]);
        var length = head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)) is { } line
            ? int.Parse(line.Split(':')[1], CultureInfo.InvariantCulture) : 0;
        var body = new byte[length];
        await stream.ReadExactlyAsync(body, _stopping.Token);
        var first = head.Split(' ');
        var count = _counts.AddOrUpdate($"{first[0]} {first[1]}", 1, (_, before) => before + 1);
        return new StubRequest(first[0], first[1], head, Encoding.UTF8.GetString(body), count);
    }

    private async Task WriteAsync(TcpClient client, NetworkStream stream, StubAnswer answer)
    {
        answer.Before?.Invoke();
        if (answer.Close) return;
        if (answer.Hang)
        {
            await stream.ReadExactlyAsync(new byte[1], _stopping.Token);
            return;
        }

        var head = new StringBuilder($"HTTP/1.1 {answer.Status} -\r\nConnection: close\r\nContent-Length: {answer.DeclaredLength ?? answer.Body.Length}\r\n");
        if (answer.ContentType is { } type) head.Append(CultureInfo.InvariantCulture, $"Content-Type: {type}\r\n");
        if (answer.Disposition is { } disposition) head.Append(CultureInfo.InvariantCulture, $"Content-Disposition: {disposition}\r\n");
        if (answer.Location is { } location) head.Append(CultureInfo.InvariantCulture, $"Location: {location}\r\n");
        await stream.WriteAsync(Encoding.UTF8.GetBytes(head.Append("\r\n").ToString()), _stopping.Token);
        await stream.WriteAsync(answer.Body.AsMemory(0, answer.ResetAfter ?? answer.Body.Length), _stopping.Token);
        if (answer.ResetAfter is not null) client.LingerState = new LingerOption(true, 0);
    }
}
