using System.Net;
using BacktestOps.Contracts;
using BacktestOps.Operations.Feedback;
using BacktestOps.Operations.Tests.Fixtures;

namespace BacktestOps.Operations.Tests.Feedback;

/// <summary>A Slack channel, against an imitation of the Web API: pages, rate limits, refusals and broken answers.</summary>
public sealed class SlackChannelTests : IDisposable
{
    private const string Token = "xoxb-4711-secret";
    private static readonly DateTimeOffset Since = new(2026, 2, 8, 0, 0, 0, TimeSpan.Zero);
    private readonly ChannelPlan _plan = new();

    public void Dispose() => _plan.Dispose();

    [Fact]
    public async Task Every_page_is_read_with_the_token_and_from_the_time_that_was_asked_for()
    {
        var reading = await ReadAsync(call => call.Number switch
        {
            1 => StubHttp.Json(Page(Message("1770530400.000200", "다운로드가 안 돼요"), "next==")),
            _ => StubHttp.Json(Page(Message("1770526800.000100", "works great &amp; fast"), null)),
        });

        Assert.Equal((Verdict.Fail, 1, 1), (reading.Verdict, reading.Positive, reading.BugReports));
        Assert.Equal("works great & fast", reading.Items[0].Text);
        Assert.Equal(new DateTimeOffset(2026, 2, 8, 6, 0, 0, TimeSpan.Zero).AddTicks(2000), reading.Items[1].At);
        Assert.All(_plan.Http!.Calls, call => Assert.Equal($"Bearer {Token}", call.Authorization));
        Assert.Contains("oldest=1770508800.000000", _plan.Http.Calls[0].Address.Query, StringComparison.Ordinal);
        Assert.Contains("cursor=next%3D%3D", _plan.Http.Calls[1].Address.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rate_limit_is_waited_out_for_as_long_as_Slack_says()
    {
        var clock = (PauseClock)_plan.Clock;
        var begin = clock.GetUtcNow();

        var reading = await ReadAsync(call => call.Number <= 2 ? Later(1) : StubHttp.Json(Page(Message("1770530400.000200", "thanks"), null)));

        Assert.Equal((Verdict.Pass, 3), (reading.Verdict, _plan.Http!.Calls.Count));
        Assert.Equal(TimeSpan.FromSeconds(2), clock.GetUtcNow() - begin);
    }

    [Fact]
    public async Task A_rate_limit_without_an_end_is_an_error_when_the_time_is_over()
    {
        _plan.Keys["feedback"] = new { channels = new[] { Channel() }, timeout = "10s" };

        var reading = await ReadAsync(_ => Later(1));

        Assert.Equal(Verdict.Error, reading.Verdict);
        Assert.Contains("within 10 s", reading.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_programs_post_and_what_nobody_wrote_is_left_out()
    {
        var reading = await ReadAsync(_ => StubHttp.Json(
            """
            {"ok":true,"messages":[
              {"ts":"1770530400.000500","bot_id":"B1","text":"[FAILED] deployment: error 404"},
              {"ts":"1770530400.000400","subtype":"bot_message","text":"crash"},
              {"ts":"1770530400.000300","subtype":"channel_join","user":"U1","text":"<@U1> has joined"},
              {"ts":"1770530400.000200","user":"U1","text":"thanks"}]}
            """));

        Assert.Equal((Verdict.Pass, 1, 2), (reading.Verdict, reading.Items.Count, reading.Ignored));
    }

    [Theory]
    [InlineData("""{"ok":false,"error":"invalid_auth"}""", 200, "refused: invalid_auth")]
    [InlineData("""{"ok":false,"error":"channel_not_found"}""", 200, "refused: channel_not_found")]
    [InlineData("""{"ok":false}""", 200, "refused: no reason")]
    [InlineData("<html>", 200, "not whole JSON")]
    [InlineData("[]", 200, "refused: no reason")]
    [InlineData("""{"ok":true}""", 200, "no 'messages'")]
    [InlineData("oops", 503, "answered 503")]
    public async Task A_channel_that_does_not_answer_as_it_should_is_an_error_and_not_zero(string body, int status, string why)
    {
        var reading = await ReadAsync(_ => StubHttp.Json(body, (HttpStatusCode)status));

        Assert.Equal((Verdict.Error, 0), (reading.Verdict, reading.Items.Count));
        Assert.Contains(why, reading.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, reading.Detail, StringComparison.Ordinal);
        Assert.NotNull(reading.Action);
    }

    [Fact]
    public async Task A_page_that_comes_again_and_again_is_read_once_and_said()
    {
        var reading = await ReadAsync(_ => StubHttp.Json(Page(Message("1770530400.000200", "thanks"), "same")));

        Assert.Equal((Verdict.Inconclusive, 2), (reading.Verdict, _plan.Http!.Calls.Count));
    }

    [Fact]
    public async Task A_secret_that_is_not_set_is_an_error_that_names_it()
    {
        _plan.Variables.Remove("SLACK_TOKEN");

        var reading = await ReadAsync(_ => throw new InvalidOperationException("nobody is asked"), token: null);

        Assert.Equal(Verdict.Error, reading.Verdict);
        Assert.Contains("SLACK_TOKEN is not set", reading.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_token_is_on_no_disk()
    {
        await ReadAsync(_ => StubHttp.Json(Page(Message("1770530400.000200", $"my token is {Token}, it is broken"), null)));

        Assert.Empty(_plan.FilesWith(Token));
    }

    private static object Channel() => new { name = "support", kind = "slack", channel = "C42", token = "secret:SLACK_TOKEN", address = "https://slack.test/api" };

    private static HttpResponseMessage Later(int seconds)
    {
        var answer = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        answer.Headers.RetryAfter = new System.Net.Http.Headers.RetryConditionHeaderValue(TimeSpan.FromSeconds(seconds));
        return answer;
    }

    private static string Message(string at, string text) => $$"""{"type":"message","ts":"{{at}}","user":"U1","text":"{{text}}"}""";

    private static string Page(string message, string? next) =>
        $$"""{"ok":true,"messages":[{{message}}],"has_more":{{(next is null ? "false" : "true")}},"response_metadata":{"next_cursor":"{{next}}"} }""";

    private async Task<FeedbackReading> ReadAsync(Func<StubHttp.Call, HttpResponseMessage> answer, string? token = Token)
    {
        if (token is not null) _plan.Variables["SLACK_TOKEN"] = token;
        _plan.Http = new StubHttp(answer);
        if (!_plan.Keys.ContainsKey("feedback")) _plan.Feedback(Channel());
        var feedback = new DeploymentFeedback(_plan.Read(), _plan.Tools);
        var readings = await feedback.ReadAsync(Since, TestContext.Current.CancellationToken);
        await feedback.RecordAsync(readings, cancellationToken: TestContext.Current.CancellationToken);
        return Assert.Single(readings);
    }
}
