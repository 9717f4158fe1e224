using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.Operations.Audit;
using BacktestOps.Operations.Audit.Output;
using BacktestOps.PowerShell.Binding;
using BacktestOps.PowerShell.Pipeline;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Cmdlets;

/// <summary>Test-DeploymentReport: holds a Markdown checklist against itself, and against a ledger of evidence.</summary>
[Cmdlet(VerbsDiagnostic.Test, "DeploymentReport", DefaultParameterSetName = "Path")]
[OutputType(typeof(ReportFinding), typeof(string), typeof(bool))]
public sealed class TestDeploymentReportCommand : BacktestCmdlet
{
    private readonly List<(string Path, IReadOnlyList<ReportFinding> Findings)> _audited = [];
    private bool _isIncomplete;

    /// <summary>The documents.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Path")]
    [SupportsWildcards]
    [TextTransformation("Path", Escaped = true)]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>The documents, with no character taken as a wildcard.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>A ledger to hold the documents against.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(string))]
    public string? Evidence { get; set => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>Objects, or the text of a SARIF or JUnit file.</summary>
    [Parameter]
    [ValidateSet("Object", "Sarif", "JUnitXml")]
    public string OutputFormat { get; set; } = "Object";

    /// <summary>The file that takes the text.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? OutputPath { get; set; }

    /// <summary>Gives one Boolean for each document: true when nothing graver than a note was found.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override Task BeginAsync()
    {
        if (OutputPath is not null && OutputFormat == "Object")
            throw new AuditException("OutputFormatMissing", "-OutputPath is given, and objects are not written to a file.", "Add -OutputFormat Sarif or JUnitXml.");
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override async Task ProcessAsync()
    {
        var ledger = Evidence is null ? null : ResolveFolder(Evidence);
        foreach (var document in ParameterSetName == "Path" ? Path : LiteralPath)
        {
            var isAudited = false;
            await ForItemAsync(document, () =>
            {
                foreach (var file in ResolveFiles(document)) Audit(file, ledger);
                isAudited = true;
                return Task.CompletedTask;
            });
            _isIncomplete |= !isAudited;
        }
    }

    /// <inheritdoc/>
    protected override Task EndAsync()
    {
        if (OutputFormat == "Object") return Task.CompletedTask;
        // A file that says nothing of a document that could not be read would be taken for a good one.
        if (_isIncomplete)
        {
            WriteWarning(Messages.FindingsIncomplete);
            return Task.CompletedTask;
        }

        var text = OutputFormat == "Sarif"
            ? SarifWriter.Write(_audited.SelectMany(audited => audited.Findings), typeof(ReportAudit).Assembly.GetName().Version!.ToString(3))
            : JUnitWriter.Write(_audited);
        if (OutputPath is not null) FindingFile.Write(ResolveFolder(OutputPath), text);
        else if (!Quiet) WriteObject(text);
        return Task.CompletedTask;
    }

    private void Audit(string file, string? ledger)
    {
        StopToken.ThrowIfCancellationRequested();
        WriteVerbose(Messages.LookingAt.With(file));
        var shown = System.IO.Path.GetRelativePath(SessionState.Path.CurrentFileSystemLocation.ProviderPath, file);
        if (shown.StartsWith("..", StringComparison.Ordinal)) shown = file;
        IReadOnlyList<ReportFinding> findings = [.. ReportAudit.AuditFile(file, ledger).Select(finding => finding with { Path = shown })];
        if (Quiet) WriteObject(findings.All(finding => finding.Severity == FindingSeverity.Note));
        if (OutputFormat != "Object") _audited.Add((shown, findings));
        else if (!Quiet) foreach (var finding in findings) WriteObject(finding);
    }
}
