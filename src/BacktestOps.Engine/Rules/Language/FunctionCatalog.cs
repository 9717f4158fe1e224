using System.Collections.Frozen;
using BacktestOps.Engine.Rules.Evaluation;
using static BacktestOps.Engine.Rules.Language.RuleArgument;

namespace BacktestOps.Engine.Rules.Language;

/// <summary>The functions of the language. Definitions and sources stand in the README of Rules.</summary>
internal static class FunctionCatalog
{
    private static readonly RuleFunction[] s_functions =
    [
        Indicator("sma", [Series, Window()], (i, a) => i.Mean(a.Series(0), a.Window(1))),
        Indicator("ema", [Series, Window()], (i, a) => i.Ema(a.Series(0), a.Window(1))),
        Indicator("wma", [Series, Window()], (i, a) => i.WeightedMean(a.Series(0), a.Window(1))),
        Indicator("highest", [Series, Window()], (i, a) => i.Highest(a.Series(0), a.Window(1))),
        Indicator("lowest", [Series, Window()], (i, a) => i.Lowest(a.Series(0), a.Window(1))),
        Indicator("stddev", [Series, Window()], (i, a) => i.Deviation(a.Series(0), a.Window(1))),
        Indicator("zscore", [Series, Window()], (i, a) => i.ZScore(a.Series(0), a.Window(1))),
        Indicator("roc", [Series, Window()], (i, a) => i.RateOfChange(a.Series(0), a.Window(1))),
        Indicator("rsi", [Series, Window()], (i, a) => i.Rsi(a.Series(0), a.Window(1))),
        Indicator("macd", [Series, Window("fast"), Window("slow")], (i, a) => i.Macd(a.Series(0), a.Window(1), a.Window(2))),
        Indicator("macd_signal", [Series, Window("fast"), Window("slow"), Window("signal")],
            (i, a) => i.MacdSignal(a.Series(0), a.Window(1), a.Window(2), a.Window(3))),
        Indicator("macd_histogram", [Series, Window("fast"), Window("slow"), Window("signal")],
            (i, a) => i.MacdHistogram(a.Series(0), a.Window(1), a.Window(2), a.Window(3))),
        Indicator("bollinger_upper", [Series, Window(), Factor("width")], (i, a) => i.Bollinger(a.Series(0), a.Window(1), a.Number(2))),
        Indicator("bollinger_middle", [Series, Window()], (i, a) => i.Mean(a.Series(0), a.Window(1))),
        Indicator("bollinger_lower", [Series, Window(), Factor("width")], (i, a) => i.Bollinger(a.Series(0), a.Window(1), a.Number(2).Negate())),
        Indicator("donchian_upper", [Window()], (i, a) => i.DonchianUpper(a.Window(0))),
        Indicator("donchian_middle", [Window()], (i, a) => i.DonchianMiddle(a.Window(0))),
        Indicator("donchian_lower", [Window()], (i, a) => i.DonchianLower(a.Window(0))),
        Indicator("true_range", [], (i, _) => i.TrueRange()),
        Indicator("atr", [Window()], (i, a) => i.AverageTrueRange(a.Window(0))),
        Indicator("plus_di", [Window()], (i, a) => i.PlusDirection(a.Window(0))),
        Indicator("minus_di", [Window()], (i, a) => i.MinusDirection(a.Window(0))),
        Indicator("adx", [Window()], (i, a) => i.DirectionalIndex(a.Window(0))),
        Indicator("stochastic_k", [Window()], (i, a) => i.StochasticK(a.Window(0))),
        Indicator("stochastic_d", [Window(), Window("smoothing")], (i, a) => i.StochasticD(a.Window(0), a.Window(1))),
        Indicator("obv", [], (i, _) => i.OnBalanceVolume()),
        Indicator("vwap", [Window()], (i, a) => i.VolumeWeightedPrice(a.Window(0))),
        new("abs", [Series], RuleType.Series, (graph, a) => graph.Absolute(a.Series(0)), a => a[0].Sign < 0 ? a[0].Negate() : a[0]),
        new("min", [Series, Series], RuleType.Series, (graph, a) => graph.Minimum(a.Series(0), a.Series(1)), a => a[0].CompareTo(a[1]) <= 0 ? a[0] : a[1]),
        new("max", [Series, Series], RuleType.Series, (graph, a) => graph.Maximum(a.Series(0), a.Series(1)), a => a[0].CompareTo(a[1]) >= 0 ? a[0] : a[1]),
        new("crossover", [Series, Series], RuleType.Condition,
            (graph, a) => graph.Compare(ConditionOperation.CrossOver, a.Series(0), a.Series(1))),
        new("crossunder", [Series, Series], RuleType.Condition,
            (graph, a) => graph.Compare(ConditionOperation.CrossOver, a.Series(1), a.Series(0))),
    ];

    private static readonly FrozenDictionary<string, RuleFunction> s_byName =
        s_functions.ToFrozenDictionary(function => function.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>All functions.</summary>
    public static IReadOnlyList<RuleFunction> All => s_functions;

    /// <summary>The function of a name in any case, or null.</summary>
    public static RuleFunction? Find(string name) => s_byName.GetValueOrDefault(name);

    private static RuleArgument Factor(string name) => new(name, ArgumentKind.Number);

    private static RuleFunction Indicator(string name, RuleArgument[] arguments, Func<IndicatorBuilder, BoundArguments, SeriesNode> build) =>
        new(name, [.. arguments], RuleType.Series, (graph, bound) => build(new IndicatorBuilder(graph), bound));
}
