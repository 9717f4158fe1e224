using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.Operations.Evidence;
using BacktestOps.PowerShell.Binding;

namespace BacktestOps.PowerShell.Evidence;

/// <summary>Test-DeploymentEvidence: whether a ledger, and what it kept, is as it was written.</summary>
[Cmdlet(VerbsDiagnostic.Test, "DeploymentEvidence")]
[OutputType(typeof(EvidenceVerification), typeof(bool))]
public sealed class TestDeploymentEvidenceCommand : EvidenceCmdlet
{
    /// <summary>A head that was noted earlier.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(LedgerHead))]
    public LedgerHead? Head { get; set; }

    /// <summary>The public key that heads must be signed with.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(string))]
    public string? PublicKeyPath { get; set => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>Passes over the files that records kept.</summary>
    [Parameter]
    public SwitchParameter SkipArtifact { get; set; }

    /// <summary>Gives one Boolean: true for a pass.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override Task ProcessAsync()
    {
        var verification = LedgerAudit.Verify(LedgerPath, new LedgerAuditRequest
        {
            Noted = Head,
            PublicKey = PublicKeyPath is null ? null : ResolveFolder(PublicKeyPath),
            SkipArtifacts = SkipArtifact,
        });
        WriteObject(Quiet ? verification.Verdict == Verdict.Pass : verification);
        return Task.CompletedTask;
    }
}
