namespace BacktestOps.Contracts;

// The figures beyond the first five. Words used below: E₁ … Eₙ are the equity at the n closes, r the n−1 bar returns
// Eₜ/Eₜ₋₁ − 1, p the periods per year, f = (1 + risk-free rate)^(1/p) − 1 the risk-free return of one bar.
// Null, never a made-up number, where the definition divides by nothing or has nothing to look at; so everything here is
// optional, and a document of an earlier release reads as one without these figures.
public sealed partial record Performance
{
    /// <summary>
    /// Compound growth per year: (Eₙ / E₁)^(p / (n−1)) − 1, a fraction. Null with one close, or where it is too large for a
    /// number. As in empyrical (<c>cagr</c>): years are counted in bars, not on the calendar.
    /// </summary>
    public double? Cagr { get; init; }

    /// <summary>std(r, ddof 1) × √p, a fraction per year. Null with fewer than two returns.</summary>
    public double? AnnualVolatility { get; init; }

    /// <summary>
    /// mean(r − f) / √mean(min(r − f, 0)²) × √p, the mean of the squares over all returns (Sortino and Price, "Performance
    /// Measurement in a Downside Risk Framework", J. Investing 3(3), 1994). Null where no return is below f.
    /// </summary>
    public double? SortinoRatio { get; init; }

    /// <summary>CAGR / |maximum drawdown| over the whole run (Young, "Calmar Ratio: A Smoother Tool", Futures, 1991). Null without a drawdown.</summary>
    public double? CalmarRatio { get; init; }

    /// <summary>
    /// Σ max(r − f, 0) / Σ max(f − r, 0) (Keating and Shadwick, "A Universal Performance Measure", J. Performance Measurement
    /// 6(3), 2002). Null where no return is below f.
    /// </summary>
    public double? OmegaRatio { get; init; }

    /// <summary>
    /// Skewness of r from population moments, m₃ / m₂^1.5 (g₁ in Joanes and Gill, The Statistician 47(1), 1998). Null with
    /// fewer than three returns or no variation.
    /// </summary>
    public double? Skewness { get; init; }

    /// <summary>
    /// Kurtosis of r above that of the normal distribution, from population moments: m₄ / m₂² − 3 (g₂ in Joanes and Gill,
    /// 1998). Null with fewer than four returns or no variation.
    /// </summary>
    public double? ExcessKurtosis { get; init; }

    /// <summary>
    /// The 5 % quantile of r, linear between order statistics (type 7 of Hyndman and Fan, American Statistician 50(4), 1996):
    /// a bar's return, a loss negative, not annualised. Null without returns.
    /// </summary>
    public double? ValueAtRisk { get; init; }

    /// <summary>
    /// The mean of the ⌊0.05 (m−1)⌋ + 1 lowest of the m returns (historical expected shortfall, counted as in empyrical).
    /// A bar's return, a loss negative. Null without returns.
    /// </summary>
    public double? ConditionalValueAtRisk { get; init; }

    /// <summary>|95 % quantile of r| / |5 % quantile of r|, quantiles as above (empyrical). Null where the 5 % quantile is zero.</summary>
    public double? TailRatio { get; init; }

    /// <summary>The longest stretch below an earlier peak. Null where the equity was never below one.</summary>
    public DrawdownSpan? LongestDrawdown { get; init; }

    /// <summary>Mean return of the closed trades, a fraction of the money of each entry. Null without a closed trade.</summary>
    public double? AverageTrade { get; init; }

    /// <summary>
    /// Money won or lost by a closed trade on average, after costs: win rate × mean win − loss rate × |mean loss|. Null without
    /// a closed trade.
    /// </summary>
    public double? Expectancy { get; init; }

    /// <summary>Money won by the closed trades that won / |money lost by those that lost|. Null without a loss.</summary>
    public double? ProfitFactor { get; init; }

    /// <summary>Mean money of a win / |mean money of a loss|. Null without a win or without a loss.</summary>
    public double? PayoffRatio { get; init; }

    /// <summary>The largest profit of a closed trade, money above zero. Null without a win.</summary>
    public double? LargestWin { get; init; }

    /// <summary>The largest loss of a closed trade, money below zero. Null without a loss.</summary>
    public double? LargestLoss { get; init; }

    /// <summary>The most closed trades in a row that won, by exit date. A trade that gave nothing ends the row.</summary>
    public int? LongestWinStreak { get; init; }

    /// <summary>The most closed trades in a row that lost, by exit date. A trade that gave nothing ends the row.</summary>
    public int? LongestLossStreak { get; init; }

    /// <summary>Closes at which any position was held / closes, 0 to 1.</summary>
    public double? Exposure { get; init; }

    /// <summary>
    /// Money of all fills, bought and sold, / mean equity / years: 2 is the whole equity bought and sold once a year. Null with
    /// one close.
    /// </summary>
    public double? Turnover { get; init; }

    /// <summary>All that the fills cost, in money.</summary>
    public double? CostsPaid { get; init; }

    /// <summary>The best calendar day, last close to last close. Null where bars are longer than a day.</summary>
    public PeriodReturn? BestDay { get; init; }

    /// <summary>The worst calendar day. Null where bars are longer than a day.</summary>
    public PeriodReturn? WorstDay { get; init; }

    /// <summary>The best calendar month; the first and the last may be part of one. Null where bars are longer than a month.</summary>
    public PeriodReturn? BestMonth { get; init; }

    /// <summary>The worst calendar month; the first and the last may be part of one. Null where bars are longer than a month.</summary>
    public PeriodReturn? WorstMonth { get; init; }

    /// <summary>The best calendar year; the first and the last may be part of one.</summary>
    public PeriodReturn? BestYear { get; init; }

    /// <summary>The worst calendar year; the first and the last may be part of one.</summary>
    public PeriodReturn? WorstYear { get; init; }

    /// <summary>The run beside its benchmark; null where none was asked for.</summary>
    public BenchmarkPerformance? Benchmark { get; init; }
}

/// <summary>A stretch in which the equity stood below an earlier peak.</summary>
public sealed record DrawdownSpan
{
    /// <summary>The last close at the peak.</summary>
    public required DateTime Peak { get; init; }

    /// <summary>The first close at or above the peak again; null where the run ended before.</summary>
    public DateTime? Recovery { get; init; }

    /// <summary>Bars from the peak to the recovery, or to the last bar.</summary>
    public required int Bars { get; init; }

    /// <summary>Calendar days from the peak to the recovery, or to the last bar.</summary>
    public required double Days { get; init; }

    /// <summary>The lowest value of equity / peak − 1 in it; negative.</summary>
    public required double Depth { get; init; }
}

/// <summary>The return of a calendar day, month or year, as a fraction.</summary>
/// <param name="Period"><c>2008-10-13</c>, <c>2008-10</c> or <c>2008</c>.</param>
/// <param name="Return">Equity at its last close / equity at the last close before it − 1.</param>
public sealed record PeriodReturn(string Period, double Return);

/// <summary>The returns of the months of one year, as fractions.</summary>
public sealed record YearReturns
{
    /// <summary>The year.</summary>
    public required int Year { get; init; }

    /// <summary>
    /// January to December: equity at the month's last close / equity at the last close before it − 1. Null for a month
    /// without a return, and for all where bars are longer than a month.
    /// </summary>
    public required IReadOnlyList<double?> Months { get; init => field = ReadableList.Of(value); }

    /// <summary>The return of the whole year, or of the part of it that was run.</summary>
    public required double Return { get; init; }
}

/// <summary>The Sharpe ratio of the window of bars that ends at one.</summary>
/// <param name="Date">The last bar of the window: the last of its month.</param>
/// <param name="SharpeRatio">The ratio, by the definition of <see cref="Performance.SharpeRatio"/>; null where the returns do not vary.</param>
public sealed record RollingSharpePoint(DateTime Date, double? SharpeRatio);
