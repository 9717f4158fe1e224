using BacktestOps.Contracts;
using BacktestOps.PowerShell.Tests.Support;

namespace BacktestOps.PowerShell.Tests.Cmdlets;

/// <summary>The cmdlets of deployments over a real root, with a real process as the service.</summary>
public sealed class DeploymentCmdletTests : IDisposable
{
    private readonly TestSession _session = new();
    private readonly DeploymentRoot _root;

    public DeploymentCmdletTests() => _root = new DeploymentRoot(_session.Folder);

    [Fact]
    public void A_release_is_deployed_looked_at_gone_back_from_and_removed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are found by /proc, which only Linux has.");
        _root.WritePlan(_root.Archive("1.0.0"), _root.Archive("1.1.0"), _root.Archive("1.2.0", "exit"));

        Assert.Equal([true], _session.Run("Test-DeploymentReadiness 1.0.0 -Quiet").WithoutErrors().As<bool>());
        var first = Assert.Single(_session.Run("Invoke-Deployment 1.0.0").WithoutErrors().As<Deployment>());
        Assert.Equal((DeploymentOutcome.Succeeded, "000001-1.0.0"), (first.Outcome, first.Live));
        Assert.Empty(_session.Run("Invoke-Deployment 1.1.0 -WhatIf").WithoutErrors().Output);
        Assert.Contains("Deploy version 1.1.0 by ", _session.Host.Text, StringComparison.Ordinal);
        Assert.Contains("from 000001-1.0.0 to 000002-1.1.0", _session.Host.Text, StringComparison.Ordinal);
        var second = _session.Run("Invoke-Deployment -Version 1.1.0 -Reason TICKET-031").WithoutErrors();
        Assert.Equal("TICKET-031", Assert.Single(second.As<Deployment>()).Reason);
        Assert.Contains(second.Progress, record => record.StatusDescription.StartsWith("stop: stopping the service", StringComparison.Ordinal));

        var failed = _session.Run("Invoke-Deployment 1.2.0");
        Assert.Equal(DeploymentOutcome.RolledBack, Assert.Single(failed.As<Deployment>()).Outcome);
        var error = Assert.Single(failed.Errors);
        Assert.StartsWith("DeploymentRolledBack,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("configuration missing: LISTEN_ON", error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);

        Assert.Equal([2], _session.Run("Get-Deployment -Current").WithoutErrors().As<Deployment>().Select(deployment => deployment.Id));
        Assert.Equal([3, 2, 1], _session.Run("Get-Deployment").WithoutErrors().As<Deployment>().Select(deployment => deployment.Id));
        Assert.StartsWith("DeploymentNotFound,", Assert.Single(_session.Run("Get-Deployment 9").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);

        Assert.Empty(_session.Run("Invoke-Rollback -WhatIf").WithoutErrors().Output);
        Assert.Contains("  3. point '", _session.Host.Text, StringComparison.Ordinal);
        Assert.Contains("from 000002-1.1.0 to 000001-1.0.0", _session.Host.Text, StringComparison.Ordinal);
        Assert.Equal([2], _session.Run("Get-Deployment -Current").WithoutErrors().As<Deployment>().Select(deployment => deployment.Id));
        var back = Assert.Single(_session.Run("Invoke-Rollback -Reason drill -Confirm:$false").WithoutErrors().As<Deployment>());
        Assert.Equal((DeploymentOutcome.Succeeded, DeploymentKind.Rollback, "000001-1.0.0"), (back.Outcome, back.Kind, back.Live));
        Assert.Equal(4, Assert.Single(_session.Run("Resume-Deployment").WithoutErrors().As<Deployment>()).Id);

        var refused = _session.Run("Get-Deployment 1, 2 | Remove-Deployment -PassThru");
        Assert.StartsWith("ReleaseIsLive,", Assert.Single(refused.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal([2], refused.As<Deployment>().Select(deployment => deployment.Id));
        Assert.Equal(["000001-1.0.0"], Directory.GetDirectories(Path.Combine(_session.Folder, "root", "releases")).Select(Path.GetFileName));
    }

    [Fact]
    public void Every_fault_of_a_plan_is_said_with_its_line_and_nothing_is_done()
    {
        File.WriteAllText(Path.Combine(_session.Folder, "deployment.json"), "{\n  \"nam\": \"a\",\n  \"keep\": \"5\"\n}");

        var error = _session.Run("Invoke-Deployment 1.0.0").Terminating!;

        Assert.StartsWith("InvalidDeploymentPlan,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("line 2, nam: there is no key 'nam' here (did you mean 'name'?)", error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.Contains("line 3, keep", error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.Equal(["deployment.json"], Directory.GetFileSystemEntries(_session.Folder).Select(Path.GetFileName));
    }

    [Fact]
    public void A_commented_plan_is_written_once_and_replaced_only_by_force()
    {
        var file = Assert.Single(_session.Run("New-DeploymentPlan -Template NodeBacktestService").WithoutErrors().As<FileInfo>());

        Assert.Equal(Path.Combine(_session.Folder, "deployment.json"), file.FullName);
        Assert.Contains("// What must be in a release.", File.ReadAllText(file.FullName), StringComparison.Ordinal);
        Assert.StartsWith("PlanExists,", _session.Run("New-DeploymentPlan").Terminating!.FullyQualifiedErrorId, StringComparison.Ordinal);
        _session.Run("New-DeploymentPlan -Force").WithoutErrors();
        Assert.Contains("BacktestOps.Service.dll", File.ReadAllText(file.FullName), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _root.Dispose();
        _session.Dispose();
    }
}
