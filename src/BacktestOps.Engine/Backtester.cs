using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Rules;
using BacktestOps.Engine.Rules.Evaluation;
using BacktestOps.Engine.Simulation;
using static System.FormattableString;

namespace BacktestOps.Engine;

/// <summary>Runs one backtest: bars in, performance out.</summary>
public static class Backtester
{
    /// <summary>Version of the engine, as results name it.</summary>
    public static string EngineVersion { get; } = typeof(Backtester).Assembly.GetName().Version!.ToString(3);

    // What a reader from outside looks at is not known, so every column must be fit to be read.
    private const PriceFields AllFields = PriceFields.Open | PriceFields.High | PriceFields.Low | PriceFields.Close | PriceFields.Volume;

    /// <summary>Simulates the request over the bars.</summary>
    /// <remarks>
    /// Each symbol gets an equal share of the initial cash and is simulated by itself, unless the cash is shared.
    /// Every figure is the same to the bit whatever the order of the symbols. Nothing is shared between calls.
    /// </remarks>
    /// <param name="request">A request without faults; see <see cref="RequestValidator"/>.</param>
    /// <param name="universe">
    /// The whole data of each symbol, in the order of <see cref="BacktestRequest.Symbols"/>; the date range is cut here.
    /// </param>
    /// <param name="progress">Told the fraction done, 0 to 1, after each symbol.</param>
    /// <param name="cancellationToken">Stops the simulation between two symbols.</param>
    /// <exception cref="InvalidRequestException">The request has faults.</exception>
    /// <exception cref="ArgumentException">The universe is not that of the request, or it asks for a benchmark.</exception>
    /// <exception cref="MarketDataException">A symbol has no bar in the range, or a price that can't be.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static BacktestOutcome Run(
        BacktestRequest request,
        IReadOnlyList<BarSeries> universe,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default) => Run(request, universe, benchmark: null, progress, cancellationToken);

    /// <summary>Simulates the request over the bars and compares it with its benchmark.</summary>
    /// <param name="request">A request without faults; see <see cref="RequestValidator"/>.</param>
    /// <param name="universe">As above.</param>
    /// <param name="benchmark">The whole data of <see cref="BacktestRequest.Benchmark"/>; null where it asks for none.</param>
    /// <param name="progress">As above.</param>
    /// <param name="cancellationToken">As above.</param>
    /// <exception cref="InvalidRequestException">The request has faults.</exception>
    /// <exception cref="ArgumentException">The universe or the benchmark is not that of the request.</exception>
    /// <exception cref="MarketDataException">A symbol has no bar in the range, or a price that can't be.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static BacktestOutcome Run(
        BacktestRequest request,
        IReadOnlyList<BarSeries> universe,
        BarSeries? benchmark,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default) => Simulate(request, universe, benchmark, read: null, progress, cancellationToken);

    /// <summary>Simulates signals that may come from elsewhere than the rules.</summary>
    /// <param name="request">As above.</param>
    /// <param name="universe">As above.</param>
    /// <param name="benchmark">As above.</param>
    /// <param name="read">Reads the signals of one symbol's prepared bars; null for the rules of the request's strategy.</param>
    /// <param name="progress">As above.</param>
    /// <param name="cancellationToken">As above.</param>
    internal static BacktestOutcome Simulate(
        BacktestRequest request,
        IReadOnlyList<BarSeries> universe,
        BarSeries? benchmark,
        Func<BarSeries, Signals>? read,
        IProgress<double>? progress,
        CancellationToken cancellationToken)
    {
        if (request?.Sweep is not null) throw new ArgumentException("The request asks for a sweep; one run takes one value of each parameter.", nameof(request));
        request = RequestValidator.Normalize(request!, out var strategy);
        ArgumentNullException.ThrowIfNull(universe);
        if (universe.Count != request.Symbols.Count)
        {
            throw new ArgumentException(
                Invariant($"{request.Symbols.Count} symbols were asked for and {universe.Count} series given."), nameof(universe));
        }
        if ((request.Benchmark is null) != (benchmark is null))
            throw new ArgumentException("The request and the call do not agree on whether there is a benchmark.", nameof(benchmark));

        var rules = strategy.Bind(new RuleGraph(), request.Parameters);
        var trading = TradingRules.Of(request, strategy.Definition);
        var warnings = new RunWarnings(request);
        var bars = PreparedBars.Prepare(request, universe, (read is null ? rules.Fields : AllFields) | trading.Fields);
        var signals = new Signals[bars.Length];
        var isPlain = trading.IsPlain && rules.IsPlain && !Array.Exists(bars, series => series.HasActions);
        var accounts = Accounts.Of(request, strategy.Definition, bars);
        var sleeves = new Sleeve[accounts.Count];
        var done = 0;
        var pool = new ColumnPool();
        for (var i = 0; i < sleeves.Length; i++)
        {
            foreach (var symbol in accounts[i].Symbols)
            {
                cancellationToken.ThrowIfCancellationRequested();
                // A split is no move of the price: rules see what a share has grown to, fills are at prices as traded.
                var seen = bars[symbol].ToCarried();
                var said = (read is null ? Signals.Read(rules, seen, pool) : read(seen).WithStops(rules, seen)).AsTraded(bars[symbol].Carried());
                signals[symbol] = bars[symbol].HasActions && said.Past is null ? said with { Past = new PastBars(seen, 0) } : said;
                progress?.Report(++done * (sleeves.Length == bars.Length ? 1.0 : 0.5) / bars.Length);
            }
            sleeves[i] = Simulate(accounts[i], bars, signals, trading, isPlain, progress, cancellationToken);
        }

        warnings.Add(bars, signals, sleeves);
        var curve = PortfolioCurve.Combine(sleeves, request.InitialCash);
        warnings.AddSpans(bars, sleeves, curve);
        var aligned = benchmark is null ? null : Align(request, benchmark, curve, warnings);
        return Report(request, sleeves, curve, aligned, measures => Conventions(request, strategy.Definition, rules, bars, measures), warnings.All);
    }

    private static Sleeve Simulate(
        Account account, BarSeries[] bars, Signals[] signals, TradingRules trading, bool isPlain, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        if (isPlain && account.Symbols is [var only] && signals[only].IsPlain) return SleeveSimulator.Run(bars[only], signals[only], account.Cash, trading.Costs);
        var isOnly = account.Symbols.Length == bars.Length;
        return AccountSimulator.Run(
            [.. account.Symbols.Select(symbol => bars[symbol])], [.. account.Symbols.Select(symbol => signals[symbol])], account.Cash, trading,
            isOnly && progress is not null ? fraction => progress.Report(0.5 + fraction / 2) : null, cancellationToken);
    }

    private static Benchmark Align(BacktestRequest request, BarSeries benchmark, PortfolioCurve curve, RunWarnings warnings)
    {
        var bars = PreparedBars.Prepare(request, [benchmark], PriceFields.None)[0].ToCarried();
        var aligned = Benchmark.Align(bars, curve.Dates);
        warnings.AddBenchmark(bars, aligned, curve);
        return aligned;
    }

    private static ResultConventions Conventions(BacktestRequest request, StrategyDefinition strategy, BoundRules rules, BarSeries[] bars, Measures measures) => new()
    {
        PeriodsPerYear = measures.PeriodsPerYear,
        Fill = request.Fill == FillTiming.Close ? "close" : "next_open",
        Cash = request.Sleeves is not null ? "sleeves" : Accounts.IsShared(request, strategy) ? "shared" : "separate",
        Intrabar = rules.IsIntrabar ? "stop_before_target_gaps_at_open" : null,
        CorporateActions = Array.Exists(bars, series => series.HasActions) ? "splits_and_dividends_reinvested_on_ex_date" : null,
        RiskFreeRate = measures.RiskFreeRate,
        TailProbability = Tails.Probability,
        RollingWindow = measures.RollingWindow,
        EngineVersion = EngineVersion,
    };

    private static BacktestOutcome Report(
        BacktestRequest request, Sleeve[] sleeves, PortfolioCurve curve, Benchmark? benchmark, Func<Measures, ResultConventions> conventions,
        IReadOnlyList<string> warnings)
    {
        var trades = Trades.InOrder(sleeves);
        var open = sleeves.SelectMany(sleeve => sleeve.Open).OrderBy(position => position.Symbol, StringComparer.Ordinal).ToArray();
        var points = new EquityPoint[curve.Equity.Length];
        for (var t = 0; t < points.Length; t++) points[t] = new EquityPoint(curve.Dates[t], curve.Equity[t]);

        var barsPerYear = BarSpacing.PeriodsPerYear(curve.Dates);
        var measures = new Measures(request.PeriodsPerYear ?? barsPerYear, barsPerYear, request.RiskFreeRate);
        var commission = sleeves.Sum(sleeve => sleeve.CommissionPaid);
        var simulated = new Simulated
        {
            Dates = curve.Dates,
            Equity = curve.Equity,
            Trades = trades,
            Open = open,
            InitialCash = request.InitialCash,
            CommissionPaid = commission,
            CostsPaid = commission + sleeves.Sum(sleeve => sleeve.OtherCosts),
        };
        var report = PerformanceReport.Of(simulated, measures, benchmark);
        return new BacktestOutcome(report.Performance, points, trades, open, conventions(measures), warnings)
        {
            MonthlyReturns = report.MonthlyReturns,
            RollingSharpe = report.RollingSharpe,
            BenchmarkCurve = benchmark?.Curve(curve.Dates, request.InitialCash),
        };
    }
}
