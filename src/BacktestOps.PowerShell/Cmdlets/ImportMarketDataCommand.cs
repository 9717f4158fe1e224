using System.Collections;
using System.Globalization;
using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Binding;
using BacktestOps.PowerShell.Pipeline;
using BacktestOps.PowerShell.Resources;
using BacktestOps.Runs;
using BacktestOps.Runs.MarketData.Import;

namespace BacktestOps.PowerShell.Cmdlets;

/// <summary>Import-MarketData: makes of vendors' files the CSV files of a data folder, one a symbol.</summary>
[Cmdlet(VerbsData.Import, "MarketData", DefaultParameterSetName = "Path", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(MarketDataImport))]
public sealed class ImportMarketDataCommand : BacktestCmdlet
{
    private MarketDataImporter? _importer;

    /// <summary>The files.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Path")]
    [SupportsWildcards]
    [TextTransformation("Path", Escaped = true)]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>The same, with no character taken as a wildcard.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>The symbol, where neither the content nor the file's name says it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(string))]
    public string? Symbol { get; set => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>The data folder.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DataPath { get; set; }

    /// <summary>Which column holds what: role = name or position.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public IDictionary? ColumnMap { get; set; }

    /// <summary>The form of dates.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DateFormat { get; set; }

    /// <summary>How numbers and names of months are written.</summary>
    [Parameter]
    public CultureInfo? Culture { get; set; }

    /// <summary>A factor file of LEAN, which makes the adjusted close.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? FactorFile { get; set; }

    /// <summary>Replaces files that exist.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override Task BeginAsync()
    {
        var options = new ImportOptions { ColumnMap = ColumnMaps.Read(ColumnMap), DateFormat = DateFormat, Culture = Culture };
        _importer = new MarketDataImporter(RunnerOptions.ImportPath(DataPath is null ? null : ResolveFolder(DataPath)), options);
        if (FactorFile is not null) _importer.UseFactors(ResolveFolder(FactorFile));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override async Task ProcessAsync()
    {
        foreach (var path in ParameterSetName == "Path" ? Path : LiteralPath)
        {
            await ForItemAsync(path, async () =>
            {
                foreach (var file in ResolveFiles(path))
                    await ForItemAsync(file, () => Read(file));
            });
        }
    }

    /// <inheritdoc/>
    protected override async Task EndAsync()
    {
        // Only now is every file of a symbol there.
        foreach (var plan in _importer!.Plan((symbol, fault) => WriteError(fault, symbol)))
        {
            await ForItemAsync(plan.Symbol, () =>
            {
                StopToken.ThrowIfCancellationRequested();
                if (ShouldProcess(plan.Path, Messages.ImportMarketDataAction.With(plan.Symbol))) WriteObject(plan.Write(Force));
                return Task.CompletedTask;
            });
        }
    }

    private Task Read(string file)
    {
        WriteVerbose(Messages.LookingAt.With(file));
        return _importer!.AddAsync(file, System.IO.Path.GetFileName(file), Symbol, StopToken);
    }
}
