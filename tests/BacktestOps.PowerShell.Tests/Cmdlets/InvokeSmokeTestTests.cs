using System.Diagnostics;
using System.Text.RegularExpressions;
using BacktestOps.Contracts;
using BacktestOps.Operations.Tests.Fixtures;
using BacktestOps.PowerShell.Tests.Support;

namespace BacktestOps.PowerShell.Tests.Cmdlets;

public sealed class InvokeSmokeTestTests
{
    private const string Evidence = "-EvidencePath ./evidence";

    [Fact]
    public void Checks_come_as_objects_and_a_page_that_was_left_out_is_inconclusive()
    {
        using var service = new StubBacktestService();
        using var session = new TestSession();

        var checks = session.Run($"Invoke-SmokeTest {service.Address} -Version 2.0.2 -SkipBrowser {Evidence}").WithoutErrors().As<CheckResult>();

        Assert.All(checks.SkipLast(1), check => Assert.Equal(Verdict.Pass, check.Verdict));
        Assert.Equal(("page: browser", Verdict.Inconclusive), (checks[^1].Name, checks[^1].Verdict));
        Assert.Contains(checks, check => check.Name == "result: performance.sharpe_ratio");
        var kept = checks.Single(check => check.Name == "result: JSON").Artifacts[0];
        Assert.True(File.Exists(Path.Combine(session.Folder, "evidence", kept.Digest[..2], kept.Digest)));
    }

    [Theory]
    [InlineData("-SkipBrowser")]
    [InlineData("-SkipBrowser -Version 2.0.1")]
    [InlineData("-SkipBrowser -Field @{ status = 3 }")]
    public void Quiet_is_false_unless_all_passed_the_page_included(string arguments)
    {
        using var service = new StubBacktestService();
        using var session = new TestSession();

        Assert.Equal([false], session.Run($"Invoke-SmokeTest {service.Address} {arguments} {Evidence} -Quiet").WithoutErrors().As<bool>());
    }

    [Fact]
    public void A_service_that_is_down_is_a_result_and_no_error()
    {
        using var nobody = new DeadPort();
        using var session = new TestSession();

        var checks = session.Run($"Invoke-SmokeTest {nobody.Address} {Evidence}").WithoutErrors().As<CheckResult>();

        Assert.Equal(("health: HTTP status", Verdict.Fail), (checks[0].Name, checks[0].Verdict));
        Assert.DoesNotContain(checks, check => check.Verdict == Verdict.Pass);
    }

    [Fact]
    public void The_journey_of_a_plan_is_made_without_a_deployment()
    {
        using var service = new StubBacktestService();
        using var session = new TestSession();
        var root = new DeploymentRoot(session.Folder);
        using (root)
        {
            root.WritePlan(root.Archive("1.0.0"));
            var path = Path.Combine(session.Folder, "deployment.json");
            File.WriteAllText(path, File.ReadAllText(path).Replace("\"smoke\":false", "\"smoke\":{\"page\":false}", StringComparison.Ordinal));
            var checks = session.Run($"Invoke-SmokeTest -Plan deployment.json -Uri {service.Address} {Evidence} -Field @{{ status = 'healthy' }}").WithoutErrors().As<CheckResult>();

            Assert.NotEmpty(checks);
            Assert.NotEmpty(service.Requests);
            Assert.False(Directory.Exists(Path.Combine(session.Folder, "root")));
        }

        Assert.StartsWith("DeploymentPlanNotFound,", session.Run($"Invoke-SmokeTest -Plan nowhere.json {Evidence}").Terminating!.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIf_names_the_service_and_sends_nothing()
    {
        using var service = new StubBacktestService();
        using var session = new TestSession();

        Assert.Empty(session.Run($"Invoke-SmokeTest {service.Address} {Evidence} -WhatIf").WithoutErrors().Output);
        Assert.Empty(service.Requests);
    }

    [Fact]
    public void A_downstream_command_that_has_enough_ends_the_test_before_the_next_step()
    {
        using var service = new StubBacktestService((request, answer) => request.Is("/api/symbols") ? answer with { Hang = true } : answer);
        using var session = new TestSession();
        var watch = Stopwatch.StartNew();

        var first = session.Run($"Invoke-SmokeTest {service.Address} {Evidence} -MaxLatency 5m -Timeout 10m | Select-FirstOne").WithoutErrors().As<CheckResult>();

        Assert.Equal("health: HTTP status", Assert.Single(first).Name);
        // The answer that hangs would be waited for 10 minutes, longer than the busiest machine holds this test up.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromMinutes(9));
    }

    [Theory]
    [InlineData("", "NotConnected")]
    [InlineData("http://127.0.0.1:9 -Field @{ 'a..b' = 1 }", "FieldExpectationInvalid")]
    [InlineData("http://127.0.0.1:9 -Field @{ a = ([datetime]::Now) }", "FieldExpectationInvalid")]
    public void What_is_wrong_with_the_set_up_ends_the_command_with_what_to_do(string arguments, string errorId)
    {
        using var session = new TestSession();

        var error = session.Run($"Invoke-SmokeTest {arguments} {Evidence}").Terminating;

        Assert.StartsWith(errorId, error!.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
    }

    [Fact]
    public void The_table_has_the_verdict_the_check_and_what_was_seen_without_a_heading_for_every_address()
    {
        using var service = new StubBacktestService((request, answer) => request.Is("/api/health") ? answer with { Status = 503 } : answer);
        using var session = new TestSession();

        session.Run($"Invoke-SmokeTest {service.Address} -SkipBrowser {Evidence} | Out-Default").WithoutErrors();

        var shown = Regex.Replace(session.Host.Text, "\u001b\\[[0-9;]*m", "");

        Assert.DoesNotContain("Subject", shown, StringComparison.Ordinal);
        Assert.Matches(@"Fail +health: HTTP status +503", shown);
        Assert.Matches(@"Pass +result: performance\.total_return +0\.25", shown);
        Assert.Matches(@"Inconclusive +page: browser +the browser was left out on request", shown);
    }
}
