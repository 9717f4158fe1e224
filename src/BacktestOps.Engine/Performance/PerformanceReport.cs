using BacktestOps.Contracts;

namespace BacktestOps.Engine;

/// <summary>What a simulation leaves behind to be measured.</summary>
internal readonly ref struct Simulated
{
    /// <summary>The dates of the closes, ascending; at least one.</summary>
    public required ReadOnlySpan<DateTime> Dates { get; init; }

    /// <summary>Equity at each of them.</summary>
    public required ReadOnlySpan<double> Equity { get; init; }

    /// <summary>Closed trades by exit date.</summary>
    public required ReadOnlySpan<Trade> Trades { get; init; }

    /// <summary>Positions open at the end.</summary>
    public required ReadOnlySpan<OpenPosition> Open { get; init; }

    /// <summary>Cash at the first bar.</summary>
    public required double InitialCash { get; init; }

    /// <summary>Commission of all fills.</summary>
    public required double CommissionPaid { get; init; }

    /// <summary>All costs of all fills.</summary>
    public required double CostsPaid { get; init; }
}

/// <summary>How figures are made comparable.</summary>
/// <param name="PeriodsPerYear">Returns in a year, as given or as the dates have them.</param>
/// <param name="BarsPerYear">Bars in a year as the dates have them.</param>
/// <param name="RiskFreeRate">Risk-free rate per year.</param>
internal readonly record struct Measures(double PeriodsPerYear, double BarsPerYear, double RiskFreeRate)
{
    /// <summary>Returns in the window of the rolling Sharpe ratio: half a year, at least two.</summary>
    public int RollingWindow => (int)Math.Clamp(Math.Round(PeriodsPerYear / 2), 2, int.MaxValue);

    /// <summary>The risk-free return of one bar.</summary>
    public double RiskFreeReturn => EquityFigures.RiskFreeReturn(RiskFreeRate, PeriodsPerYear);
}

/// <summary>All figures of one run.</summary>
/// <param name="Performance">The figures.</param>
/// <param name="MonthlyReturns">Returns by month and year.</param>
/// <param name="RollingSharpe">The rolling Sharpe ratio at month ends.</param>
internal sealed record PerformanceReport(
    Performance Performance, IReadOnlyList<YearReturns> MonthlyReturns, IReadOnlyList<RollingSharpePoint> RollingSharpe)
{
    /// <summary>Measures a run.</summary>
    /// <param name="run">What the simulation left behind.</param>
    /// <param name="measures">How figures are made comparable.</param>
    /// <param name="benchmark">What it is compared with, or null.</param>
    public static PerformanceReport Of(in Simulated run, Measures measures, Benchmark? benchmark)
    {
        var returns = EquityFigures.Returns(run.Equity);
        var (periods, riskFree) = (measures.PeriodsPerYear, measures.RiskFreeReturn);
        var calendar = CalendarReturns.Of(run.Dates, run.Equity, measures.BarsPerYear);
        var performance = Calendar(Trades(Curve(run, returns, periods, riskFree), run, periods), calendar) with
        {
            Benchmark = benchmark?.Compare(run.Dates, returns, periods, riskFree),
        };
        var rolling = calendar.RollingSharpe(run.Dates, returns, measures.RollingWindow, periods, riskFree);
        return new PerformanceReport(performance, calendar.Table, rolling);
    }

    private static Performance Curve(in Simulated run, double[] returns, double periods, double riskFree)
    {
        var (first, last) = (run.Equity[0], run.Equity[^1]);
        var spread = Spread.Of(returns);
        var drawdowns = Drawdowns.Of(run.Dates, run.Equity);
        var cagr = EquityFigures.Cagr(first, last, returns.Length, periods);
        var (above, below, belowSquares) = Lanes.Around(returns, riskFree);
        var (cubes, fourths) = Lanes.HigherPowers(returns, spread.Mean);
        var (count, variance) = (returns.Length, spread.Squares / returns.Length);
        Tails? tails = count == 0 ? null : Tails.Of(returns);
        var annual = Math.Sqrt(periods);
        return new Performance
        {
            TotalReturn = last / run.InitialCash - 1,
            SharpeRatio = spread.Varies ? (spread.Mean - riskFree) / spread.Deviation * annual : null,
            MaxDrawdown = drawdowns.Deepest,
            TotalTrades = run.Trades.Length,
            InitialCash = run.InitialCash,
            FinalEquity = last,
            CommissionPaid = run.CommissionPaid,
            CostsPaid = run.CostsPaid,
            Cagr = cagr,
            AnnualVolatility = count < 2 ? null : spread.Deviation * annual,
            SortinoRatio = belowSquares > 0 ? (spread.Mean - riskFree) / Math.Sqrt(belowSquares / count) * annual : null,
            CalmarRatio = drawdowns.Deepest < 0 ? cagr / -drawdowns.Deepest : null,
            OmegaRatio = below > 0 ? above / below : null,
            Skewness = count >= 3 && spread.Varies ? EquityFigures.Number(cubes / count / Math.Pow(variance, 1.5)) : null,
            ExcessKurtosis = count >= 4 && spread.Varies ? EquityFigures.Number(fourths / count / (variance * variance) - 3) : null,
            ValueAtRisk = tails?.Low,
            ConditionalValueAtRisk = tails?.LowMean,
            TailRatio = tails is { Low: not 0 } ends ? Math.Abs(ends.High) / Math.Abs(ends.Low) : null,
            LongestDrawdown = drawdowns.Longest,
        };
    }

    private static Performance Trades(Performance performance, in Simulated run, double periods)
    {
        var trades = TradeFigures.Of(run.Trades);
        var traded = trades.Traded;
        foreach (var position in run.Open) traded += Math.Abs(position.Quantity) * position.EntryPrice;
        var years = (run.Dates.Length - 1) / periods;
        var meanEquity = Lanes.Sum(run.Equity) / run.Equity.Length;
        return performance with
        {
            WinRate = trades.WinRate,
            AverageTrade = trades.AverageTrade,
            Expectancy = trades.Expectancy,
            ProfitFactor = trades.ProfitFactor,
            PayoffRatio = trades.PayoffRatio,
            LargestWin = trades.Wins == 0 ? null : trades.LargestWin,
            LargestLoss = trades.Losses == 0 ? null : trades.LargestLoss,
            LongestWinStreak = trades.WinStreak,
            LongestLossStreak = trades.LossStreak,
            Exposure = (double)TradeFigures.BarsHeld(run.Dates, run.Trades, run.Open) / run.Dates.Length,
            Turnover = years > 0 ? EquityFigures.Number(traded / meanEquity / years) : null,
        };
    }

    private static Performance Calendar(Performance performance, CalendarReturns calendar) => performance with
    {
        BestDay = calendar.Days.Best,
        WorstDay = calendar.Days.Worst,
        BestMonth = calendar.Months.Best,
        WorstMonth = calendar.Months.Worst,
        BestYear = calendar.Years.Best,
        WorstYear = calendar.Years.Worst,
    };
}
