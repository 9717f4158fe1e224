namespace BacktestOps.Benchmarks;

/// <summary>A named table of measurements. A room adds its own by a line in <see cref="Program"/>.</summary>
/// <param name="Name">How it is asked for on the command line.</param>
/// <param name="Title">What it measures.</param>
/// <param name="MeasureAsync">Measures and gives the rows.</param>
internal sealed record BenchmarkTable(
    string Name, string Title, Func<CancellationToken, Task<IReadOnlyList<BenchmarkRow>>> MeasureAsync);

/// <summary>One line of a table.</summary>
/// <param name="Case">What was measured.</param>
/// <param name="Unit">The unit of the figures: µs, ms, requests/s.</param>
/// <param name="Figures">Median and spread of the samples.</param>
/// <param name="Target">The figure to reach, or null where there is none.</param>
internal sealed record BenchmarkRow(string Case, string Unit, Figures Figures, Target? Target = null);

/// <summary>A figure to reach.</summary>
/// <param name="Value">The bound, in the row's unit.</param>
/// <param name="IsLeast">True when more is better.</param>
internal sealed record Target(double Value, bool IsLeast = false)
{
    /// <summary>True when a median reaches it.</summary>
    public bool IsMetBy(double median) => IsLeast ? median >= Value : median <= Value;
}

/// <summary>What the samples of one case say.</summary>
/// <param name="Count">How many samples.</param>
/// <param name="Least">The smallest.</param>
/// <param name="Median">The middle one.</param>
/// <param name="P95">The one that 95 % are not above.</param>
internal readonly record struct Figures(int Count, double Least, double Median, double P95)
{
    /// <summary>Sums up samples.</summary>
    /// <param name="samples">At least one; sorted in place.</param>
    public static Figures Of(double[] samples)
    {
        Array.Sort(samples);
        var p95 = samples[(int)Math.Ceiling(samples.Length * 0.95) - 1];
        return new Figures(samples.Length, samples[0], samples[samples.Length / 2], p95);
    }
}
