using BacktestOps.Operations.FollowUps;

namespace BacktestOps.Operations.Tests.FollowUps;

/// <summary>Days of time zones, where clocks are changed. The dates are those of the IANA time zone database.</summary>
public sealed class LocalDaysTests
{
    [Theory]
    [InlineData("America/New_York", "2026-03-08", 23)]
    [InlineData("America/New_York", "2026-11-01", 25)]
    [InlineData("Europe/Berlin", "2026-03-29", 23)]
    [InlineData("Europe/Berlin", "2026-10-25", 25)]
    [InlineData("Asia/Seoul", "2026-03-08", 24)]
    [InlineData("Australia/Lord_Howe", "2026-04-05", 24.5)]
    [InlineData("America/Santiago", "2026-09-06", 23)]
    [InlineData("Africa/Cairo", "2026-04-24", 23)]
    [InlineData("America/Havana", "2026-11-01", 25)]
    public void A_day_is_as_long_as_its_clocks_make_it(string id, string day, double hours)
    {
        var (zone, date) = (Zone(id), DateOnly.Parse(day, null));

        Assert.Equal(hours, (LocalDays.First(date.AddDays(1), default, zone) - LocalDays.First(date, default, zone)).TotalHours);
    }

    [Fact]
    public void A_midnight_that_is_skipped_begins_its_day_after_the_gap() =>
        Assert.Equal(DateTimeOffset.Parse("2026-09-06T04:00Z", null), LocalDays.First(new DateOnly(2026, 9, 6), default, Zone("America/Santiago")));

    [Fact]
    public void A_midnight_that_comes_twice_begins_its_day_the_first_time() =>
        Assert.Equal(DateTimeOffset.Parse("2026-11-01T04:00Z", null), LocalDays.First(new DateOnly(2026, 11, 1), default, Zone("America/Havana")));

    [Fact]
    public void Whatever_the_zone_every_moment_of_a_day_is_on_that_day()
    {
        foreach (var zone in TimeZoneInfo.GetSystemTimeZones())
        {
            for (var day = new DateOnly(2026, 1, 1); day.Year == 2026; day = day.AddDays(1))
            {
                var (first, next) = (LocalDays.First(day, default, zone), LocalDays.First(day.AddDays(1), default, zone));
                Assert.True(LocalDays.DayOf(first, zone) == day && LocalDays.DayOf(next.AddTicks(-1), zone) == day && LocalDays.DayOf(next, zone) == day.AddDays(1), $"{zone.Id} {day}");
            }
        }
    }

    private static TimeZoneInfo Zone(string id)
    {
        Assert.SkipUnless(TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone), $"This machine has no time zone {id} (Debian: tzdata).");
        return zone;
    }
}
