using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;
using CsCheck;

namespace BacktestOps.Engine.Tests;

/// <summary>What must hold of the figures of any curve.</summary>
public class PerformancePropertyTests
{
    private static readonly Gen<double[]> Percents = Gen.OneOf(
        Gen.Double[-20, 20].Array[1, 600],
        Gen.Int[-3, 3].Select(whole => (double)whole).Array[1, 600]);

    [Fact]
    public void Tails_are_those_of_the_sorted_returns_whatever_the_sample_guessed()
    {
        var clustered = Gen.Select(Gen.Double[-1, 1].Array[130, 700], Gen.Int[0, 700], (values, zeros) =>
            values.Select((value, i) => i < zeros ? 0 : value).ToArray());
        Gen.OneOf(Percents, clustered).Sample(returns =>
        {
            var sorted = returns.Order().ToArray();
            var tails = Tails.Of(returns);

            Assert.Equal(Quantile(sorted, 0.05), tails.Low, 1e-12);
            Assert.Equal(Quantile(sorted, 0.95), tails.High, 1e-12);
            Assert.Equal(sorted.Take((int)((sorted.Length - 1) * 0.05) + 1).Average(), tails.LowMean, 1e-12);
        });
    }

    [Fact]
    public void Lanes_add_what_a_plain_loop_adds()
    {
        Gen.Select(Percents, Gen.Double[-2, 2]).Sample((values, level) =>
        {
            Assert.Equal(values.Sum(), Lanes.Sum(values), 1e-8);
            var (squares, furthest) = Lanes.Distances(values, level);
            Assert.Equal(values.Sum(v => (v - level) * (v - level)), squares, 1e-6);
            Assert.Equal(values.Max(v => Math.Abs(v - level)), furthest);
            var (cubes, fourths) = Lanes.HigherPowers(values, level);
            Assert.Equal(values.Sum(v => Math.Pow(v - level, 3)), cubes, 1e-4);
            Assert.Equal(values.Sum(v => Math.Pow(v - level, 4)), fourths, 1e-2);
            var (above, below, belowSquares) = Lanes.Around(values, level);
            Assert.Equal(values.Sum(v => Math.Max(v - level, 0)), above, 1e-8);
            Assert.Equal(values.Sum(v => Math.Max(level - v, 0)), below, 1e-8);
            Assert.Equal(values.Sum(v => Math.Pow(Math.Min(v - level, 0), 2)), belowSquares, 1e-6);
        });
    }

    [Fact]
    public void Months_and_years_multiply_to_the_whole()
    {
        Gen.Select(Percents, Gen.Int[0, 40]).Sample((percent, gap) =>
        {
            var marks = Curves.From(percent);
            var dates = Sample.Weekdays(marks.Length, Sample.FirstDay);
            for (var t = marks.Length / 2; t < marks.Length; t++) dates[t] = dates[t].AddDays(gap);

            var report = Curves.Measure(marks, dates: dates);

            var whole = report.Performance.TotalReturn + 1;
            Assert.Equal(whole, report.MonthlyReturns.Aggregate(1.0, (product, year) => product * (1 + year.Return)), whole * 1e-9);
            // Two bars with a gap of more than a month between them are longer than months, which then have no returns.
            if (BarSpacing.PeriodsPerYear(dates) < 12) return;
            Assert.All(report.MonthlyReturns, year =>
                Assert.Equal(1 + year.Return, year.Months.Aggregate(1.0, (product, month) => product * (1 + (month ?? 0))), (1 + year.Return) * 1e-9));
        });
    }

    [Fact]
    public void Ends_bound_the_middle()
    {
        Percents.Sample(percent =>
        {
            var p = Curves.Measure(Curves.From(percent)).Performance;

            Assert.True(p.ConditionalValueAtRisk <= p.ValueAtRisk + 1e-15);
            Assert.True(p.WorstDay!.Return <= p.ConditionalValueAtRisk + 1e-15 && p.ValueAtRisk <= p.BestDay!.Return + 1e-15);
            Assert.True(p.WorstMonth!.Return <= p.BestMonth!.Return && p.WorstYear!.Return <= p.BestYear!.Return);
            // Pearson's inequality: kurtosis ≥ skewness² + 1, so excess ≥ skewness² − 2.
            if (p is { Skewness: { } skew, ExcessKurtosis: { } kurtosis }) Assert.True(kurtosis >= skew * skew - 2 - 1e-9);
            Assert.Equal(p.MaxDrawdown < 0, p.LongestDrawdown is not null);
            if (p.LongestDrawdown is { } longest) Assert.True(longest.Depth >= p.MaxDrawdown && longest.Depth < 0);
            if (p is { OmegaRatio: { } omega, SharpeRatio: { } sharpe } && Math.Abs(sharpe) > 1e-6) Assert.Equal(omega > 1, sharpe > 0);
        });
    }

    [Fact]
    public void A_curve_twice_as_large_has_the_same_figures_to_the_bit()
    {
        Percents.Sample(percent =>
        {
            var marks = Curves.From(percent);
            var (one, two) = (Curves.Measure(marks).Performance, Curves.Measure([.. marks.Select(mark => 2 * mark)]).Performance);

            Assert.Equal(one, two with { InitialCash = one.InitialCash, FinalEquity = one.FinalEquity });
        });
    }

    [Fact]
    public void A_run_is_its_own_benchmark_with_beta_one_and_no_alpha()
    {
        Percents.Where(percent => percent.Distinct().Count() > 1).Sample(percent =>
        {
            var marks = Curves.From(percent);
            var bars = Sample.OpenClose("B", marks, marks);
            var report = Curves.Measure(marks, riskFreeRate: 0.03, benchmark: Benchmark.Align(bars, bars.Dates));

            var (p, b) = (report.Performance, report.Performance.Benchmark!);
            Assert.Equal(1, b.Beta!.Value, 1e-9);
            Assert.Equal(0, b.Alpha!.Value, 1e-9);
            Assert.Null(b.InformationRatio);
            Assert.Equal((p.SharpeRatio, p.Cagr, p.MaxDrawdown), (b.SharpeRatio, b.Cagr, b.MaxDrawdown));
            Assert.True(b.UpCapture is null or (> 1 - 1e-9 and < 1 + 1e-9));
        });
    }

    [Fact]
    public void Bars_held_are_those_that_a_count_date_by_date_gives()
    {
        var spans = Gen.Select(Gen.Int[0, 30], Gen.Int[0, 10]).Array[0, 12];
        Gen.Select(spans, Gen.Int[-1, 30]).Sample((closed, open) =>
        {
            var dates = Sample.Weekdays(30, Sample.FirstDay);
            DateTime At(int bar) => dates[Math.Min(bar, 29)];
            var trades = closed.Select(span => Closed(At(span.Item1), At(span.Item1 + span.Item2))).OrderBy(trade => trade.ExitDate).ToArray();
            OpenPosition[] still = open < 0 ? [] : [Open(At(open))];

            var expected = dates.Count(date => trades.Any(trade => trade.EntryDate <= date && date < trade.ExitDate)
                || still.Any(position => position.EntryDate <= date));
            Assert.Equal(expected, TradeFigures.BarsHeld(dates, trades, still));
        });
    }

    private static double Quantile(double[] sorted, double share)
    {
        var position = (sorted.Length - 1) * share;
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
    }

    private static Trade Closed(DateTime entry, DateTime exit) => new()
    {
        Symbol = "A", Quantity = 1, EntryDate = entry, EntryPrice = 1, ExitDate = exit, ExitPrice = 1, Commission = 0, Profit = 0, Return = 0,
    };

    private static OpenPosition Open(DateTime entry) => new()
    {
        Symbol = "A", Quantity = 1, EntryDate = entry, EntryPrice = 1, LastPrice = 1, Commission = 0, UnrealizedProfit = 0,
    };
}
