using System.Diagnostics;
using System.Net;
using System.Text;
using BacktestOps.Contracts;
using BacktestOps.Operations.Health;
using Microsoft.Extensions.Time.Testing;

namespace BacktestOps.Operations.Tests.Health;

public class HealthCheckTests
{
    private const string Healthy = """{"status":"healthy","version":"2.0.2","services":{"database":"connected"},"n":1}""";
    private static readonly Uri Address = new("http://service.test:3000");
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 2, 8, 14, 30, 0, TimeSpan.Zero));

    [Fact]
    public async Task An_answer_as_expected_passes_with_its_evidence()
    {
        var report = await RunAsync(Answer(200, Healthy), Expect(("status", "healthy"), ("services.database", "connected")));

        Assert.Equal(Verdict.Pass, report.Verdict);
        Assert.Equal(["HTTP status", "status", "services.database"], report.Checks.Select(check => check.Name));
        Assert.All(report.Checks, check =>
        {
            Assert.Equal(Verdict.Pass, check.Verdict);
            Assert.Equal(1, check.Samples);
            Assert.Equal("http://service.test:3000/api/health", check.Subject);
            Assert.Equal(_clock.GetUtcNow(), check.ObservedAt);
            Assert.Equal(check.Expected, check.Observed);
            Assert.Null(check.Action);
        });
    }

    [Theory]
    [InlineData("status", "degraded", Verdict.Fail, "\"healthy\"")]
    [InlineData("services.python_worker", "ready", Verdict.Fail, null)]
    [InlineData("version", 2.0, Verdict.Fail, "\"2.0.2\"")]
    [InlineData("n", "1", Verdict.Fail, "1")]
    public async Task A_field_that_differs_is_missing_or_of_another_type_fails(string path, object expected, Verdict verdict, string? observed)
    {
        var report = await RunAsync(Answer(200, Healthy), Expect((path, expected)));

        var check = Assert.Single(report.Checks, check => check.Name == path);
        Assert.Equal((verdict, observed), (check.Verdict, check.Observed));
        Assert.NotNull(check.Detail);
        Assert.NotNull(check.Action);
        Assert.Equal(Verdict.Fail, report.Verdict);
    }

    [Fact]
    public async Task Another_status_fails_and_the_fields_of_its_document_are_still_judged()
    {
        var report = await RunAsync(Answer(503, """{"status":"unhealthy"}"""), Expect(("status", "unhealthy")));

        Assert.Equal([Verdict.Fail, Verdict.Pass], report.Checks.Select(check => check.Verdict));
        Assert.Equal("503", report.Checks[0].Observed);
        Assert.Equal(Verdict.Fail, report.Verdict);
    }

    [Theory]
    [InlineData("<!doctype html><title>Welcome</title>")]
    [InlineData("")]
    [InlineData("{\"status\":\"healthy\"")]
    [InlineData("{\"status\":\"unhealthy\",\"status\":\"healthy\"}")]
    public async Task What_is_no_json_document_fails_and_its_fields_are_inconclusive(string body)
    {
        var report = await RunAsync(Answer(200, body), Expect(("status", "healthy")));

        Assert.Equal([Verdict.Pass, Verdict.Fail, Verdict.Inconclusive], report.Checks.Select(check => check.Verdict));
        Assert.Equal(0, report.Checks[2].Samples);
        Assert.Equal(Verdict.Fail, report.Verdict);
    }

    [Fact]
    public async Task A_document_without_end_is_not_read_to_its_end()
    {
        var report = await RunAsync(Answer(200, new string(' ', 3 << 20) + Healthy), Expect(("status", "healthy")));

        Assert.Contains(report.Checks, check => check.Name == "health document" && check.Detail!.Contains("longer than", StringComparison.Ordinal));
        Assert.Equal(Verdict.Fail, report.Verdict);
    }

    [Fact]
    public async Task A_refused_connection_fails_the_status_and_leaves_the_fields_inconclusive()
    {
        using var check = new HealthCheck(clock: _clock);
        var report = await check.RunAsync(
            Expect(("status", "healthy")) with { Address = FreeAddress(), MaxLatency = TimeSpan.FromSeconds(1) },
            TestContext.Current.CancellationToken);

        Assert.Equal([Verdict.Fail, Verdict.Inconclusive, Verdict.Inconclusive], report.Checks.Select(result => result.Verdict));
        Assert.Null(report.Latency);
        Assert.Contains("refused", report.Checks[0].Detail, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Start-BacktestService", report.Checks[0].Action, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_cannot_be_looked_up_is_an_error_not_a_fail()
    {
        var handler = new Handler((_, _) => throw new HttpRequestException(HttpRequestError.NameResolutionError, "No such host is known."));

        var report = await RunAsync(handler, Expect());

        Assert.Equal(Verdict.Error, report.Verdict);
        Assert.Equal(0, Assert.Single(report.Checks).Samples);
    }

    [Fact]
    public async Task No_answer_within_the_timeout_fails_with_that_time()
    {
        var asked = new TaskCompletionSource();
        var handler = new Handler(async (_, token) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, token);
            throw new UnreachableException();
        });
        var running = RunAsync(handler, Expect(("status", "healthy")) with { Timeout = TimeSpan.FromSeconds(7) });
        await asked.Task;
        _clock.Advance(TimeSpan.FromSeconds(7));

        var report = await running;

        Assert.Equal("no whole answer came within 7 s", report.Checks[0].Detail);
        Assert.Equal(Verdict.Fail, report.Verdict);
    }

    [Theory]
    [InlineData(1500, Verdict.Pass)]
    [InlineData(1501, Verdict.Fail)]
    public async Task The_response_time_is_held_against_its_limit(int milliseconds, Verdict verdict)
    {
        var handler = new Handler((_, _) =>
        {
            _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
            return Task.FromResult(Answered(200, Healthy));
        });

        var report = await RunAsync(handler, Expect() with { MaxLatency = TimeSpan.FromMilliseconds(1500) });

        var check = Assert.Single(report.Checks, check => check.Name == "response time");
        Assert.Equal((verdict, "≤ 1500 ms", $"{milliseconds} ms"), (check.Verdict, check.Expected, check.Observed));
    }

    [Fact]
    public async Task A_cancelled_check_makes_no_report()
    {
        using var cancel = new CancellationTokenSource();
        var handler = new Handler(async (_, token) =>
        {
            await cancel.CancelAsync();
            await Task.Delay(Timeout.Infinite, token);
            throw new UnreachableException();
        });
        using var check = new HealthCheck(handler, _clock);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => check.RunAsync(Expect(), cancel.Token));
    }

    [Fact]
    public async Task A_redirect_is_an_answer_and_is_not_followed()
    {
        using var listener = new HttpListener();
        var address = FreeAddress();
        listener.Prefixes.Add(address.ToString());
        listener.Start();
        var served = Task.Run(async () =>
        {
            var context = await listener.GetContextAsync();
            context.Response.Redirect("/elsewhere");
            context.Response.Close();
        }, TestContext.Current.CancellationToken);
        using var check = new HealthCheck();

        var report = await check.RunAsync(Expect() with { Address = address }, TestContext.Current.CancellationToken);
        await served;

        Assert.Equal("302", report.Checks[0].Observed);
        Assert.Equal(Verdict.Fail, report.Verdict);
    }

    private async Task<HealthReport> RunAsync(HttpMessageHandler handler, HealthExpectation expectation)
    {
        using var check = new HealthCheck(handler, _clock);
        return await check.RunAsync(expectation, TestContext.Current.CancellationToken);
    }

    private static HealthExpectation Expect(params (string Path, object? Value)[] fields) => new()
    {
        Address = Address,
        Fields = [.. fields.Select(field => FieldExpectation.FromObject(field.Path, field.Value))],
    };

    private static Handler Answer(int status, string body) => new((_, _) => Task.FromResult(Answered(status, body)));

    private static HttpResponseMessage Answered(int status, string body) =>
        new((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    private static Uri FreeAddress() => new($"http://127.0.0.1:{FreePorts.Take()}/");

    private sealed class Handler(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            answer(request, cancellationToken);
    }
}
