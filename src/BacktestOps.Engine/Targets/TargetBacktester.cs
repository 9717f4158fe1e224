using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Rules;
using static System.FormattableString;

namespace BacktestOps.Engine.Targets;

/// <summary>Runs a strategy that lives outside the engine and gives a target position for every bar.</summary>
/// <remarks>
/// A target is a part of what a position by rules has: 1 is long with all the cash of the sleeve (or the request's size), 0 is flat, −1 short
/// with all of it, 0.25 long with a quarter of the equity. A target of bar t is read at its close, and <b>a change of target is an
/// order</b> for the next open: an entry, an exit, a reversal, or the same position brought to the new part of the equity at that close; before
/// the first bar the target is 0. So an entry that the cash does not cover is not tried again while the target stays what it is,
/// as a rule that was true once is not, and a position is left to drift with its price until the target changes. With a rebalancing
/// calendar the targets of its closes are what counts, changed or not. All else (range, adjusted prices, costs, credit, marks, figures)
/// is as with rules.
/// </remarks>
public static class TargetBacktester
{
    /// <summary>All faults of a request for a strategy from outside; empty for a good one.</summary>
    /// <param name="request">The request. Its strategy's name is taken as right.</param>
    /// <param name="strategy">The strategy and its parameters.</param>
    public static IReadOnlyList<RequestFault> Validate(BacktestRequest request, StrategyInfo strategy)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(strategy);
        var faults = RequestValidator.Validate(WithoutStrategy(request)).ToList();
        if (request.Rules is not null)
            faults.Add(new("rules", $"{strategy.Name} is no strategy by rules", "leave the rules out, or the strategy"));
        if (ParameterBinder.CanCount(request.Parameters, faults)) _ = ParameterBinder.Bind(strategy, request.Parameters, faults);
        return faults;
    }

    /// <summary>The request with the strategy's name as in the catalogue and every parameter given.</summary>
    /// <param name="request">A request without faults.</param>
    /// <param name="strategy">The strategy and its parameters.</param>
    /// <exception cref="InvalidRequestException">The request has faults.</exception>
    public static BacktestRequest Normalize(BacktestRequest request, StrategyInfo strategy)
    {
        var faults = Validate(request, strategy);
        if (faults.Count > 0) throw new InvalidRequestException(faults);
        return RequestValidator.Normalize(WithoutStrategy(request)) with
        {
            Strategy = strategy.Name,
            Parameters = ParameterBinder.Bind(strategy, request.Parameters, []),
        };
    }

    /// <summary>Simulates the targets over the bars.</summary>
    /// <param name="request">A request without faults.</param>
    /// <param name="universe">The whole data of each symbol, in the order of the request; the date range is cut here.</param>
    /// <param name="benchmark">The whole data of the request's benchmark; null where it asks for none.</param>
    /// <param name="targets">
    /// Gives the targets of one symbol, one for each of the bars that it is handed: cut to the range, adjusted when asked for.
    /// </param>
    /// <param name="progress">Told the fraction done, 0 to 1, after each symbol.</param>
    /// <param name="cancellationToken">Stops the simulation between two symbols.</param>
    /// <exception cref="InvalidRequestException">The request has faults.</exception>
    /// <exception cref="ArgumentException">The universe is not that of the request, or targets are too few, too many or not from −1 to 1.</exception>
    /// <exception cref="MarketDataException">A symbol has no bar in the range, or a price that can't be.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static BacktestOutcome Run(
        BacktestRequest request,
        IReadOnlyList<BarSeries> universe,
        BarSeries? benchmark,
        Func<BarSeries, IReadOnlyList<double>> targets,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(targets);
        return Backtester.Simulate(WithoutStrategy(request), universe, benchmark, bars => Read(targets(bars), bars, request.Rebalance is not null), progress, cancellationToken);
    }

    private static Signals Read(IReadOnlyList<double> targets, BarSeries bars, bool isCalendar)
    {
        if (targets.Count != bars.Count)
            throw new ArgumentException(Invariant($"There are {targets.Count} targets for the {bars.Count} bars of '{bars.Symbol}'."), nameof(targets));
        var (entry, exit, shortEntry, shortExit) = (new bool[bars.Count], new bool[bars.Count], new bool[bars.Count], new bool[bars.Count]);
        var weights = new double[bars.Count];
        // A calendar brings whole positions to their size as well, whatever targets come later.
        var (before, isShort, isPart) = (0.0, false, isCalendar);
        for (var t = 0; t < entry.Length; t++)
        {
            var target = targets[t];
            if (!(target is >= -1 and <= 1))
                throw new ArgumentException(Invariant($"The target {target} of '{bars.Symbol}' on {bars.Dates[t]:yyyy-MM-dd} is not from -1 to 1."), nameof(targets));
            var isOrder = isCalendar || target != before;
            (entry[t], exit[t]) = (isOrder && target > 0, isOrder && target <= 0);
            (shortEntry[t], shortExit[t]) = (isOrder && target < 0, isOrder && target >= 0);
            weights[t] = Math.Abs(target);
            isShort |= target < 0;
            isPart |= weights[t] is not (0 or 1);
            before = target;
        }
        // Long with everything or flat is what the plain simulator knows, and what is left out here changes nothing.
        return new Signals(BarMask.Of(entry), BarMask.Of(exit), FirstBar: 0)
        {
            ShortEntry = isShort ? BarMask.Of(shortEntry) : default,
            ShortExit = isShort ? BarMask.Of(shortExit) : default,
            Weights = isPart ? weights : null,
        };
    }

    // What a request says beside its strategy is judged and normalised by the one validator there is; this strategy has no
    // parameter and no fault of its own.
    private static BacktestRequest WithoutStrategy(BacktestRequest request) =>
        request with { Strategy = "BuyAndHold", Rules = null, Parameters = new Dictionary<string, double>() };
}
