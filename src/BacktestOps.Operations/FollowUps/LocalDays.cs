namespace BacktestOps.Operations.FollowUps;

/// <summary>Days of a time zone as spans of UTC. They follow each other without a gap, also where a clock is changed at midnight.</summary>
internal static class LocalDays
{
    /// <summary>The day that a moment is on.</summary>
    public static DateOnly DayOf(DateTimeOffset moment, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(moment, zone).DateTime);

    /// <summary>When the clocks of a zone first show a time; where they skip it, the first moment after the gap.</summary>
    public static DateTimeOffset First(DateOnly day, TimeOnly time, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(time);
        // No gap has been longer than a day: Samoa left out the 30th of December 2011.
        for (var minutes = 0; zone.IsInvalidTime(local) && minutes < 24 * 60; minutes++) local = local.AddMinutes(1);
        // Shown twice, it is first shown with the larger offset.
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}
