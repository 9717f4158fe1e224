using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Rules;
using CsCheck;

namespace BacktestOps.Engine.Tests.Simulation;

/// <summary>Bars and requests of every kind, for properties.</summary>
internal static class SimulationGen
{
    /// <summary>Bars whose prices lie a few cents apart, so that ties, crossings and touched stops are frequent.</summary>
    public static readonly Gen<BarSeries> Bars = Gen.Select(
        Gen.Int[300, 20_000], Gen.Select(Gen.Int[-40, 40], Gen.Int[-60, 60], Gen.Int[0, 40], Gen.Int[0, 40], Gen.Int[0, 5]).Array[2, 60],
        (level, moves) => Walk("ABC", level, moves));

    private static readonly Gen<BarSeries[]> s_universe = Gen.Select(
        Gen.Int[1, 3], Gen.Int[300, 5_000], Gen.Select(Gen.Int[-40, 40], Gen.Int[-60, 60], Gen.Int[0, 40], Gen.Int[0, 40], Gen.Int[0, 5]).Array[90, 180], Gen.Int[0, 7],
        (count, level, moves, gap) => Enumerable.Range(0, count).Select(i =>
        {
            var bars = Walk(((char)('A' + i)).ToString(), level, moves.AsSpan(i * (moves.Length / 3), moves.Length / 3));
            // Another beginning, another end and a hole in between, for all but the first.
            return i == 0 || gap == 0 ? bars : Without(bars, t => t < gap || t >= bars.Count - gap / 2 || t % 11 == gap);
        }).ToArray());

    private static readonly Gen<CommissionTerms> s_commission = Gen.Select(Gen.Int[0, 50], Gen.Int[0, 2], Gen.Int[0, 3], Gen.Bool,
        (basisPoints, cents, least, capped) => new CommissionTerms { Rate = basisPoints / 10_000.0, PerShare = cents / 100.0, Minimum = least, Maximum = capped ? least + 10 : null });

    private static readonly Gen<SlippageTerms?> s_slippage = Gen.Select(Gen.Bool, Gen.Int[0, 20], Gen.Int[0, 20], Gen.Int[0, 10], Gen.Int[0, 5],
        (any, basisPoints, spread, range, impact) => any
            ? new SlippageTerms { BasisPoints = basisPoints, SpreadBasisPoints = spread, RangeFraction = range / 100.0, VolumeImpact = impact / 10.0 }
            : null);

    private static readonly Gen<MarginTerms?> s_margin = Gen.Select(Gen.Bool, Gen.Int[4, 10], Gen.Int[0, 4], Gen.Int[0, 10], Gen.Int[0, 10],
        (any, initial, maintenance, borrow, loan) => any
            ? new MarginTerms { Initial = initial / 10.0, Maintenance = maintenance / 10.0, BorrowRate = borrow / 100.0, LoanRate = loan / 100.0 }
            : null);

    private static readonly Gen<StopRules?> s_stops = AnyOf<StopRules?>(
        null,
        new() { StopLoss = "0.01" },
        new() { TakeProfit = "0.01" },
        new() { StopLoss = "0.02", TakeProfit = "0.01" },
        new() { TrailingStop = "0.01", TakeProfit = "0.03" },
        new() { StopLoss = "2 * (high - low)", TrailingStop = "3 * atr(3)" });

    private static readonly Gen<SizingRule?> s_sizing = AnyOf<SizingRule?>(
        null,
        new() { Kind = SizingKind.PercentOfEquity, Value = 0.7 },
        new() { Kind = SizingKind.PercentOfEquity, Value = 1.6 },
        new() { Kind = SizingKind.FixedCash, Value = 3_000 },
        new() { Kind = SizingKind.FixedShares, Value = 40 },
        new() { Kind = SizingKind.VolatilityTarget, Value = 0.2, Window = 5 },
        new() { Kind = SizingKind.EqualWeight });

    private static readonly Gen<RebalanceRule?> s_rebalance = AnyOf<RebalanceRule?>(
        null, null, null, new() { Every = RebalancePeriod.Week }, new() { Every = RebalancePeriod.Month, Drift = 0.05 }, new() { Every = RebalancePeriod.Bar });

    // The catalogue too, with windows that fill within a few bars.
    private static readonly StrategyDefinition[] s_catalogue = [.. StrategyCatalog.All.Select(info => StrategyCatalog.FindDefinition(info.Name)! with
    {
        Name = null,
        Parameters = [.. info.Parameters.Select(parameter => parameter with { Default = parameter.Default > 30 && parameter.IsInteger ? 6 : parameter.Default })],
    })];

    private static readonly Gen<StrategyDefinition> s_rules = AnyOf<StrategyDefinition>(
    [
        .. s_catalogue,
        new() { Entry = "crossover(close, sma(close, 3))", Exit = "crossunder(close, sma(close, 3))" },
        new() { Entry = "close > close[1]", Exit = "close < close[2]", ShortEntry = "close < close[1] and close < close[2]", ShortExit = "close > close[1]" },
        new() { Entry = "close > sma(close, 4)", Exit = "false", ShortEntry = "close < sma(close, 4)" },
        new() { Entry = "true", Exit = "close < sma(close, 5)" },
        new() { Entry = "close < sma(close, 4)", Exit = "close > close[1]", ExitOrder = new() { Kind = OrderKind.Limit, Price = "close * 1.004", Bars = 3 } },
        new()
        {
            Entry = "close > close[1]", Exit = "true", ExitOrder = new() { Kind = OrderKind.Stop, Price = "lowest(low, 2)", Bars = 1 },
            ShortEntry = "close < close[2]", ShortExit = "close < close[1]", ShortExitOrder = new() { Kind = OrderKind.Limit, Price = "low", Bars = 4 },
        },
        new() { Entry = "close < sma(close, 3)", Exit = "close > sma(close, 5)", EntryOrder = new() { Kind = OrderKind.Limit, Price = "close * 0.995", Bars = 3 } },
        new()
        {
            Entry = "close > sma(close, 3)", Exit = "close < sma(close, 6)", EntryOrder = new() { Kind = OrderKind.Stop, Price = "highest(high, 2)", Bars = 2 },
            ShortEntry = "close < sma(close, 6)", ShortExit = "close > sma(close, 3)", ShortEntryOrder = new() { Kind = OrderKind.Limit, Price = "high", Bars = 2 },
        },
    ]);

    /// <summary>Requests for rules of every kind, with every kind of cost, size and cash, and their bars.</summary>
    public static readonly Gen<Case> Cases = Gen.Select(
        Gen.Select(s_universe, s_rules, s_stops, s_sizing, s_rebalance), Gen.Select(s_commission, s_slippage, s_margin), Gen.Select(Gen.Bool, Gen.Bool, Gen.Int[0, 2], Gen.Int[0, 3]),
        (what, costs, how) => new Case(
            what.Item1,
            Fitting(new BacktestRequest
            {
                Symbols = [.. what.Item1.Select(bars => bars.Symbol)],
                Rules = what.Item2,
                Stops = what.Item3,
                Sizing = what.Item4,
                Rebalance = what.Item5,
                InitialCash = 10_000,
                Commission = costs.Item1,
                Slippage = costs.Item2,
                Margin = costs.Item3,
                FractionalShares = how.Item1,
                Fill = how.Item2 ? FillTiming.Close : FillTiming.NextOpen,
                Cash = how.Item3 == 2 ? null : (CashSharing)how.Item3,
                Sleeves = how.Item3 == 2 ? Sleeves(what.Item1) : null,
                VolumeLimit = how.Item4 == 0 ? 0.01 : null,
            })));

    // A size that the account can't have is refused; the largest that it can have takes its place.
    public static BacktestRequest Fitting(BacktestRequest request)
    {
        var credit = 1 / (request.Margin ?? new MarginTerms()).Initial;
        return request.Sizing switch
        {
            { Kind: SizingKind.PercentOfEquity } part => request with { Sizing = part with { Value = Math.Min(part.Value, credit) } },
            { Kind: SizingKind.FixedCash } cash => request with
            {
                Sizing = cash with { Value = Math.Min(cash.Value, SizeChecker.MostCash(request, request.Rules!) * credit) },
            },
            _ => request,
        };
    }

    /// <summary>The same bars, cut after a date.</summary>
    public static BarSeries[] UpTo(BarSeries[] universe, DateTime last) =>
        [.. universe.Where(bars => bars.Dates[0] <= last).Select(bars => bars.Between(null, DateOnly.FromDateTime(last)))];

    /// <summary>What the simulator works on.</summary>
    public static (BarSeries[] Bars, Signals[] Signals, Engine.Simulation.TradingRules Rules) Prepare(Case one)
    {
        var request = RequestValidator.Normalize(one.Request, out var strategy);
        var rules = strategy.Bind(new Engine.Rules.Evaluation.RuleGraph(), request.Parameters);
        return (one.Universe, [.. one.Universe.Select(bars => Signals.Read(rules, bars))], Engine.Simulation.TradingRules.Of(request, strategy.Definition));
    }

    private static Gen<T> AnyOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static SleeveTerms[] Sleeves(BarSeries[] universe) => universe.Length == 1
        ? [new() { Symbols = ["A"], Share = 0.8 }]
        : [new() { Symbols = ["B", "A"], Share = 0.6 }, .. universe.Skip(2).Select(bars => new SleeveTerms { Symbols = [bars.Symbol], Share = 0.3 })];

    private static BarSeries Walk(string symbol, int level, ReadOnlySpan<(int, int, int, int, int)> moves)
    {
        var count = moves.Length;
        var (open, high, low, close, volume) = (new double[count], new double[count], new double[count], new double[count], new double[count]);
        var cents = level;
        for (var t = 0; t < count; t++)
        {
            var (gap, move, above, below, thousands) = moves[t];
            var first = Math.Max(50, cents + gap);
            cents = Math.Max(50, first + move);
            (open[t], close[t]) = (first / 100.0, cents / 100.0);
            (high[t], low[t]) = ((Math.Max(first, cents) + above) / 100.0, Math.Max(1, Math.Min(first, cents) - below) / 100.0);
            volume[t] = thousands * 1000.0;
        }
        return new BarSeries(symbol, Sample.Weekdays(count, Sample.FirstDay), open, high, low, close, volume);
    }

    private static BarSeries Without(BarSeries bars, Func<int, bool> isLeftOut)
    {
        int[] kept = [.. Enumerable.Range(0, bars.Count).Where(t => !isLeftOut(t))];
        T[] Pick<T>(ReadOnlySpan<T> column)
        {
            var picked = new T[kept.Length];
            for (var i = 0; i < kept.Length; i++) picked[i] = column[kept[i]];
            return picked;
        }
        return new BarSeries(bars.Symbol, Pick(bars.Dates), Pick(bars.Open), Pick(bars.High), Pick(bars.Low), Pick(bars.Close), Pick(bars.Volume));
    }
}

/// <summary>A request and its bars.</summary>
internal sealed record Case(BarSeries[] Universe, BacktestRequest Request)
{
    public BacktestOutcome Run() => Sample.Run(Request, Universe);

    public override string ToString() =>
        System.Text.Json.JsonSerializer.Serialize(Request, ContractsJson.Default.BacktestRequest) + string.Join(" ", Universe.Select(bars => $"{bars.Symbol}: {bars.Count} bars"));
}
