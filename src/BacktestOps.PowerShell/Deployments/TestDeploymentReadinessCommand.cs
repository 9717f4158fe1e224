using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Binding;

namespace BacktestOps.PowerShell.Deployments;

/// <summary>Test-DeploymentReadiness: whether a version can be deployed now, and gone back from, one verdict a check.</summary>
[Cmdlet(VerbsDiagnostic.Test, "DeploymentReadiness")]
[OutputType(typeof(CheckResult), typeof(bool))]
public sealed class TestDeploymentReadinessCommand : DeploymentCmdlet
{
    /// <summary>The version to deploy.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [CellTransformation(typeof(string))]
    public string Version { get; set; } = "";

    /// <summary>Gives one Boolean: true when every check passed.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessAsync()
    {
        var checks = await Deployer.TestReadinessAsync(Version, StopToken);
        if (Quiet) WriteObject(Verdicts.Combine(checks.Select(check => check.Verdict)) == Verdict.Pass);
        else foreach (var check in checks) WriteObject(CheckViews.OfMany(check));
    }
}
