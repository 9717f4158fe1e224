using BacktestOps.Contracts;

namespace BacktestOps.Engine.Tests.Peers;

/// <summary>Fees, slippage, stops, sizes and shared cash of whole runs against vectorbt.</summary>
/// <remarks>
/// <para>
/// Source: polakowo/vectorbt 0.28.5 (commit 993ceca) on numba 0.56.4, numpy 1.24.2 and pandas 1.5.3, run once on 2026-11-26 on the bundled prices
/// and on four of the stocks beside the project: <c>Portfolio.from_signals</c>, size infinite unless said, <c>init_cash</c> 100,000, the crossings
/// of <see cref="ReferenceTests"/> at the close of their bar, or shifted by one bar with <c>price=open</c>; <c>cash_sharing</c> with <c>call_seq="auto"</c>
/// where the cash is shared; "rebalance" is <c>from_orders(size=0.25, size_type="targetpercent")</c> at the first close of each month.
/// </para>
/// <para>
/// What it does differently, and so is not here: it looks at stops from the bar after the entry on, measured from the close of the entry bar
/// unless told otherwise (so stops are compared with fills at the close, <c>stop_entry_price=Price</c>, where both begin at the next bar); it
/// takes the stop where a bar opens beyond the target; one order a bar and symbol; a value or a percentage without its fees (so sizes are compared without); what
/// the cash does not cover goes to the orders that are called first, ours is shared out in proportion.
/// </para>
/// </remarks>
public class VectorbtTests
{
    private static readonly CommissionTerms s_tenPoints = new() { Rate = 0.001 };

    private static BacktestRequest One(string name) => PeerCases.Of(name, "SP500") with { Commission = s_tenPoints, FractionalShares = true };

    // name, request | final equity, drawdown, mean of the equity at all closes, closed trades, their profit, commission.
    public static TheoryData<string, BacktestRequest, double, double, double, int, double, double> OneSymbol => new()
    {
        { "close, slippage", One("close") with { Slippage = new() { BasisPoints = 5 } },
            80147.8157220803, -0.4336342478061507, 78585.31632611071, 128, -25620.45569384213, 20124.51295535705 },
        { "next open, slippage", One("long") with { Slippage = new() { BasisPoints = 5 } },
            78265.37339899705, -0.4227253894053774, 80013.57277155736, 128, -25323.154799435466, 20481.088747864786 },
        { "short", One("short"), 33426.03312440362, -0.7927161679428871, 73069.13492264511, 128, -66573.96687559635, 19037.913765011137 },
        { "reverse", One("reverse"), 29748.241061188837, -0.790708053011302, 61956.82873123108, 256, -71629.92394991612, 32092.96508122435 },
        { "stop", One("close_stops") with { Stops = new() { StopLoss = "0.03" } },
            90250.62047792996, -0.4264354739967693, 76905.73124535216, 153, -21787.40558864506, 23431.05602380212 },
        { "stop and target", One("close_stops"), 76340.49723673506, -0.44228363262860504, 74243.22593904975, 154, -23659.50276326489, 22730.492214554517 },
        { "trailing", One("close_stops") with { Stops = new() { TrailingStop = "0.06" } },
            75652.111046472, -0.5106955543642671, 72847.4487120592, 153, -34438.70140385968, 22240.612130487516 },
        { "short, stop and target", One("short_stops") with { Fill = FillTiming.Close },
            34615.25836830887, -0.7636141267145591, 72902.39164516993, 153, -65384.74163169124, 22443.763000760104 },
        { "fixed cash", One("close") with { Commission = new(), Sizing = new() { Kind = SizingKind.FixedCash, Value = 25000 } },
            107343.53926745926, -0.0828176681224414, 100407.25659042264, 128, 5364.32130224309, 0 },
        { "whole shares", One("long") with { FractionalShares = false },
            88716.05301145787, -0.38383651617740255, 85553.51344175455, 128, -15279.092201482097, 21640.188496542 },
    };

    [Theory]
    [MemberData(nameof(OneSymbol), DisableDiscoveryEnumeration = true)]
    public void One_symbol_is_that_of_vectorbt(
        string name, BacktestRequest request, double final, double drawdown, double mean, int trades, double profit, double commission) =>
        AssertFigures(name, Sample.Run(request, RealPrices.Sp500()), final, drawdown, mean, trades, profit, commission);

    private static BacktestRequest Four(string name) => PeerCases.Of(name, "") with
    {
        Symbols = ["AAPL", "IBM", "IWM", "SPY"],
        Rules = name == "reverse"
            ? new() { Entry = "crossover(sma(close, 10), sma(close, 30))", Exit = "false", ShortEntry = "crossover(sma(close, 30), sma(close, 10))" }
            : new() { Entry = "crossover(sma(close, 10), sma(close, 30))", Exit = "crossover(sma(close, 30), sma(close, 10))" },
        From = new DateOnly(2004, 9, 1),
        To = new DateOnly(2010, 12, 31),
        FractionalShares = true,
        Cash = CashSharing.Shared,
        Sizing = new() { Kind = SizingKind.FixedShares, Value = 100 },
    };

    public static TheoryData<string, BacktestRequest, double, double, double, int, double, double> FourSymbols => new()
    {
        { "shared", Four("long") with { Slippage = new() { BasisPoints = 2 } },
            119841.2398436, -0.11936105091113869, 102254.99826875713, 102, 17590.257644400055, 2258.1349564 },
        { "shared, reverse", Four("reverse"), 111501.46100000004, -0.12083122450643557, 100307.69631140355, 208, 9237.465000000011, 4554.539000000001 },
        { "rebalance", Four("long") with
            {
                Rules = new() { Entry = "true", Exit = "false" }, Commission = new(), Fill = FillTiming.Close,
                Sizing = new() { Kind = SizingKind.EqualWeight }, Rebalance = new() { Every = RebalancePeriod.Month },
            },
            222006.58482391638, -0.4885189113155206, 145183.19574270854, 142, 57587.0107381364, 0 },
        { "separate", Four("long") with { Cash = CashSharing.Separate, Sizing = null },
            157112.85626452297, -0.3176878158205896, 109069.5680963623, 102, 51904.342921077165, 5621.312842714965 },
    };

    [Theory]
    [MemberData(nameof(FourSymbols), DisableDiscoveryEnumeration = true)]
    public void Several_symbols_are_those_of_vectorbt(
        string name, BacktestRequest request, double final, double drawdown, double mean, int trades, double profit, double commission) =>
        AssertFigures(name, Sample.Run(request, [.. request.Symbols.Select(RealPrices.Shared)]), final, drawdown, mean, trades, profit, commission);

    private static void AssertFigures(string name, BacktestOutcome outcome, double final, double drawdown, double mean, int trades, double profit, double commission)
    {
        Near("final equity", final, outcome.Performance.FinalEquity);
        Near("drawdown", drawdown, outcome.Performance.MaxDrawdown);
        Near("mean equity", mean, outcome.EquityCurve.Average(point => point.Equity));
        Assert.Equal(trades, outcome.Performance.TotalTrades);
        Near("profit", profit, outcome.Trades.Sum(trade => trade.Profit));
        Near("commission", commission, outcome.Performance.CommissionPaid);

        void Near(string what, double expected, double actual) => Assert.True(
            Math.Abs(expected - actual) <= Math.Max(1e-9, Math.Abs(expected) * 1e-9), FormattableString.Invariant($"{name}, {what}: {actual} is not {expected}"));
    }
}
