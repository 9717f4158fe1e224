namespace BacktestOps.Runs.Execution;

/// <summary>Reading the clock as times are stored.</summary>
internal static class ClockReading
{
    /// <summary>Now, cut to milliseconds: what the database keeps, so that row and document agree.</summary>
    public static DateTimeOffset ToMilliseconds(this TimeProvider clock) =>
        DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
}
