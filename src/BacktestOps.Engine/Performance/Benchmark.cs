using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;

namespace BacktestOps.Engine;

/// <summary>A benchmark bought at its first close and held, marked at the dates of a run.</summary>
internal sealed class Benchmark
{
    private readonly string _symbol;
    private readonly int _start;
    private readonly double[] _marks;

    private Benchmark(string symbol, int start, double[] marks) => (_symbol, _start, _marks) = (symbol, start, marks);

    /// <summary>The marks of the benchmark from the first date of the run that it covers to the last.</summary>
    /// <remarks>
    /// At each date it has its last close at or before it. Dates before its first bar and after its last are left out: a mark
    /// made up for them would be taken for a return of zero.
    /// </remarks>
    /// <param name="bars">The benchmark's bars, cut and adjusted as those of the run.</param>
    /// <param name="dates">The dates of the run.</param>
    public static Benchmark Align(BarSeries bars, ReadOnlySpan<DateTime> dates)
    {
        var barDates = bars.Dates;
        var close = bars.Close;
        var start = 0;
        while (start < dates.Length && dates[start] < barDates[0]) start++;
        var marks = new List<double>(dates.Length - start);
        var bar = 0;
        for (var t = start; t < dates.Length && dates[t] <= barDates[^1]; t++)
        {
            while (bar + 1 < barDates.Length && barDates[bar + 1] <= dates[t]) bar++;
            marks.Add(close[bar]);
        }
        return new Benchmark(bars.Symbol, start, [.. marks]);
    }

    /// <summary>The dates of the run that are compared, from the first and how many.</summary>
    public (int Start, int Count) Covered => (_start, _marks.Length);

    /// <summary>Cash as it would have grown in the benchmark.</summary>
    public IReadOnlyList<EquityPoint> Curve(ReadOnlySpan<DateTime> dates, double cash)
    {
        var points = new EquityPoint[_marks.Length];
        for (var t = 0; t < points.Length; t++)
            points[t] = new EquityPoint(dates[_start + t], cash * (_marks[t] / _marks[0]));
        return points;
    }

    /// <summary>Holds a run against the benchmark; null without a common date.</summary>
    /// <param name="dates">The dates of the run.</param>
    /// <param name="returns">The run's returns.</param>
    /// <param name="periodsPerYear">Returns in a year.</param>
    /// <param name="riskFreeReturn">The risk-free return of one bar.</param>
    public BenchmarkPerformance? Compare(
        ReadOnlySpan<DateTime> dates, ReadOnlySpan<double> returns, double periodsPerYear, double riskFreeReturn)
    {
        if (_marks.Length == 0) return null;
        var own = EquityFigures.Returns(_marks);
        var run = returns.Slice(_start, own.Length);
        var beta = Beta(run, own);
        var (runMean, ownMean) = (Spread.Of(run).Mean, Spread.Of(own).Mean);
        var alpha = runMean - riskFreeReturn - beta * (ownMean - riskFreeReturn);
        return new BenchmarkPerformance
        {
            Symbol = _symbol,
            First = dates[_start],
            Last = dates[_start + own.Length],
            Returns = own.Length,
            TotalReturn = _marks[^1] / _marks[0] - 1,
            Cagr = EquityFigures.Cagr(_marks[0], _marks[^1], own.Length, periodsPerYear),
            SharpeRatio = EquityFigures.SharpeRatio(own, periodsPerYear, riskFreeReturn),
            MaxDrawdown = EquityFigures.MaxDrawdown(_marks),
            Beta = beta,
            Alpha = alpha is { } perBar ? EquityFigures.Number(Math.Pow(1 + perBar, periodsPerYear) - 1) : null,
            InformationRatio = InformationRatio(run, own, periodsPerYear),
            UpCapture = Capture(run, own, 1, periodsPerYear),
            DownCapture = Capture(run, own, -1, periodsPerYear),
        };
    }

    private static double? Beta(ReadOnlySpan<double> run, ReadOnlySpan<double> own)
    {
        var (runSpread, ownSpread) = (Spread.Of(run), Spread.Of(own));
        if (!ownSpread.Varies) return null;
        var products = 0.0;
        for (var t = 0; t < own.Length; t++) products += (run[t] - runSpread.Mean) * (own[t] - ownSpread.Mean);
        return products / ownSpread.Squares;
    }

    private static double? InformationRatio(ReadOnlySpan<double> run, ReadOnlySpan<double> own, double periodsPerYear)
    {
        var active = new double[own.Length];
        for (var t = 0; t < active.Length; t++) active[t] = run[t] - own[t];
        return EquityFigures.SharpeRatio(active, periodsPerYear);
    }

    // Growth over the chosen bars alone, as if they followed one another.
    private static double? Capture(ReadOnlySpan<double> run, ReadOnlySpan<double> own, int sign, double periodsPerYear)
    {
        var (count, runGrowth, ownGrowth) = (0, 1.0, 1.0);
        for (var t = 0; t < own.Length; t++)
        {
            if (Math.Sign(own[t]) != sign) continue;
            count++;
            runGrowth *= 1 + run[t];
            ownGrowth *= 1 + own[t];
        }
        var runCagr = EquityFigures.Cagr(1, runGrowth, count, periodsPerYear);
        var ownCagr = EquityFigures.Cagr(1, ownGrowth, count, periodsPerYear);
        return runCagr / ownCagr is { } ratio ? EquityFigures.Number(ratio) : null;
    }
}
