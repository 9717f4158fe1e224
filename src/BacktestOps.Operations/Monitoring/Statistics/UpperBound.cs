namespace BacktestOps.Operations.Monitoring.Statistics;

/// <summary>What observations without a single failure still allow.</summary>
public static class UpperBound
{
    /// <summary>
    /// The largest share of failures that is not ruled out at 95 % by n observations of which none failed:
    /// (1 − p)^n = 0.05, so p = 1 − 0.05^(1/n). Three clean checks still allow 63 %.
    /// </summary>
    /// <remarks>The exact form of the "rule of three": J. A. Hanley, A. Lippman-Hand, If Nothing Goes Wrong, Is Everything All Right?, JAMA 249 (1983).</remarks>
    /// <param name="observations">How many there were, all clean; at least 1.</param>
    /// <returns>Between 0 and 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There was none: then nothing is ruled out.</exception>
    public static double OfClean(int observations)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(observations, 1);
        return 1 - Math.Pow(0.05, 1.0 / observations);
    }
}
