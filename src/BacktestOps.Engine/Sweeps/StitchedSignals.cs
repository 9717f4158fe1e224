using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Rules;
using BacktestOps.Engine.Rules.Evaluation;

namespace BacktestOps.Engine.Sweeps;

/// <summary>What the variants that were chosen for the stretches of a walk-forward say, put one after the other.</summary>
/// <remarks>
/// Prices of orders and distances of stops are read at the close that orders, so each order and each position has those of the
/// variant that ordered it, as long as it lasts.
/// </remarks>
internal sealed class StitchedSignals
{
    private readonly SeriesEvaluator _evaluator;
    private readonly int _before;
    private readonly double _scale;
    private readonly bool[] _entry, _exit;
    private readonly bool[]? _shortEntry, _shortExit;
    private readonly double[] _entryPrice, _shortEntryPrice, _exitPrice, _shortExitPrice;
    private readonly Distances _stopLoss, _takeProfit, _trailingStop;
    private readonly StrategyDefinition _strategy;

    /// <summary>Starts with nothing said.</summary>
    /// <param name="strategy">The strategy.</param>
    /// <param name="whole">All bars, which averages see.</param>
    /// <param name="before">How many of them lie before the first that is judged.</param>
    /// <param name="count">How many are judged.</param>
    /// <param name="scale">What a share of the first bar has grown to at the first that is judged; 1 without splits and dividends.</param>
    public StitchedSignals(StrategyDefinition strategy, BarSeries whole, int before, int count, double scale)
    {
        (_strategy, _evaluator, _before, _scale) = (strategy, new SeriesEvaluator(whole), before, scale);
        (_entry, _exit) = (new bool[count], new bool[count]);
        if (strategy.ShortEntry is not null) (_shortEntry, _shortExit) = (new bool[count], new bool[count]);
        double[] Column(bool isUsed) => isUsed ? new double[count] : [];
        (_entryPrice, _shortEntryPrice) = (Column(strategy.EntryOrder is not null), Column(strategy.ShortEntryOrder is not null));
        (_exitPrice, _shortExitPrice) = (Column(strategy.ExitOrder is not null), Column(strategy.ShortExitOrder is not null));
        Distances Stop(string? text) => text is null ? default : new(new double[count], new double[count]);
        (_stopLoss, _takeProfit, _trailingStop) = (Stop(strategy.Stops?.StopLoss), Stop(strategy.Stops?.TakeProfit), Stop(strategy.Stops?.TrailingStop));
    }

    /// <summary>Lets a variant speak for some bars.</summary>
    /// <param name="rules">Its rules; null where none was chosen: what is held is sold at the market, and nothing is bought.</param>
    /// <param name="from">The first bar that is judged.</param>
    /// <param name="to">The one after the last.</param>
    public void Add(BoundRules? rules, int from, int to)
    {
        if (rules is null)
        {
            _exit.AsSpan(from..to).Fill(true);
            _shortExit?.AsSpan(from..to).Fill(true);
            foreach (var prices in (ReadOnlySpan<double[]>)[_exitPrice, _shortExitPrice])
            {
                if (prices.Length > 0) prices.AsSpan(from..to).Fill(OrderPrices.Market);
            }
            return;
        }
        Read(rules.Entry, _entry, from, to);
        Read(rules.Exit, _exit, from, to);
        Read(rules.ShortEntry, _shortEntry, from, to);
        Read(rules.ShortExit, _shortExit, from, to);
        Read(rules.EntryOrder?.Price, _entryPrice, from, to);
        Read(rules.ShortEntryOrder?.Price, _shortEntryPrice, from, to);
        Read(rules.ExitOrder?.Price, _exitPrice, from, to);
        Read(rules.ShortExitOrder?.Price, _shortExitPrice, from, to);
        Read(rules.StopLoss, _stopLoss, from, to);
        Read(rules.TakeProfit, _takeProfit, from, to);
        Read(rules.TrailingStop, _trailingStop, from, to);
    }

    /// <summary>What was said.</summary>
    /// <param name="rules">The rules of any variant: which of its stops are money does not depend on the values.</param>
    public Signals ToSignals(BoundRules rules)
    {
        var first = Array.IndexOf(_entry, true);
        if (_shortEntry is not null && Array.IndexOf(_shortEntry, true) is >= 0 and var sold && (first < 0 || sold < first)) first = sold;
        return new Signals(BarMask.Of(_entry), BarMask.Of(_exit), Math.Max(0, first))
        {
            ShortEntry = _shortEntry is null ? default : BarMask.Of(_shortEntry),
            ShortExit = _shortExit is null ? default : BarMask.Of(_shortExit),
            EntryOrder = Order(_strategy.EntryOrder, _entryPrice),
            ShortEntryOrder = Order(_strategy.ShortEntryOrder, _shortEntryPrice),
            ExitOrder = Order(_strategy.ExitOrder, _exitPrice),
            ShortExitOrder = Order(_strategy.ShortExitOrder, _shortExitPrice),
            StopLoss = Stop(rules.StopLoss, _stopLoss),
            TakeProfit = Stop(rules.TakeProfit, _takeProfit),
            TrailingStop = Stop(rules.TrailingStop, _trailingStop),
        };
    }

    private static OrderPrices? Order(OrderRule? rule, double[] prices) => rule is null ? null : new(rule.Kind == OrderKind.Stop, prices, rule.Bars);

    private static StopDistance? Stop(BoundDistance? stop, in Distances said) =>
        stop is null ? null : stop.Series is null ? new(0, null) { Fractions = said.Fractions } : new(0, said.Money);

    private void Read(ConditionNode? rule, bool[]? said, int from, int to)
    {
        if (rule is null || said is null) return;
        var holds = _evaluator.Condition(rule);
        for (var t = from; t < to; t++) said[t] = holds.HoldsAt(_before + t);
    }

    private void Read(SeriesNode? price, double[] said, int from, int to)
    {
        if (price is null) return;
        var prices = _evaluator.Column(price).Values.AsSpan(_before..);
        for (var t = from; t < to; t++) said[t] = prices[t] / _scale;
    }

    private void Read(BoundDistance? stop, in Distances said, int from, int to)
    {
        if (stop is null) return;
        if (stop.Series is { } money) Read(money, said.Money, from, to);
        else said.Fractions.AsSpan(from..to).Fill(stop.Fraction);
    }

    private readonly record struct Distances(double[] Fractions, double[] Money);
}
