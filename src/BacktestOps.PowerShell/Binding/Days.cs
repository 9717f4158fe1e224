namespace BacktestOps.PowerShell.Binding;

/// <summary>Days from the dates that PowerShell binds.</summary>
internal static class Days
{
    /// <summary>The day of a date; its time of day says nothing.</summary>
    public static DateOnly? From(DateTime? date) => date is { } given ? DateOnly.FromDateTime(given) : null;
}
