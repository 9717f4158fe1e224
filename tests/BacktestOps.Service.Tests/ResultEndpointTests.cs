using System.Security.Cryptography;
using BacktestOps.Contracts;

namespace BacktestOps.Service.Tests;

public sealed class ResultEndpointTests
{
    [Fact]
    public async Task The_result_is_a_named_JSON_file_whose_tag_is_its_digest()
    {
        await using var service = await RunningService.StartAsync();
        var bytes = service.Api.PutResult("run");

        var reply = await service.GetAsync("/api/backtest/result/run");

        Assert.Equal(200, reply.Status);
        Assert.Equal("application/json", reply.ContentType!.ToString());
        Assert.Equal("attachment; filename=\"backtest-result-run.json\"", reply.Headers["Content-Disposition"]);
        Assert.Equal($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))}\"", reply.Headers["ETag"]);
        Assert.Equal("nosniff", reply.Headers["X-Content-Type-Options"]);
        Assert.Equal(bytes, reply.Body);
    }

    [Fact]
    public async Task A_result_larger_than_what_is_kept_arrives_whole_each_time()
    {
        await using var service = await RunningService.StartAsync();
        var bytes = service.Api.PutResult("run", 6 * 1024 * 1024);

        for (var i = 0; i < 2; i++)
            Assert.Equal(bytes, (await service.GetAsync("/api/backtest/result/run")).Body);
    }

    [Fact]
    public async Task The_same_tag_gives_304_without_a_body_and_another_gives_the_file()
    {
        await using var service = await RunningService.StartAsync();
        var bytes = service.Api.PutResult("run");
        var tag = (await service.GetAsync("/api/backtest/result/run")).Headers["ETag"];

        var same = await service.GetAsync("/api/backtest/result/run", ("If-None-Match", tag));
        var other = await service.GetAsync("/api/backtest/result/run", ("If-None-Match", "\"abc\""));

        Assert.Equal((304, 0), (same.Status, same.Body.Length));
        Assert.Equal(tag, same.Headers["ETag"]);
        Assert.Equal((200, bytes.Length), (other.Status, other.Body.Length));
    }

    [Fact]
    public async Task HEAD_gives_the_headers_alone()
    {
        await using var service = await RunningService.StartAsync();
        var bytes = service.Api.PutResult("run");

        var reply = await service.SendAsync(HttpMethod.Head, "/api/backtest/result/run");

        Assert.Equal((200, 0), (reply.Status, reply.Body.Length));
        Assert.Equal($"{bytes.Length}", reply.Headers["Content-Length"]);
        Assert.Contains("filename=", reply.Headers["Content-Disposition"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bytes=0-9", 0, 10)]
    [InlineData("bytes=5-", 5, -1)]
    [InlineData("bytes=-7", -7, 7)]
    public async Task A_range_gives_that_part(string range, int start, int length)
    {
        await using var service = await RunningService.StartAsync();
        var bytes = service.Api.PutResult("run");
        var first = start < 0 ? bytes.Length + start : start;
        var expected = length < 0 ? bytes[first..] : bytes[first..(first + length)];

        var reply = await service.GetAsync("/api/backtest/result/run", ("Range", range));

        Assert.Equal(206, reply.Status);
        Assert.Equal(expected, reply.Body);
        Assert.Equal($"bytes {first}-{first + expected.Length - 1}/{bytes.Length}", reply.Headers["Content-Range"]);
    }

    [Fact]
    public async Task A_range_beyond_the_end_is_416_and_says_how_long_the_result_is()
    {
        await using var service = await RunningService.StartAsync();
        var bytes = service.Api.PutResult("run");

        var reply = await service.GetAsync("/api/backtest/result/run", ("Range", "bytes=100000-"));

        Assert.Equal(416, reply.Status);
        Assert.Equal($"bytes */{bytes.Length}", reply.Headers["Content-Range"]);
        Assert.Equal("urn:backtestops:range-not-satisfiable", reply.Problem.Type);
    }

    [Fact]
    public async Task A_condition_that_does_not_hold_is_412()
    {
        await using var service = await RunningService.StartAsync();
        service.Api.PutResult("run");

        var reply = await service.GetAsync("/api/backtest/result/run", ("If-Match", "\"abc\""));

        Assert.Equal("urn:backtestops:precondition-failed", reply.Problem.Type);
        Assert.Equal(412, reply.Status);
    }

    [Fact]
    public async Task A_run_without_a_result_is_asked_again_each_time()
    {
        await using var service = await RunningService.StartAsync();
        service.Api.Put("run", BacktestStatus.Running, 99);
        Assert.Equal(409, (await service.GetAsync("/api/backtest/result/run")).Status);

        service.Api.PutResult("run");

        Assert.Equal(200, (await service.GetAsync("/api/backtest/result/run")).Status);
    }
}
