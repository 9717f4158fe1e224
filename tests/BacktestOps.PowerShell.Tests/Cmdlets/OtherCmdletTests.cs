using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Tests.Support;
using static BacktestOps.Contracts.BacktestStatus;

namespace BacktestOps.PowerShell.Tests.Cmdlets;

public sealed class OtherCmdletTests
{
    private static FakeBacktestApi ThreeRuns() => new FakeBacktestApi().With("a-1", (Completed, 100)).With("a-2", (Failed, 10)).With("b-1", (Running, 5));

    [Theory]
    [InlineData("Get-Backtest", "b-1 a-2 a-1")]
    [InlineData("Get-Backtest -First 2", "b-1 a-2")]
    [InlineData("Get-Backtest a-*", "a-2 a-1")]
    [InlineData("Get-Backtest A-* -First 1", "a-2")]
    [InlineData("Get-Backtest -Skip 1", "a-2 a-1")]
    [InlineData("Get-Backtest -Skip 1 -First 1", "a-2")]
    [InlineData("Get-Backtest -First 0", "")]
    [InlineData("Get-Backtest a-1, b-1 -Skip 1", "b-1")]
    [InlineData("Get-Backtest b-*, a-* -First 2", "b-1 a-2")]
    [InlineData("Get-Backtest -Status Failed", "a-2")]
    [InlineData("Get-Backtest a-1, b-1 -Status Running", "b-1")]
    [InlineData("'a-1' | Get-Backtest", "a-1")]
    [InlineData("Get-Backtest a-1 | Get-Backtest | Get-BacktestProgress", "a-1")]
    [InlineData("Get-Backtest nothing-*", "")]
    public void Get_Backtest_lists_the_newest_first_and_narrows(string script, string ids)
    {
        using var session = new TestSession(ThreeRuns());

        var found = session.Run(script).WithoutErrors().As<BacktestProgress>();

        Assert.Equal(ids, string.Join(' ', found.Select(run => run.BacktestId)));
    }

    [Fact]
    public void Every_run_is_listed_however_many_there_are_and_no_page_is_asked_for_in_vain()
    {
        const int Many = 2500;
        var api = new FakeBacktestApi();
        for (var i = 0; i < Many; i++) api.With($"r-{i:0000}", (i % 2 == 0 ? Completed : Failed, 100));
        using var session = new TestSession(api);

        Assert.Equal(Many, session.Run("Get-Backtest").WithoutErrors().As<BacktestProgress>().Select(run => run.BacktestId).Distinct().Count());
        Assert.Equal(Many / 2, session.Run("Get-Backtest -Status Failed").WithoutErrors().Output.Count);
        Assert.Equal(10, session.Run("Get-Backtest r-001*").WithoutErrors().Output.Count);
        Assert.Equal("r-0003", session.Run("Get-Backtest -Skip 2496 -First 1").WithoutErrors().As<BacktestProgress>().Single().BacktestId);
        Assert.Equal(Many, session.Run("Get-Backtest | Stop-Backtest -PassThru").WithoutErrors().Output.Count);
        var counted = session.Run("Get-Backtest -IncludeTotalCount -First 1").WithoutErrors().Output;
        Assert.Equal((ulong)Many, counted[0].BaseObject);
        Assert.Equal("r-2499", ((BacktestProgress)counted[1].BaseObject).BacktestId);

        var pages = api.Pages;
        session.Run("Get-Backtest | Select-FirstOne").WithoutErrors();
        session.Run("Get-Backtest -First 3").WithoutErrors();
        Assert.Equal(pages + 2, api.Pages);
    }

    [Fact]
    public void Stop_Backtest_asks_each_run_and_tells_only_with_PassThru()
    {
        var api = ThreeRuns();
        using var session = new TestSession(api);

        Assert.Empty(session.Run("Get-Backtest a-* | Stop-Backtest").WithoutErrors().Output);
        var stopped = session.Run("Stop-Backtest b-1 -PassThru").WithoutErrors().As<BacktestProgress>();

        Assert.Equal(["a-2", "a-1", "b-1"], api.Cancelled);
        Assert.Equal(Cancelled, Assert.Single(stopped).Status);
    }

    [Fact]
    public void Stop_Backtest_with_WhatIf_asks_nobody()
    {
        var api = ThreeRuns();
        using var session = new TestSession(api);

        session.Run("Stop-Backtest a-1, nobody -WhatIf").WithoutErrors();

        Assert.Empty(api.Cancelled);
    }

    [Fact]
    public void A_result_that_is_no_result_document_is_an_error_that_keeps_its_cause()
    {
        using var session = new TestSession(new FakeBacktestApi().WithResult("a", "{\"backtest_id\": 7}"));

        var error = session.Run("Get-BacktestResult a").OnlyError();

        Assert.StartsWith("ResultUnreadable,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.InvalidData, error.CategoryInfo.Category);
        Assert.IsType<System.Text.Json.JsonException>(error.Exception.InnerException);
    }

    [Theory]
    [InlineData("Get-BacktestStrategy", "BuyAndHold SmaCross")]
    [InlineData("Get-BacktestStrategy sma*", "SmaCross")]
    [InlineData("'BuyAndHold' | Get-BacktestStrategy", "BuyAndHold")]
    public void Get_BacktestStrategy_finds_by_name_and_pattern(string script, string names)
    {
        using var session = new TestSession(new FakeBacktestApi());

        var found = session.Run(script).WithoutErrors().As<StrategyInfo>();

        Assert.Equal(names, string.Join(' ', found.Select(strategy => strategy.Name)));
    }

    [Fact]
    public void A_strategy_that_is_not_there_is_an_error_that_names_those_that_are()
    {
        using var session = new TestSession(new FakeBacktestApi());

        var error = session.Run("Get-BacktestStrategy Astrology").OnlyError();

        Assert.Equal(ErrorCategory.ObjectNotFound, error.CategoryInfo.Category);
        Assert.Contains("BuyAndHold, SmaCross", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Bars_are_streamed_within_the_days_that_were_asked_for()
    {
        using var session = new TestSession(new FakeBacktestApi());

        var bars = session.Run("Get-MarketData AAPL -Bar -From 2020-01-02 -To 2020-01-03").WithoutErrors().As<Bar>();
        var first = session.Run("Get-MarketData -Bar | Select-FirstOne").WithoutErrors().As<Bar>();

        Assert.Equal([2, 3], bars.Select(bar => bar.Date.Day));
        Assert.Single(first);
    }

    [Fact]
    public void An_unknown_symbol_is_an_error_and_an_empty_pattern_is_none()
    {
        using var session = new TestSession(new FakeBacktestApi());

        Assert.Empty(session.Run("Get-MarketData Z*").WithoutErrors().Output);
        var error = session.Run("Get-MarketData ZZZ").OnlyError();

        Assert.StartsWith("UnknownSymbol,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("ZZZ", error.TargetObject);
    }
}
