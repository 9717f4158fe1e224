using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Rules;
using BacktestOps.Engine.Simulation;
using static System.FormattableString;

namespace BacktestOps.Engine;

/// <summary>Collects what the reader of a result should know.</summary>
internal sealed class RunWarnings(BacktestRequest request)
{
    private readonly List<string> _all = [];

    /// <summary>The warnings so far.</summary>
    public IReadOnlyList<string> All => _all;

    /// <summary>Looks at every symbol and what came of it.</summary>
    /// <param name="bars">The bars that were read, in order of symbols.</param>
    /// <param name="signals">What the rules said of each.</param>
    /// <param name="sleeves">What came of it.</param>
    public void Add(IReadOnlyList<BarSeries> bars, IReadOnlyList<Signals> signals, IReadOnlyList<Sleeve> sleeves)
    {
        var notes = new Dictionary<BarSeries, SymbolNotes>(ReferenceEqualityComparer.Instance);
        foreach (var sleeve in sleeves)
        {
            for (var i = 0; i < sleeve.Bars.Count; i++) notes[sleeve.Bars[i]] = sleeve.Notes[i];
        }
        for (var i = 0; i < bars.Count; i++) Add(bars[i], signals[i], notes[bars[i]]);
        foreach (var sleeve in sleeves) AddMargin(sleeve);
    }

    // Bars within a day have a time.
    private static string Show(DateTime date) => date.TimeOfDay == TimeSpan.Zero ? Invariant($"{date:yyyy-MM-dd}") : Invariant($"{date:yyyy-MM-dd HH:mm:ss}");

    private void Add(BarSeries bars, Signals signals, SymbolNotes notes)
    {
        if (request.Adjusted && !bars.HasAdjustedClose)
            _all.Add($"{bars.Symbol}: the data has no adjusted close; prices were taken as traded.");
        var most = request.Fill == FillTiming.Close ? bars.Count - 1 : bars.Count - 2;
        if (signals.FirstBar > most)
        {
            _all.Add(Invariant($"{bars.Symbol}: {bars.Count} bars are too few for a trade; ")
                + Invariant($"the rules first say something at bar {signals.FirstBar + 1} and fill at the {(request.Fill == FillTiming.Close ? "close of it" : "one after it")}."));
        }
        if (notes.Unaffordable is { Count: > 0 } unaffordable)
        {
            var needed = request.FractionalShares ? "the commission" : "one share and the commission";
            _all.Add(Invariant($"{bars.Symbol}: {unaffordable.Count} entries bought nothing because the cash did not ")
                + Invariant($"cover {needed}; the first on {Show(unaffordable.First)}."));
        }
        if (notes.Cut is { Count: > 0 } cut)
        {
            _all.Add(Invariant($"{bars.Symbol}: {cut.Count} fills were cut to {request.VolumeLimit:0.####} of their bar's volume; ")
                + Invariant($"the first on {Show(cut.First)}. What is left of an exit goes at the next opens (of a limit order: waits on), what is left of an entry is not bought."));
        }
        if (notes.Short is { Count: > 0 } lacking)
        {
            _all.Add(Invariant($"{bars.Symbol}: {lacking.Count} entries were smaller than their size because the cash or its margin did not ")
                + Invariant($"suffice; the first on {Show(lacking.First)}."));
        }
        if (notes.Undefined is { Count: > 0 } undefined)
        {
            _all.Add(Invariant($"{bars.Symbol}: {undefined.Count} entries were not ordered because the price, a stop or the volatility ")
                + Invariant($"that they rest on was undefined or not above 0; the first on {Show(undefined.First)}."));
        }
        if (notes.UndefinedExits is { Count: > 0 } exits)
        {
            _all.Add(Invariant($"{bars.Symbol}: {exits.Count} exits were not ordered because their price was undefined or not above 0; ")
                + Invariant($"the first on {Show(exits.First)}. The position was held."));
        }
    }

    private void AddMargin(Sleeve sleeve)
    {
        var name = sleeve.Bars.Count == 1 ? sleeve.Bars[0].Symbol : Invariant($"{sleeve.Bars[0].Symbol} and {sleeve.Bars.Count - 1} others");
        if (sleeve.MarginCalls is { Count: > 0 } calls)
        {
            _all.Add(Invariant($"{name}: equity was below the maintenance margin at {calls.Count} closes, the first on {Show(calls.First)}; ")
                + "all positions were closed at the next opens.");
        }
        if (sleeve.Ruin is { Count: > 0 } ruin)
            _all.Add(Invariant($"{name}: no equity was left on {Show(ruin.First)}; what is owed is a loss beyond the cash."));
    }

    /// <summary>Looks at symbols that do not span the whole run, or miss dates within it.</summary>
    /// <param name="bars">The bars that were read.</param>
    /// <param name="sleeves">Who shares cash with whom.</param>
    /// <param name="curve">The equity of all.</param>
    public void AddSpans(IReadOnlyList<BarSeries> bars, IReadOnlyList<Sleeve> sleeves, PortfolioCurve curve)
    {
        var shares = sleeves.Count < bars.Count;
        foreach (var series in bars)
        {
            if (series.Count == curve.Dates.Length) continue;
            var (first, last) = (series.Dates[0], series.Dates[^1]);
            if (first > curve.Dates[0])
            {
                _all.Add(Invariant($"{series.Symbol}: begins on {Show(first)}; ")
                    + (shares ? "before that it is not traded." : "before that its share of the cash lies idle."));
            }
            if (last < curve.Dates[^1])
                _all.Add(Invariant($"{series.Symbol}: ends on {Show(last)}; after that it keeps its last mark."));
            AddGaps(series, curve.Dates);
        }
    }

    private void AddGaps(BarSeries series, ReadOnlySpan<DateTime> dates)
    {
        var (start, end) = (dates.BinarySearch(series.Dates[0]), dates.BinarySearch(series.Dates[^1]));
        var missing = end - start + 1 - series.Count;
        if (missing == 0) return;
        var t = 0;
        while (series.Dates[t] == dates[start + t]) t++;
        _all.Add(Invariant($"{series.Symbol}: has no bar on {missing} dates on which others have, the first on {Show(dates[start + t])}; ")
            + "there it keeps its last mark, and orders wait for its next bar.");
    }

    /// <summary>Looks at a benchmark that does not span the whole run, or is of another kind.</summary>
    /// <param name="bars">Its bars that were read.</param>
    /// <param name="benchmark">Its marks at the dates of the run.</param>
    /// <param name="curve">The equity of the run.</param>
    public void AddBenchmark(BarSeries bars, Benchmark benchmark, PortfolioCurve curve)
    {
        var (start, count) = benchmark.Covered;
        if (request.Adjusted && !bars.HasAdjustedClose)
            _all.Add($"{bars.Symbol}: the benchmark's data has no adjusted close; its prices were taken as traded.");
        if (count < curve.Dates.Length)
        {
            _all.Add(count == 0
                ? $"{bars.Symbol}: the benchmark's bars cover no date of the run; nothing is compared."
                : Invariant($"{bars.Symbol}: the benchmark is compared from {Show(curve.Dates[start])} to ")
                    + Invariant($"{Show(curve.Dates[start + count - 1])}, the dates that its bars cover."));
        }
        if (bars.Count > 1 && BarSpacing.PeriodsPerYear(bars.Dates) < BarSpacing.PeriodsPerYear(curve.Dates))
            _all.Add($"{bars.Symbol}: the benchmark's bars are longer than the run's; alpha, beta and capture compare unlike returns.");
    }
}
