using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Tests.Support;

namespace BacktestOps.PowerShell.Tests.Cmdlets;

public sealed class StartBacktestTests
{
    [Fact]
    public void Every_parameter_reaches_the_request()
    {
        var api = new FakeBacktestApi();
        using var session = new TestSession(api);

        session.Run(
            """
            Start-Backtest -Symbol AAPL, IBM -Strategy SmaCross -Parameter @{ Fast = 5; Slow = '20.5' } -From 2010-01-02 -To '2011-03-04T17:30:00' `
                -InitialCash 5000 -CommissionRate 0.001 -CommissionMinimum 1.5 -FractionalShares -Adjusted -PeriodsPerYear 260
            """).WithoutErrors();

        var request = Assert.Single(api.Requests);
        Assert.Equal(["AAPL", "IBM"], request.Symbols);
        Assert.Equal("SmaCross", request.Strategy);
        Assert.Equal([new("Fast", 5), new("Slow", 20.5)], request.Parameters);
        Assert.Equal(new DateOnly(2010, 1, 2), request.From);
        Assert.Equal(new DateOnly(2011, 3, 4), request.To);
        Assert.Equal(5000, request.InitialCash);
        Assert.Equal(new CommissionTerms { Rate = 0.001, Minimum = 1.5 }, request.Commission);
        Assert.True(request.FractionalShares);
        Assert.True(request.Adjusted);
        Assert.Equal(260, request.PeriodsPerYear);
    }

    [Fact]
    public void What_is_not_given_takes_the_defaults_of_the_contract()
    {
        var api = new FakeBacktestApi();
        using var session = new TestSession(api);

        session.Run("Start-Backtest AAPL BuyAndHold").WithoutErrors();

        var request = Assert.Single(api.Requests);
        var plain = new BacktestRequest { Symbols = ["AAPL"], Strategy = "BuyAndHold" };
        Assert.Equal(plain with { Symbols = request.Symbols, Parameters = request.Parameters }, request);
        Assert.Empty(request.Parameters);
    }

    [Theory]
    [InlineData("'AAPL', 'IBM' | Start-Backtest -Strategy SmaCross")]
    [InlineData("Get-MarketData AAPL, IBM | Start-Backtest -Strategy SmaCross")]
    public void Each_piped_symbol_starts_a_backtest_of_its_own(string script)
    {
        var api = new FakeBacktestApi();
        using var session = new TestSession(api);

        var started = session.Run(script).WithoutErrors().As<BacktestProgress>();

        Assert.Equal([["AAPL"], ["IBM"]], api.Requests.Select(request => request.Symbols));
        Assert.Equal(["run-1", "run-2"], started.Select(run => run.BacktestId));
    }

    [Fact]
    public void WhatIf_starts_nothing()
    {
        var api = new FakeBacktestApi();
        using var session = new TestSession(api);

        var outcome = session.Run("Start-Backtest AAPL SmaCross -WhatIf").WithoutErrors();

        Assert.Empty(api.Requests);
        Assert.Empty(outcome.Output);
        Assert.Contains("SmaCross on AAPL", session.Host.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_invalid_request_is_one_error_that_names_every_fault_and_does_not_stop_the_next()
    {
        var api = new FakeBacktestApi
        {
            Refusal = new InvalidRequestException([new RequestFault("symbols[0]", "no such symbol"), new RequestFault("initial_cash", "-1")]),
        };
        using var session = new TestSession(api);

        var outcome = session.Run("'A', 'B' | Start-Backtest -Strategy SmaCross");

        Assert.Null(outcome.Terminating);
        Assert.Equal(2, outcome.Errors.Count);
        var error = outcome.Errors[0];
        Assert.Equal("InvalidRequest,BacktestOps.PowerShell.Cmdlets.StartBacktestCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.InvalidArgument, error.CategoryInfo.Category);
        Assert.Contains("symbols[0]", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("initial_cash", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Get-MarketData", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(["A"], Assert.IsType<string[]>(error.TargetObject));
    }

    [Theory]
    [InlineData("'ten'")]
    [InlineData("$true")]
    [InlineData("$null")]
    [InlineData("''")]
    [InlineData("@(1, 2)")]
    public void Parameter_values_that_are_no_numbers_are_named_all_at_once(string value)
    {
        var api = new FakeBacktestApi();
        using var session = new TestSession(api);

        var error = session.Run($"Start-Backtest AAPL SmaCross @{{ Fast = {value}; Slow = {value}; Good = 1 }}").OnlyError();

        Assert.Empty(api.Requests);
        var faults = Assert.IsType<InvalidRequestException>(error.Exception).Faults;
        Assert.Equal(["parameters.Fast", "parameters.Slow"], faults.Select(fault => fault.Field).Order());
    }

    [Fact]
    public void DataPath_while_connected_is_a_terminating_error_that_says_what_to_do()
    {
        var api = new FakeBacktestApi();
        using var session = new TestSession(api);

        var error = session.Run("Start-Backtest AAPL SmaCross -DataPath .").Terminating;

        Assert.NotNull(error);
        Assert.StartsWith("DataPathWhileConnected,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("http://fake.example", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Disconnect-BacktestService", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Empty(api.Requests);
    }

    [Fact]
    public void What_can_not_be_read_and_what_the_engine_refuses_are_named_at_once()
    {
        using var session = new TestSession();

        var error = session.Run(
            "Start-Backtest SP5OO, SYN-FALL SmaCross -Parameter @{ Fst = 3; Slow = 'x' } -InitialCash -5 -Sleeve @{ Names = 1 } -Seed 3; Get-Backtest").OnlyError();

        Assert.Equal(
            ["-Seed", "initial_cash", "parameters.Fst", "parameters.Slow", "sleeves[0]", "symbols[0]"],
            Assert.IsType<InvalidRequestException>(error.Exception).Faults.Select(fault => fault.Field).Order(StringComparer.Ordinal));
    }
}
