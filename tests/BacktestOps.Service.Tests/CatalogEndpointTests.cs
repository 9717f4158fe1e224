namespace BacktestOps.Service.Tests;

public sealed class CatalogEndpointTests
{
    [Fact]
    public async Task Strategies_and_symbols_are_lists()
    {
        await using var service = await RunningService.StartAsync();

        Assert.Equal("BuyAndHold", (await service.GetAsync("/api/strategies")).Json[0].GetProperty("name").GetString());
        var symbol = (await service.GetAsync("/api/symbols")).Json[0];
        Assert.Equal(("AAPL", "1998-01-02"), (symbol.GetProperty("symbol").GetString(), symbol.GetProperty("first").GetString()));
    }

    [Theory]
    [InlineData("BRK%2FB", "BRK/B")]
    [InlineData("BRK%2fB", "BRK/B")]
    [InlineData("%5EGSPC", "^GSPC")]
    [InlineData("%EC%82%BC%EC%84%B1", "삼성")]
    public async Task Bars_are_asked_for_by_symbol_and_days(string segment, string symbol)
    {
        await using var service = await RunningService.StartAsync();

        var reply = await service.GetAsync($"/api/symbols/{segment}/bars?from=2020-01-02&to=2020-02-03");

        Assert.Equal(200, reply.Status);
        Assert.Equal((symbol, new DateOnly(2020, 1, 2), new DateOnly(2020, 2, 3)), service.Api.BarsAsked);
        Assert.Equal("2020-01-02", reply.Json[0].GetProperty("date").GetString());
    }

    [Fact]
    public async Task An_unknown_symbol_is_404_with_near_names()
    {
        await using var service = await RunningService.StartAsync();

        var reply = await service.GetAsync("/api/symbols/NONE/bars");

        Assert.Equal(404, reply.Status);
        Assert.Equal(("NONE", "did you mean 'NINE'?"), (reply.Problem.Symbol, reply.Problem.Hint));
    }
}
