using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.Operations.Evidence;
using BacktestOps.PowerShell.Completion;

namespace BacktestOps.PowerShell.Evidence;

/// <summary>Get-DeploymentEvidence: the records of a ledger.</summary>
[Cmdlet(VerbsCommon.Get, "DeploymentEvidence")]
[OutputType(typeof(DeploymentEvidence))]
public sealed class GetDeploymentEvidenceCommand : EvidenceCmdlet
{
    /// <summary>Only records of these kinds.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EvidenceKindCompleter))]
    public string[] Kind { get; set; } = [];

    /// <summary>Only records of these deployments.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [ArgumentCompleter(typeof(DeploymentIdCompleter))]
    [ValidateRange(1, int.MaxValue)]
    public int[] Deployment { get; set; } = [];

    /// <summary>Only records with these numbers, as reports name them.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int[] Sequence { get; set; } = [];

    /// <summary>Only records with these verdicts.</summary>
    [Parameter]
    public Verdict[] Verdict { get; set; } = [];

    /// <summary>Only what was seen at this time or later.</summary>
    [Parameter]
    public DateTime? Since { get; set; }

    /// <summary>Only what was seen before this time.</summary>
    [Parameter]
    public DateTime? Before { get; set; }

    /// <inheritdoc/>
    protected override Task ProcessAsync()
    {
        var filter = new EvidenceFilter
        {
            Kinds = Kind,
            Deployments = Deployment,
            Sequences = Sequence,
            Verdicts = Verdict,
            Since = Since is { } since ? new DateTimeOffset(since) : null,
            Before = Before is { } before ? new DateTimeOffset(before) : null,
        };
        foreach (var record in EvidenceReader.Read(LedgerPath, filter))
        {
            StopToken.ThrowIfCancellationRequested();
            WriteObject(record);
        }

        return Task.CompletedTask;
    }
}
