using System.Globalization;

namespace BacktestOps.Operations.Smoke;

/// <summary>What is left of the time that a whole smoke test may take.</summary>
internal sealed class TimeBudget(TimeSpan limit, TimeProvider clock)
{
    private readonly long _start = clock.GetTimestamp();

    public TimeSpan Limit => limit;

    public TimeSpan Elapsed => clock.GetElapsedTime(_start);

    public TimeSpan Remaining => limit - Elapsed is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    public TimeSpan AtMost(TimeSpan wanted) => wanted < Remaining ? wanted : Remaining;
}

/// <summary>Figures with their unit, the same in every culture.</summary>
internal static class Units
{
    public static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("0.#", CultureInfo.InvariantCulture) + " ms";

    public static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + " s";
}
