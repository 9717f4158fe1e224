using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Binding;
using BacktestOps.PowerShell.Comparing;
using BacktestOps.PowerShell.Completion;
using BacktestOps.PowerShell.Pipeline;
using BacktestOps.PowerShell.Resources;
using BacktestOps.PowerShell.Saving;

namespace BacktestOps.PowerShell.Cmdlets;

/// <summary>Compare-BacktestResult: the figures of runs side by side, a row a figure and a column a run.</summary>
[Cmdlet(VerbsData.Compare, "BacktestResult", DefaultParameterSetName = "Id")]
[OutputType(Comparison.RowType)]
public sealed class CompareBacktestResultCommand : BacktestCmdlet
{
    private readonly List<BacktestResult> _results = [];

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

    /// <summary>The figures wanted, with wildcards; all when absent.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(FigureCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Figure { get; set; } = ["*"];

    /// <summary>Shows the other runs as differences from the first.</summary>
    [Parameter]
    public SwitchParameter Difference { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessAsync()
    {
        if (ParameterSetName == "Result")
        {
            _results.AddRange(InputObject);
            return;
        }
        var api = await GetApiAsync();
        foreach (var id in Id)
            await ForItemAsync(id, async () => _results.Add(ResultReader.Read(await api.GetResultAsync(id, StopToken))));
    }

    /// <inheritdoc/>
    protected override Task EndAsync()
    {
        foreach (var (name, error) in KnownNames.Missing(Messages.FigureWord, Figure, [.. PerformanceFigure.All.Select(figure => figure.Name)])) WriteError(error, name);
        if (_results.Count == 0) return Task.CompletedTask;
        var warnings = new ResultWarnings(WriteWarning);
        foreach (var result in _results) warnings.Tell(result);
        var comparison = new Comparison(_results);
        foreach (var warning in comparison.Warnings()) WriteWarning(warning);
        WildcardPattern[] wanted = [.. Figure.Select(name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase))];
        foreach (var row in comparison.Rows(name => wanted.Any(pattern => pattern.IsMatch(name)), Difference)) WriteObject(row);
        return Task.CompletedTask;
    }
}
