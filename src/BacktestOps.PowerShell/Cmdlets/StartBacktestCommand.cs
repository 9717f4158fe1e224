using System.Collections;
using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Binding;
using BacktestOps.PowerShell.Completion;
using BacktestOps.PowerShell.Pipeline;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Cmdlets;

/// <summary>Start-Backtest: hands in a backtest and gives its state; it runs in the background.</summary>
[Cmdlet(VerbsLifecycle.Start, "Backtest", DefaultParameterSetName = CatalogSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(BacktestProgress))]
public sealed partial class StartBacktestCommand : BacktestCmdlet
{
    private static readonly BacktestRequest Defaults = new() { Symbols = [], Strategy = "" };

    /// <summary>The symbols of one backtest; each piped object starts a backtest of its own.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Symbols")]
    [ArgumentCompleter(typeof(SymbolCompleter))]
    [TextTransformation("Symbol", Splits = true)]
    [ValidateNotNullOrEmpty]
    public string[] Symbol { get; set; } = [];

    /// <summary>The strategy's parameters; one that is absent takes its default.</summary>
    [Parameter(Position = 2, ValueFromPipelineByPropertyName = true)]
    [Alias("Parameters")]
    [ArgumentCompleter(typeof(StrategyParameterCompleter))]
    [CellTransformation(typeof(IDictionary))]
    public IDictionary? Parameter { get; set; }

    /// <summary>The first day that is read; the time of day is ignored.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(DateTime))]
    public DateTime? From { get; set; }

    /// <summary>The last day that is read; the time of day is ignored.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(DateTime))]
    public DateTime? To { get; set; }

    /// <summary>Cash at the first bar.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(double))]
    public double? InitialCash { get; set; }

    /// <summary>Commission as a fraction of the money traded.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(double))]
    public double? CommissionRate { get; set; }

    /// <summary>The least that a fill costs.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(double))]
    public double? CommissionMinimum { get; set; }

    /// <summary>Lets fractions of a share be bought.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(bool))]
    public SwitchParameter FractionalShares { get; set; }

    /// <summary>Trades on prices adjusted for splits and dividends.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(bool))]
    public SwitchParameter Adjusted { get; set; }

    /// <summary>Bars in a year; taken from the data when absent.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(double))]
    public double? PeriodsPerYear { get; set; }

    /// <summary>A symbol that the run is compared with, bought and held.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SymbolCompleter))]
    [CellTransformation(typeof(string))]
    public string? Benchmark { get; set => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>What cash without risk earns in a year, as a fraction.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(double))]
    public double? RiskFreeRate { get; set; }

    /// <summary>A folder of CSV files, one a symbol, instead of the usual data.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(string))]
    public string? DataPath { get; set => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <inheritdoc/>
    protected override async Task ProcessAsync()
    {
        WarnOfRun();
        var target = Messages.BacktestTitle.With(Title, string.Join(", ", Symbol));
        if (!ShouldProcess(target, Messages.StartBacktestAction)) return;
        var api = await GetApiAsync(DataPath);
        await ForItemAsync(Symbol, async () =>
        {
            if (ColumnsLeftOut is { Count: > 0 } left) throw new ModuleException("ColumnsOfTwoKinds", ErrorCategory.InvalidArgument, Messages.ColumnsOfTwoKinds.With(string.Join(", ", left), ParameterSetName), Messages.ColumnsOfTwoKindsAction);
            var faults = new List<RequestFault>();
            var request = ReadRequest(faults);
            if (faults.Count > 0) throw new InvalidRequestException([.. faults, .. await FindMoreAsync(api, request, faults)]);
            WriteObject(await api.StartAsync(request, StopToken));
        });
    }

    // What can't be read is wrong; what else is wrong is said with it, so that nobody mends one thing at a time.
    private async Task<IEnumerable<RequestFault>> FindMoreAsync(IBacktestApi api, BacktestRequest request, List<RequestFault> faults)
    {
        try
        {
            return (await api.CheckAsync(request, StopToken)).Where(more => faults.TrueForAll(known => !known.Field.Equals(more.Field, StringComparison.OrdinalIgnoreCase)));
        }
        catch (BacktestOpsException)
        {
            // A service that does not answer, or of before it could be asked: what was found here stands.
            return [];
        }
    }

    private BacktestRequest ReadRequest(List<RequestFault> faults) => WithTrading(new()
    {
        Symbols = Symbol,
        Strategy = StrategyName,
        Rules = ReadRules(faults),
        Parameters = StrategyParameters.Read(Parameter, faults),
        From = Days.From(From),
        To = Days.From(To),
        InitialCash = InitialCash ?? Defaults.InitialCash,
        Commission = new CommissionTerms { Rate = CommissionRate ?? Defaults.Commission.Rate, Minimum = CommissionMinimum ?? Defaults.Commission.Minimum },
        FractionalShares = FractionalShares,
        Adjusted = Adjusted,
        PeriodsPerYear = PeriodsPerYear,
        Benchmark = Benchmark,
        RiskFreeRate = RiskFreeRate ?? Defaults.RiskFreeRate,
        Sweep = ReadSweep(faults),
    }, faults);
}
