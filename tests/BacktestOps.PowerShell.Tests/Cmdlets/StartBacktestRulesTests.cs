using BacktestOps.Contracts;
using BacktestOps.PowerShell.Tests.Support;

namespace BacktestOps.PowerShell.Tests.Cmdlets;

/// <summary>Rules, files of rules, and how they are traded, from parameters to the request.</summary>
public sealed class StartBacktestRulesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("backtestops-rules-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Rules_of_ones_own_reach_the_request()
    {
        var request = Start("-Entry 'close > $n' -Exit 'close < $n' -ShortEntry 'close < 1' -ShortExit 'close > 2' -LimitPrice 'close * 0.98' -OrderBars 3 -ExitStopPrice 'low' -ExitOrderBars 2 -Parameter @{ n = 5 } -Strategy Mine");

        Assert.Equal(
            new StrategyDefinition
            {
                Entry = "close > $n", Exit = "close < $n", ShortEntry = "close < 1", ShortExit = "close > 2",
                EntryOrder = new() { Kind = OrderKind.Limit, Price = "close * 0.98", Bars = 3 },
                ExitOrder = new() { Kind = OrderKind.Stop, Price = "low", Bars = 2 }, Constraints = request.Rules!.Constraints,
            },
            request.Rules);
        Assert.Equal(("Mine", 5), (request.Strategy, request.Parameters["n"]));
    }

    [Fact]
    public void Stops_sizes_cash_and_costs_reach_the_request()
    {
        var request = Start(
            """
            -Strategy SmaCross -StopLoss 0.05 -TakeProfit 0.1 -TrailingStop '2 * atr(14)' -Sizing VolatilityTarget -Size 0.1 -VolatilityWindow 60 `
            -Rebalance Week -RebalanceDrift 0.02 -Fill Close -CommissionPerShare 0.01 -CommissionMaximum 20 -SlippageBasisPoints 1 -SlippageRange 0.1 `
            -VolumeImpact 0.2 -SpreadBasisPoints 3 -VolumeLimit 0.05 -InitialMargin 0.5 -MaintenanceMargin 0.25 -BorrowRate 0.03 -LoanRate 0.06 `
            -Sleeve @{ Symbols = 'AAPL', 'IBM'; Share = 0.6 }, @{ Symbol = 'SPY'; Share = '0.4' }
            """);

        Assert.Equal(new StopRules { StopLoss = "0.05", TakeProfit = "0.1", TrailingStop = "2 * atr(14)" }, request.Stops);
        Assert.Equal(new SizingRule { Kind = SizingKind.VolatilityTarget, Value = 0.1, Window = 60 }, request.Sizing);
        Assert.Equal(new RebalanceRule { Every = RebalancePeriod.Week, Drift = 0.02 }, request.Rebalance);
        Assert.Equal(FillTiming.Close, request.Fill);
        Assert.Equal(new CommissionTerms { PerShare = 0.01, Maximum = 20 }, request.Commission);
        Assert.Equal(new SlippageTerms { BasisPoints = 1, RangeFraction = 0.1, VolumeImpact = 0.2, SpreadBasisPoints = 3 }, request.Slippage);
        Assert.Equal(0.05, request.VolumeLimit);
        Assert.Equal(new MarginTerms { Initial = 0.5, Maintenance = 0.25, BorrowRate = 0.03, LoanRate = 0.06 }, request.Margin);
        Assert.Equal([(["AAPL", "IBM"], 0.6), (["SPY"], 0.4)], request.Sleeves!.Select(sleeve => (sleeve.Symbols.ToArray(), sleeve.Share)));
    }

    [Fact]
    public void A_size_alone_is_a_fraction_of_the_equity()
    {
        Assert.Equal(new SizingRule { Kind = SizingKind.PercentOfEquity, Value = 0.5 }, Start("-Strategy SmaCross -Size 0.5").Sizing);
        Assert.Equal(CashSharing.Shared, Start("-Strategy SmaCross -Cash Shared").Cash);
    }

    [Fact]
    public void A_strategy_of_a_file_is_taken_by_its_name()
    {
        File.WriteAllText(Path.Combine(_folder, "s.json"), """[ { "name": "A", "entry": "true", "exit": "false" }, { "name": "B", "entry": "close > 1", "exit": "false" } ]""");

        var request = Start($"-StrategyPath '{_folder}/s.json' -Strategy b");

        Assert.Equal(("B", "close > 1"), (request.Rules!.Name, request.Rules.Entry));
    }

    [Theory]
    [InlineData("""[ { "name": "A", "entry": "true", "exit": "false" }, { "name": "B", "entry": "true", "exit": "false" } ]""", "", "has 2 strategies")]
    [InlineData("""[ { "name": "A", "entry": "true", "exit": "false" } ]""", "-Strategy C", "has no strategy 'C'")]
    [InlineData("""{ "entry": "smaa(close, 3) > 1", "exit": "false" }""", "", "did you mean 'sma'")]
    [InlineData("""{ "entry": """, "", "line 1")]
    [InlineData(null, "", "s.json")]
    public void A_file_that_does_not_give_a_strategy_is_one_error_that_says_why(string? json, string arguments, string words)
    {
        if (json is not null) File.WriteAllText(Path.Combine(_folder, "s.json"), json);
        var api = new FakeBacktestApi();
        using var session = new TestSession(api);

        var error = session.Run($"Start-Backtest AAPL -StrategyPath '{_folder}/s.json' {arguments}").OnlyError();

        Assert.StartsWith(json is null ? "StrategyFileNotFound," : "InvalidStrategy,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(words, error.ToString(), StringComparison.Ordinal);
        Assert.Empty(api.Requests);
    }

    [Theory]
    [InlineData("-Entry true -LimitPrice close -StopPrice close", "rules.entry_order")]
    [InlineData("-Entry true -Exit true -ExitLimitPrice close -ExitStopPrice close", "rules.exit_order")]
    [InlineData("-Strategy SmaCross -Sleeve @{ Symbols = 'A' }", "sleeves[0]")]
    [InlineData("-Strategy SmaCross -Sleeve @{ Symbols = 'A'; Part = 1 }", "sleeves[0]")]
    public void What_can_not_be_read_is_named(string arguments, string field)
    {
        var api = new FakeBacktestApi();
        using var session = new TestSession(api);

        var error = session.Run($"Start-Backtest AAPL {arguments}").OnlyError();

        Assert.Equal(field, Assert.Single(Assert.IsType<InvalidRequestException>(error.Exception).Faults).Field);
        Assert.Empty(api.Requests);
    }

    private static BacktestRequest Start(string arguments)
    {
        var api = new FakeBacktestApi();
        using var session = new TestSession(api);
        session.Run($"Start-Backtest AAPL {arguments}").WithoutErrors();
        return Assert.Single(api.Requests);
    }
}
