using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Binding;
using BacktestOps.PowerShell.Completion;
using BacktestOps.PowerShell.Pipeline;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Cmdlets;

/// <summary>Get-BacktestStrategy: the strategies that a backtest can run, with their parameters.</summary>
[Cmdlet(VerbsCommon.Get, "BacktestStrategy")]
[OutputType(typeof(StrategyInfo))]
public sealed class GetBacktestStrategyCommand : BacktestCmdlet
{
    /// <summary>Names or patterns; all strategies when absent.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Strategy")]
    [ArgumentCompleter(typeof(StrategyCompleter))]
    [SupportsWildcards]
    [TextTransformation("Name")]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override async Task ProcessAsync()
    {
        var strategies = await (await GetApiAsync()).GetStrategiesAsync(StopToken);
        foreach (var name in Name)
        {
            var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
            var found = strategies.Where(strategy => pattern.IsMatch(strategy.Name)).ToList();
            foreach (var strategy in found) WriteObject(strategy);
            if (found.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(name)) WriteError(Unknown(name, strategies), name);
        }
    }

    private static ModuleException Unknown(string name, IEnumerable<StrategyInfo> strategies) => new(
        "UnknownStrategy",
        ErrorCategory.ObjectNotFound,
        NameSuggestion.Nearest(name, strategies.Select(strategy => strategy.Name)) is { } nearest ? Messages.UnknownNameNear.With("strategy", name, nearest) : Messages.UnknownStrategy.With(name),
        Messages.UnknownStrategyAction.With(string.Join(", ", strategies.Select(strategy => strategy.Name))));
}
