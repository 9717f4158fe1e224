namespace BacktestOps.Operations.Plans;

/// <summary>How the week after a deployment is looked at.</summary>
public sealed record FollowUpPlan
{
    /// <summary>The time zone that the days are of, as the system names it: <c>Asia/Seoul</c>.</summary>
    public string TimeZone { get; init; } = TimeZoneInfo.Local.Id;

    /// <summary>From which time of its day on a follow-up is due.</summary>
    public TimeOnly At { get; init; } = new(9, 0);

    /// <summary>The share of the week's checks that must pass, below 1: what burn-rate alerts are measured against.</summary>
    public double Objective { get; init; } = 0.99;
}
