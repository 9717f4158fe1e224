namespace BacktestOps.Engine.Sweeps;

/// <summary>What a Sharpe ratio that was measured says of the true one. Ratios are of one bar, not of a year.</summary>
public static class SharpeTests
{
    // Euler and Mascheroni's constant.
    private const double Gamma = 0.57721566490153286;

    /// <summary>The probability that the true Sharpe ratio is above another.</summary>
    /// <remarks>
    /// Φ((SR − SR*) √(n−1) / √(1 − γ₃ SR + (γ₄ − 1)/4 SR²)): Bailey and López de Prado, "The Sharpe Ratio Efficient Frontier", J. Risk
    /// 15(2), 2012, equation 11.
    /// </remarks>
    /// <param name="sharpe">SR, measured.</param>
    /// <param name="threshold">SR*.</param>
    /// <param name="returns">n.</param>
    /// <param name="skewness">γ₃.</param>
    /// <param name="kurtosis">γ₄; 3 for the normal distribution.</param>
    /// <returns>A probability; null with fewer than two returns, or moments that no returns have.</returns>
    public static double? Probabilistic(double sharpe, double threshold, long returns, double skewness, double kurtosis)
    {
        var spread = 1 - skewness * sharpe + (kurtosis - 1) / 4 * sharpe * sharpe;
        if (returns < 2 || !(spread > 0)) return null;
        return NormalDistribution.Cumulative((sharpe - threshold) * Math.Sqrt(returns - 1) / Math.Sqrt(spread));
    }

    /// <summary>The largest Sharpe ratio that is expected of trials that are worth nothing.</summary>
    /// <remarks>
    /// √V ((1 − γ) Φ⁻¹(1 − 1/N) + γ Φ⁻¹(1 − 1/(N e))): Bailey and López de Prado, "The Deflated Sharpe Ratio", J. Portfolio Management
    /// 40(5), 2014.
    /// </remarks>
    /// <param name="variance">V, the variance of the trials' Sharpe ratios.</param>
    /// <param name="trials">N.</param>
    /// <returns>The ratio; zero for one trial.</returns>
    public static double ExpectedMaximum(double variance, long trials)
    {
        if (trials < 2) return 0;
        return Math.Sqrt(variance) * ((1 - Gamma) * Above(1.0 / trials) + Gamma * Above(1 / (trials * Math.E)));
    }

    // Φ⁻¹(1 − p) = −Φ⁻¹(p), which keeps the digits of a small p.
    private static double Above(double p) => -NormalDistribution.Quantile(p);
}
