using BacktestOps.Engine.Indicators;

namespace BacktestOps.Engine.Rules.Evaluation;

/// <summary>Windows and averages over series, and what they do to the error bounds.</summary>
internal static class ColumnWindows
{
    private const double Rounding = Precision.Rounding;

    /// <summary>Sums of a column of the bars, from its running sums.</summary>
    /// <param name="sums">The running sums.</param>
    /// <param name="window">Bars in the window.</param>
    /// <param name="values">An array for the answer, with anything in it.</param>
    public static Column PriceSum(ExactSums sums, int window, double[] values)
    {
        sums.Sums(window, values);
        return new(values, new(ColumnArithmetic.PriceDoubt + 3 * Rounding, sums.AllDecimal ? null : Cuts(sums, window)));
    }

    /// <summary>Sums over a window.</summary>
    public static Column Sum(Column x, int window) => new(Fold<SumOperation, double>(x.Values, window), SumErrors(x, window, 1));

    /// <summary>Sums with weights 1 … window, the newest with the largest.</summary>
    public static Column WeightedSum(Column x, int window) =>
        new(Fold<WeightedSumOperation, WeightedSumOperation.State>(x.Values, window), SumErrors(x, window, window));

    /// <summary>Largest or smallest numbers over a window.</summary>
    public static Column Extreme<TOperation>(Column x, int window)
        where TOperation : IWindowOperation<double>
    {
        var values = new double[x.Values.Length];
        Sliding.Fold<TOperation, double>(x.Values, window, values);
        return new(values, x.Errors.Absolute is null ? x.Errors : new(0, LargestError(x, window)));
    }

    /// <summary>Population standard deviations over a window.</summary>
    /// <remarks>
    /// A deviation changes by no more than the largest change of its numbers. The rounding of the merged means and squares is
    /// within (2·window + 16) roundings of the largest number of the window.
    /// </remarks>
    public static Column Deviation(Column x, int window)
    {
        var values = Fold<DeviationOperation, DeviationOperation.State>(x.Values, window);
        var errors = LargestError(x, window);
        var sizes = Fold<HighestOperation, double>(Sizes(x.Values), window);
        for (var t = 0; t < errors.Length; t++) errors[t] += (2.0 * window + 16) * Rounding * sizes[t];
        return new(values, new(4 * Rounding, errors));
    }

    /// <summary>Exponential averages.</summary>
    public static Column Ema(Column x, int period)
    {
        var (values, errors) = (new double[x.Values.Length], new double[x.Values.Length]);
        Smoothing.Exponential(x.Values, x.Errors, period, values, errors);
        return new(values, new(0, errors));
    }

    /// <summary>Wilder's averages.</summary>
    public static Column Wilder(Column x, int period)
    {
        var (values, errors) = (new double[x.Values.Length], new double[x.Values.Length]);
        Smoothing.Wilder(x.Values, x.Errors, period, values, errors);
        return new(values, new(0, errors));
    }

    /// <summary>Sums from the first bar on; an undefined number is passed over and its bar stays undefined.</summary>
    public static Column RunningSum(Column x)
    {
        var (values, errors) = (new double[x.Values.Length], new double[x.Values.Length]);
        var (sum, error) = (0.0, 0.0);
        for (var t = 0; t < values.Length; t++)
        {
            var value = x.Values[t];
            if (!double.IsNaN(value))
            {
                sum += value;
                error += x.Errors.At(t, value) + Rounding * Math.Abs(sum);
            }
            (values[t], errors[t]) = (double.IsNaN(value) ? double.NaN : sum, error);
        }
        Elementwise.Limit(values);
        return new(values, new(0, errors));
    }

    // Bar by bar: a window of decimals has no cut, whatever comes after it.
    private static double[] Cuts(ExactSums sums, int window)
    {
        var cuts = new double[sums.Count];
        for (var t = window - 1; t < cuts.Length; t++) cuts[t] = sums.AreDecimal(t, window) ? 0 : ExactSums.Cut(window);
        return cuts;
    }

    // Each number takes part in fewer than 2·window roundings, and comes in with at most the given weight.
    private static ErrorBound SumErrors(Column x, int window, double weight)
    {
        var bounds = new double[x.Values.Length];
        for (var t = 0; t < bounds.Length; t++)
        {
            var value = x.Values[t];
            bounds[t] = weight * (x.Errors.At(t, value) + 2 * window * Rounding * Math.Abs(value));
        }
        return new(0, Fold<SumOperation, double>(bounds, window));
    }

    private static double[] LargestError(Column x, int window)
    {
        var bounds = new double[x.Values.Length];
        for (var t = 0; t < bounds.Length; t++) bounds[t] = x.Errors.At(t, x.Values[t]);
        return Fold<HighestOperation, double>(bounds, window);
    }

    private static double[] Sizes(double[] values)
    {
        var sizes = new double[values.Length];
        for (var t = 0; t < sizes.Length; t++) sizes[t] = Math.Abs(values[t]);
        return sizes;
    }

    private static double[] Fold<TOperation, T>(double[] values, int window)
        where TOperation : IWindowOperation<T>
    {
        var answers = new double[values.Length];
        Sliding.Fold<TOperation, T>(values, window, answers);
        Elementwise.Limit(answers);
        return answers;
    }
}
