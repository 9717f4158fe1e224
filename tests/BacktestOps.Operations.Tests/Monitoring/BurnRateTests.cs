using BacktestOps.Contracts;
using BacktestOps.Operations.Monitoring.Statistics;

namespace BacktestOps.Operations.Tests.Monitoring;

public sealed class BurnRateTests
{
    private static readonly DateTimeOffset Now = new(2026, 2, 14, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_rate_is_the_share_of_failures_in_shares_of_what_is_allowed()
    {
        // The Site Reliability Workbook, chapter 5, table 5-2: at 99.9 %, 1.44 % of errors burn 14.4 times as fast.
        var alert = Assert.Single(BurnRate.Judge(
            0.999, [new BurnEvent(Now.AddMinutes(-2), 10_000, 144)], Now, [new BurnWindow("page", TimeSpan.FromHours(1), TimeSpan.FromMinutes(5), 14.4, 1)]));

        Assert.Equal(14.4, alert.Rate!.Value, 9);
        Assert.Equal(Verdict.Fail, alert.Verdict);
    }

    [Fact]
    public void One_failure_of_few_checks_is_no_alert_and_two_are()
    {
        Assert.All(BurnRate.Judge(0.99, Days(bad: [1]), Now), alert => Assert.NotEqual(Verdict.Fail, alert.Verdict));

        var alerts = BurnRate.Judge(0.99, Days(bad: [0, 0]), Now);
        Assert.Equal([Verdict.Fail, Verdict.Fail], alerts.Select(alert => alert.Verdict));
    }

    [Fact]
    public void What_has_ended_alerts_no_more()
    {
        var alerts = BurnRate.Judge(0.99, [new BurnEvent(Now.AddHours(-20), 10, 5), new BurnEvent(Now.AddHours(-1), 10, 0)], Now);

        Assert.Equal(Verdict.Pass, alerts[0].Verdict);
        Assert.Contains("it has ended", alerts[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_window_without_a_check_is_no_pass()
    {
        Assert.All(BurnRate.Judge(0.99, [], Now), alert => Assert.Equal(Verdict.Inconclusive, alert.Verdict));
        Assert.Equal(Verdict.Inconclusive, BurnRate.Judge(0.99, [new BurnEvent(Now.AddHours(-20), 10, 5)], Now)[0].Verdict);
    }

    [Fact]
    public void What_comes_after_now_or_before_the_window_does_not_count() => Assert.Equal(
        Verdict.Inconclusive, BurnRate.Judge(0.99, [new BurnEvent(Now.AddMinutes(1), 10, 10), new BurnEvent(Now.AddDays(-8), 10, 10)], Now)[1].Verdict);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void An_objective_that_allows_everything_or_nothing_is_refused(double objective) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => BurnRate.Judge(objective, [], Now));

    /// <summary>Twenty checks a day for a week; a failure at each of the given ages in days.</summary>
    private static List<BurnEvent> Days(int[] bad) =>
        [.. Enumerable.Range(0, 7).Select(age => new BurnEvent(Now.AddDays(-age), 20, bad.Count(day => day == age)))];
}
