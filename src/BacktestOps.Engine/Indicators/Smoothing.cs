namespace BacktestOps.Engine.Indicators;

/// <summary>Averages that carry on from bar to bar, each with a bound of its rounding.</summary>
/// <remarks>
/// An undefined value gives an undefined average at that bar and is otherwise passed over. The bound follows the recursion:
/// what was wrong before shrinks by 1 − α, the input's own error comes in with α, and a step rounds three times on numbers no
/// larger than twice the larger of average and input.
/// </remarks>
internal static class Smoothing
{
    private const double StepDoubt = 8 * Precision.Rounding;

    /// <summary>Exponential average, α = 2/(n+1), seeded with the first value.</summary>
    /// <remarks>As pandas' <c>ewm(span=n, adjust=False, min_periods=n)</c>.</remarks>
    /// <param name="values">The numbers; NaN where undefined.</param>
    /// <param name="errors">Bounds of the errors of the numbers.</param>
    /// <param name="n">The period, at least 1.</param>
    /// <param name="averages">Takes the averages; NaN before the n-th value.</param>
    /// <param name="averageErrors">Takes bounds of their errors.</param>
    public static void Exponential(
        ReadOnlySpan<double> values, in ErrorBound errors, int n, Span<double> averages, Span<double> averageErrors)
    {
        var alpha = 2.0 / (n + 1);
        var (average, error, seen) = (0.0, 0.0, 0);
        for (var t = 0; t < values.Length; t++)
        {
            var value = values[t];
            if (double.IsNaN(value))
            {
                averages[t] = double.NaN;
                continue;
            }
            if (seen++ == 0) (average, error) = (value, errors.At(t, value));
            else Step(value, errors.At(t, value), alpha, ref average, ref error);
            averages[t] = seen < n ? double.NaN : average;
            averageErrors[t] = error;
        }
    }

    /// <summary>Wilder's average, α = 1/n, seeded with the mean of the first n values.</summary>
    /// <remarks>J. Welles Wilder, New Concepts in Technical Trading Systems (1978).</remarks>
    /// <param name="values">The numbers; NaN where undefined.</param>
    /// <param name="errors">Bounds of the errors of the numbers.</param>
    /// <param name="n">The period, at least 1.</param>
    /// <param name="averages">Takes the averages; NaN before the n-th value.</param>
    /// <param name="averageErrors">Takes bounds of their errors.</param>
    public static void Wilder(
        ReadOnlySpan<double> values, in ErrorBound errors, int n, Span<double> averages, Span<double> averageErrors)
    {
        var alpha = 1.0 / n;
        var (average, error, seen, size) = (0.0, 0.0, 0, 0.0);
        for (var t = 0; t < values.Length; t++)
        {
            var value = values[t];
            averages[t] = double.NaN;
            if (double.IsNaN(value)) continue;
            if (seen++ < n)
            {
                average += value;
                error += errors.At(t, value);
                size += Math.Abs(value);
                if (seen < n) continue;
                average /= n;
                error = error / n + size * 2 * Precision.Rounding;
            }
            else
            {
                Step(value, errors.At(t, value), alpha, ref average, ref error);
            }
            averages[t] = average;
            averageErrors[t] = error;
        }
    }

    private static void Step(double value, double valueError, double alpha, ref double average, ref double error)
    {
        var before = Math.Abs(average);
        average += alpha * (value - average);
        error += alpha * (valueError - error) + StepDoubt * Math.Max(before, Math.Abs(value));
    }
}
