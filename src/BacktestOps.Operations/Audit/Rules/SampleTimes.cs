using BacktestOps.Operations.Audit.Facts;

namespace BacktestOps.Operations.Audit.Rules;

/// <summary>The times between samples.</summary>
internal static class SampleTimes
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>From the first sample to the last, and the usual time between two; null for fewer than two.</summary>
    public static (TimeSpan? Span, TimeSpan Gap) SpanOf(IReadOnlyList<Sample> samples)
    {
        var gaps = Gaps(samples);
        if (gaps.Count == 0) return (null, TimeSpan.Zero);
        return (gaps.Aggregate(TimeSpan.Zero, (sum, gap) => sum + gap), gaps.Order().ElementAt(gaps.Count / 2));
    }

    /// <summary>The times between neighbours, in the order of the document; a clock that goes back passed midnight.</summary>
    public static IReadOnlyList<TimeSpan> Gaps(IReadOnlyList<Sample> samples)
    {
        var gaps = new List<TimeSpan>();
        for (var at = 1; at < samples.Count; at++)
        {
            var (before, after) = (samples[at - 1].At, samples[at].At);
            var days = before.Date is { } from && after.Date is { } to ? TimeSpan.FromDays(to.DayNumber - from.DayNumber) : TimeSpan.Zero;
            var gap = after.Time!.Value - before.Time!.Value + days;
            gaps.Add(gap < TimeSpan.Zero ? gap + Day : gap);
        }

        return gaps;
    }
}
