using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Runs.MarketData;
using BacktestOps.Runs.MarketData.Inspection;
using BacktestOps.Runs.Tests.Support;

namespace BacktestOps.Runs.Tests.MarketData;

/// <summary>Splits and dividends in a file beside the bars.</summary>
public sealed class ActionsFileTests : IDisposable
{
    private const string Bars = "date,open,high,low,close,volume\n2020-01-06,100,100,100,100,10\n2020-01-07,100,100,100,100,10\n2020-01-08,50,50,50,50,20\n2020-01-09,52,52,52,52,20\n2020-01-10,51,51,51,51,20\n";
    private const string Actions = "date,split,dividend\n2020-01-08,2,\n2020-01-10,,2\n";

    private readonly TempFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public void TheFileIsNoSymbolAndGivesItsSymbolAnAdjustedClose()
    {
        _data.Write("A.csv", Bars);
        _data.Write("A.actions.csv", Actions);
        var catalog = new FolderCatalog(_data.Path);
        var symbol = Assert.Single(catalog.List(TestContext.Current.CancellationToken));
        Assert.Equal(("A", true), (symbol.Symbol, symbol.HasAdjustedClose));
        var bars = catalog.Load("A").Bars;
        Assert.Equal([48.0769, 48.0769, 48.0769, 50, 51], bars.AdjustedClose.ToArray().Select(close => Math.Round(close, 4)));
        Assert.Equal([1, 1, 2, 1, 1.04], bars.Growth.ToArray());
    }

    [Fact]
    public void AChangeOfEitherFileIsOtherData()
    {
        var bars = _data.Write("A.csv", Bars);
        File.SetLastWriteTimeUtc(bars, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        var catalog = new FolderCatalog(_data.Path);
        var prints = new List<string> { catalog.Load("A").Fingerprint };
        var actions = _data.Write("A.actions.csv", Actions);
        File.SetLastWriteTimeUtc(actions, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        prints.Add(catalog.Load("A").Fingerprint);
        _data.Write("A.actions.csv", Actions.Replace(",2\n", ",3\n", StringComparison.Ordinal));
        prints.Add(catalog.Load("A").Fingerprint);
        File.Delete(actions);
        Assert.Equal(3, prints.Distinct().Count());
        Assert.Equal(prints[0], catalog.Load("A").Fingerprint);
    }

    [Theory]
    [InlineData("", "line 1: the header must be date,split,dividend")]
    [InlineData("date,split,dividend\n2020-01-08\n", "line 2: '2020-01-08' is no action")]
    [InlineData("date,split,dividend\n08.01.2020,2,\n", "line 2: '08.01.2020,2,' is no action")]
    [InlineData("date,split,dividend\n2020-01-08,0,\n", "line 2: a split is")]
    [InlineData("date,split,dividend\n2020-01-08,,-1\n", "line 2: a dividend is")]
    [InlineData("date,split,dividend\n2020-01-08,,NaN\n", "line 2: a dividend is")]
    [InlineData("date,split,dividend\n2020-01-10,2,\n2020-01-08,2,\n", "line 3: the oldest action must be first")]
    [InlineData("date,split,dividend\n2020-01-08,,100\n", "below the close before, 100")]
    public void WhatCantBeIsAFaultOfTheSymbolWithItsLine(string actions, string expected)
    {
        _data.Write("A.csv", Bars);
        _data.Write("A.actions.csv", actions);
        var fault = Assert.Throws<MarketDataException>(() => new FolderCatalog(_data.Path).Load("A"));
        Assert.StartsWith("A.actions.csv", fault.Message, StringComparison.Ordinal);
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARunHoldsOverThemAtPricesAsTradedAndSaysHow()
    {
        _data.Write("data/A.csv", Bars);
        _data.Write("data/A.actions.csv", Actions);
        var request = new BacktestRequest { Symbols = ["A"], Strategy = "BuyAndHold", InitialCash = 1000 };
        var traded = await RunAsync(request);
        Assert.Equal(20.8 * 51, traded.Performance.FinalEquity, 9);
        Assert.Equal(20.8, Assert.Single(traded.OpenPositions).Quantity, 9);
        Assert.Equal("splits_and_dividends_reinvested_on_ex_date", traded.Conventions.CorporateActions);
        var adjusted = await RunAsync(request with { Adjusted = true, FractionalShares = true });
        Assert.Equal(traded.Performance.TotalReturn, adjusted.Performance.TotalReturn, 1e-12);
        Assert.Null(adjusted.Conventions.CorporateActions);
    }

    [Fact]
    public async Task TheSplitOfGoogThatTheVendorForgotIsMendedByAFile()
    {
        File.Copy(Path.Combine(SharedData.Daily(), "GOOG.csv"), _data.Write("data/GOOG.csv", ""), overwrite: true);
        // 2014-04-03: one share of class C for each of class A. 2015-04-27: 0.0027455 shares, by settlement.
        _data.Write("data/GOOG.actions.csv", "date,split,dividend\n2014-04-03,2.002,\n2015-04-27,1.0027455,\n");
        var result = await RunAsync(new() { Symbols = ["GOOG"], Strategy = "BuyAndHold", FractionalShares = true, From = new DateOnly(2014, 1, 2), To = new DateOnly(2014, 12, 31) });
        // GOOG fell by 6 % in 2014, and not by half.
        Assert.InRange(result.Performance.TotalReturn, -0.07, -0.04);
        Assert.DoesNotContain(result.Warnings, warning => warning.Contains("split", StringComparison.Ordinal) && !warning.Contains("adjusted close is not used", StringComparison.Ordinal));
        Assert.Contains(result.Warnings, warning => warning.Contains("its adjusted close is not used", StringComparison.Ordinal));
    }

    [Fact]
    public void TestMarketDataReadsBoth()
    {
        _data.Write("A.csv", Bars);
        var actions = _data.Write("A.actions.csv", "date,split,dividend\nx,2,\n");
        var inspector = new MarketDataInspector();
        Assert.Equal(MarketDataFindingKind.Unreadable, Assert.Single(inspector.Inspect(Path.Combine(_data.Path, "A.csv"), "A.csv")).Kind);
        Assert.Equal((MarketDataFindingKind.Unreadable, 2), (inspector.Inspect(actions, "A.actions.csv")[0].Kind, inspector.Inspect(actions, "A.actions.csv")[0].Line));
    }

    private async Task<BacktestResult> RunAsync(BacktestRequest request)
    {
        await using var runner = await BacktestRunner.OpenAsync(new() { HomePath = _data.Path }, TestContext.Current.CancellationToken);
        var ended = await runner.EndAsync((await runner.StartAsync(request, TestContext.Current.CancellationToken)).BacktestId);
        return JsonSerializer.Deserialize((await runner.GetResultAsync(ended.BacktestId, TestContext.Current.CancellationToken)).Content.Span, ContractsJson.Default.BacktestResult)!;
    }
}
