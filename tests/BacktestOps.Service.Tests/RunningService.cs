using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Service.Tests.Page;

namespace BacktestOps.Service.Tests;

/// <summary>The real service on a free port of this process, over a backend in memory.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    private readonly ServiceHost _host;

    private RunningService(ServiceHost host, MemoryApi api)
    {
        (_host, Api) = (host, api);
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = host.Addresses[0] };
    }

    public MemoryApi Api { get; }

    public HttpClient Http { get; }

    /// <summary>What is routed: <c>GET /api/health</c>, HEAD left out.</summary>
    public IEnumerable<string> Routes => _host.Routes;

    /// <summary>The bodies of the calls that are under way.</summary>
    public Service.Http.BodyBudget Bodies => _host.Bodies;

    public Uri Address => _host.Addresses[0];

    public static Task<RunningService> StartAsync(params string[] options)
    {
        var api = new MemoryApi();
        return StartAsync(_ => Task.FromResult(api.Backend), TimeProvider.System, api, options);
    }

    public static async Task<RunningService> StartAsync(
        Func<CancellationToken, Task<ServiceBackend>> open, TimeProvider clock, MemoryApi? api = null, params string[] options)
    {
        var host = ServiceHost.Build(ServiceOptions.Parse(["--urls", "http://127.0.0.1:0", .. options]), open, clock, logging => { });
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new RunningService(host, api ?? new MemoryApi());
    }

    /// <summary>A service that listens and is open once <paramref name="open"/> has ended.</summary>
    /// <returns>The service, and what ends with its start.</returns>
    public static async Task<(ServiceHost Host, Task Start)> ListenAsync(Func<CancellationToken, Task<ServiceBackend>> open)
    {
        var listens = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var host = ServiceHost.Build(
            ServiceOptions.Parse(["--urls", "http://127.0.0.1:0"]),
            cancellationToken =>
            {
                listens.SetResult();
                return open(cancellationToken);
            },
            TimeProvider.System, logging => { });
        var start = host.StartAsync(TestContext.Current.CancellationToken);
        await Task.WhenAny(listens.Task, start);
        return (host, start);
    }

    public async Task<Reply> SendAsync(
        HttpMethod method, string path, byte[]? body = null, string? contentType = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            if (contentType is not null)
                request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        return new Reply(
            (int)response.StatusCode,
            response.Content.Headers.ContentType,
            response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(',', header.Value), StringComparer.OrdinalIgnoreCase),
            await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    public Task<Reply> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, null, null, headers);

    public Task<Reply> PostAsync(string path, string json, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, Encoding.UTF8.GetBytes(json), "application/json", headers);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _host.DisposeAsync();
    }
}

/// <summary>An answer, read whole.</summary>
internal sealed record Reply(int Status, MediaTypeHeaderValue? ContentType, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>The body as the problem document that it must be.</summary>
    public Problem Problem
    {
        get
        {
            Assert.Equal("application/problem+json", ContentType?.MediaType);
            var problem = JsonSerializer.Deserialize(Body, ContractsJson.Default.Problem)!;
            Assert.Equal(Status, problem.Status);
            Assert.StartsWith("urn:backtestops:", problem.Type, StringComparison.Ordinal);
            Assert.False(string.IsNullOrWhiteSpace(problem.Detail));
            Assert.False(string.IsNullOrWhiteSpace(problem.Action));
            Assert.DoesNotContain("   at ", Text, StringComparison.Ordinal);
            // What HTTP alone has a number for, the page says with the number.
            var kind = problem.Type["urn:backtestops:".Length..];
            if (!kind.StartsWith("http", StringComparison.Ordinal))
                Assert.All([PageStrings.English, PageStrings.Korean], strings => Assert.Contains("problem." + kind, strings));
            return problem;
        }
    }
}
