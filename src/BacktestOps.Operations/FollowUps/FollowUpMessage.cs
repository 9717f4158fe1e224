using System.Globalization;
using BacktestOps.Contracts;
using BacktestOps.Operations.Notifications;

namespace BacktestOps.Operations.FollowUps;

/// <summary>What people are told of a run of follow-ups.</summary>
internal static class FollowUpMessage
{
    public static Notification Of(string name, IReadOnlyList<FollowUp> written)
    {
        var passed = written.Count(item => item is { State: FollowUpState.Done, Verdict: Verdict.Pass });
        var missed = written.Count(item => item.State == FollowUpState.Missed);
        var last = written[^1];
        return new Notification
        {
            Event = NotificationEvent.FollowUp,
            Verdict = Verdicts.Combine(written.Select(item => item.Verdict!.Value)),
            Deployment = last.Deployment,
            Title = string.Create(CultureInfo.InvariantCulture, $"{name} {last.Version}: {passed} of {written.Count} follow-ups passed{(missed > 0 ? $", {missed} missed" : "")} (day {last.Number} of {FollowUpSchedule.Days})"),
            Lines =
            [
                .. written.Where(item => item.Verdict != Verdict.Pass).Select(item => string.Create(
                    CultureInfo.InvariantCulture,
                    $"{item.Day:yyyy-MM-dd} {item.Item}: {(item.State == FollowUpState.Missed ? "missed" : Deployments.Facts.Write(item.Verdict!.Value))}{(item.Detail is null ? "" : $", {item.Detail}")} (evidence #{item.Evidence})")),
            ],
        };
    }
}
