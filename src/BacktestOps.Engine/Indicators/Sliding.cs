namespace BacktestOps.Engine.Indicators;

/// <summary>How the numbers of a window are put together.</summary>
/// <typeparam name="T">What is known of a stretch of bars.</typeparam>
internal interface IWindowOperation<T>
{
    /// <summary>What is known of one bar.</summary>
    static abstract T From(double value);

    /// <summary>What is known of two stretches, the second right after the first. Associative.</summary>
    static abstract T Combine(in T earlier, in T later);

    /// <summary>The answer for a window.</summary>
    static abstract double Answer(in T window);
}

/// <summary>Folds every window of a length, in a constant number of steps a bar.</summary>
/// <remarks>
/// The bars are cut into blocks of the window's length. A window is the end of one block and the beginning of the next, and
/// both are known from running through the blocks once backward and once forward (van Herk 1992, Gil and Werman 1993).
/// Nothing is ever subtracted, so no rounding outlives its window, an undefined bar leaves with its window, and the
/// answer at t rests on the window's own bars alone.
/// </remarks>
internal static class Sliding
{
    /// <summary>Folds every window.</summary>
    /// <param name="values">The numbers; NaN where undefined.</param>
    /// <param name="window">Length of the window, at least 1.</param>
    /// <param name="answers">Takes the answers; NaN before the first whole window.</param>
    public static void Fold<TOperation, T>(ReadOnlySpan<double> values, int window, Span<double> answers)
        where TOperation : IWindowOperation<T>
    {
        answers[..Math.Min(window - 1, values.Length)].Fill(double.NaN);
        if (values.Length < window) return;
        var ends = new T[window];
        for (var block = 0; block < values.Length; block += window)
        {
            var count = Math.Min(window, values.Length - block);
            var running = TOperation.From(values[block]);
            for (var i = 0; i < count; i++)
            {
                if (i > 0) running = TOperation.Combine(running, TOperation.From(values[block + i]));
                if (i == window - 1) answers[block + i] = TOperation.Answer(running);
                else if (block > 0) answers[block + i] = TOperation.Answer(TOperation.Combine(ends[i + 1], running));
            }
            if (count < window) return;
            ends[window - 1] = TOperation.From(values[block + window - 1]);
            for (var i = window - 2; i >= 0; i--) ends[i] = TOperation.Combine(TOperation.From(values[block + i]), ends[i + 1]);
        }
    }
}

/// <summary>Sum of a window.</summary>
internal readonly struct SumOperation : IWindowOperation<double>
{
    /// <inheritdoc/>
    public static double From(double value) => value;

    /// <inheritdoc/>
    public static double Combine(in double earlier, in double later) => earlier + later;

    /// <inheritdoc/>
    public static double Answer(in double window) => window;
}

/// <summary>Largest number of a window; undefined with an undefined bar in it.</summary>
internal readonly struct HighestOperation : IWindowOperation<double>
{
    /// <inheritdoc/>
    public static double From(double value) => value;

    /// <inheritdoc/>
    public static double Combine(in double earlier, in double later) => Math.Max(earlier, later);

    /// <inheritdoc/>
    public static double Answer(in double window) => window;
}

/// <summary>Smallest number of a window; undefined with an undefined bar in it.</summary>
internal readonly struct LowestOperation : IWindowOperation<double>
{
    /// <inheritdoc/>
    public static double From(double value) => value;

    /// <inheritdoc/>
    public static double Combine(in double earlier, in double later) => Math.Min(earlier, later);

    /// <inheritdoc/>
    public static double Answer(in double window) => window;
}

/// <summary>Sum with weights 1, 2, … n from the oldest to the newest bar.</summary>
internal readonly struct WeightedSumOperation : IWindowOperation<WeightedSumOperation.State>
{
    /// <inheritdoc/>
    public static State From(double value) => new(1, value, value);

    /// <inheritdoc/>
    public static State Combine(in State earlier, in State later) =>
        new(earlier.Count + later.Count, earlier.Sum + later.Sum, earlier.Weighted + (later.Weighted + earlier.Count * later.Sum));

    /// <inheritdoc/>
    public static double Answer(in State window) => window.Weighted;

    /// <summary>Bars, their sum, and their sum with weights from 1 on.</summary>
    internal readonly record struct State(double Count, double Sum, double Weighted);
}

/// <summary>Population standard deviation of a window.</summary>
/// <remarks>Means and sums of squared deviations are merged as in Chan, Golub and LeVeque, The American Statistician 37 (1983).</remarks>
internal readonly struct DeviationOperation : IWindowOperation<DeviationOperation.State>
{
    /// <inheritdoc/>
    public static State From(double value) => new(1, value, value - value);

    /// <inheritdoc/>
    public static State Combine(in State earlier, in State later)
    {
        var count = earlier.Count + later.Count;
        var apart = later.Mean - earlier.Mean;
        return new(count, earlier.Mean + apart * (later.Count / count), earlier.Squares + later.Squares + apart * apart * (earlier.Count * later.Count / count));
    }

    /// <inheritdoc/>
    public static double Answer(in State window) => Math.Sqrt(window.Squares / window.Count);

    /// <summary>Bars, their mean, and the sum of squared deviations from it.</summary>
    internal readonly record struct State(double Count, double Mean, double Squares);
}
