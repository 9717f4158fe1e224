using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Tests.Sweeps;

namespace BacktestOps.Engine.Tests;

/// <summary>Splits and dividends beside prices as traded: by hand, and against the same prices adjusted.</summary>
public sealed class CorporateActionsTests
{
    // Ten shares at 100; 2:1 to 50; a dividend of 2 off 52 leaves 50, so 52/50 shares for one.
    private static readonly DateTime[] s_dates = [.. Enumerable.Range(0, 5).Select(day => new DateTime(2020, 1, 6).AddDays(day))];
    private static readonly double[] s_close = [100, 100, 50, 52, 51];
    private static readonly CorporateAction[] s_actions = [new(new(2020, 1, 8), 2, 0), new(new(2020, 1, 10), 1, 2)];

    [Fact]
    public void AShareGrowsByTheSplitAndByTheDividendPutBack()
    {
        var growth = CorporateActions.Growth("A", s_dates, s_close, s_actions);
        Assert.Equal([1, 1, 2, 1, 52 / 50.0], growth);
        Assert.Equal([48.0769, 48.0769, 48.0769, 50, 51], CorporateActions.AdjustedClose(s_close, growth).Select(close => Math.Round(close, 4)));
    }

    [Fact]
    public void WhatIsHeldGrowsAndItsTradeSaysSo()
    {
        var outcome = Run(Bars(), new BacktestRequest { Symbols = ["A"], Strategy = "BuyAndHold", InitialCash = 1000 });
        // Bought at the second open: ten shares at 100.
        Assert.Equal([1000, 1000, 1000, 1040, 20 * 52 / 50.0 * 51], outcome.EquityCurve.Select(point => Math.Round(point.Equity, 9)));
        var open = Assert.Single(outcome.OpenPositions);
        Assert.Equal((20.8, 1000 / 20.8), (open.Quantity, open.EntryPrice));
        Assert.Equal(20.8 * 51 - 1000, open.UnrealizedProfit, 9);
        Assert.Equal("splits_and_dividends_reinvested_on_ex_date", outcome.Conventions.CorporateActions);
    }

    [Fact]
    public void WithoutActionsNothingIsSaidOfThem() =>
        Assert.Null(Run(Bars(withActions: false), new BacktestRequest { Symbols = ["A"], Strategy = "BuyAndHold" }).Conventions.CorporateActions);

    [Theory]
    [InlineData(0.0, 0.0, "the split of 2020-01-08 is 0")]
    [InlineData(-2.0, 0.0, "the split of 2020-01-08 is -2")]
    [InlineData(1.0, 100.0, "below the close before, 100")]
    [InlineData(1.0, -1.0, "the dividend of 2020-01-08 is -1")]
    public void WhatCantBeIsNamed(double split, double dividend, string expected) => Assert.Contains(
        expected,
        Assert.Throws<MarketDataException>(() => CorporateActions.Growth("A", s_dates, s_close, [new(new(2020, 1, 8), split, dividend)])).Message,
        StringComparison.Ordinal);

    [Fact]
    public void ADayWithoutABarIsOfTheNextAndThoseOutsideAreOfNone()
    {
        DateTime[] dates = [s_dates[0], s_dates[1], s_dates[4]];
        CorporateAction[] actions = [new(new(2019, 1, 1), 3, 0), new(new(2020, 1, 6), 3, 0), new(new(2020, 1, 8), 2, 10), new(new(2020, 1, 9), 1, 5), new(new(2020, 2, 1), 3, 0)];
        // 100 less 10, halved, is 45; less 5 is 40.
        Assert.Equal([1, 1, Math.Round(2 * (100 / 90.0) * (45 / 40.0), 12)], CorporateActions.Growth("A", dates, [100, 100, 40], actions).Select(growth => Math.Round(growth, 12)));
    }

    public static TheoryData<string> Strategies => ["BuyAndHold", "SmaCross", "DonchianBreakout", "stops", "orders", "volatility"];

    [Theory]
    [MemberData(nameof(Strategies))]
    public void RealPricesWithActionsGiveTheReturnOfTheSamePricesAdjusted(string strategy)
    {
        // Distances in money and in parts of the price, and orders that wait: all of them lie across ex-dates now and then.
        var stops = new StrategyDefinition
        {
            Name = "Stops", Entry = "close > sma(close, 50)", Exit = "close < sma(close, 50)", Stops = new() { StopLoss = "3 * atr(14)", TakeProfit = "0.3", TrailingStop = "0.12" },
        };
        var orders = new StrategyDefinition
        {
            Name = "Orders", Entry = "rsi(close, 14) < 45", Exit = "rsi(close, 14) > 60", EntryOrder = new() { Kind = OrderKind.Limit, Price = "low - 0.5 * atr(14)", Bars = 8 },
            ShortEntry = "rsi(close, 14) > 75", ShortExit = "rsi(close, 14) < 50", ShortEntryOrder = new() { Kind = OrderKind.Stop, Price = "low", Bars = 5 },
            ExitOrder = new() { Kind = OrderKind.Limit, Price = "high + 0.5 * atr(14)", Bars = 30 }, ShortExitOrder = new() { Kind = OrderKind.Stop, Price = "high", Bars = 20 },
        };
        foreach (var symbol in RealActions.Symbols)
        {
            var (bars, _) = RealActions.Of(symbol);
            var request = new BacktestRequest { Symbols = [symbol], FractionalShares = true, Commission = new() { Rate = 0.001 } };
            // The volatility that a size rests on is that of an owner, who sees no split.
            if (strategy == "volatility") request = request with { Strategy = "SmaCross", Sizing = new() { Kind = SizingKind.VolatilityTarget, Value = 0.1 } };
            else request = strategy == "orders" ? request with { Rules = orders } : strategy == "stops" ? request with { Rules = stops } : request with { Strategy = strategy };
            var traded = Run(bars, request);
            var adjusted = Run(bars, request with { Adjusted = true });
            Assert.Equal(1 + adjusted.Performance.TotalReturn, 1 + traded.Performance.TotalReturn, (1 + adjusted.Performance.TotalReturn) * 1e-9);
            Assert.Equal(adjusted.Performance.TotalTrades, traded.Performance.TotalTrades);
            Assert.Equal(adjusted.Performance.MaxDrawdown, traded.Performance.MaxDrawdown, 1e-9);
        }
    }

    [Theory]
    [InlineData("Rebalance", SizingKind.EqualWeight, 0)]
    [InlineData("SmaCross", SizingKind.PercentOfEquity, 0.25)]
    [InlineData("SmaCross", SizingKind.FixedCash, 20_000)]
    [InlineData("Momentum", SizingKind.VolatilityTarget, 0.05)]
    public void SeveralSymbolsWithActionsShareCashAsTheSamePricesAdjustedDo(string strategy, SizingKind kind, double value)
    {
        BarSeries[] universe = [.. RealActions.Symbols.Select(symbol => RealActions.Of(symbol).Bars)];
        var request = new BacktestRequest
        {
            Symbols = [.. universe.Select(bars => bars.Symbol)], Strategy = strategy, FractionalShares = true, Cash = CashSharing.Shared, Commission = new() { Rate = 0.001 },
            Sizing = new() { Kind = kind, Value = value },
        };
        var traded = Backtester.Run(request, universe, cancellationToken: TestContext.Current.CancellationToken);
        var adjusted = Backtester.Run(request with { Adjusted = true }, universe, cancellationToken: TestContext.Current.CancellationToken);
        Assert.NotEmpty(adjusted.Trades);
        Assert.Equal(adjusted.Trades.Select(trade => (trade.Symbol, trade.EntryDate, trade.ExitDate)), traded.Trades.Select(trade => (trade.Symbol, trade.EntryDate, trade.ExitDate)));
        foreach (var (a, b) in adjusted.EquityCurve.Zip(traded.EquityCurve)) Assert.Equal(a.Equity, b.Equity, a.Equity * 1e-9);
    }

    // The dividends were read off the vendor's adjusted closes, which have six decimals: what those lose is all that may differ.
    [Fact]
    public void RealPricesWithActionsGiveTheReturnOfTheVendorsAdjustedClose()
    {
        foreach (var symbol in RealActions.Symbols)
        {
            var (bars, vendor) = RealActions.Of(symbol);
            var request = new BacktestRequest { Symbols = [symbol], Strategy = "BuyAndHold", FractionalShares = true };
            var traded = 1 + Run(bars, request).Performance.TotalReturn;
            var adjusted = 1 + Run(vendor, request with { Adjusted = true }).Performance.TotalReturn;
            var rounding = 0.5e-6 / vendor.AdjustedClose[0];
            Assert.Equal(adjusted, traded, adjusted * (1e-6 + rounding));
        }
    }

    [Fact]
    public void AShortPositionOwesWhatALongOneIsGiven()
    {
        var rules = new StrategyDefinition { Name = "Short", Entry = "close < 0", Exit = "close < 0", ShortEntry = "true", ShortExit = "close < 0" };
        var request = new BacktestRequest { Symbols = ["A"], Rules = rules, FractionalShares = true };
        var traded = Run(Bars(), request).EquityCurve.Select(point => point.Equity).ToArray();
        var adjusted = Run(Bars(), request with { Adjusted = true }).EquityCurve.Select(point => point.Equity).ToArray();
        Assert.NotEqual(traded[0], traded[^1]);
        for (var t = 0; t < traded.Length; t++) Assert.Equal(adjusted[t], traded[t], 1e-6);
    }

    [Fact]
    public void EveryVariantOfASweepOverThemHasTheFiguresOfItsOwnRun() => SweepCompare.EqualsSingleRuns(
        new BacktestRequest
        {
            Symbols = ["A"],
            Strategy = "SmaCross",
            FractionalShares = true,
            Sweep = new SweepRequest { Parameters = new Dictionary<string, IReadOnlyList<double>> { ["fast"] = [1, 2], ["slow"] = [3, 4] } },
        },
        Bars());

    private static BarSeries Bars(bool withActions = true)
    {
        var growth = CorporateActions.Growth("A", s_dates, s_close, s_actions);
        double[] Copy() => [.. s_close];
        return new BarSeries("A", [.. s_dates], Copy(), Copy(), Copy(), Copy(), new double[s_close.Length], CorporateActions.AdjustedClose(s_close, growth), withActions ? growth : null);
    }

    private static BacktestOutcome Run(BarSeries bars, BacktestRequest request) => Backtester.Run(request, [bars], cancellationToken: TestContext.Current.CancellationToken);
}
