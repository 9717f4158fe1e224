using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Rules;
using BacktestOps.Engine.Rules.Evaluation;
using BacktestOps.Engine.Simulation;

namespace BacktestOps.Engine.Sweeps;

/// <summary>A sweep that is ready to be run: its variants, and what they share.</summary>
/// <remarks>
/// Nothing here runs by itself or in the background. Any number of threads may run variants, each with a
/// <see cref="SweepWorker"/> of its own; a variant's figures are the same to the bit, whoever runs it and in whatever order.
/// </remarks>
public sealed class Sweep
{
    // Above this the columns of all combinations are not kept, and each variant reads its rules by itself.
    private const int MostCombinations = 200_000;
    private const long MostColumnBytes = 300L << 20;

    private readonly CheckedSweep _checked;
    private readonly IReadOnlyList<BarSeries> _universe;
    private readonly SharedSeries? _shared;

    private Sweep(BacktestRequest request, CheckedSweep found, IReadOnlyList<BarSeries> universe, CancellationToken cancellationToken)
    {
        (Request, _checked, _universe) = (request, found, universe);
        GridVariants = found.Grid.CountVariants(cancellationToken);
        Variants = Math.Min(GridVariants, request.Sweep!.Sample ?? long.MaxValue);
        var dates = UnionOfDates([.. universe.Select(series => series.Between(request.From, request.To))]);
        Bars = dates.Length;
        PeriodsPerYear = request.PeriodsPerYear ?? BarSpacing.PeriodsPerYear(dates);
        _shared = Share(request, found, universe);
    }

    /// <summary>The request, normalised: <see cref="BacktestRequest.Parameters"/> are those that are not swept.</summary>
    public BacktestRequest Request { get; }

    /// <summary>The swept parameters, in alphabetical order.</summary>
    public IReadOnlyList<string> Parameters => _checked.Grid.Names;

    /// <summary>The values of each.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Values => _checked.Grid.Values;

    /// <summary>All combinations of the values.</summary>
    public long GridCells => _checked.Grid.Cells;

    /// <summary>Those that the constraints let through.</summary>
    public long GridVariants { get; }

    /// <summary>Those that are run: all of them, or as many as are drawn.</summary>
    public long Variants { get; }

    /// <summary>Closes of each variant's equity curve.</summary>
    public int Bars { get; }

    /// <summary>Returns in a year.</summary>
    public double PeriodsPerYear { get; }

    /// <summary>Prepares a sweep.</summary>
    /// <param name="request">A request with a sweep, without faults; see <see cref="RequestValidator"/>.</param>
    /// <param name="universe">The whole data of each symbol, in the order of <see cref="BacktestRequest.Symbols"/>.</param>
    /// <param name="cancellationToken">Stops the preparation.</param>
    /// <exception cref="InvalidRequestException">The request has faults, or a combination of values has.</exception>
    /// <exception cref="MarketDataException">A symbol has no bar in the range, or a price that can't be.</exception>
    public static Sweep Prepare(BacktestRequest request, IReadOnlyList<BarSeries> universe, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(universe);
        request = RequestValidator.Normalize(request, out _);
        var faults = new List<RequestFault>();
        var found = SweepChecker.Find(request, new ValidationTerms { CancellationToken = cancellationToken }, faults);
        return found is null ? throw new InvalidRequestException(faults) : new Sweep(request, found, universe, cancellationToken);
    }

    /// <summary>A cursor before the first variant.</summary>
    public VariantCursor OpenCursor() => new(_checked.Grid, GridVariants, Variants, Request.Sweep!.Seed);

    /// <summary>A worker, for one thread at a time.</summary>
    public SweepWorker CreateWorker() => new(this, _shared);

    /// <summary>The values of the swept parameters in a cell, by name.</summary>
    public IReadOnlyDictionary<string, double> ParametersOf(long cell) => _checked.Grid.ValuesOf(cell);

    /// <summary>The values of the swept parameters in a cell, in alphabetical order of the parameters.</summary>
    public void ReadValues(long cell, Span<double> values)
    {
        for (var i = Parameters.Count - 1; i >= 0; i--)
        {
            var list = _checked.Grid.Values[i];
            (cell, values[i]) = (cell / list.Length, list[cell % list.Length]);
        }
    }

    /// <summary>A single run of a variant.</summary>
    /// <param name="cell">Its cell.</param>
    public BacktestRequest RequestOf(long cell)
    {
        Span<int> at = stackalloc int[_checked.Grid.Dimensions];
        Locate(cell, at);
        return Request with { Sweep = null, Parameters = _checked.ValuesAt(at) };
    }

    /// <summary>The figure that is looked for; NaN where a variant has none.</summary>
    public double Objective(in VariantFigures figures) => Request.Sweep!.Objective switch
    {
        "total_return" => figures.TotalReturn,
        "cagr" => Cagr(figures) ?? double.NaN,
        "sharpe_ratio" => figures.SharpeRatio,
        "calmar_ratio" => Calmar(figures) ?? double.NaN,
        "max_drawdown" => figures.MaxDrawdown,
        "win_rate" => figures.WinRate,
        "profit_factor" => figures.ProfitFactor,
        var other => throw new InvalidOperationException($"There is no reading of '{other}'."),
    };

    /// <summary>A variant with its figures, as results show it.</summary>
    /// <param name="number">Its number in the order of the variants, from 1.</param>
    /// <param name="cell">Its cell.</param>
    /// <param name="figures">Its figures.</param>
    public SweepVariant Describe(long number, long cell, in VariantFigures figures) => new()
    {
        Variant = number,
        Parameters = ParametersOf(cell),
        TotalReturn = figures.TotalReturn,
        Cagr = Cagr(figures),
        SharpeRatio = EquityFigures.Number(figures.SharpeRatio),
        MaxDrawdown = figures.MaxDrawdown,
        CalmarRatio = Calmar(figures),
        AnnualVolatility = EquityFigures.Number(figures.AnnualVolatility),
        TotalTrades = figures.Trades,
        WinRate = EquityFigures.Number(figures.WinRate),
        ProfitFactor = EquityFigures.Number(figures.ProfitFactor),
        Exposure = (double)figures.BarsHeld / Bars,
    };

    /// <summary>Growth a year.</summary>
    public double? Cagr(in VariantFigures figures) => EquityFigures.Cagr(1, figures.Growth, Bars - 1, PeriodsPerYear);

    /// <summary>Growth a year over the deepest drawdown; null without one.</summary>
    public double? Calmar(in VariantFigures figures) => figures.MaxDrawdown < 0 ? Cagr(figures) / -figures.MaxDrawdown : null;

    /// <summary>All dates on which any series has a bar.</summary>
    internal static DateTime[] UnionOfDates(IReadOnlyList<BarSeries> universe)
    {
        if (universe.Count == 1) return universe[0].Dates.ToArray();
        var dates = new SortedSet<DateTime>();
        foreach (var series in universe) dates.UnionWith(series.Dates.ToArray());
        return [.. dates];
    }

    /// <summary>Where a cell lies.</summary>
    internal void Locate(long cell, Span<int> at) => _checked.Grid.Locate(cell, at);

    /// <summary>Runs a variant by itself, as anybody would.</summary>
    internal VariantFigures RunSingle(long cell) => VariantFigures.Of(Backtester.Run(RequestOf(cell) with { Benchmark = null }, _universe));

    private static SharedSeries? Share(BacktestRequest request, CheckedSweep found, IReadOnlyList<BarSeries> universe)
    {
        var trading = TradingRules.Of(request, found.Strategy.Definition);
        if (universe.Count != 1 || request.Sleeves is not null || !IsSimple(trading, found.Strategy.Definition)) return null;
        var binder = new SlotBinder(found.Grid, CompiledStrategy.ExactValues(found.Others), MostCombinations);
        var plan = new MaskPlan(found.Strategy.Entry, found.Strategy.Exit, found.Grid, binder.Series, binder.Test);
        var (loss, target, trailing) = found.Strategy.StopTexts;
        var stops = SweptStops.Bind(binder, loss, target, trailing);
        if (binder.Faults.Count > 0)
            throw new InvalidRequestException([.. binder.Faults.Select(fault => new RequestFault("sweep", fault.Message, fault.Hint))]);
        if (binder.IsTooLarge) return null;
        var nodes = plan.Slots.SelectMany(slot => slot.Nodes).Concat(stops.All.SelectMany(stop => stop.Nodes).OfType<SeriesNode>());
        var fields = nodes.Aggregate(trading.Fields, (all, node) => all | node.Fields) | (stops.IsNone ? 0 : PriceFields.High | PriceFields.Low);
        var bars = PreparedBars.Prepare(request, universe, fields)[0];
        return bars.HasActions || ColumnBytes(plan, stops, binder, bars.Count) > MostColumnBytes ? null
            : new SharedSeries(request, plan, stops, trading, bars);
    }

    // One symbol, long with all its cash: the rest is simulated as a single run is, variant by variant.
    private static bool IsSimple(TradingRules trading, StrategyDefinition strategy) =>
        strategy is { ShortEntry: null, EntryOrder: null, ExitOrder: null } && trading is { IsCashAccount: true, Sizing: null, Rebalance: null }
        && double.IsPositiveInfinity(trading.VolumeLimit) && !trading.Slippage.DependsOnSize;

    // Averages of one price are compared without doubles; of everything else the doubles are kept, and those of its inputs.
    private static long ColumnBytes(MaskPlan plan, SweptStops stops, SlotBinder binder, int bars)
    {
        var columns = plan.Slots.Sum(slot => (long)slot.Nodes.Length);
        var doubles = plan.Slots.All(ColumnTable.IsMeans) && stops.IsNone ? 0 : binder.Graph.SeriesCount;
        return columns * bars * sizeof(float) + doubles * 2L * bars * sizeof(double);
    }
}
