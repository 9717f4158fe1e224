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
    [ValidateNotNullOrEmpty]
    public string[] Symbol { get; set; } = [];

    /// <summary>The strategy's parameters; one that is absent takes its default.</summary>
    [Parameter(Position = 2)]
    [ArgumentCompleter(typeof(StrategyParameterCompleter))]
    public IDictionary? Parameter { get; set; }

    /// <summary>The first day that is read; the time of day is ignored.</summary>
    [Parameter]
    public DateTime? From { get; set; }

    /// <summary>The last day that is read; the time of day is ignored.</summary>
    [Parameter]
    public DateTime? To { get; set; }

    /// <summary>Cash at the first bar.</summary>
    [Parameter]
    public double InitialCash { get; set; } = Defaults.InitialCash;

    /// <summary>Commission as a fraction of the money traded.</summary>
    [Parameter]
    public double CommissionRate { get; set; } = Defaults.Commission.Rate;

    /// <summary>The least that a fill costs.</summary>
    [Parameter]
    public double CommissionMinimum { get; set; } = Defaults.Commission.Minimum;

    /// <summary>Lets fractions of a share be bought.</summary>
    [Parameter]
    public SwitchParameter FractionalShares { get; set; }

    /// <summary>Trades on prices adjusted for splits and dividends.</summary>
    [Parameter]
    public SwitchParameter Adjusted { get; set; }

    /// <summary>Bars in a year; taken from the data when absent.</summary>
    [Parameter]
    public double? PeriodsPerYear { get; set; }

    /// <summary>A symbol that the run is compared with, bought and held.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(SymbolCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Benchmark { get; set; }

    /// <summary>What cash without risk earns in a year, as a fraction.</summary>
    [Parameter]
    public double RiskFreeRate { get; set; }

    /// <summary>A folder of CSV files, one a symbol, instead of the usual data.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DataPath { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessAsync()
    {
        var target = Messages.BacktestTitle.With(Title, string.Join(", ", Symbol));
        if (!ShouldProcess(target, Messages.StartBacktestAction)) return;
        var api = await GetApiAsync(DataPath);
        await ForItemAsync(Symbol, async () =>
        {
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
        Strategy = Strategy,
        Rules = ReadRules(faults),
        Parameters = StrategyParameters.Read(Parameter, faults),
        From = Days.From(From),
        To = Days.From(To),
        InitialCash = InitialCash,
        Commission = new CommissionTerms { Rate = CommissionRate, Minimum = CommissionMinimum },
        FractionalShares = FractionalShares,
        Adjusted = Adjusted,
        PeriodsPerYear = PeriodsPerYear,
        Benchmark = Benchmark,
        RiskFreeRate = RiskFreeRate,
        Sweep = ReadSweep(faults),
    }, faults);
}
