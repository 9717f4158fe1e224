using System.Globalization;
using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Plans;

namespace BacktestOps.Operations.FollowUps;

/// <summary>
/// The week after a deployment: the day of the deployment is day 1, on days 2 to 7 the service is looked at, and on day 7 the
/// week is reviewed.
/// </summary>
internal static class FollowUpSchedule
{
    public const int Days = 7;

    /// <summary>What a deployment will need.</summary>
    /// <param name="plan">The plan, which has follow-ups.</param>
    /// <param name="deployment">The deployment, which passed.</param>
    public static ScheduleData Make(DeploymentPlan plan, Deployment deployment)
    {
        var follow = plan.FollowUp!;
        var zone = TimeZoneInfo.FindSystemTimeZoneById(follow.TimeZone);
        var deployedAt = (deployment.StartedAt + (deployment.Duration ?? TimeSpan.Zero)).ToUniversalTime();
        var first = LocalDays.DayOf(deployedAt, zone);
        var items = new List<ScheduledFollowUp>();
        for (var number = 2; number <= Days; number++)
        {
            var day = first.AddDays(number - 1);
            var (from, until) = (LocalDays.First(day, follow.At, zone), LocalDays.First(day.AddDays(1), TimeOnly.MinValue, zone));
            items.AddRange(FollowUpItem.Daily.Where(item => CanBeDone(item, plan)).Select(item => new ScheduledFollowUp(day, number, item, from, until)));
            if (number == Days) items.Add(new ScheduledFollowUp(day, number, FollowUpItem.Review, from, until));
        }

        return new ScheduleData
        {
            Deployment = deployment.Id,
            Version = deployment.Version ?? "",
            Release = deployment.Release ?? "",
            DeployedAt = deployedAt,
            TimeZone = zone.Id,
            Items = items,
        };
    }

    /// <summary>The schedule as a record of the ledger.</summary>
    public static EvidenceRecord Record(ScheduleData schedule, DateTimeOffset at) => new()
    {
        At = at,
        Kind = EvidenceKind.Schedule,
        Subject = $"follow-ups of {schedule.Release}",
        Deployment = schedule.Deployment,
        Expected = "the week after the deployment is planned",
        Observed = string.Create(
            CultureInfo.InvariantCulture, $"{schedule.Items.Count} follow-ups from {schedule.Items[0].Day:yyyy-MM-dd} to {schedule.Items[^1].Day:yyyy-MM-dd} ({schedule.TimeZone})"),
        Verdict = Verdict.Pass,
        Samples = schedule.Items.Count,
        Data = JsonSerializer.SerializeToElement(schedule, FollowUpJson.Default.ScheduleData),
    };

    // What the plan has no means for would be inconclusive every day, and tell nobody anything.
    private static bool CanBeDone(string item, DeploymentPlan plan) => item switch
    {
        FollowUpItem.Backtest or FollowUpItem.Download => plan.Smoke is not null,
        FollowUpItem.Feedback => plan.Feedback is not null,
        _ => true,
    };
}
