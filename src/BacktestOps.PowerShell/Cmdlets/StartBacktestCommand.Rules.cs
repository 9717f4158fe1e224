using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Completion;
using BacktestOps.Runs;

namespace BacktestOps.PowerShell.Cmdlets;

// What is traded: a strategy of the catalogue, rules of the caller's own, or a file of them.
public sealed partial class StartBacktestCommand
{
    private const string CatalogSet = "Strategy", RulesSet = "Rules", FileSet = "File";

    /// <summary>The strategy's name in the catalogue or the file; with rules, what to call them.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = CatalogSet)]
    [Parameter(Position = 1, ParameterSetName = RulesSet)]
    [Parameter(Position = 1, ParameterSetName = FileSet)]
    [ArgumentCompleter(typeof(StrategyCompleter))]
    [ValidateNotNullOrEmpty]
    public string Strategy { get; set; } = "";

    /// <summary>A file of strategies in JSON.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FileSet)]
    [ValidateNotNullOrEmpty]
    public string StrategyPath { get; set; } = "";

    /// <summary>The rule that buys.</summary>
    [Parameter(Mandatory = true, ParameterSetName = RulesSet)]
    [ValidateNotNullOrEmpty]
    public string Entry { get; set; } = "";

    /// <summary>The rule that sells.</summary>
    [Parameter(ParameterSetName = RulesSet)]
    [ValidateNotNullOrEmpty]
    public string Exit { get; set; } = "false";

    /// <summary>The rule that sells short.</summary>
    [Parameter(ParameterSetName = RulesSet)]
    [ValidateNotNullOrEmpty]
    public string? ShortEntry { get; set; }

    /// <summary>The rule that buys back.</summary>
    [Parameter(ParameterSetName = RulesSet)]
    [ValidateNotNullOrEmpty]
    public string? ShortExit { get; set; }

    /// <summary>The price at which an entry by limit order is filled.</summary>
    [Parameter(ParameterSetName = RulesSet)]
    [ValidateNotNullOrEmpty]
    public string? LimitPrice { get; set; }

    /// <summary>The price at which an entry by stop order is filled.</summary>
    [Parameter(ParameterSetName = RulesSet)]
    [ValidateNotNullOrEmpty]
    public string? StopPrice { get; set; }

    /// <summary>For how many bars an entry waits for its price.</summary>
    [Parameter(ParameterSetName = RulesSet)]
    [ValidateRange(1, 4096)]
    public int OrderBars { get; set; } = 1;

    /// <summary>The price at which an exit by limit order is filled.</summary>
    [Parameter(ParameterSetName = RulesSet)]
    [ValidateNotNullOrEmpty]
    public string? ExitLimitPrice { get; set; }

    /// <summary>The price at which an exit by stop order is filled.</summary>
    [Parameter(ParameterSetName = RulesSet)]
    [ValidateNotNullOrEmpty]
    public string? ExitStopPrice { get; set; }

    /// <summary>For how many bars an exit waits for its price.</summary>
    [Parameter(ParameterSetName = RulesSet)]
    [ValidateRange(1, 4096)]
    public int ExitOrderBars { get; set; } = 1;

    private string Title => Strategy.Length > 0 ? Strategy : ParameterSetName == FileSet ? StrategyPath : StrategyDefinition.DefaultName;

    private StrategyDefinition? ReadRules(List<RequestFault> faults) => ParameterSetName switch
    {
        FileSet => StrategyFiles.Read(ResolveFolder(StrategyPath), Strategy),
        RulesSet => new StrategyDefinition
        {
            Entry = Entry,
            Exit = Exit,
            ShortEntry = ShortEntry,
            ShortExit = ShortExit,
            EntryOrder = ReadOrder("rules.entry_order", LimitPrice, StopPrice, OrderBars, Resources.Messages.TwoEntryOrdersHint, faults),
            ExitOrder = ReadOrder("rules.exit_order", ExitLimitPrice, ExitStopPrice, ExitOrderBars, Resources.Messages.TwoExitOrdersHint, faults),
        },
        _ => null,
    };

    private static OrderRule? ReadOrder(string field, string? limitPrice, string? stopPrice, int bars, string hint, List<RequestFault> faults)
    {
        if (limitPrice is not null && stopPrice is not null) faults.Add(new(field, Resources.Messages.TwoOrders, hint));
        return (limitPrice, stopPrice) switch
        {
            ({ } limit, null) => new() { Kind = OrderKind.Limit, Price = limit, Bars = bars },
            (null, { } stop) => new() { Kind = OrderKind.Stop, Price = stop, Bars = bars },
            _ => null,
        };
    }
}
