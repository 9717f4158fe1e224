namespace BacktestOps.Engine;

/// <summary>The two ends of the distribution of returns.</summary>
/// <param name="Low">The quantile at the tail probability.</param>
/// <param name="LowMean">The mean of the returns up to it.</param>
/// <param name="High">The quantile at one less the tail probability.</param>
internal readonly record struct Tails(double Low, double LowMean, double High)
{
    /// <summary>The share of the returns in either tail.</summary>
    public const double Probability = 0.05;

    // Under this many, sorting everything costs less than looking for the tail.
    private const int SortAll = 128;
    private const int SampleSize = 256;

    /// <summary>Looks at the tails of at least one return.</summary>
    public static Tails Of(ReadOnlySpan<double> returns)
    {
        var position = (returns.Length - 1) * Probability;
        var whole = (int)position;
        var part = position - whole;
        var wanted = Math.Min(whole + 2, returns.Length);
        var buffer = new double[returns.Length];

        var lowest = Smallest(returns, wanted, 1, buffer);
        var low = Between(lowest, whole, part);
        var lowMean = Lanes.Sum(lowest[..(whole + 1)]) / (whole + 1);
        // The highest are the lowest of the opposite numbers.
        var high = -Between(Smallest(returns, wanted, -1, buffer), whole, part);
        return new Tails(low, lowMean, high);
    }

    private static double Between(ReadOnlySpan<double> ordered, int whole, double part) =>
        part == 0 ? ordered[whole] : ordered[whole] + (ordered[whole + 1] - ordered[whole]) * part;

    // The smallest of sign × value, ascending, at least as many as wanted. A bound guessed from an evenly spaced sample leaves
    // few to sort; where the guess keeps too few, everything is sorted, so the answer never depends on the guess.
    private static ReadOnlySpan<double> Smallest(ReadOnlySpan<double> values, int wanted, double sign, double[] buffer)
    {
        var kept = values.Length <= SortAll ? 0 : Keep(values, Guess(values, sign), sign, buffer);
        if (kept < wanted) kept = Keep(values, double.PositiveInfinity, sign, buffer);
        var found = buffer.AsSpan(0, kept);
        found.Sort();
        return found;
    }

    private static double Guess(ReadOnlySpan<double> values, double sign)
    {
        Span<double> sample = stackalloc double[SampleSize];
        var size = Math.Min(SampleSize, values.Length);
        for (var i = 0; i < size; i++) sample[i] = sign * values[(int)((long)i * values.Length / size)];
        sample = sample[..size];
        sample.Sort();
        return sample[(int)(size * (Probability + 0.04))];
    }

    private static int Keep(ReadOnlySpan<double> values, double bound, double sign, double[] buffer)
    {
        var kept = 0;
        foreach (var value in values)
        {
            // Written always and counted when it belongs: no branch to mispredict.
            buffer[kept] = sign * value;
            kept += sign * value <= bound ? 1 : 0;
        }
        return kept;
    }
}
