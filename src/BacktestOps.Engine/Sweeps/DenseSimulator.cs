using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Rules.Evaluation;
using BacktestOps.Engine.Simulation;

namespace BacktestOps.Engine.Sweeps;

/// <summary>Simulates a variant mark by mark while it holds something: whole shares, any commission, stops.</summary>
/// <remarks>
/// Long only, one symbol, all the cash; tests hold every variant against its single run. Money goes the same way as there,
/// operation by operation, so that the same number of whole shares is bought.
/// </remarks>
internal sealed class DenseSimulator
{
    private readonly BarSeries _bars;
    private readonly TradingRules _rules;
    private readonly SweepMeasures _measures;
    private readonly double _initialCash;
    private readonly double[] _close, _price;
    private readonly int _delay;
    private readonly StopScan? _scan;
    private readonly DistanceTable?[] _stops;

    /// <summary>Prepares the prices.</summary>
    /// <param name="bars">The bars.</param>
    /// <param name="rules">The rules of trading.</param>
    /// <param name="measures">How figures are made.</param>
    /// <param name="initialCash">Cash at the first bar.</param>
    /// <param name="stops">Stop loss, target and trailing stop; each may be null.</param>
    public DenseSimulator(BarSeries bars, TradingRules rules, SweepMeasures measures, double initialCash, DistanceTable?[] stops)
    {
        (_bars, _rules, _measures, _initialCash, _stops) = (bars, rules, measures, initialCash, stops);
        (_delay, _close) = (rules.FillsAtClose ? 0 : 1, bars.Close.ToArray());
        _price = rules.FillsAtClose ? _close : bars.Open.ToArray();
        _scan = stops.Any(stop => stop is not null) ? new StopScan(bars) : null;
    }

    /// <summary>Simulates.</summary>
    /// <param name="entry">Bars at which the entry rule holds.</param>
    /// <param name="exit">Bars at which the exit rule holds.</param>
    /// <param name="at">The variant: for each swept parameter the number of its value.</param>
    /// <param name="figures">The figures.</param>
    /// <returns>False where the sums can't tell the figures.</returns>
    public bool TryRun(ReadOnlySpan<ulong> entry, ReadOnlySpan<ulong> exit, ReadOnlySpan<int> at, out VariantFigures figures)
    {
        var stops = new VariantStops(_stops[0]?.Of(at), _stops[1]?.Of(at), _stops[2]?.Of(at));
        var (cash, won, lost, wins, losses, trades, held) = (_initialCash, 0.0, 0.0, 0, 0, 0, 0);
        var curve = CurveSums.From(cash);
        // The bar whose mark is not yet in the curve, because a position was closed there; −1 for none.
        var (from, closedAt, end) = (0, -1, _close.Length - _delay);
        while (true)
        {
            var signal = ConditionColumn.Next(entry, from, end);
            if (signal >= end) break;
            from = signal + 1;
            if (!stops.IsNone && !stops.AreDefined(signal)) continue;
            var first = signal + _delay;
            var price = Fill(1, first, _price[first]);
            var shares = _rules.Costs.Affordable(cash, price);
            if (shares == 0) continue;

            if (closedAt >= 0 && closedAt < first) curve.Add(cash);
            var entryMoney = shares * price;
            var entryCommission = _rules.Costs.Commission(entryMoney, shares);
            // The last rounding of a purchase with everything must not leave a debt.
            var left = Math.Max(0, cash - entryMoney - entryCommission);
            var (last, exitPrice, isRule) = Leave(exit, stops, price, signal, first, end);
            // What a stop closed on the bar of its entry was held at no close.
            if (last > first)
            {
                if (first == 0) curve = CurveSums.From(left + shares * _close[0]);
                else curve.Add(left + shares * _close[first]);
                curve.Add(left, shares, _close.AsSpan((first + 1)..last));
                held += last - first;
            }
            cash = left;
            if (last == _close.Length)
            {
                closedAt = -1;
                break;
            }

            var exitMoney = shares * exitPrice;
            // A minimum above everything there is takes everything: a long position can't end in debt.
            var exitCommission = Math.Min(_rules.Costs.Commission(exitMoney, shares), left + exitMoney);
            var profit = Trades.Profit(1, entryMoney, exitMoney, entryCommission + exitCommission);
            cash = left + exitMoney - exitCommission;
            trades++;
            (wins, won) = profit > 0 ? (wins + 1, won + profit) : (wins, won);
            (losses, lost) = profit < 0 ? (losses + 1, lost + profit) : (losses, lost);
            closedAt = last;
            // Closed by a rule at a close, the rules have been read there; else they are read at the close of this bar.
            from = isRule && _delay == 0 ? last + 1 : last;
        }
        if (closedAt >= 0) curve.Add(cash);
        return Finish(curve, won, lost, trades, wins, losses, held, out figures);
    }

    // Where a position ends: the bar, the price, and whether by its rule. Past the last bar where it does not.
    private (int Last, double Price, bool IsRule) Leave(ReadOnlySpan<ulong> exit, in VariantStops stops, double entryPrice, int signal, int first, int end)
    {
        var rule = ConditionColumn.Next(exit, signal + 1, end);
        var last = rule < end ? rule + _delay : _close.Length;
        if (_scan is not null)
        {
            // A rule's exit at an open comes before the stops of that bar, one at a close after them.
            var looked = Math.Min(_close.Length, last + 1 - _delay);
            var (bar, price, isMarket) = _scan.Find(stops, entryPrice, signal, first + 1 - _delay, _delay == 0, looked);
            if (bar < looked) return (bar, isMarket ? Fill(-1, bar, price) : price, false);
        }
        return (last, last < _close.Length ? Fill(-1, last, _price[last]) : 0, true);
    }

    private double Fill(int side, int bar, double price) => _rules.Slippage.IsNone ? price
        : _rules.Slippage.Fill(side, price, 0, _rules.Slippage.ReadsRange ? new FillBar(_bars.High[bar], _bars.Low[bar], _bars.Volume[bar]) : default);

    private bool Finish(in CurveSums curve, double won, double lost, int trades, int wins, int losses, int held, out VariantFigures figures)
    {
        var known = _measures.TryMeasure(curve.Sum, curve.Squares, out var sharpe, out var volatility);
        figures = new VariantFigures
        {
            TotalReturn = curve.Last / _initialCash - 1,
            Growth = curve.Last / curve.First,
            SharpeRatio = sharpe,
            AnnualVolatility = volatility,
            MaxDrawdown = curve.Deepest - 1,
            Won = won,
            Lost = lost,
            Trades = trades,
            Wins = wins,
            Losses = losses,
            BarsHeld = held,
        };
        return known;
    }
}
