using System.Net;
using System.Net.Sockets;
using BacktestOps.Contracts;

namespace BacktestOps.Client.Tests;

public sealed class StrangeAnswerTests
{
    private const string Id = "20261123-013558-7f3a9c2e";

    public static TheoryData<string, string?, HttpStatusCode, string> NotOurService => new()
    {
        { "<!doctype html>\n<title>It works!</title>", "text/html", HttpStatusCode.OK, "It works!" },
        { "<h1>Not Found</h1>", "text/html", HttpStatusCode.NotFound, "404" },
        { "{\"hello\": \"world\"}", "application/json", HttpStatusCode.OK, "hello" },
        { "[1, 2]", "application/json", HttpStatusCode.OK, "[1, 2]" },
        { "null", "application/json", HttpStatusCode.OK, "null" },
        { "{\"backtest_id\":", "application/json", HttpStatusCode.OK, "backtest_id" },
        { "", null, HttpStatusCode.OK, "an empty body" },
        { "{\"error\": \"nope\"}", "application/json", HttpStatusCode.BadRequest, "nope" },
        { "{\"type\": \"about:blank\", \"title\": \"Gone\", \"status\": 410}", "application/problem+json", HttpStatusCode.Gone, "410" },
        { "not even JSON", "application/problem+json", HttpStatusCode.Conflict, "not even JSON" },
    };

    [Theory]
    [MemberData(nameof(NotOurService))]
    public async Task Anything_that_is_not_the_service_is_named_with_its_address_and_what_was_seen(
        string body, string? mediaType, HttpStatusCode status, string seen)
    {
        await using var client = new StubService(StubService.Text(body, mediaType, status)).Client();
        var token = TestContext.Current.CancellationToken;
        Func<Task>[] calls =
        [
            () => client.GetProgressAsync(Id, token),
            () => client.StartAsync(new BacktestRequest { Symbols = ["A"], Strategy = "SmaCross" }, token),
            () => client.CancelAsync(Id, token),
            () => client.GetResultAsync(Id, token),
            () => client.ListAsync(new BacktestQuery(), token),
            () => client.GetHealthAsync(token),
        ];
        foreach (var call in calls)
        {
            var error = await Assert.ThrowsAsync<BacktestUnavailableException>(call);
            Assert.Contains("http://127.0.0.1:3000", error.Message, StringComparison.Ordinal);
            Assert.Contains(seen, error.Message, StringComparison.Ordinal);
            Assert.Contains("Connect-BacktestService", error.RecommendedAction, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_redirection_is_not_followed_but_named()
    {
        var service = new StubService(() => new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri("https://login.example/") } });
        await using var client = service.Client();

        var error = await Assert.ThrowsAsync<BacktestUnavailableException>(() => client.GetStrategiesAsync(TestContext.Current.CancellationToken));

        Assert.Contains("https://login.example/", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_problem_of_a_kind_that_is_not_known_here_keeps_its_words()
    {
        const string Body = """{"type":"urn:backtestops:from-the-future","title":"Too early","status":429,"detail":"The queue is full.","action":"Wait a minute."}""";
        await using var client = new StubService(StubService.Text(Body, "application/problem+json", HttpStatusCode.TooManyRequests)).Client();

        var error = await Assert.ThrowsAsync<BacktestUnavailableException>(() => client.GetSymbolsAsync(TestContext.Current.CancellationToken));

        Assert.Contains("The queue is full.", error.Message, StringComparison.Ordinal);
        Assert.Equal("Wait a minute.", error.RecommendedAction);
    }

    [Fact]
    public async Task A_port_where_nothing_listens_gives_one_clear_error()
    {
        // Bound but not listening: the port stays ours, and every connection to it is refused.
        using var held = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        held.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)held.LocalEndPoint!).Port}");
        await using var client = new BacktestClient(address);

        var error = await Assert.ThrowsAsync<BacktestUnavailableException>(() => client.GetHealthAsync(TestContext.Current.CancellationToken));

        Assert.Contains(address.ToString().TrimEnd('/'), error.Message, StringComparison.Ordinal);
        Assert.Contains("Start-BacktestService", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_speaks_something_else_gives_one_clear_error()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var client = new BacktestClient(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"));
        var token = TestContext.Current.CancellationToken;

        var call = client.GetHealthAsync(token);
        using (var connection = await listener.AcceptSocketAsync(token))
            await connection.SendAsync("SSH-2.0-OpenSSH_9.2\r\n"u8.ToArray(), token);

        var error = await Assert.ThrowsAsync<BacktestUnavailableException>(() => call);
        Assert.Contains("does not answer", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData("relative")]
    public void Only_http_addresses_are_taken(string address) =>
        Assert.Throws<ArgumentException>(() => new BacktestClient(new Uri(address, UriKind.RelativeOrAbsolute)));
}
