using BacktestOps.Contracts;

namespace BacktestOps.Engine.Tests.Simulation;

/// <summary>Runs of every kind against a second simulator in decimals: Reference/simulate.py, whose output the numbers are.</summary>
public class SimulationReferenceTests
{
    private const string Crossover = "crossover(sma(close, {0}), sma(close, {1}))";

    private static readonly CommissionTerms s_tenPoints = new() { Rate = 0.001 };

    private static BacktestRequest Request(StrategyDefinition rules, double cash = 100_000) =>
        new() { Symbols = ["SP500"], Rules = rules, InitialCash = cash, Commission = s_tenPoints };

    private static StrategyDefinition Cross(int fast, int slow, bool both = false) => new()
    {
        Entry = Text(Crossover, fast, slow),
        Exit = Text(Crossover, slow, fast),
        ShortEntry = both ? Text(Crossover, slow, fast) : null,
        ShortExit = both ? Text(Crossover, fast, slow) : null,
    };

    private static StrategyDefinition Above(int entry, int? exit = null) => new()
    {
        Entry = Text("crossover(close, sma(close, {0}))", entry),
        Exit = exit is null ? "false" : Text("crossunder(close, sma(close, {0}))", exit),
    };

    private static StrategyDefinition Dip => new() { Entry = "close < sma(close, 10)", Exit = "false", Stops = new() { StopLoss = "0.02", TakeProfit = "0.02" } };

    // name, request | final equity, sum of the equity at all closes, closed trades, commission, all costs.
    public static TheoryData<string, BacktestRequest, double, double, int, double, double> OneSymbol => new()
    {
        { "long and short", Request(Cross(5, 15, both: true)), 98829.8522519940, 22561117.99943167, 19, 3365.3624180060, 3365.3624180060 },
        { "stop and target", Request(Above(10, 10)) with { Stops = new() { StopLoss = "0.03", TakeProfit = "0.05" } },
            77615.6419190020, 20990036.91129461, 25, 4200.6510209580, 4200.6510209580 },
        { "trailing and money", Request(Above(5)) with { Stops = new() { StopLoss = "(high - low) * 1.5", TrailingStop = "0.04" } },
            61718.3713169577, 21445158.30991609, 25, 3990.3265353623, 3990.3265353623 },
        { "limit", Request(Dip with { EntryOrder = new() { Kind = OrderKind.Limit, Price = "close * 0.99", Bars = 3 } }),
            61576.2827914420, 22031621.59963835, 49, 8057.8474828578, 8057.8474828578 },
        { "stop order", Request(Dip with { EntryOrder = new() { Kind = OrderKind.Stop, Price = "highest(high, 5)", Bars = 2 } }),
            93632.8860420708, 24166056.68512848, 12, 2266.4023411092, 2266.4023411092 },
        { "limit exit", Request(new()
            {
                Entry = "close < sma(close, 10)", Exit = "close > sma(close, 5)", ExitOrder = new() { Kind = OrderKind.Limit, Price = "close * 1.015", Bars = 3 },
                Stops = new() { StopLoss = "0.03", TakeProfit = "0.04" },
            }) with { Slippage = new() { BasisPoints = 3 } },
            73616.0633639379, 23527818.72912472, 53, 9125.1609582794, 11282.6937953098 },
        { "stop exit", Request(Cross(5, 15, both: true) with
            {
                Exit = "true", ShortExit = "true", Stops = new() { TakeProfit = "0.05", TrailingStop = "0.04" },
                ExitOrder = new() { Kind = OrderKind.Stop, Price = "lowest(low, 3)" }, ShortExitOrder = new() { Kind = OrderKind.Stop, Price = "highest(high, 3)" },
            }) with { Commission = new() { Rate = 0.0005 }, Slippage = new() { BasisPoints = 3 }, Margin = new() { BorrowRate = 0.1 } },
            82772.9963534798, 21842081.26041590, 20, 1738.6470042697, 3441.4968339235 },
        { "limit exit of a part", Request(Cross(3, 8) with { ExitOrder = new() { Kind = OrderKind.Limit, Price = "close", Bars = 6 } }, 1e12) with
            { Commission = new(), Slippage = new() { BasisPoints = 2 }, VolumeLimit = 0.1 },
            785986111840.4000326000, 232903557327160.43960760, 28, 0, 2338520564.5649967 },
        { "short stops", Request(Cross(5, 15, both: true) with { Stops = new() { StopLoss = "0.02", TakeProfit = "0.04", TrailingStop = "0.03" } }) with
            { Commission = new(), Slippage = new() { BasisPoints = 3 }, Margin = new() { BorrowRate = 0.1 } },
            87914.0546991287, 22689374.66120060, 20, 0, 1757.9870049642 },
        { "close and costs", Request(Cross(3, 8)) with
            {
                Commission = new() { PerShare = 0.05, Minimum = 1, Maximum = 20 },
                Slippage = new() { BasisPoints = 5, SpreadBasisPoints = 4, RangeFraction = 0.05 },
                FractionalShares = true,
                Fill = FillTiming.Close,
            },
            64090.6034428054, 21420793.78769593, 21, 150.6293347476, 7580.9423848143 },
        { "volume", Request(Cross(3, 8), 1e12) with { Commission = new(), Slippage = new() { VolumeImpact = 0.5 }, VolumeLimit = 0.1 },
            701586241342.8802285928, 220568933475754.65130912, 32, 0, 113749228069.6707754072 },
        { "volume at close", Request(Cross(3, 8), 1e12) with
            { Commission = new(), VolumeLimit = 0.05, Fill = FillTiming.Close, Stops = new() { StopLoss = "0.02" } },
            915797167507.4755400000, 244835496354001.15663000, 34, 0, 0 },
        { "margin call", Request(Cross(3, 8, both: true)) with
            {
                Sizing = new() { Kind = SizingKind.PercentOfEquity, Value = 1.9 },
                Commission = new() { Rate = 0.0005 },
                Margin = new() { Initial = 0.5, Maintenance = 0.45, BorrowRate = 0.08, LoanRate = 0.06 },
            },
            43816.3837757209, 16868727.06243625, 41, 5036.3763757680, 11012.2620142791 },
    };

    [Theory]
    [MemberData(nameof(OneSymbol), DisableDiscoveryEnumeration = true)]
    public void One_symbol_gives_the_figures_of_another_program(
        string name, BacktestRequest request, double final, double sum, int trades, double commission, double costs) =>
        AssertFigures(name, Sample.Run(request, RealPrices.Sp500In2008()), final, sum, trades, commission, costs);

    private static BacktestRequest Three(StrategyDefinition rules) => Request(rules) with
    {
        Symbols = ["IBM", "AAPL", "GOOG"],
        Cash = CashSharing.Shared,
        From = new DateOnly(2004, 1, 1),
        To = new DateOnly(2010, 12, 31),
    };

    public static TheoryData<string, BacktestRequest, double, double, int, double, double> SeveralSymbols => new()
    {
        { "shared half", Three(Cross(10, 30)) with { Sizing = new() { Kind = SizingKind.PercentOfEquity, Value = 0.5 } },
            406330.9634700000, 404968154.50588000, 70, 13526.3465300000, 13526.3465300000 },
        { "shared default", Three(Cross(5, 20)) with
            { Commission = new() { Rate = 0.001, Minimum = 1 }, FractionalShares = true, Stops = new() { StopLoss = "0.05" } },
            254219.3748902037, 333380488.93932168, 143, 18427.3070360829, 18427.3070360829 },
        { "rebalance", Three(new()) with { Strategy = "Rebalance", Rules = null, Cash = null, Commission = new() { Rate = 0.0005 } },
            690332.1369500000, 624974489.35352000, 112, 735.0530500000, 735.0530500000 },
        { "volatility", Three(Cross(10, 30)) with { Sizing = new() { Kind = SizingKind.VolatilityTarget, Value = 0.1 } },
            320861.0571100000, 334129727.97837000, 75, 9839.3928900000, 9839.3928900000 },
        { "fixed shares", Three(Cross(10, 30)) with
            { Commission = new(), Slippage = new() { BasisPoints = 2 }, Sizing = new() { Kind = SizingKind.FixedShares, Value = 300 } },
            383556.2088560000, 400694109.20210000, 81, 0, 1978.5111440000 },
    };

    [Theory]
    [MemberData(nameof(SeveralSymbols), DisableDiscoveryEnumeration = true)]
    public void Symbols_that_share_their_cash_give_the_figures_of_another_program(
        string name, BacktestRequest request, double final, double sum, int trades, double commission, double costs) =>
        AssertFigures(name, Sample.Run(request, [.. request.Symbols.Select(RealPrices.Shared)]), final, sum, trades, commission, costs);

    private static void AssertFigures(string name, BacktestOutcome outcome, double final, double sum, int trades, double commission, double costs)
    {
        Near(final, outcome.Performance.FinalEquity);
        Near(sum, outcome.EquityCurve.Sum(point => point.Equity));
        Assert.Equal(trades, outcome.Performance.TotalTrades);
        Near(commission, outcome.Performance.CommissionPaid);
        Near(costs, outcome.Performance.CostsPaid!.Value);

        void Near(double expected, double actual) =>
            Assert.True(Math.Abs(expected - actual) <= Math.Max(1e-9, Math.Abs(expected) * 1e-9), FormattableString.Invariant($"{name}: {actual} is not {expected}"));
    }

    private static string Text(string format, params object[] values) => string.Format(System.Globalization.CultureInfo.InvariantCulture, format, values);
}
