using BacktestOps.Contracts;

namespace BacktestOps.Service.Tests;

/// <summary>What the headers of a start and its refusals look like over HTTP; the runner's own tests prove the keys themselves.</summary>
public sealed class StartKeyTests
{
    private const string Body = """{"symbols": ["AAPL"], "strategy": "SmaCross"}""";

    [Fact]
    public async Task The_same_key_and_body_give_the_same_run()
    {
        await using var service = await RunningService.StartAsync();

        var first = await service.PostAsync("/api/backtest/start", Body, ("Idempotency-Key", "k1"));
        var second = await service.PostAsync("/api/backtest/start", Body, ("Idempotency-Key", "k1"));

        Assert.Equal((200, 200), (first.Status, second.Status));
        Assert.Equal(first.Text, second.Text);
        Assert.Single(service.Api.Started);
    }

    [Theory]
    [InlineData("reused", 422, "urn:backtestops:idempotency-key-reused", null)]
    [InlineData("under-way", 409, "urn:backtestops:idempotency-key-in-use", "1")]
    [InlineData("full", 429, "urn:backtestops:queue-full", "5")]
    public async Task A_refusal_says_which_and_when_to_come_again(string key, int status, string type, string? retryAfter)
    {
        await using var service = await RunningService.StartAsync();
        service.Api.StartFault = key switch
        {
            "reused" => new IdempotencyKeyReusedException("reused"),
            "under-way" => new IdempotencyKeyInUseException("under way"),
            _ => new QueueFullException("20,000 backtests wait"),
        };

        var reply = await service.PostAsync("/api/backtest/start", Body, ("Idempotency-Key", key));

        Assert.Equal((status, type), (reply.Status, reply.Problem.Type));
        Assert.Equal(retryAfter, reply.Headers.GetValueOrDefault("Retry-After"));
    }
}
