using System.Net;
using System.Net.Sockets;
using BacktestOps.Contracts;

namespace BacktestOps.Client.Tests;

public sealed class RetryTests
{
    private const string Id = "20261123-013558-7f3a9c2e";
    private static readonly BacktestRequest Request = new() { Symbols = ["AAPL"], Strategy = "SmaCross" };

    private static Func<HttpResponseMessage> Refused => StubService.Throw(() =>
        new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused", new SocketException(111)));

    private static Func<HttpResponseMessage> Good => StubService.Json(StubService.SampleProgress(), ContractsJson.Default.BacktestProgress);

    private static Func<HttpResponseMessage> Unavailable => StubService.Text("", null, HttpStatusCode.ServiceUnavailable);

    [Fact]
    public async Task A_read_survives_a_lost_connection_and_a_503()
    {
        var service = new StubService(Refused, Unavailable, Good);
        await using var client = service.Client();

        var progress = await service.RunClock(client.GetProgressAsync(Id, TestContext.Current.CancellationToken));

        Assert.Equal(41.5, progress.Progress);
        Assert.Equal(3, service.Asked.Count);
    }

    [Fact]
    public async Task A_read_gives_up_after_four_attempts_and_says_what_to_do()
    {
        var service = new StubService(Refused);
        await using var client = service.Client();

        var error = await Assert.ThrowsAsync<BacktestUnavailableException>(
            () => service.RunClock(client.GetProgressAsync(Id, TestContext.Current.CancellationToken)));

        Assert.Equal(4, service.Asked.Count);
        Assert.Contains("http://127.0.0.1:3000", error.Message, StringComparison.Ordinal);
        Assert.Contains("Connection refused", error.Message, StringComparison.Ordinal);
        Assert.Contains("Start-BacktestService", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Contains("Connect-BacktestService", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_is_sent_again_under_the_same_key_so_that_it_is_accepted_once()
    {
        var underWay = StubService.Text(
            System.Text.Json.JsonSerializer.Serialize(new IdempotencyKeyInUseException("under way").ToProblem(), ContractsJson.Default.Problem),
            "application/problem+json", HttpStatusCode.Conflict);
        foreach (var fault in new[] { Refused, Unavailable, StubService.Throw(() => new HttpRequestException("reset")), underWay })
        {
            var service = new StubService(fault, Good);
            await using var client = service.Client();

            await service.RunClock(client.StartAsync(Request, TestContext.Current.CancellationToken));

            Assert.Equal(["POST /api/backtest/start", "POST /api/backtest/start"], service.Asked);
            Assert.Equal(32, Assert.Single(service.Keys.Distinct())!.Length);
            Assert.Single(service.Bodies.Distinct());
        }
    }

    [Fact]
    public async Task Every_start_has_a_key_of_its_own()
    {
        var service = new StubService(Good);
        await using var client = service.Client();
        await client.StartAsync(Request, TestContext.Current.CancellationToken);
        await client.StartAsync(Request, TestContext.Current.CancellationToken);

        Assert.Equal(2, service.Keys.Distinct().Count());
    }

    [Fact]
    public async Task A_full_queue_is_told_and_not_asked_again()
    {
        var service = new StubService(StubService.Text(
            System.Text.Json.JsonSerializer.Serialize(new QueueFullException("20,000 wait").ToProblem(), ContractsJson.Default.Problem),
            "application/problem+json", HttpStatusCode.TooManyRequests));
        await using var client = service.Client();

        await Assert.ThrowsAsync<QueueFullException>(() => client.StartAsync(Request, TestContext.Current.CancellationToken));

        Assert.Single(service.Asked);
    }

    [Fact]
    public async Task A_start_whose_answer_is_lost_warns_that_it_may_have_been_accepted_and_a_refused_one_does_not()
    {
        var lost = new StubService(StubService.Throw(() => new HttpRequestException(HttpRequestError.ResponseEnded, "The response ended")));
        var refused = new StubService(Refused);
        await using var lostClient = lost.Client();
        await using var refusedClient = refused.Client();

        var lostError = await Assert.ThrowsAsync<BacktestUnavailableException>(
            () => lost.RunClock(lostClient.StartAsync(Request, TestContext.Current.CancellationToken)));
        var refusedError = await Assert.ThrowsAsync<BacktestUnavailableException>(
            () => refused.RunClock(refusedClient.StartAsync(Request, TestContext.Current.CancellationToken)));

        Assert.Contains("may have accepted", lostError.RecommendedAction, StringComparison.Ordinal);
        Assert.DoesNotContain("may have accepted", refusedError.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_of_the_caller_is_not_retried()
    {
        var problem = new BacktestNotFoundException(Id, "here").ToProblem();
        var service = new StubService(StubService.Text(
            System.Text.Json.JsonSerializer.Serialize(problem, ContractsJson.Default.Problem), "application/problem+json", HttpStatusCode.NotFound));
        await using var client = service.Client();

        await Assert.ThrowsAsync<BacktestNotFoundException>(() => client.GetProgressAsync(Id, TestContext.Current.CancellationToken));

        Assert.Single(service.Asked);
    }

    [Fact]
    public async Task Health_is_asked_once_because_a_retry_would_hide_a_fault()
    {
        var service = new StubService(Refused);
        await using var client = service.Client();

        await Assert.ThrowsAsync<BacktestUnavailableException>(() => client.GetHealthAsync(TestContext.Current.CancellationToken));

        Assert.Single(service.Asked);
    }

    [Fact]
    public async Task A_service_that_never_answers_is_given_up_after_thirty_seconds_of_the_clock()
    {
        var service = new SilentService();
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        await using var client = new BacktestClient(StubService.Address, service, clock);

        var call = client.GetProgressAsync(Id, TestContext.Current.CancellationToken);
        await service.Reached;
        clock.Advance(TimeSpan.FromSeconds(31));

        var error = await Assert.ThrowsAsync<BacktestUnavailableException>(() => call);
        Assert.Contains("no answer within 30 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_caller_gets_a_cancellation_not_an_unavailable_service()
    {
        var service = new SilentService();
        await using var client = new BacktestClient(StubService.Address, service);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

        var call = client.GetProgressAsync(Id, stop.Token);
        await service.Reached;
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    /// <summary>Takes a request and never answers it.</summary>
    private sealed class SilentService : HttpMessageHandler
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            _reached.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException("not reached");
        }
    }
}
