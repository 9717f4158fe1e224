using System.Globalization;
using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Sweeps;
using BacktestOps.Runs.MarketData;

namespace BacktestOps.Runs.Execution;

/// <summary>Finds what a request asks of its data and the data does not have, before the run would find it.</summary>
internal static class DataChecker
{
    /// <summary>Looks at the data of a request that has no other fault.</summary>
    /// <param name="request">The request.</param>
    /// <param name="universe">The data of each symbol.</param>
    /// <param name="faults">Takes the faults.</param>
    /// <param name="cancellationToken">Stops the look between two stretches.</param>
    public static void Check(BacktestRequest request, IReadOnlyList<MarketSeries> universe, List<RequestFault> faults, CancellationToken cancellationToken)
    {
        if (request.Sweep?.WalkForward is { } terms) CheckWalkForward(request, terms, universe, faults, cancellationToken);
        CheckShares(request, universe, faults);
    }

    private static void CheckWalkForward(
        BacktestRequest request, WalkForwardRequest terms, IReadOnlyList<MarketSeries> universe, List<RequestFault> faults, CancellationToken cancellationToken)
    {
        BarSeries[] bars = [.. universe.Select(series => series.Bars.Between(request.From, request.To))];
        IReadOnlyList<WalkForwardStretch> stretches;
        try
        {
            stretches = new WalkForward(request, bars).Stretches;
        }
        catch (InvalidRequestException invalid)
        {
            faults.AddRange(invalid.Faults);
            return;
        }
        foreach (var stretch in stretches)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Array.Find(bars, series => Count(series, stretch.InFirst, stretch.InLast) == 0) is not { } missing) continue;
            var (first, last) = (bars.Max(series => series.Dates[0]), bars.Min(series => series.Dates[^1]));
            var common = bars.Min(series => Count(series, first, last));
            faults.Add(new RequestFault("sweep.walk_forward",
                string.Create(CultureInfo.InvariantCulture, $"chooses on {stretch.InFirst:yyyy-MM-dd} to {stretch.InLast:yyyy-MM-dd}, where '{missing.Symbol}' has no bar; its bars are from {missing.Dates[0]:yyyy-MM-dd} to {missing.Dates[^1]:yyyy-MM-dd}"),
                common == 0 || first > last ? "the symbols have no bar in common: leave one of them out"
                    : string.Create(CultureInfo.InvariantCulture, $"all symbols have bars from {first:yyyy-MM-dd} to {last:yyyy-MM-dd}, {common:N0} bars: set from and to there"))
                .As("walk-forward-gap", [("symbol", missing.Symbol), ("first", first), ("last", last), ("count", common)]));
            return;
        }
    }

    // Bars within a day are cut at their time, not at the day.
    private static int Count(BarSeries series, DateTime first, DateTime last)
    {
        var count = 0;
        foreach (var date in series.Dates)
        {
            if (date >= first && date <= last) count++;
        }
        return count;
    }

    // A number of shares that can't be paid at the lowest price of all can't be had at any.
    private static void CheckShares(BacktestRequest request, IReadOnlyList<MarketSeries> universe, List<RequestFault> faults)
    {
        if ((request.Sizing ?? request.Rules?.Sizing) is not { Kind: SizingKind.FixedShares } sizing) return;
        var most = 0.0;
        foreach (var series in universe)
        {
            var bars = series.Bars.Between(request.From, request.To);
            if (request.Adjusted) bars = bars.ToAdjusted();
            var lowest = double.PositiveInfinity;
            foreach (var price in bars.Low) lowest = price > 0 ? Math.Min(lowest, price) : 0;
            // Slippage only makes a purchase dearer; a split makes shares cheaper than any price of the range.
            if (!(lowest > 0) || bars.HasActions) return;
            most = Math.Max(most, request.InitialCash / (request.Margin ?? new MarginTerms()).Initial / lowest);
        }
        if (sizing.Value > most)
        {
            faults.Add(new RequestFault(request.Sizing is not null ? "sizing.value" : "rules.sizing.value",
                string.Create(CultureInfo.InvariantCulture, $"is {sizing.Value} shares, more than the cash buys at the lowest price of the range"),
                string.Create(CultureInfo.InvariantCulture, $"at most {Math.Floor(most):N0} shares; fewer of them, or more initial_cash"))
                .As("size-too-large", ("value", sizing.Value), ("most", Math.Floor(most))));
        }
    }
}
