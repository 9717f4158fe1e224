using System.Management.Automation;
using BacktestOps.Operations.Reports;
using BacktestOps.PowerShell.Binding;
using BacktestOps.PowerShell.Completion;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Evidence;

/// <summary>Export-DeploymentReport: computes the report of a deployment from its ledger alone.</summary>
[Cmdlet(VerbsData.Export, "DeploymentReport", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(FileInfo))]
public sealed class ExportDeploymentReportCommand : EvidenceCmdlet
{
    /// <summary>The file to write.</summary>
    [Parameter(Position = 0, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The deployment; the last one that brought up a release when absent.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(DeploymentIdCompleter))]
    [ValidateRange(1, int.MaxValue)]
    [CellTransformation(typeof(int))]
    public int? Id { get; set; }

    /// <summary>The form; by the file's ending when absent.</summary>
    [Parameter]
    [ValidateSet("Markdown", "Html", "Json", "JUnitXml", "NUnitXml")]
    public string? Format { get; set; }

    /// <summary>The language.</summary>
    [Parameter]
    [ValidateSet("ko-KR", "en-US")]
    public string? Culture { get; set; }

    /// <summary>The time zone of its times.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TimeZoneCompleter))]
    [ValidateNotNullOrEmpty]
    public string TimeZone { get; set; } = "UTC";

    /// <summary>Refuses while anything is outstanding.</summary>
    [Parameter]
    public SwitchParameter Complete { get; set; }

    /// <summary>Replaces a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Gives the file.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override Task ProcessAsync()
    {
        var (path, ledger) = (ResolveFolder(Path), LedgerPath);
        var request = new ReportRequest
        {
            Deployment = Id,
            Format = ReportFile.FormatOf(path, Format),
            Culture = Culture ?? (System.Globalization.CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "ko" ? "ko-KR" : "en-US"),
            TimeZone = ReportFile.Zone(TimeZone),
            MustBeComplete = Complete,
        };
        var text = DeploymentReports.Write(ledger, request);
        if (!ShouldProcess(path, Messages.ExportDeploymentReportAction)) return Task.CompletedTask;
        ReportFile.Write(path, text, Force);
        if (PassThru) WriteObject(GetFile(path));
        return Task.CompletedTask;
    }
}
