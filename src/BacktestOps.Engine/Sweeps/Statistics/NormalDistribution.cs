namespace BacktestOps.Engine.Sweeps;

/// <summary>The standard normal distribution.</summary>
internal static class NormalDistribution
{
    /// <summary>Φ(x), to about 1e-15 of its size.</summary>
    /// <remarks>
    /// Φ(x) = ½ + φ(x)(x + x³/3 + x⁵/(3·5) + …) near the middle (Marsaglia, "Evaluating the Normal Distribution", J. Statistical
    /// Software 11(4), 2004), and in the tail the continued fraction of Mills' ratio (Abramowitz and Stegun 26.2.14).
    /// </remarks>
    public static double Cumulative(double x)
    {
        if (double.IsNaN(x)) return x;
        if (x < -37.5) return 0;
        if (x < 0) return x < -3 ? Density(x) * Mills(-x) : 0.5 - Middle(-x);
        return x > 3 ? 1 - Density(x) * Mills(x) : 0.5 + Middle(x);
    }

    /// <summary>The x with Φ(x) = p.</summary>
    /// <param name="p">Between 0 and 1, both excluded.</param>
    public static double Quantile(double p)
    {
        if (!(p > 0 && p < 1)) throw new ArgumentOutOfRangeException(nameof(p), p, "A probability between 0 and 1.");
        // The smaller tail carries more digits. Newton's steps from a bracket that halves until they settle.
        if (p > 0.5) return -Quantile(1 - p);
        var (low, high, x) = (-38.0, 0.0, 0.0);
        for (var step = 0; step < 200; step++)
        {
            var off = Cumulative(x) - p;
            if (off > 0) high = x;
            else low = x;
            var next = x - off / Density(x);
            if (!(next > low && next < high)) next = (low + high) / 2;
            if (Math.Abs(next - x) <= 1e-15 * Math.Max(1, Math.Abs(x))) return next;
            x = next;
        }
        return x;
    }

    private static double Density(double x) => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);

    private static double Middle(double x)
    {
        var (term, sum) = (x, x);
        for (var n = 3; Math.Abs(term) > 1e-17 * sum; n += 2) sum += term *= x * x / n;
        return Density(x) * sum;
    }

    private static double Mills(double x)
    {
        var fraction = 0.0;
        for (var n = 200; n > 0; n--) fraction = n / (x + fraction);
        return 1 / (x + fraction);
    }
}
