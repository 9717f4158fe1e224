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
    /// <param name="benchmark">The data of the benchmark; null where there is none.</param>
    /// <param name="faults">Takes the faults.</param>
    /// <param name="cancellationToken">Stops the look between two stretches.</param>
    public static void Check(
        BacktestRequest request, IReadOnlyList<MarketSeries> universe, MarketSeries? benchmark, List<RequestFault> faults, CancellationToken cancellationToken)
    {
        if (request.Sweep?.WalkForward is { } terms) CheckWalkForward(request, terms, universe, faults, cancellationToken);
        CheckShares(request, universe, faults);
        if (benchmark is not null) CheckBenchmark(request, universe, benchmark, faults);
    }

    // Beside the range of the request, which may be open, there are the days that its symbols have.
    private static void CheckBenchmark(BacktestRequest request, IReadOnlyList<MarketSeries> universe, MarketSeries benchmark, List<RequestFault> faults)
    {
        BarSeries[] bars = [.. universe.Select(series => series.Bars.Between(request.From, request.To))];
        var (first, last) = (bars.Min(series => series.Dates[0]), bars.Max(series => series.Dates[^1]));
        if (Count(benchmark.Bars, first, last) > 0) return;
        faults.Add(new RequestFault("benchmark",
            string.Create(CultureInfo.InvariantCulture, $"'{benchmark.Bars.Symbol}' has no bar on the days of the run, {first:yyyy-MM-dd} to {last:yyyy-MM-dd}; its bars are from {benchmark.Bars.Dates[0]:yyyy-MM-dd} to {benchmark.Bars.Dates[^1]:yyyy-MM-dd}"),
            "take another benchmark, or days that both have")
            .As("no-bars-in-range", ("symbol", benchmark.Bars.Symbol), ("first", benchmark.Bars.Dates[0]), ("last", benchmark.Bars.Dates[^1])));
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
            faults.Add(Gap("chooses on", stretch.InFirst, stretch.InLast, missing, bars));
            return;
        }
        var (judgedFirst, judgedLast) = (stretches[0].OutFirst, stretches[^1].OutLast);
        if (Array.Find(bars, series => Count(series, judgedFirst, judgedLast) == 0) is { } unjudged)
            faults.Add(Gap("is judged on", judgedFirst, judgedLast, unjudged, bars));
    }

    private static RequestFault Gap(string does, DateTime from, DateTime to, BarSeries missing, BarSeries[] bars)
    {
        var (first, last) = (bars.Max(series => series.Dates[0]), bars.Min(series => series.Dates[^1]));
        var common = bars.Min(series => Count(series, first, last));
        return new RequestFault("sweep.walk_forward",
            string.Create(CultureInfo.InvariantCulture, $"{does} {from:yyyy-MM-dd} to {to:yyyy-MM-dd}, where '{missing.Symbol}' has no bar; its bars are from {missing.Dates[0]:yyyy-MM-dd} to {missing.Dates[^1]:yyyy-MM-dd}"),
            common == 0 || first > last ? "the symbols have no bar in common: leave one of them out"
                : string.Create(CultureInfo.InvariantCulture, $"all symbols have bars from {first:yyyy-MM-dd} to {last:yyyy-MM-dd}, {common:N0} bars: set from and to there"))
            .As("walk-forward-gap", ("symbol", missing.Symbol), ("first", first), ("last", last), ("count", common));
    }

    // Bars within a day are cut at their time, not at the day. There are as many stretches as bars where each is judged by itself.
    private static int Count(BarSeries series, DateTime first, DateTime last) =>
        first > last ? 0 : Before(series, last.AddTicks(1)) - Before(series, first);

    private static int Before(BarSeries series, DateTime date)
    {
        var at = series.Dates.BinarySearch(date);
        return at < 0 ? ~at : at;
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
