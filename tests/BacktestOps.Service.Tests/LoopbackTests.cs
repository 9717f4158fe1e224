namespace BacktestOps.Service.Tests;

public sealed class LoopbackTests
{
    [Theory]
    [InlineData("http://0.0.0.0:3000")]
    [InlineData("http://*:3000")]
    [InlineData("http://+:80")]
    [InlineData("http://[::]:3000")]
    [InlineData("http://192.168.1.7:3000")]
    [InlineData("http://example.com")]
    [InlineData("http://127.0.0.1:3000;http://10.0.0.1:3000")]
    public void An_address_that_others_can_reach_is_refused_with_the_reason(string urls)
    {
        var error = Assert.Throws<ServiceOptionsException>(() => ServiceOptions.Parse(["--urls", urls]));

        Assert.Contains("other machines", error.Message, StringComparison.Ordinal);
        Assert.Contains("http://127.0.0.1:3000", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080", "127.0.0.1:8080")]
    [InlineData("http://localhost:0/", "127.0.0.1:0")]
    [InlineData("http://[::1]:81", "[::1]:81")]
    [InlineData("http://127.0.0.7:5;http://[::1]:6", "127.0.0.7:5 [::1]:6")]
    public void Loopback_addresses_are_taken(string urls, string expected) =>
        Assert.Equal(expected, string.Join(' ', ServiceOptions.Parse([$"--urls={urls}"]).Listen));

    [Theory]
    [InlineData("--urls", "http://0.0.0.0:3000", "--api-key-file", "keys")]
    [InlineData("--urls", "http://*:3000", "--allow-anonymous")]
    [InlineData("--urls", "https://10.0.0.1:443", "--tls-cert", "cert.pem", "--api-key-file", "keys")]
    public void Such_an_address_is_taken_with_keys_or_for_everybody_on_purpose(params string[] args) =>
        Assert.True(ServiceOptions.Parse(args).IsPublic);

    [Fact]
    public void Limits_and_the_log_format_are_read()
    {
        var options = ServiceOptions.Parse(["--max-queued", "5", "--max-symbols=6", "--max-bars", "7", "--max-run-time", "8", "--log-format", "json"]);
        var python = ServiceOptions.Parse(["--max-python-time", "9", "--max-python-memory=100"]).ToPython(_ => { });
        Assert.Equal((TimeSpan.FromSeconds(9), 100_000_000L), (python.TimeLimit, python.MemoryLimit));
        Assert.Equal((5, 6, 7L, TimeSpan.FromSeconds(8), true), (options.Limits.Queued, options.Limits.Symbols, options.Limits.Bars, options.Limits.Time, options.LogsJson));
    }

    [Fact]
    public void Without_a_word_it_listens_on_port_3000_of_loopback() =>
        Assert.Equal("127.0.0.1:3000", Assert.Single(ServiceOptions.Parse([]).Listen).ToString());

    [Theory]
    [InlineData("--url", "http://127.0.0.1")]
    [InlineData("--urls")]
    [InlineData("--home", "")]
    [InlineData("--urls", "3000")]
    [InlineData("--urls", "https://127.0.0.1:3000")]
    [InlineData("--urls", "http://127.0.0.1:3000/base")]
    [InlineData("--urls", ";")]
    [InlineData("surprise")]
    [InlineData("--max-queued", "0")]
    [InlineData("--max-run-time", "1.5")]
    [InlineData("--log-format", "xml")]
    [InlineData("--add-api-key", "ops")]
    public void A_wrong_command_line_says_what_would_be_right(params string[] args) =>
        Assert.Matches("--help|http://127.0.0.1:3000", Assert.Throws<ServiceOptionsException>(() => ServiceOptions.Parse(args)).Message);

    [Fact]
    public void Folders_are_taken_from_the_working_folder_of_the_caller() =>
        Assert.Equal(Path.GetFullPath("runs"), ServiceOptions.Parse(["--home", "runs", "--data=prices"]).HomePath);

    [Theory]
    [InlineData("evil.example", 421)]
    [InlineData("evil.example:3000", 421)]
    [InlineData("127.0.0.1.evil.example", 421)]
    [InlineData("localhost:9999", 200)]
    [InlineData("[::1]", 200)]
    [InlineData("127.0.0.9", 200)]
    public async Task A_foreign_name_that_points_here_is_refused(string host, int status)
    {
        await using var service = await RunningService.StartAsync();

        var reply = await service.GetAsync("/api/symbols", ("Host", host));

        Assert.Equal(status, reply.Status);
        if (status != 200)
            Assert.Equal("urn:backtestops:foreign-caller", reply.Problem.Type);
    }

    [Theory]
    [InlineData("cross-site", 403)]
    [InlineData("same-site", 403)]
    [InlineData("same-origin", 200)]
    [InlineData("none", 200)]
    public async Task A_page_of_another_site_can_not_cancel_a_run(string site, int status)
    {
        await using var service = await RunningService.StartAsync();
        service.Api.Put("run", Contracts.BacktestStatus.Running);

        var reply = await service.SendAsync(HttpMethod.Post, "/api/backtest/cancel/run", null, null, ("Sec-Fetch-Site", site));

        Assert.Equal(status, reply.Status);
        var expected = status == 200 ? Contracts.BacktestStatus.Cancelled : Contracts.BacktestStatus.Running;
        Assert.Equal(expected, (await service.Api.GetProgressAsync("run", TestContext.Current.CancellationToken)).Status);
    }
}
