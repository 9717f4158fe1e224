using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Binding;
using BacktestOps.PowerShell.Completion;
using BacktestOps.PowerShell.Pipeline;
using BacktestOps.PowerShell.Resources;
using BacktestOps.PowerShell.Saving;
using BacktestOps.Runs.Reports;

namespace BacktestOps.PowerShell.Cmdlets;

/// <summary>Export-BacktestReport: writes a result as one HTML page that needs nothing else.</summary>
[Cmdlet(VerbsData.Export, "BacktestReport", DefaultParameterSetName = "Id", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(FileInfo))]
public sealed class ExportBacktestReportCommand : BacktestCmdlet
{
    private readonly ResultWarnings _warnings;

    /// <summary>Makes the command.</summary>
    public ExportBacktestReportCommand() => _warnings = new(WriteWarning);

    /// <summary>The ids of the runs.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Id")]
    [Alias("BacktestId")]
    [BacktestIdTransformation]
    [ArgumentCompleter(typeof(CompletedBacktestIdCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Id { get; set; } = [];

    /// <summary>Results as Get-BacktestResult gives them.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Result")]
    [ValidateNotNullOrEmpty]
    public BacktestResult[] InputObject { get; set; } = [];

    /// <summary>Files that Save-BacktestResult wrote.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "File")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] ResultPath { get; set; } = [];

    /// <summary>A folder, which gets backtest-report-{id}.html, or a file. The current location when absent.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = ".";

    /// <summary>The report's language; that of the session when absent.</summary>
    [Parameter]
    [ValidateSet("ko-KR", "en-US")]
    public string? Culture { get; set; }

    /// <summary>Replaces a file that exists.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Gives the files that were written.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessAsync()
    {
        switch (ParameterSetName)
        {
            case "Result":
                foreach (var result in InputObject)
                    await ForItemAsync(result, () => Export(result));
                break;
            case "File":
                foreach (var file in ResultPath)
                    await ForItemAsync(file, () => ExportFiles(file));
                break;
            default:
                var api = await GetApiAsync();
                foreach (var id in Id)
                    await ForItemAsync(id, async () => await Export(ResultReader.Read(await api.GetResultAsync(id, StopToken))));
                break;
        }
    }

    private async Task ExportFiles(string path)
    {
        foreach (var file in FileSystemPath.Find(SessionState, path, takesPattern: true))
            await ForItemAsync(file, () => Export(ResultReader.ReadFile(file)));
    }

    private Task Export(BacktestResult result)
    {
        var file = new ReportFile(result.BacktestId, ResolveFolder(Path));
        if (!ShouldProcess(file.Path, Messages.ExportReportAction)) return Task.CompletedTask;
        file.Write(TearSheet.Write(result, Culture), Force);
        _warnings.Tell(result);
        if (PassThru) WriteObject(GetFile(file.Path, result.BacktestId));
        return Task.CompletedTask;
    }
}
