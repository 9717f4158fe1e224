using BacktestOps.Contracts;
using static BacktestOps.Runs.Reports.ReportNumbers;

namespace BacktestOps.Runs.Reports;

/// <summary>The figures of a report in their groups, each with its formula. Sources stand on the engine's page.</summary>
internal static class ReportFigures
{
    /// <summary>Group, and its figures: member of the result, formula, and the value as text; null where the result has no such part.</summary>
    public static IReadOnlyList<(string Group, IReadOnlyList<(string Member, string Formula, Func<Performance, ReportLanguage, string?> Show)> Figures)> All { get; } =
    [
        ("return",
        [
            ("total_return", "Eₙ / initial cash − 1", (p, _) => Percent(p.TotalReturn)),
            ("cagr", "(Eₙ / E₁)^(p/(n−1)) − 1", (p, _) => Percent(p.Cagr)),
            ("initial_cash", "", (p, _) => Money(p.InitialCash)),
            ("final_equity", "Eₙ = cash + shares × close", (p, _) => Money(p.FinalEquity)),
            ("best_day", "max", (p, _) => Period(p.BestDay)),
            ("worst_day", "min", (p, _) => Period(p.WorstDay)),
            ("best_month", "max", (p, _) => Period(p.BestMonth)),
            ("worst_month", "min", (p, _) => Period(p.WorstMonth)),
            ("best_year", "max", (p, _) => Period(p.BestYear)),
            ("worst_year", "min", (p, _) => Period(p.WorstYear)),
        ]),
        ("risk",
        [
            ("max_drawdown", "min over t of Eₜ / max(E₁…Eₜ) − 1", (p, _) => Percent(p.MaxDrawdown)),
            ("longest_drawdown", "peak to the first close at or above it", (p, words) => p.LongestDrawdown is { } span ? $"{words["days", span.Days]} · {Percent(span.Depth)} · {Date(span.Peak)}" : Dash),
            ("annual_volatility", "std(r, ddof 1) √p", (p, _) => Percent(p.AnnualVolatility)),
            ("value_at_risk", "5 % quantile of r, linear between order statistics", (p, _) => Percent(p.ValueAtRisk)),
            ("conditional_value_at_risk", "mean of the ⌊0.05 (m−1)⌋ + 1 lowest of m returns", (p, _) => Percent(p.ConditionalValueAtRisk)),
            ("tail_ratio", "|95 % quantile| / |5 % quantile|", (p, _) => Ratio(p.TailRatio)),
            ("skewness", "m₃ / m₂^1.5", (p, _) => Ratio(p.Skewness)),
            ("excess_kurtosis", "m₄ / m₂² − 3", (p, _) => Ratio(p.ExcessKurtosis)),
        ]),
        ("ratios",
        [
            ("sharpe_ratio", "(mean(r) − f) / std(r, ddof 1) √p", (p, _) => Ratio(p.SharpeRatio)),
            ("sortino_ratio", "mean(r − f) / √mean(min(r − f, 0)²) √p", (p, _) => Ratio(p.SortinoRatio)),
            ("calmar_ratio", "growth per year / |max drawdown|", (p, _) => Ratio(p.CalmarRatio)),
            ("omega_ratio", "Σ max(r − f, 0) / Σ max(f − r, 0)", (p, _) => Ratio(p.OmegaRatio)),
        ]),
        ("trades",
        [
            ("total_trades", "", (p, _) => Count(p.TotalTrades)),
            ("win_rate", "profit after costs > 0 / all", (p, _) => Percent(p.WinRate)),
            ("profit_factor", "money won / |money lost|", (p, _) => Ratio(p.ProfitFactor)),
            ("payoff_ratio", "mean win / |mean loss|", (p, _) => Ratio(p.PayoffRatio)),
            ("expectancy", "mean profit", (p, _) => Money(p.Expectancy)),
            ("average_trade", "mean of profit / money of the entry", (p, _) => Percent(p.AverageTrade)),
            ("largest_win", "", (p, _) => Money(p.LargestWin)),
            ("largest_loss", "", (p, _) => Money(p.LargestLoss)),
            ("longest_win_streak", "", (p, _) => Count(p.LongestWinStreak)),
            ("longest_loss_streak", "", (p, _) => Count(p.LongestLossStreak)),
        ]),
        ("costs",
        [
            ("commission_paid", "", (p, _) => Money(p.CommissionPaid)),
            ("costs_paid", "", (p, _) => Money(p.CostsPaid)),
            ("exposure", "closes with a position / closes", (p, _) => Percent(p.Exposure)),
            ("turnover", "money of all fills / mean(E) / years", (p, _) => Ratio(p.Turnover)),
        ]),
        ("benchmark",
        [
            ("benchmark.total_return", "", (p, _) => p.Benchmark is { } b ? Percent(b.TotalReturn) : null),
            ("benchmark.cagr", "", (p, _) => p.Benchmark is { } b ? Percent(b.Cagr) : null),
            ("benchmark.sharpe_ratio", "", (p, _) => p.Benchmark is { } b ? Ratio(b.SharpeRatio) : null),
            ("benchmark.max_drawdown", "", (p, _) => p.Benchmark is { } b ? Percent(b.MaxDrawdown) : null),
            ("benchmark.alpha", "(1 + mean((r − f) − beta (b − f)))^p − 1", (p, _) => p.Benchmark is { } b ? Percent(b.Alpha) : null),
            ("benchmark.beta", "cov(r, b) / var(b)", (p, _) => p.Benchmark is { } b ? Ratio(b.Beta) : null),
            ("benchmark.information_ratio", "mean(r − b) / std(r − b, ddof 1) √p", (p, _) => p.Benchmark is { } b ? Ratio(b.InformationRatio) : null),
            ("benchmark.up_capture", "growth of r / growth of b where b > 0", (p, _) => p.Benchmark is { } b ? Ratio(b.UpCapture) : null),
            ("benchmark.down_capture", "growth of r / growth of b where b < 0", (p, _) => p.Benchmark is { } b ? Ratio(b.DownCapture) : null),
        ]),
    ];

    private static string Period(PeriodReturn? period) => period is null ? Dash : $"{Percent(period.Return)} · {period.Period}";
}
