using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.Operations.Evidence;
using BacktestOps.PowerShell.Binding;
using BacktestOps.PowerShell.Completion;
using BacktestOps.PowerShell.Pipeline;
using BacktestOps.PowerShell.Resources;

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
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(DateTime))]
    public DateTime? Since { get; set; }

    /// <summary>Only what was seen before this time.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(DateTime))]
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
        var ledger = LedgerPath;
        RefuseUnknown(ledger);
        foreach (var record in EvidenceReader.Read(ledger, filter))
        {
            StopToken.ThrowIfCancellationRequested();
            WriteObject(record);
        }

        return Task.CompletedTask;
    }

    // What is not there is told apart from what is there and has nothing that the other parameters admit.
    private void RefuseUnknown(string ledger)
    {
        if (Kind.Length + Deployment.Length + Sequence.Length == 0) return;
        var all = EvidenceReader.Read(ledger, new EvidenceFilter()).ToList();
        string[] kinds = [.. EvidenceKindCompleter.Known.Concat(all.Select(record => record.Kind)).Distinct(StringComparer.Ordinal)];
        foreach (var (name, error) in KnownNames.Missing(Messages.KindOfEvidence, Kind, kinds)) WriteError(error, name);
        foreach (var (number, error) in KnownNames.Missing(Messages.DeploymentWord, Deployment, [.. all.Select(record => record.Deployment).OfType<int>().Distinct()], ledger)) WriteError(error, number);
        foreach (var (number, error) in KnownNames.Missing(Messages.RecordWord, Sequence, [.. all.Select(record => record.Sequence)], ledger)) WriteError(error, number);
    }
}
