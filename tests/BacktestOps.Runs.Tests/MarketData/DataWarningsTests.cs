using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Runs.Tests.Support;

namespace BacktestOps.Runs.Tests.MarketData;

/// <summary>A run on data with findings says so in its result: of its range, and of the prices that it traded on.</summary>
public sealed class DataWarningsTests : IDisposable
{
    private readonly TempFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task ARunCarriesWhatIsWrongWithTheDataOfItsRange()
    {
        var warnings = await WarningsAsync(new() { Symbols = ["GOOG"], Strategy = "BuyAndHold", Adjusted = true });
        Assert.Contains(warnings, warning => warning.StartsWith("GOOG.csv: a split is not adjusted for; the run takes it for a loss or a gain. 2014-04-03 (line 2424):", StringComparison.Ordinal));
        var prints = Assert.Single(warnings, warning => warning.StartsWith("GOOG.csv: 4 prices are supported by no price beside them. 2007-12-18 (line 841): low 67.5 is", StringComparison.Ordinal));
        Assert.EndsWith("And 1 more; Test-MarketData lists all.", prints, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatLiesOutsideTheRangeIsNotSaid() =>
        Assert.Empty(await WarningsAsync(new() { Symbols = ["GOOG"], Strategy = "BuyAndHold", Adjusted = true, From = new DateOnly(2014, 4, 4) }));

    [Fact]
    public async Task AHoleIsSaidWhenTheRangeTouchesIt()
    {
        var inside = new BacktestRequest { Symbols = ["QQQ"], Strategy = "BuyAndHold", Adjusted = true, From = new DateOnly(2005, 1, 1), To = new DateOnly(2012, 1, 1) };
        Assert.Contains("QQQ.csv: 1 hole. 2004-11-30 (line 1442): no bar for 6.3 years", Assert.Single(await WarningsAsync(inside)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SplitsAreSaidWherePricesAsTradedAreTraded()
    {
        var raw = new BacktestRequest { Symbols = ["AAPL"], Strategy = "BuyAndHold", From = new DateOnly(2018, 1, 1) };
        Assert.Contains("1 split inside the range", Assert.Single(await WarningsAsync(raw)), StringComparison.Ordinal);
        Assert.Empty(await WarningsAsync(raw with { Adjusted = true }));
    }

    [Fact]
    public async Task CleanDataSaysNothing() =>
        Assert.Empty(await WarningsAsync(new() { Symbols = ["SP500"], Strategy = "BuyAndHold" }, bundled: true));

    private async Task<IReadOnlyList<string>> WarningsAsync(BacktestRequest request, bool bundled = false)
    {
        var data = bundled ? null : SharedData.Daily();
        await using var runner = await BacktestRunner.OpenAsync(new() { HomePath = _home.Path, DataPath = data }, TestContext.Current.CancellationToken);
        var ended = await runner.EndAsync((await runner.StartAsync(request, TestContext.Current.CancellationToken)).BacktestId);
        var document = await runner.GetResultAsync(ended.BacktestId, TestContext.Current.CancellationToken);
        return JsonSerializer.Deserialize(document.Content.Span, ContractsJson.Default.BacktestResult)!.Warnings;
    }
}
