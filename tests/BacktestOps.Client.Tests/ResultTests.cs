using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using BacktestOps.Contracts;

namespace BacktestOps.Client.Tests;

public sealed class ResultTests
{
    private const string Id = "20261123-013558-7f3a9c2e";
    private static readonly string Body = $$"""{ "status": "completed", "nested": { "backtest_id": "another" }, "backtest_id": "{{Id}}" }""";
    private static readonly string Digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Body)));

    private static Func<HttpResponseMessage> Answer(string? disposition, string? etag = null, string? body = null) => () =>
    {
        var answer = StubService.Text(body ?? Body, "application/json")();
        if (disposition is not null)
            answer.Content.Headers.TryAddWithoutValidation("Content-Disposition", disposition);
        if (etag is not null)
            answer.Headers.ETag = EntityTagHeaderValue.Parse(etag);
        return answer;
    };

    [Fact]
    public async Task The_bytes_arrive_as_they_are_with_their_name_and_digest()
    {
        await using var client = new StubService(Answer($"attachment; filename=\"backtest-result-{Id}.json\"", $"\"{Digest}\"")).Client();

        var document = await client.GetResultAsync(Id, TestContext.Current.CancellationToken);

        Assert.Equal(Body, Encoding.UTF8.GetString(document.Content.Span));
        Assert.Equal($"backtest-result-{Id}.json", document.FileName);
        Assert.Equal(Digest, document.Digest);
        Assert.Equal(Id, document.BacktestId);
    }

    [Fact]
    public async Task Bytes_that_do_not_match_the_named_digest_are_refused()
    {
        var other = Digest[..63] + (Digest[63] == '0' ? '1' : '0');
        await using var client = new StubService(Answer(null, $"\"{other}\"")).Client();

        var error = await Assert.ThrowsAsync<BacktestUnavailableException>(() => client.GetResultAsync(Id, TestContext.Current.CancellationToken));

        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
        Assert.Contains(other, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("W/\"b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c\"")]
    [InlineData("\"1-5f2c\"")]
    public async Task A_tag_that_is_no_digest_of_these_bytes_by_design_is_not_compared(string etag)
    {
        await using var client = new StubService(Answer(null, etag)).Client();

        Assert.Equal(Digest, (await client.GetResultAsync(Id, TestContext.Current.CancellationToken)).Digest);
    }

    [Theory]
    [InlineData("attachment; filename=\"../../etc/cron.d/x\"")]
    [InlineData("attachment; filename=\"..\"")]
    [InlineData("attachment; filename=\"C:\\\\x.json\"")]
    [InlineData("attachment; filename*=UTF-8''..%2Fx.json")]
    [InlineData("attachment; filename*=UTF-8''x%00.json")]
    public async Task A_file_name_that_could_leave_the_folder_is_refused(string disposition)
    {
        await using var client = new StubService(Answer(disposition)).Client();

        var error = await Assert.ThrowsAsync<BacktestUnavailableException>(() => client.GetResultAsync(Id, TestContext.Current.CancellationToken));

        Assert.Contains("not a plain file name", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_given_name_the_file_is_called_as_the_contract_says()
    {
        await using var client = new StubService(Answer(null)).Client();

        Assert.Equal($"backtest-result-{Id}.json", (await client.GetResultAsync(Id, TestContext.Current.CancellationToken)).FileName);
    }

    [Fact]
    public async Task The_result_of_another_run_is_refused()
    {
        await using var client = new StubService(Answer(null, body: """{"backtest_id": "another"}""")).Client();

        await Assert.ThrowsAsync<BacktestUnavailableException>(() => client.GetResultAsync(Id, TestContext.Current.CancellationToken));
    }
}
