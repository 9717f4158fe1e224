using System.Management.Automation;
using System.Net;
using System.Security;
using BacktestOps.Contracts;
using BacktestOps.Operations.Evidence;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Evidence;

/// <summary>Protect-DeploymentEvidence: signs the head of a ledger, so that nothing before it can be changed unseen.</summary>
[Cmdlet(VerbsSecurity.Protect, "DeploymentEvidence", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(SignedHead))]
public sealed class ProtectDeploymentEvidenceCommand : EvidenceCmdlet
{
    /// <summary>The private key, PEM.</summary>
    [Parameter(Position = 0, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string KeyPath { get; set; } = "";

    /// <summary>What the key is encrypted with.</summary>
    [Parameter]
    public SecureString? KeyPassword { get; set; }

    /// <summary>Makes the key first.</summary>
    [Parameter]
    public SwitchParameter NewKey { get; set; }

    /// <inheritdoc/>
    protected override Task ProcessAsync()
    {
        var (ledger, path) = (LedgerPath, ResolveFolder(KeyPath));
        if (!ShouldProcess(ledger, Messages.SignLedgerAction.With(path))) return Task.CompletedTask;
        var password = KeyPassword is null ? null : new NetworkCredential("", KeyPassword).Password;
        // No key is made for what can't be signed.
        HeadSignatures.Require(ledger);
        if (NewKey) SigningKey.Create(path, password);
        using var key = SigningKey.Read(path, password);
        WriteObject(HeadSignatures.Sign(ledger, key, $"{Environment.UserName}@{Environment.MachineName}", TimeProvider.System));
        return Task.CompletedTask;
    }
}
