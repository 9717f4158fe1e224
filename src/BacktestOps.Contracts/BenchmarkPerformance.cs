namespace BacktestOps.Contracts;

/// <summary>A run beside the benchmark bought at its first close and held, without costs.</summary>
/// <remarks>
/// r and b are the returns of run and benchmark over the bars from <see cref="First"/> to <see cref="Last"/>: at each date of
/// the run the benchmark has its last close at or before it. p and f as in <see cref="Performance"/>.
/// </remarks>
public sealed record BenchmarkPerformance
{
    /// <summary>The benchmark's symbol.</summary>
    public required string Symbol { get; init; }

    /// <summary>The first date of the run that is compared.</summary>
    public required DateTime First { get; init; }

    /// <summary>The last date of the run that is compared.</summary>
    public required DateTime Last { get; init; }

    /// <summary>How many returns are compared.</summary>
    public required int Returns { get; init; }

    /// <summary>The benchmark's return over these dates.</summary>
    public double? TotalReturn { get; init; }

    /// <summary>The benchmark's growth per year; see <see cref="Performance.Cagr"/>.</summary>
    public double? Cagr { get; init; }

    /// <summary>The benchmark's Sharpe ratio; see <see cref="Performance.SharpeRatio"/>.</summary>
    public double? SharpeRatio { get; init; }

    /// <summary>The benchmark's maximum drawdown; zero or negative.</summary>
    public double? MaxDrawdown { get; init; }

    /// <summary>
    /// (1 + mean((r − f) − beta × (b − f)))^p − 1, a fraction per year (Jensen, "The Performance of Mutual Funds in the Period
    /// 1945–1964", J. Finance 23(2), 1968; annualised as in empyrical). Null where beta is.
    /// </summary>
    public double? Alpha { get; init; }

    /// <summary>cov(r, b) / var(b) (Sharpe, "Capital Asset Prices", J. Finance 19(3), 1964). Null with fewer than two returns, or where b does not vary.</summary>
    public double? Beta { get; init; }

    /// <summary>
    /// mean(r − b) / std(r − b, ddof 1) × √p (Goodwin, "The Information Ratio", Financial Analysts Journal 54(4), 1998). Null with
    /// fewer than two returns, or where r − b does not vary.
    /// </summary>
    public double? InformationRatio { get; init; }

    /// <summary>
    /// Growth per year of r over that of b, both over the bars with b &gt; 0 alone (empyrical <c>up_capture</c>). Null without
    /// such a bar, or where it is too large for a number.
    /// </summary>
    public double? UpCapture { get; init; }

    /// <summary>The same over the bars with b &lt; 0 (empyrical <c>down_capture</c>).</summary>
    public double? DownCapture { get; init; }
}
