using System.IO.Compression;

namespace BacktestOps.Service.Tests;

/// <summary>Compressed forms of a result: other bytes under another tag, of the same document.</summary>
public sealed class CompressionTests
{
    private const string Result = "/api/backtest/result/run";

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("br", "br")]
    [InlineData("gzip, br", "br")]
    [InlineData("gzip;q=1, br;q=0.5", "gzip")]
    [InlineData("*", "br")]
    [InlineData("br;q=0, *", "gzip")]
    [InlineData("deflate, identity", null)]
    [InlineData("gzip;q=0", null)]
    [InlineData("not a list;;;", null)]
    public async Task The_caller_chooses_the_coding(string accepted, string? coding)
    {
        await using var service = await RunningService.StartAsync();
        var bytes = service.Api.PutResult("run", 20_000);

        var reply = await service.GetAsync(Result, ("Accept-Encoding", accepted));

        Assert.Equal((200, coding), (reply.Status, reply.Headers.GetValueOrDefault("Content-Encoding")));
        Assert.Equal("Accept-Encoding", reply.Headers["Vary"]);
        Assert.Equal(bytes, Unpack(reply));
        Assert.Equal($"{reply.Body.Length}", reply.Headers["Content-Length"]);
        if (coding is not null)
            Assert.True(reply.Body.Length < bytes.Length / 10);
    }

    [Fact]
    public async Task Each_coding_has_a_tag_of_its_own_and_conditions_hold_for_that_one()
    {
        await using var service = await RunningService.StartAsync();
        service.Api.PutResult("run", 20_000);
        var plain = (await service.GetAsync(Result)).Headers["ETag"];
        var packed = (await service.GetAsync(Result, ("Accept-Encoding", "gzip"))).Headers["ETag"];

        Assert.Equal($"{plain[..^1]}-gzip\"", packed);
        var same = await service.GetAsync(Result, ("Accept-Encoding", "gzip"), ("If-None-Match", packed));
        Assert.Equal((304, 0, false), (same.Status, same.Body.Length, same.Headers.ContainsKey("Content-Encoding")));
        Assert.Equal(200, (await service.GetAsync(Result, ("Accept-Encoding", "gzip"), ("If-None-Match", plain))).Status);
        Assert.Equal(200, (await service.GetAsync(Result, ("If-None-Match", packed))).Status);
    }

    [Fact]
    public async Task A_range_is_one_of_the_document_itself()
    {
        await using var service = await RunningService.StartAsync();
        var bytes = service.Api.PutResult("run", 20_000);

        var reply = await service.GetAsync(Result, ("Accept-Encoding", "gzip"), ("Range", "bytes=100-199"));

        Assert.Equal((206, false), (reply.Status, reply.Headers.ContainsKey("Content-Encoding")));
        Assert.Equal(bytes[100..200], reply.Body);
    }

    [Fact]
    public async Task A_problem_of_a_compressed_answer_is_readable()
    {
        await using var service = await RunningService.StartAsync();
        service.Api.PutResult("run", 20_000);

        var reply = await service.GetAsync(Result, ("Accept-Encoding", "gzip"), ("If-Match", "\"other\""));

        Assert.Equal(412, reply.Status);
        Assert.Equal("urn:backtestops:precondition-failed", reply.Problem.Type);
    }

    [Fact]
    public async Task The_client_reads_compressed_results_and_checks_their_digest()
    {
        await using var service = await RunningService.StartAsync();
        var bytes = service.Api.PutResult("run", 20_000);
        await using var client = new Client.BacktestClient(service.Address);

        var document = await client.GetResultAsync("run", TestContext.Current.CancellationToken);

        Assert.Equal(bytes, document.Content.ToArray());
    }

    private static byte[] Unpack(Reply reply)
    {
        using var packed = new MemoryStream(reply.Body);
        using Stream unpack = reply.Headers.GetValueOrDefault("Content-Encoding") switch
        {
            "br" => new BrotliStream(packed, CompressionMode.Decompress),
            "gzip" => new GZipStream(packed, CompressionMode.Decompress),
            _ => packed,
        };
        using var plain = new MemoryStream();
        unpack.CopyTo(plain);
        return plain.ToArray();
    }
}
