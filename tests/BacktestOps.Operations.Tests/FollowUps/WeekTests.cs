using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.FollowUps;
using BacktestOps.Operations.Rollback;
using static BacktestOps.Contracts.FollowUpState;

namespace BacktestOps.Operations.Tests.FollowUps;

/// <summary>The week after a deployment, simulated under a fake clock.</summary>
public sealed class WeekTests
{
    private static readonly string[] Daily = ["health", "backtest", "download", "feedback", "performance"];

    [Fact]
    public async Task A_deployment_that_passed_plans_its_week_by_the_days_of_the_plan_s_zone()
    {
        await using var week = await SimulatedWeek.DeployedAsync();

        var record = week.Ledger.Read().Single(record => record.Kind == EvidenceKind.Schedule);
        var schedule = record.Data!.Value.Deserialize(FollowUpJson.Default.ScheduleData)!;
        Assert.Equal((1, "2.0.2", "000001-2.0.2", "Asia/Seoul"), (schedule.Deployment, schedule.Version, schedule.Release, schedule.TimeZone));
        Assert.Equal(31, schedule.Items.Count);
        Assert.Equal([.. Enumerable.Range(9, 6).Select(day => new DateOnly(2026, 2, day))], schedule.Items.Select(item => item.Day).Distinct());
        Assert.Equal((new DateOnly(2026, 2, 14), 7, "review"), (schedule.Items[^1].Day, schedule.Items[^1].Number, schedule.Items[^1].Item));
        Assert.Equal(DateTimeOffset.Parse("2026-02-09T09:00+09:00", null), schedule.Items[0].From);
        Assert.Equal(DateTimeOffset.Parse("2026-02-10T00:00+09:00", null), schedule.Items[0].Until);
    }

    [Fact]
    public async Task A_deployment_that_failed_plans_nothing()
    {
        await using var week = new SimulatedWeek { Download = Verdict.Fail };

        Assert.Equal(DeploymentOutcome.RolledBack, (await week.Rig.DeployAsync("2.0.2")).Outcome);

        Assert.DoesNotContain(week.Ledger.Read(), record => record.Kind == EvidenceKind.Schedule);
    }

    [Fact]
    public async Task A_week_in_which_every_day_was_seen_and_well_passes_its_review()
    {
        await using var week = await SimulatedWeek.DeployedAsync();
        for (var day = 9; day <= 13; day++)
        {
            var seen = await week.AtAsync(day, 10);

            Assert.Equal(Daily, seen.Select(item => item.Item));
            Assert.All(seen, item => Assert.Equal((Done, Verdict.Pass, day - 7), (item.State, item.Verdict!.Value, item.Number)));
        }

        var last = await week.AtAsync(14, 10);

        Assert.Equal([.. Daily, "review"], last.Select(item => item.Item));
        Assert.Equal((Done, Verdict.Pass), (last[^1].State, last[^1].Verdict!.Value));
        Assert.StartsWith("30 of 30 follow-ups done and passed; day: 0 of ", last[^1].Observed, StringComparison.Ordinal);
        Assert.Empty(await week.AtAsync(15, 10));
        Assert.Empty(LedgerVerification.Verify(week.Rig.Layout.Ledger, week.Ledger.Head()));
    }

    [Fact]
    public async Task Each_tick_names_the_records_that_it_rests_on()
    {
        await using var week = await SimulatedWeek.DeployedAsync();

        var seen = await week.AtAsync(9, 10);

        var records = week.Ledger.Read().ToDictionary(record => record.Sequence);
        foreach (var item in seen)
        {
            var data = records[item.Evidence!.Value].Data!.Value.Deserialize(FollowUpJson.Default.FollowUpData)!;
            Assert.NotEmpty(data.Evidence);
            Assert.All(data.Evidence, number => Assert.Equal((1, Verdict.Pass), (records[number].Deployment, records[number].Verdict)));
        }
    }

    [Fact]
    public async Task A_day_that_passed_unseen_is_missed_and_no_later_run_ticks_it()
    {
        await using var week = await SimulatedWeek.DeployedAsync();
        await week.DoAsync(9, 10);

        var later = await week.AtAsync(12, 10);

        Assert.Equal(Daily, later.Where(item => item.State == Missed).Select(item => item.Item));
        Assert.All(later.Where(item => item.State == Missed), item => Assert.Equal((new DateOnly(2026, 2, 11), Verdict.Inconclusive), (item.Day, item.Verdict!.Value)));
        Assert.Equal(5, later.Count(item => item is { State: Done, Verdict: Verdict.Pass }));
        await week.DoAsync(13, 13);
        var review = (await week.AtAsync(14, 10))[^1];
        Assert.Equal(Verdict.Inconclusive, review.Verdict);
        Assert.StartsWith("25 of 30 follow-ups done and passed", review.Observed, StringComparison.Ordinal);
        Assert.Contains("missed, and no later run can make up for it: 2026-02-11 (health, backtest, download, feedback, performance)", review.Detail, StringComparison.Ordinal);
        Assert.All(week.FollowUp().List().Where(item => item.Day.Day == 11), item => Assert.Equal(Missed, item.State));
    }

    [Fact]
    public async Task Called_again_it_does_nothing_again()
    {
        await using var week = await SimulatedWeek.DeployedAsync();
        await week.AtAsync(9, 10);
        var head = week.Ledger.Head();

        Assert.Empty(await week.AtAsync(9, 10, 1));
        Assert.Empty(await week.AtAsync(9, 23, 59));

        Assert.Equal(head, week.Ledger.Head());
        Assert.Single(week.Told);
    }

    [Fact]
    public async Task Late_on_its_day_it_counts_and_before_its_time_it_is_not_due()
    {
        await using var week = await SimulatedWeek.DeployedAsync();

        Assert.Empty(await week.AtAsync(9, 8, 59));
        Assert.All(await week.AtAsync(9, 23, 59), item => Assert.Equal((Done, 9), (item.State, item.Day.Day)));
    }

    [Fact]
    public async Task What_is_seen_after_midnight_is_not_seen_that_day()
    {
        await using var week = await SimulatedWeek.DeployedAsync();
        week.DuringJourney = () => week.Set(10, 0, 1);

        var seen = await week.AtAsync(9, 23, 59);

        Assert.Equal([("health", Done), ("backtest", Missed)], seen.Select(item => (item.Item, item.State)));
        Assert.Contains("ended after its day was over, with pass", seen[1].Detail, StringComparison.Ordinal);
        week.DuringJourney = null;
        var next = await week.AtAsync(10, 10);
        Assert.Equal(["download", "feedback", "performance"], next.Where(item => item.State == Missed).Select(item => item.Item));
        Assert.Equal(Daily, next.Where(item => item.State == Done).Select(item => item.Item));
    }

    [Fact]
    public async Task A_clock_that_was_set_back_ticks_nothing()
    {
        await using var week = await SimulatedWeek.DeployedAsync();
        await week.AtAsync(12, 10);
        var head = week.Ledger.Head();

        var error = await Assert.ThrowsAsync<DeploymentException>(() => week.AtAsync(10, 10));

        Assert.Equal("ClockWentBack", error.ErrorId);
        Assert.Equal(head, week.Ledger.Head());
    }

    [Fact]
    public async Task A_fail_stands_for_its_day_and_turns_the_review()
    {
        await using var week = await SimulatedWeek.DeployedAsync();
        week.Download = Verdict.Fail;
        var seen = await week.AtAsync(9, 10);
        Assert.Equal(("download", Verdict.Fail), seen.Where(item => item.Verdict != Verdict.Pass).Select(item => (item.Item, item.Verdict!.Value)).Single());
        Assert.Contains("404, expected 200", seen[2].Detail, StringComparison.Ordinal);
        week.Download = Verdict.Pass;

        Assert.Empty(await week.AtAsync(9, 11));
        await week.DoAsync(10, 13);
        var review = (await week.AtAsync(14, 10))[^1];
        Assert.Equal(Verdict.Fail, review.Verdict);
        Assert.Contains("not passed: 2026-02-09 (download fail)", review.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, true)]
    public async Task One_failed_check_is_no_burn_rate_and_several_are(int days, bool alerts)
    {
        await using var week = await SimulatedWeek.DeployedAsync();
        await week.DoAsync(9, 13 - days + 1);
        week.Download = Verdict.Fail;
        await week.DoAsync(13 - days + 2, 14);

        var review = week.FollowUp().List()[^1];

        Assert.Equal(alerts, review.Detail!.Contains("burn rate of the week: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Answers_that_take_much_longer_than_before_the_deployment_fail_the_day()
    {
        await using var week = new SimulatedWeek();
        await week.Rig.DeployAsync("2.0.1");
        await week.Rig.DeployAsync("2.0.2");
        Assert.Equal(Verdict.Pass, (await week.AtAsync(9, 10)).Single(item => item.Item == "performance").Verdict);
        week.Latency = TimeSpan.FromMilliseconds(300);

        var slow = (await week.AtAsync(10, 10)).Single(item => item.Item == "performance");

        Assert.Equal(Verdict.Fail, slow.Verdict);
        Assert.Contains("A 1, ", slow.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_channel_that_was_down_is_asked_again_while_its_day_lasts_and_nothing_else_is()
    {
        await using var week = await SimulatedWeek.DeployedAsync();
        Directory.Delete(week.Feedback);
        var down = await week.AtAsync(9, 10);
        Assert.Equal((Done, Verdict.Error), down.Where(item => item.Item == "feedback").Select(item => (item.State, item.Verdict!.Value)).Single());
        Assert.All(down.Where(item => item.Item != "feedback"), item => Assert.Equal(Verdict.Pass, item.Verdict));
        Directory.CreateDirectory(week.Feedback);

        var again = await week.AtAsync(9, 11);

        Assert.Equal(("feedback", Verdict.Pass), again.Select(item => (item.Item, item.Verdict!.Value)).Single());
        Assert.All(week.FollowUp().List().Where(item => item.Number == 2), item => Assert.Equal((Done, Verdict.Pass), (item.State, item.Verdict!.Value)));
    }

    [Fact]
    public async Task Feedback_is_read_from_where_it_was_read_last_so_that_none_falls_between_two_days()
    {
        await using var week = await SimulatedWeek.DeployedAsync();
        await week.AtAsync(9, 10);
        var evening = Path.Combine(week.Feedback, "evening.txt");
        await File.WriteAllTextAsync(evening, "the download is broken", TestContext.Current.CancellationToken);
        File.SetLastWriteTimeUtc(evening, new DateTime(2026, 2, 9, 20, 0, 0, DateTimeKind.Utc).AddHours(-9));

        var next = await week.AtAsync(10, 10);
        var third = await week.AtAsync(11, 10);

        Assert.Equal(Verdict.Fail, next.Single(item => item.Item == "feedback").Verdict);
        Assert.Equal(Verdict.Pass, third.Single(item => item.Item == "feedback").Verdict);
    }

    [Fact]
    public async Task What_was_gone_back_from_is_not_followed_up_any_more_but_its_missed_days_are_said()
    {
        await using var week = new SimulatedWeek();
        await week.Rig.DeployAsync("2.0.1");
        await week.Rig.DeployAsync("2.0.2");
        week.Set(10, 10);
        Assert.Equal(DeploymentOutcome.Succeeded, (await week.Rig.Deployer().RollBackAsync(new RollbackRequest(), cancellationToken: TestContext.Current.CancellationToken)).Outcome);

        var seen = await week.AtAsync(12, 10);

        Assert.All(seen, item => Assert.Equal((2, 9, Missed), (item.Deployment, item.Day.Day, item.State)));
        Assert.Equal(5, seen.Count);
        Assert.Empty(await week.AtAsync(13, 10));
    }

    [Fact]
    public async Task A_week_that_nobody_planned_is_planned_by_the_first_run_and_what_passed_is_missed()
    {
        await using var week = new SimulatedWeek();
        week.Rig.Plan["follow_up"] = false;
        await week.Rig.DeployAsync("2.0.2");
        week.Rig.Plan["follow_up"] = new { time_zone = "Asia/Seoul" };

        var seen = await week.AtAsync(10, 10);

        Assert.Equal([(9, Missed, 5), (10, Done, 5)], seen.GroupBy(item => (item.Day.Day, item.State)).Select(group => (group.Key.Day, group.Key.State, group.Count())));
    }

    [Fact]
    public async Task One_message_is_sent_for_a_run_and_names_what_did_not_pass()
    {
        await using var week = await SimulatedWeek.DeployedAsync();
        await week.AtAsync(9, 10);
        week.Download = Verdict.Fail;
        await week.AtAsync(11, 10);

        Assert.Equal([Verdict.Pass, Verdict.Fail], week.Told.Select(told => told.Verdict));
        Assert.Equal("rig 2.0.2: 5 of 5 follow-ups passed (day 2 of 7)", week.Told[0].Title);
        Assert.Equal("rig 2.0.2: 4 of 10 follow-ups passed, 5 missed (day 4 of 7)", week.Told[1].Title);
        Assert.Equal(6, week.Told[1].Lines.Count);
        Assert.Contains(week.Told[1].Lines, line => line.StartsWith("2026-02-11 download: fail, result: HTTP status: 404", StringComparison.Ordinal));
    }
}
