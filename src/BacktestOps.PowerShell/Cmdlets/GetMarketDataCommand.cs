using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Binding;
using BacktestOps.PowerShell.Completion;
using BacktestOps.PowerShell.Pipeline;

namespace BacktestOps.PowerShell.Cmdlets;

/// <summary>Get-MarketData: the symbols that can be tested, or with -Bar their bars.</summary>
[Cmdlet(VerbsCommon.Get, "MarketData", DefaultParameterSetName = "Symbol")]
[OutputType(typeof(SymbolInfo), ParameterSetName = ["Symbol"])]
[OutputType(typeof(Bar), ParameterSetName = ["Bar"])]
public sealed class GetMarketDataCommand : BacktestCmdlet
{
    /// <summary>Symbols or patterns; all symbols when absent.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SymbolCompleter))]
    [SupportsWildcards]
    [TextTransformation("Symbol")]
    [ValidateNotNullOrEmpty]
    public string[] Symbol { get; set; } = ["*"];

    /// <summary>Gives the bars instead of the symbols.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Bar")]
    public SwitchParameter Bar { get; set; }

    /// <summary>The first day; the time of day is ignored.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = "Bar")]
    [CellTransformation(typeof(DateTime))]
    public DateTime? From { get; set; }

    /// <summary>The last day, inclusive; the time of day is ignored.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = "Bar")]
    [CellTransformation(typeof(DateTime))]
    public DateTime? To { get; set; }

    /// <summary>A folder of CSV files, one a symbol, instead of the usual data.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(string))]
    public string? DataPath { get; set => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <inheritdoc/>
    protected override async Task ProcessAsync()
    {
        var api = await GetApiAsync(DataPath);
        var symbols = await api.GetSymbolsAsync(StopToken);
        foreach (var name in Symbol)
        {
            var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
            var found = symbols.Where(symbol => pattern.IsMatch(symbol.Symbol)).ToList();
            if (found.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(name)) WriteError(UnknownSymbol(name, symbols), name);
            foreach (var symbol in found)
            {
                if (!Bar) WriteObject(symbol);
                else await ForItemAsync(symbol.Symbol, () => WriteBarsAsync(api, symbol.Symbol));
            }
        }
    }

    private async Task WriteBarsAsync(IBacktestApi api, string symbol)
    {
        foreach (var bar in await api.GetBarsAsync(symbol, Days.From(From), Days.From(To), StopToken)) WriteObject(bar);
    }
}
