using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Binding;
using BacktestOps.PowerShell.Completion;
using BacktestOps.PowerShell.Pipeline;
using BacktestOps.PowerShell.Resources;
using BacktestOps.Runs.MarketData.Inspection;

namespace BacktestOps.PowerShell.Cmdlets;

/// <summary>Test-MarketData: looks for bad prints, holes, duplicate days, unadjusted splits and wrong factors.</summary>
[Cmdlet(VerbsDiagnostic.Test, "MarketData", DefaultParameterSetName = "Path")]
[OutputType(typeof(MarketDataFinding), typeof(bool))]
public sealed class TestMarketDataCommand : BacktestCmdlet
{
    private readonly MarketDataInspector _inspector = new();

    /// <summary>CSV files of bars, or folders of them.</summary>
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

    /// <summary>Symbols or patterns of the session's market data, instead of files.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Symbol")]
    [ArgumentCompleter(typeof(SymbolCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Symbol { get; set; } = [];

    /// <summary>Gives one Boolean for each file or symbol: true when nothing graver than a note was found.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessAsync()
    {
        if (ParameterSetName == "Symbol")
        {
            await InspectSymbolsAsync();
            return;
        }
        foreach (var path in ParameterSetName == "Path" ? Path : LiteralPath)
        {
            await ForItemAsync(path, async () =>
            {
                foreach (var file in ResolveFiles(path).SelectMany(MarketDataInspector.FilesOf))
                    await ForItemAsync(file, () => Inspect(file));
            });
        }
    }

    /// <inheritdoc/>
    protected override Task EndAsync() => Quiet ? Task.CompletedTask : Write(_inspector.CompareDays());

    private Task Inspect(string file)
    {
        WriteVerbose(Messages.LookingAt.With(file));
        return Write(_inspector.Inspect(file, Show(file)));
    }

    private async Task InspectSymbolsAsync()
    {
        var api = await GetApiAsync();
        var symbols = await api.GetSymbolsAsync(StopToken);
        foreach (var name in Symbol)
        {
            var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
            var found = symbols.Where(symbol => pattern.IsMatch(symbol.Symbol)).ToList();
            if (found.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(name)) WriteError(UnknownSymbol(name, symbols), name);
            foreach (var symbol in found)
            {
                await ForItemAsync(symbol.Symbol, async () =>
                    await Write(_inspector.Inspect(await api.GetBarsAsync(symbol.Symbol, null, null, StopToken), symbol.Source)));
            }
        }
    }

    private Task Write(IReadOnlyList<MarketDataFinding> findings)
    {
        StopToken.ThrowIfCancellationRequested();
        if (Quiet) WriteObject(findings.All(finding => finding.Severity == FindingSeverity.Note));
        else foreach (var finding in findings) WriteObject(finding);
        return Task.CompletedTask;
    }

    private string Show(string file)
    {
        var shown = System.IO.Path.GetRelativePath(SessionState.Path.CurrentFileSystemLocation.ProviderPath, file);
        return shown.StartsWith("..", StringComparison.Ordinal) ? file : shown;
    }
}
