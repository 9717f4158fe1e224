// The namespace is the engine's own: one called Performance would hide the record of that name.
namespace BacktestOps.Engine;

/// <summary>Figures of an equity curve. The definitions and their sources stand in the engine's README.</summary>
internal static class EquityFigures
{
    /// <summary>The n−1 simple returns of n marks.</summary>
    /// <param name="equity">Marks, zero or more. After a mark of zero the return is zero.</param>
    public static double[] Returns(ReadOnlySpan<double> equity)
    {
        if (equity.Length < 2) return [];
        var returns = new double[equity.Length - 1];
        for (var t = 0; t < returns.Length; t++) returns[t] = Change(equity[t], equity[t + 1]);
        return returns;
    }

    /// <summary>after / before − 1; zero after a mark of zero.</summary>
    public static double Change(double before, double after) => before > 0 ? after / before - 1 : 0;

    /// <summary>(mean − f) / std(ddof 1) × √periods per year of the returns.</summary>
    /// <param name="returns">Simple returns.</param>
    /// <param name="periodsPerYear">Returns in a year.</param>
    /// <param name="riskFreeReturn">f, the risk-free return of one bar.</param>
    /// <returns>The ratio; null with fewer than two returns, or where they differ by no more than their own rounding.</returns>
    public static double? SharpeRatio(ReadOnlySpan<double> returns, double periodsPerYear, double riskFreeReturn = 0)
    {
        var spread = Spread.Of(returns);
        return spread.Varies ? (spread.Mean - riskFreeReturn) / spread.Deviation * Math.Sqrt(periodsPerYear) : null;
    }

    /// <summary>The lowest value of mark / highest mark so far − 1.</summary>
    /// <param name="equity">Marks; the first is above zero.</param>
    /// <returns>A fraction from −1 to 0.</returns>
    public static double MaxDrawdown(ReadOnlySpan<double> equity)
    {
        var (peak, deepest) = (equity[0], 1.0);
        foreach (var mark in equity)
        {
            peak = Math.Max(peak, mark);
            deepest = Math.Min(deepest, mark / peak);
        }
        return deepest - 1;
    }

    /// <summary>(last / first)^(periods per year / (n−1)) − 1.</summary>
    /// <param name="first">The first mark.</param>
    /// <param name="last">The last mark.</param>
    /// <param name="returns">n−1, the returns between them.</param>
    /// <param name="periodsPerYear">Returns in a year.</param>
    /// <returns>A fraction; null without a return, or where the growth is too large for a number.</returns>
    public static double? Cagr(double first, double last, int returns, double periodsPerYear)
    {
        if (returns < 1 || !(first > 0) || last < 0) return null;
        return Number(Math.Pow(last / first, periodsPerYear / returns) - 1);
    }

    /// <summary>The risk-free return of one bar: (1 + annual rate)^(1 / periods per year) − 1.</summary>
    public static double RiskFreeReturn(double annualRate, double periodsPerYear) =>
        annualRate == 0 ? 0 : Math.Pow(1 + annualRate, 1 / periodsPerYear) - 1;

    /// <summary>The value, or null where it is none.</summary>
    public static double? Number(double value) => double.IsFinite(value) ? value : null;
}
