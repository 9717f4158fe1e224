using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Binding;
using BacktestOps.PowerShell.Completion;
using BacktestOps.Runs;

namespace BacktestOps.PowerShell.Cmdlets;

// What is traded: a strategy of the catalogue, rules of the caller's own, or a file of them.
public sealed partial class StartBacktestCommand
{
    private const string CatalogSet = "Strategy", InfoSet = "StrategyInfo", RulesSet = "Rules", FileSet = "File";

    /// <summary>A strategy as Get-BacktestStrategy gives it.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = InfoSet)]
    [StrategyInfoTransformation]
    public string InputObject { get; set; } = "";

    /// <summary>The strategy's name in the catalogue or the file; with rules, what to call them.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = CatalogSet)]
    [Parameter(Position = 1, ParameterSetName = RulesSet)]
    [Parameter(Position = 1, ParameterSetName = FileSet)]
    [ArgumentCompleter(typeof(StrategyCompleter))]
    [ValidateNotNullOrEmpty]
    public string Strategy { get; set; } = "";

    /// <summary>A file of strategies in JSON.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = FileSet)]
    [AllowEmptyString]
    [AllowNull]
    [CellTransformation(typeof(string))]
    public string StrategyPath { get; set; } = "";

    /// <summary>The rule that buys.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = RulesSet)]
    [AllowEmptyString]
    [AllowNull]
    [CellTransformation(typeof(string))]
    public string Entry { get; set; } = "";

    /// <summary>The rule that sells.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = RulesSet)]
    [CellTransformation(typeof(string))]
    public string Exit { get; set => field = string.IsNullOrEmpty(value) ? "false" : value; } = "false";

    /// <summary>The rule that sells short.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = RulesSet)]
    [CellTransformation(typeof(string))]
    public string? ShortEntry { get; set => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>The rule that buys back.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = RulesSet)]
    [CellTransformation(typeof(string))]
    public string? ShortExit { get; set => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>The price at which an entry by limit order is filled.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = RulesSet)]
    [CellTransformation(typeof(string))]
    public string? LimitPrice { get; set => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>The price at which an entry by stop order is filled.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = RulesSet)]
    [CellTransformation(typeof(string))]
    public string? StopPrice { get; set => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>For how many bars an entry waits for its price.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = RulesSet)]
    [ValidateRange(1, 4096)]
    [CellTransformation(typeof(int))]
    public int? OrderBars { get; set; }

    /// <summary>The price at which an exit by limit order is filled.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = RulesSet)]
    [CellTransformation(typeof(string))]
    public string? ExitLimitPrice { get; set => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>The price at which an exit by stop order is filled.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = RulesSet)]
    [CellTransformation(typeof(string))]
    public string? ExitStopPrice { get; set => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>For how many bars an exit waits for its price.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = RulesSet)]
    [ValidateRange(1, 4096)]
    [CellTransformation(typeof(int))]
    public int? ExitOrderBars { get; set; }

    private string StrategyName => InputObject.Length > 0 ? InputObject : Strategy;

    private string Title => StrategyName.Length > 0 ? StrategyName : ParameterSetName == FileSet ? StrategyPath : StrategyDefinition.DefaultName;

    private StrategyDefinition? ReadRules(List<RequestFault> faults) => ParameterSetName switch
    {
        // A row of a table may leave out what others have: then its strategy is one of the catalogue.
        FileSet when StrategyPath.Length == 0 => null,
        RulesSet when Entry.Length == 0 => null,
        FileSet => StrategyFiles.Read(ResolveFolder(StrategyPath), Strategy),
        RulesSet => new StrategyDefinition
        {
            Entry = Entry,
            Exit = Exit,
            ShortEntry = ShortEntry,
            ShortExit = ShortExit,
            EntryOrder = ReadOrder("rules.entry_order", LimitPrice, StopPrice, OrderBars ?? 1, Resources.Messages.TwoEntryOrdersHint, faults),
            ExitOrder = ReadOrder("rules.exit_order", ExitLimitPrice, ExitStopPrice, ExitOrderBars ?? 1, Resources.Messages.TwoExitOrdersHint, faults),
        },
        _ => null,
    };

    // What else the run was of stands in its result, and not in the object.
    private void WarnOfRun()
    {
        if (PipelineObject is { } run && run.TypeNames.Any(name => name.EndsWith(typeof(BacktestProgress).FullName!, StringComparison.Ordinal) || name.EndsWith(typeof(BacktestResult).FullName!, StringComparison.Ordinal)))
            WriteWarning(Resources.Messages.RunGivesNoMore);
    }

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
