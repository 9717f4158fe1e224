using System.Diagnostics;

namespace BacktestOps.Benchmarks;

/// <summary>Times an action call by call.</summary>
internal static class Stopper
{
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(2);

    /// <summary>Warms up for two seconds, then times single calls.</summary>
    /// <remarks>
    /// Tiered compilation reaches its last tier within the warm-up; a single call is timed so that a pause is seen as one.
    /// </remarks>
    /// <param name="action">What is timed. It must keep its result, or the compiler may drop the work.</param>
    /// <param name="samples">How many calls.</param>
    /// <returns>Microseconds a call.</returns>
    public static Figures Microseconds(Action action, int samples = 1001) => Figures.Of(Times(action, samples));

    /// <summary>The same, call by call.</summary>
    public static double[] Times(Action action, int samples)
    {
        var start = Stopwatch.GetTimestamp();
        do action();
        while (Stopwatch.GetElapsedTime(start) < s_warmUp);

        var times = new double[samples];
        for (var i = 0; i < samples; i++)
        {
            var before = Stopwatch.GetTimestamp();
            action();
            times[i] = Stopwatch.GetElapsedTime(before).TotalMicroseconds;
        }
        return times;
    }
}
