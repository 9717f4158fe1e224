using System.Text;

namespace BacktestOps.Service.Tests;

public sealed class ErrorTests
{
    private const string Start = "/api/backtest/start";

    public static TheoryData<string, string, string> BadBodies => new()
    {
        { "", "$", "not JSON" },
        { "{\n  \"symbols\": [\"AAPL\",,]\n}", "$", "line 2, byte 22" },
        { """{"symbols": ["AAPL"], "strategy": "SmaCross"} trailing""", "$", "not JSON" },
        { """{"symbols": ["A"], "symbols": ["B"], "strategy": "SmaCross"}""", "$", "symbols" },
        { "null", "$", "is null" },
        { "[]", "$", "is a list" },
        { "\"text\"", "$", "expected an object" },
        { """{"strategy": "SmaCross"}""", "symbols", "is missing" },
        { """{"symbols": "AAPL", "strategy": "SmaCross"}""", "symbols", "is \"AAPL\"" },
        { """{"symbols": ["AAPL", 3], "strategy": "SmaCross"}""", "symbols[1]", "is 3" },
        { """{"symbols": [null], "strategy": "SmaCross"}""", "symbols[0]", "is null" },
        { """{"symbols": ["AAPL"], "strategy": null}""", "strategy", "is null" },
        { """{"symbols": ["AAPL"], "rules": "close > open"}""", "rules", "expected an object" },
        { """{"symbols": ["AAPL"], "rules": {"entry": "close > open", "exot": "false"}}""", "rules.exot", "is not known" },
        { """{"symbols": ["AAPL"], "rules": {"entry": true, "exit": "false"}}""", "rules.entry", "expected a text" },
        { """{"symbols": ["AAPL"], "rules": {"entry": "true", "exit": "false", "parameters": [{"name": "n", "default": 1, "minimum": 1}]}}""", "rules.parameters[0].maximum", "is missing" },
        { """{"symbols": ["AAPL"], "strategy": "SmaCross", "money": 1}""", "money", "is not known" },
        { """{"symbols": ["AAPL"], "strategy": "SmaCross", "cash": 1}""", "cash", "expected \"separate\", \"shared\"" },
        { """{"symbols": ["AAPL"], "strategy": "SmaCross", "sizing": {"kind": "all"}}""", "sizing.kind", "\"fixed_cash\"" },
        { """{"symbols": ["AAPL"], "strategy": "SmaCross", "stops": {"stop_loss": 0.05}}""", "stops.stop_loss", "expected a text" },
        { """{"symbols": ["AAPL"], "strategy": "SmaCross", "commission": {"flat": 1}}""", "commission.flat", "is not known" },
        { """{"symbols": ["AAPL"], "strategy": "SmaCross", "commission": 0.1}""", "commission", "is 0.1" },
        { """{"symbols": ["AAPL"], "strategy": "SmaCross", "parameters": {"fast": "10"}}""", "parameters.fast", "is \"10\"" },
        { """{"symbols": ["AAPL"], "strategy": "SmaCross", "parameters": [1]}""", "parameters", "is a list" },
        { """{"symbols": ["AAPL"], "strategy": "SmaCross", "from": "01/02/2020"}""", "from", "expected a date" },
        { """{"symbols": ["AAPL"], "strategy": "SmaCross", "initial_cash": 1e999}""", "initial_cash", "is 1e999" },
        { """{"symbols": ["AAPL"], "strategy": "SmaCross", "fractional_shares": 1}""", "fractional_shares", "expected true or false" },
        { """{"symbols": [], "strategy": "SmaCross"}""", "symbols", "is empty" },
        { """{"symbols": ["\ud800"], "strategy": "SmaCross"}""", "symbols[0]", "is" },
        { """{"\ud800": 1, "symbols": ["AAPL"], "strategy": "SmaCross"}""", "$", "Unicode" },
    };

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task A_wrong_body_is_400_and_names_the_place_and_the_fault(string body, string field, string words)
    {
        await using var service = await RunningService.StartAsync();

        var reply = await service.PostAsync(Start, body);

        Assert.Equal(400, reply.Status);
        Assert.Equal("urn:backtestops:invalid-request", reply.Problem.Type);
        var fault = Assert.Single(reply.Problem.Errors!);
        Assert.Equal(field, fault.Field);
        Assert.Contains(words, fault.ToString(), StringComparison.Ordinal);
        Assert.Empty(service.Api.Started);
    }

    [Fact]
    public async Task Every_fault_of_a_body_is_named_at_once()
    {
        await using var service = await RunningService.StartAsync();

        var reply = await service.PostAsync(
            Start, """{"symbols": ["AAPL", 3, {}], "from": 5, "commission": {"rate": "a", "x": 1}, "parameters": {"slow": null}, "y": 2}""");

        Assert.Equal(
            ["symbols[1]", "symbols[2]", "from", "commission.rate", "commission.x", "parameters.slow", "y"],
            reply.Problem.Errors!.Select(fault => fault.Field));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("json")]
    [InlineData(null)]
    public async Task A_body_that_is_not_announced_as_JSON_is_415(string? contentType)
    {
        await using var service = await RunningService.StartAsync();

        var reply = await service.SendAsync(HttpMethod.Post, Start, Encoding.UTF8.GetBytes("{}"), contentType);

        Assert.Equal(415, reply.Status);
        Assert.Equal("urn:backtestops:unsupported-media-type", reply.Problem.Type);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_413_and_the_service_goes_on()
    {
        await using var service = await RunningService.StartAsync();

        var reply = await service.PostAsync(Start, $$"""{"symbols": ["{{new string('x', ServiceHost.MaxBodyBytes)}}"], "strategy": "SmaCross"}""");

        Assert.Equal(413, reply.Status);
        Assert.Equal("urn:backtestops:body-too-large", reply.Problem.Type);
        Assert.Equal(200, (await service.GetAsync("/api/strategies")).Status);
    }

    [Fact]
    public async Task A_body_nested_too_deeply_is_400()
    {
        await using var service = await RunningService.StartAsync();

        var reply = await service.PostAsync(Start, new string('[', 5000) + new string(']', 5000));

        Assert.Equal(400, reply.Status);
        Assert.Equal("$", Assert.Single(reply.Problem.Errors!).Field);
    }

    [Theory]
    [InlineData("GET", "/api/backtest/start", "POST")]
    [InlineData("GET", "/api/backtest/check", "POST")]
    [InlineData("DELETE", "/api/backtest/progress/x", "GET")]
    [InlineData("POST", "/api/health", "GET")]
    [InlineData("PUT", "/specific-stock-selection.html", "GET")]
    [InlineData("GET", "/api/backtest/cancel/x", "POST")]
    public async Task A_wrong_method_is_405_and_the_right_one_is_named(string method, string path, string right)
    {
        await using var service = await RunningService.StartAsync();

        var reply = await service.SendAsync(new HttpMethod(method), path);

        Assert.Equal(405, reply.Status);
        Assert.Contains(right, reply.Headers["Allow"], StringComparison.Ordinal);
        Assert.Contains(right, reply.Problem.Action!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api")]
    [InlineData("/api/nope")]
    [InlineData("/api/backtest/result/")]
    [InlineData("/api/backtest/result/a/b")]
    [InlineData("/nope.html")]
    [InlineData("/assets/")]
    [InlineData("/assets/..%2f..%2fappsettings.json")]
    public async Task An_unknown_address_is_404(string path)
    {
        await using var service = await RunningService.StartAsync();

        var reply = await service.GetAsync(path);

        Assert.Equal(404, reply.Status);
        Assert.Equal("urn:backtestops:no-such-address", reply.Problem.Type);
    }

    [Theory]
    [InlineData("/api/backtest/progress", "id")]
    [InlineData("/api/backtest/progress?id=", "id")]
    [InlineData("/api/backtest/progress?id=a&id=b", "id")]
    [InlineData("/api/backtests?limit=0", "limit")]
    [InlineData("/api/backtests?limit=1001", "limit")]
    [InlineData("/api/backtests?limit=ten&status=done", "status,limit")]
    [InlineData("/api/backtests?status=Completed", "status")]
    [InlineData("/api/symbols/AAPL/bars?from=2020-13-01&to=yesterday", "from,to")]
    [InlineData("/api/symbols/AAPL/bars?from=2020-02-01&to=2020-01-01", "to")]
    public async Task A_wrong_query_is_400_and_names_every_field(string path, string fields)
    {
        await using var service = await RunningService.StartAsync();

        var reply = await service.GetAsync(path);

        Assert.Equal(400, reply.Status);
        Assert.Equal(fields, string.Join(',', reply.Problem.Errors!.Select(fault => fault.Field)));
    }
}
