using BacktestOps.Contracts;
using BacktestOps.PowerShell.FollowUps;
using BacktestOps.PowerShell.Pipeline;
using BacktestOps.PowerShell.Tests.Support;

namespace BacktestOps.PowerShell.Tests.Cmdlets;

/// <summary>The cmdlets of the week after a deployment. What they do is proved in the tests of the library.</summary>
public sealed class FollowUpCmdletTests : IDisposable
{
    private readonly TestSession _session = new();

    public void Dispose() => _session.Dispose();

    [Fact]
    public void Feedback_is_given_by_channel_and_one_that_can_t_be_read_is_an_error_with_its_reading()
    {
        Plan("""
            "feedback": { "channels": [ { "name": "forms", "kind": "files", "path": "forms.jsonl" }, { "name": "gone", "kind": "files", "path": "nowhere" } ] }
            """);
        File.WriteAllText(Path.Combine(_session.Folder, "forms.jsonl"), "{\"at\":\"2026-02-08T01:00:00Z\",\"text\":\"다운로드가 안 돼요\"}\n");

        var seen = _session.Run("Get-DeploymentFeedback -Since 2026-02-08T00:00:00Z -Record");

        var readings = seen.As<FeedbackReading>().ToList();
        Assert.Equal([("forms", Verdict.Fail, 1), ("gone", Verdict.Error, 0)], readings.Select(reading => (reading.Channel, reading.Verdict, reading.BugReports)));
        var error = Assert.Single(seen.Errors);
        Assert.StartsWith("FeedbackUnreadable,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Same(readings[1], error.TargetObject);
        Assert.True(File.Exists(Path.Combine(_session.Folder, "root", "evidence", "ledger.jsonl")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-Record -WhatIf")]
    public void Reading_what_users_say_writes_nothing_unless_it_is_to_be_recorded(string record)
    {
        Plan("""
            "feedback": { "channels": [ { "name": "gone", "kind": "files", "path": "nowhere" } ] }
            """);

        _session.Run($"Get-DeploymentFeedback -Since 2026-02-08T00:00:00Z {record} -ErrorAction Ignore");

        Assert.False(Directory.Exists(Path.Combine(_session.Folder, "root")));
    }

    [Theory]
    [InlineData("Get-DeploymentFeedback", "NoFeedbackChannels", "NothingDeployed")]
    [InlineData("Invoke-DeploymentFollowUp", "NothingDeployed", "NothingDeployed")]
    public void What_can_t_be_done_is_one_error_that_says_what_to_do(string command, string one, string other)
    {
        Plan("\"keep\": 3");

        var error = _session.Run(command).Terminating!;

        Assert.Contains(error.FullyQualifiedErrorId.Split(',')[0], (string[])[one, other]);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
    }

    [Fact]
    public void What_if_does_nothing()
    {
        Plan("\"keep\": 3");

        Assert.Empty(_session.Run("Invoke-DeploymentFollowUp -WhatIf; Unregister-DeploymentFollowUp -WhatIf").WithoutErrors().Output);
        Assert.False(Directory.Exists(Path.Combine(_session.Folder, "root")));
    }

    [Fact]
    public void A_scheduler_that_this_machine_has_not_is_said()
    {
        Plan("\"keep\": 3");
        var foreign = OperatingSystem.IsWindows() ? "Cron" : "TaskScheduler";

        var error = _session.Run($"Register-DeploymentFollowUp -Scheduler {foreign} -HostCommand /usr/bin/pwsh, '-File' -Confirm:$false").Terminating!;

        Assert.StartsWith("SchedulerMissing,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_session.Folder, "root")));
    }

    [Fact]
    public void A_session_is_run_again_by_what_runs_it()
    {
        Assert.Equal(["/opt/pwsh", "-NoProfile", "-NonInteractive", "-File"], SessionHost.Of("/opt/pwsh", "/opt/pwsh.dll", null));
        Assert.Equal(["/bin/dotnet", "/x/BacktestOps.Shell.dll", "-File"], SessionHost.Of("/bin/dotnet", "/x/BacktestOps.Shell.dll", null));
        Assert.Equal(["/bin/dotnet", "/x/pwsh.dll", "-NoProfile", "-NonInteractive", "-File"], SessionHost.Of("/bin/dotnet", "/x/pwsh.dll", _session.Folder));
        Assert.Equal(["/x/BacktestOps.Shell", "-File"], SessionHost.Of("/x/BacktestOps.Shell", "", null));
        Assert.Equal("ScriptHostUnknown", Assert.Throws<ModuleException>(() => SessionHost.Of("/x/testhost", "", _session.Folder)).ErrorId);
    }

    private void Plan(string keys) => File.WriteAllText(
        Path.Combine(_session.Folder, "deployment.json"),
        $$"""
        {
          "name": "week", "root": "root", "source": { "git": "repository" }, "service": { "start": [ "true" ], "port": 3000 },
          "health": { "fields": { "status": "healthy" } }, "smoke": false, {{keys}}
        }
        """);
}
