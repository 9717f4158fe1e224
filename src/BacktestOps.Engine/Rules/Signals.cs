using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Rules.Evaluation;

namespace BacktestOps.Engine.Rules;

/// <summary>What a strategy's rules say at every close of one symbol.</summary>
/// <param name="Entry">The bars at which the entry rule holds.</param>
/// <param name="Exit">The bars at which the exit rule holds.</param>
/// <param name="FirstBar">The first bar at which an entry rule can hold.</param>
internal sealed record Signals(BarMask Entry, BarMask Exit, int FirstBar)
{
    /// <summary>The bars at which the entry rule of the short side holds; none for a strategy that is never short.</summary>
    public BarMask ShortEntry { get; init; }

    /// <summary>The bars at which the exit rule of the short side holds; none where it has no rule.</summary>
    public BarMask ShortExit { get; init; }

    /// <summary>
    /// The part of its size that a position ordered at each close has, above 0 where there is one; an entry rule that holds again brings
    /// it to that. Null for the whole size, left as it is.
    /// </summary>
    public double[]? Weights { get; init; }

    /// <summary>The bars that sizes look back on; null for those that are traded.</summary>
    public PastBars? Past { get; init; }

    /// <summary>True for positions to the long side alone, of the whole size, without levels or waiting orders.</summary>
    public bool IsPlain => ShortEntry.Count == 0 && Weights is null && EntryOrder is null && !HasLevels;

    /// <summary>Where long entries wait; null for market orders.</summary>
    public OrderPrices? EntryOrder { get; init; }

    /// <summary>Where short entries wait; null for market orders.</summary>
    public OrderPrices? ShortEntryOrder { get; init; }

    /// <summary>Where exits by rule from the long side wait; null for market orders.</summary>
    public OrderPrices? ExitOrder { get; init; }

    /// <summary>Where exits by rule from the short side wait; null for market orders.</summary>
    public OrderPrices? ShortExitOrder { get; init; }

    /// <summary>True where a position of this symbol can be closed within a bar.</summary>
    public bool HasLevels => (ExitOrder ?? ShortExitOrder) is not null || (StopLoss ?? TakeProfit ?? TrailingStop) is not null;

    /// <summary>Distances of the stop loss, the target and the trailing stop; null for none.</summary>
    public StopDistance? StopLoss { get; init; }

    /// <summary>As above.</summary>
    public StopDistance? TakeProfit { get; init; }

    /// <summary>As above.</summary>
    public StopDistance? TrailingStop { get; init; }

    /// <summary>Reads bound rules at every close.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="bars">The bars, cut to the range. Element t of an answer rests on bars up to t alone.</param>
    /// <param name="pool">Where columns come from, for many symbols one after the other; null for fresh ones.</param>
    public static Signals Read(BoundRules rules, BarSeries bars, ColumnPool? pool = null)
    {
        // Prices of orders and distances of stops are kept, so theirs are not lent.
        var evaluator = new SeriesEvaluator(bars, rules.IsIntrabar ? null : pool);
        var (entry, exit) = (Bars(evaluator, rules.Entry), Bars(evaluator, rules.Exit));
        if (rules.IsPlain)
        {
            evaluator.ReturnColumns();
            return new Signals(entry, exit, rules.Entry.Warmup);
        }
        return new Signals(entry, exit, rules.FirstBar)
        {
            ShortEntry = Bars(evaluator, rules.ShortEntry),
            ShortExit = Bars(evaluator, rules.ShortExit),
            EntryOrder = Prices(evaluator, rules.EntryOrder),
            ShortEntryOrder = Prices(evaluator, rules.ShortEntryOrder),
            ExitOrder = Prices(evaluator, rules.ExitOrder),
            ShortExitOrder = Prices(evaluator, rules.ShortExitOrder),
            StopLoss = Distance(evaluator, rules.StopLoss),
            TakeProfit = Distance(evaluator, rules.TakeProfit),
            TrailingStop = Distance(evaluator, rules.TrailingStop),
        };
    }

    /// <summary>These signals with the stops of bound rules, where they have none of their own.</summary>
    public Signals WithStops(BoundRules rules, BarSeries bars)
    {
        if ((rules.StopLoss ?? rules.TakeProfit ?? rules.TrailingStop) is null || (StopLoss ?? TakeProfit ?? TrailingStop) is not null) return this;
        var evaluator = new SeriesEvaluator(bars);
        return this with
        {
            StopLoss = Distance(evaluator, rules.StopLoss),
            TakeProfit = Distance(evaluator, rules.TakeProfit),
            TrailingStop = Distance(evaluator, rules.TrailingStop),
        };
    }

    /// <summary>These signals with prices of a share as it was traded, where they were read from prices of what it has grown to.</summary>
    /// <param name="carried">What a share of the first bar has grown to at each bar; empty for no change.</param>
    public Signals AsTraded(double[] carried)
    {
        double[] Divide(double[] prices) => [.. prices.Select((price, t) => price / carried[t])];
        OrderPrices? Order(OrderPrices? order) => order is null ? null : order with { Prices = Divide(order.Prices) };
        StopDistance? Stop(StopDistance? stop) => stop?.Money is { } money ? stop with { Money = Divide(money) } : stop;
        return carried.Length == 0 ? this : this with
        {
            EntryOrder = Order(EntryOrder),
            ShortEntryOrder = Order(ShortEntryOrder),
            ExitOrder = Order(ExitOrder),
            ShortExitOrder = Order(ShortExitOrder),
            StopLoss = Stop(StopLoss),
            TakeProfit = Stop(TakeProfit),
            TrailingStop = Stop(TrailingStop),
        };
    }

    private static BarMask Bars(SeriesEvaluator evaluator, ConditionNode? rule) =>
        rule is null ? default : new([.. evaluator.Condition(rule).Holds], evaluator.Count);

    private static OrderPrices? Prices(SeriesEvaluator evaluator, BoundOrder? order) =>
        order is null ? null : new(order.Kind == Contracts.OrderKind.Stop, evaluator.Column(order.Price).Values, order.Bars);

    private static StopDistance? Distance(SeriesEvaluator evaluator, BoundDistance? distance) =>
        distance is null ? null : new(distance.Fraction, distance.Series is null ? null : evaluator.Column(distance.Series).Values);

    /// <summary>Reads a strategy's rules at every close.</summary>
    /// <param name="strategy">The strategy.</param>
    /// <param name="parameters">A value for each of its parameters.</param>
    /// <param name="bars">The bars.</param>
    public static Signals Read(CompiledStrategy strategy, IReadOnlyDictionary<string, double> parameters, BarSeries bars) =>
        Read(strategy.Bind(new RuleGraph(), parameters), bars);
}

/// <summary>Bars that are looked back on.</summary>
/// <param name="Bars">Prices of what a share has grown to, without jumps at splits and dividends.</param>
/// <param name="Before">How many of them lie before the first bar that is traded.</param>
internal sealed record PastBars(BarSeries Bars, int Before);

/// <summary>Orders that wait for their price.</summary>
/// <param name="IsStop">True for stop orders, false for limit orders.</param>
/// <param name="Prices">The price of an order of each close; NaN where it is undefined.</param>
/// <param name="Bars">For how many bars an order can fill.</param>
internal sealed record OrderPrices(bool IsStop, double[] Prices, int Bars)
{
    /// <summary>In the place of a price: a market order.</summary>
    public const double Market = double.PositiveInfinity;
}

/// <summary>The distance of a stop.</summary>
/// <param name="Fraction">A part of the price; 0 where it is money.</param>
/// <param name="Money">Money for an entry of each close, NaN where undefined; null where it is a part.</param>
internal sealed record StopDistance(double Fraction, double[]? Money)
{
    /// <summary>A part of the price for an entry of each close, in place of <see cref="Fraction"/>; null for the same at all.</summary>
    public double[]? Fractions { get; init; }

    /// <summary>True when an entry of this close has such a stop.</summary>
    public bool IsDefined(int t) => Money is null || Money[t] > 0;

    /// <summary>The distance from a price.</summary>
    /// <param name="t">The close at which the entry was ordered.</param>
    /// <param name="price">The price.</param>
    public double From(int t, double price) => Money is null ? price * (Fractions?[t] ?? Fraction) : Money[t];
}
