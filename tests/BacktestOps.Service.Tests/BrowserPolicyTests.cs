using BacktestOps.Service.Access;

namespace BacktestOps.Service.Tests;

/// <summary>What a browser is told about every answer, and that a page of another site learns nothing from what it makes a browser ask.</summary>
public sealed class BrowserPolicyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("backtestops-policy-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("/api/symbols", 200)]
    [InlineData("/api/symbols/AAPL/sparkline", 200)]
    [InlineData("/api/symbols/NONE/sparkline", 404)]
    [InlineData("/api/backtest/result/run", 200)]
    [InlineData("/api/backtest/result/none", 404)]
    [InlineData("/api/backtest/events/run", 200)]
    [InlineData("/api/health", 200)]
    [InlineData("/metrics", 200)]
    [InlineData("/openapi.json", 200)]
    [InlineData("/reference.html", 200)]
    [InlineData("/specific-stock-selection.html", 200)]
    [InlineData("/assets/main.js", 200)]
    [InlineData("/", 302)]
    [InlineData("/nope", 404)]
    [InlineData("/api/backtests?limit=x", 400)]
    public async Task Every_answer_is_for_the_service_s_own_pages_alone(string path, int status)
    {
        await using var service = await RunningService.StartAsync();
        service.Api.PutResult("run");

        var reply = await service.GetAsync(path);

        Assert.Equal(status, reply.Status);
        Assert.Equal("same-origin", reply.Headers["Cross-Origin-Resource-Policy"]);
        Assert.Equal("same-origin", reply.Headers["Cross-Origin-Opener-Policy"]);
        Assert.Equal("nosniff", reply.Headers["X-Content-Type-Options"]);
        Assert.Equal("no-referrer", reply.Headers["Referrer-Policy"]);
        Assert.StartsWith("default-src 'none'; ", reply.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", reply.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.DoesNotContain(reply.Headers.Keys, name => name.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("cross-site")]
    [InlineData("same-site")]
    public async Task A_page_of_another_site_gets_one_answer_whatever_there_is(string site)
    {
        await using var service = await RunningService.StartAsync();
        service.Api.PutResult("run");
        service.Api.Fault = new InvalidOperationException("Nothing is looked up for another site.");
        var answers = new List<(int, string)>();
        foreach (var path in new[] { "/api/symbols/AAPL/sparkline", "/api/symbols/NONE/sparkline", "/api/backtest/result/run", "/api/backtest/result/none", "/api/health", "/metrics", "/openapi.json", "/nope" })
        {
            var reply = await service.GetAsync(path, ("Sec-Fetch-Site", site));
            answers.Add((reply.Status, reply.Text));
        }

        Assert.Equal(403, Assert.Single(answers.Distinct()).Item1);
        // A link of another site still leads to the page.
        service.Api.Fault = null;
        foreach (var path in new[] { "/", "/specific-stock-selection.html", "/reference.html" })
            Assert.InRange((await service.GetAsync(path, ("Sec-Fetch-Site", site))).Status, 200, 302);
    }

    [Fact]
    public async Task What_is_had_with_a_key_is_kept_by_no_cache_of_others()
    {
        var file = Path.Combine(_folder, "keys");
        var key = ("Authorization", "Bearer " + ApiKeys.Add(file, "ops"));
        await using var service = await RunningService.StartAsync("--api-key-file", file);
        service.Api.PutResult("run");

        foreach (var path in new[] { "/api/backtest/result/run", "/api/symbols/AAPL/sparkline", "/openapi.json", "/reference.html" })
        {
            var reply = await service.GetAsync(path, key);
            Assert.Equal((200, "no-cache, private"), (reply.Status, reply.Headers["Cache-Control"]));
            Assert.Equal("Authorization,Accept-Encoding", reply.Headers["Vary"].Replace(" ", "", StringComparison.Ordinal));
        }
        Assert.Equal("no-store", (await service.GetAsync("/api/symbols", key)).Headers["Cache-Control"]);
        Assert.Equal("no-store", (await service.GetAsync("/api/symbols")).Headers["Cache-Control"]);
    }

    [Fact]
    public async Task The_reference_of_a_guarded_service_asks_a_browser_for_the_key_and_shows_nothing_without_it()
    {
        var file = Path.Combine(_folder, "keys");
        var key = ApiKeys.Add(file, "ops");
        await using var service = await RunningService.StartAsync("--api-key-file", file);
        var browser = ("Accept", "text/html,application/xhtml+xml");

        var asked = await service.GetAsync("/reference.html", browser);
        Assert.Equal(200, asked.Status);
        Assert.Contains("id=\"api-key\"", asked.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("/api/backtest", asked.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(service.Address.Authority, asked.Text, StringComparison.Ordinal);
        Assert.Equal(401, (await service.GetAsync("/reference.html", browser, ("Authorization", "Bearer bto_wrong"))).Status);
        Assert.Equal(401, (await service.GetAsync("/openapi.json", browser)).Status);
        Assert.Equal(401, (await service.GetAsync("/reference-key.html", browser)).Status);
        Assert.Contains("/api/backtest/start", (await service.GetAsync("/reference.html", browser, ("Authorization", $"Bearer {key}"))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_say_whose_they_are()
    {
        await using var service = await RunningService.StartAsync();

        var target = Assert.Single((await service.GetAsync("/metrics", ("Accept", "application/openmetrics-text; version=1.0.0"))).Text.Split('\n'), line => line.StartsWith("target_info{", StringComparison.Ordinal));

        Assert.Contains("service_name=\"backtestops-service\"", target, StringComparison.Ordinal);
        Assert.Contains($"service_version=\"{(await service.GetAsync("/api/health")).Json.GetProperty("version").GetString()}\"", target, StringComparison.Ordinal);
        Assert.Matches("service_instance_id=\"[0-9a-f-]{36}\"", target);
    }
}
