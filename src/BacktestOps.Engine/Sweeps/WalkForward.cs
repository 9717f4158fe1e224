using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Rules;
using BacktestOps.Engine.Rules.Evaluation;
using static System.FormattableString;

namespace BacktestOps.Engine.Sweeps;

/// <summary>One stretch: chosen on the bars of the first two dates, judged on those of the other two. All are dates of bars.</summary>
/// <param name="InFirst">The first bar that is looked at.</param>
/// <param name="InLast">The last one.</param>
/// <param name="OutFirst">The first bar that is judged.</param>
/// <param name="OutLast">The last one.</param>
public readonly record struct WalkForwardStretch(DateTime InFirst, DateTime InLast, DateTime OutFirst, DateTime OutLast);

/// <summary>Chooses on one stretch of bars and trades the choice on the next, again and again.</summary>
/// <remarks>
/// The bars that are judged follow each other without a gap and make one curve: one simulation in which each close is read by the
/// rules of the variant that was chosen for it. Their averages and sizes see the bars before the stretch, as a trader would, and a
/// position goes over from one stretch to the next, where the next choice's exit rule closes it; its stops stay those of the choice that
/// entered it, and an order that waits stays as it was given.
/// </remarks>
public sealed class WalkForward
{
    private readonly BacktestRequest _request;
    private readonly IReadOnlyList<BarSeries> _universe;

    /// <summary>Cuts the bars.</summary>
    /// <param name="request">A normalised request with a walk-forward.</param>
    /// <param name="universe">The whole data of each symbol, in the order of the request.</param>
    /// <exception cref="InvalidRequestException">The bars are too few for one stretch.</exception>
    public WalkForward(BacktestRequest request, IReadOnlyList<BarSeries> universe)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(universe);
        var terms = request.Sweep?.WalkForward ?? throw new ArgumentException("The request has no walk-forward.", nameof(request));
        _request = request;
        _universe = [.. universe.Select(series => series.Between(request.From, request.To))];
        var dates = Sweep.UnionOfDates(_universe);
        var stretches = new List<WalkForwardStretch>();
        for (var start = (long)terms.InSample; start < dates.Length; start += terms.OutOfSample)
        {
            var first = terms.Anchored ? 0 : start - terms.InSample;
            var last = Math.Min(start + terms.OutOfSample, dates.Length) - 1;
            stretches.Add(new(dates[first], dates[start - 1], dates[start], dates[last]));
        }
        Stretches = stretches.Count > 0 ? stretches : throw new InvalidRequestException([new(
            "sweep.walk_forward.in_sample", Invariant($"is {terms.InSample} and the run has {dates.Length} bars"), "fewer than the run has bars")]);
    }

    /// <summary>The stretches, in order.</summary>
    public IReadOnlyList<WalkForwardStretch> Stretches { get; }

    /// <summary>The sweep of a stretch's choice.</summary>
    /// <param name="stretch">The stretch.</param>
    /// <param name="cancellationToken">Stops the preparation.</param>
    /// <exception cref="MarketDataException">A symbol has no bar in it.</exception>
    public Sweep InSample(WalkForwardStretch stretch, CancellationToken cancellationToken = default)
    {
        BarSeries[] cut = [.. _universe.Select(series => series.Between(stretch.InFirst, stretch.InLast))];
        return Sweep.Prepare(Uncut with { Sweep = _request.Sweep! with { WalkForward = null } }, cut, cancellationToken);
    }

    /// <summary>Trades the choices.</summary>
    /// <param name="choices">For each stretch the values of all parameters; null trades nothing there.</param>
    /// <param name="benchmark">The whole data of the benchmark; null where the request asks for none.</param>
    /// <param name="cancellationToken">Stops between two symbols.</param>
    public BacktestOutcome Stitch(
        IReadOnlyList<IReadOnlyDictionary<string, double>?> choices, BarSeries? benchmark, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(choices);
        BarSeries[] judged = [.. _universe.Select(series => series.Between(Stretches[0].OutFirst, Stretches[^1].OutLast))];
        var parameters = choices.FirstOrDefault(choice => choice is not null) ?? Default();
        var single = Uncut with { Sweep = null, Parameters = parameters };
        _ = RequestValidator.Normalize(single, out var strategy);
        return Backtester.Simulate(single, judged, benchmark, bars => Signals(strategy, choices, bars), null, cancellationToken);
    }

    private BacktestRequest Uncut => _request with { From = null, To = null };

    // Where no stretch has a choice, any variant will do: its rules are not read.
    private SortedDictionary<string, double> Default()
    {
        var sweep = SweepChecker.Find(_request, ValidationTerms.Own, [])!;
        return sweep.ValuesAt(sweep.Grid.FirstVariant()!);
    }

    private Signals Signals(CompiledStrategy strategy, IReadOnlyList<IReadOnlyDictionary<string, double>?> choices, BarSeries judged)
    {
        var whole = _universe.Single(series => series.Symbol == judged.Symbol);
        if (_request.Adjusted) whole = whole.ToAdjusted();
        var before = whole.Dates.IndexOf(judged.Dates[0]);
        var grown = whole.HasActions ? whole.Carried()[before] : 1;
        var seen = whole.ToCarried();
        var said = new StitchedSignals(strategy.Definition, seen, before, judged.Count, grown);
        var graph = new RuleGraph();
        BoundRules? any = null;
        var (t, stretch) = (0, 0);
        foreach (var choice in choices)
        {
            var (from, last) = (t, Stretches[stretch++].OutLast);
            while (t < judged.Count && judged.Dates[t] <= last) t++;
            var rules = choice is null ? null : strategy.Bind(graph, choice);
            said.Add(rules, from, t);
            any ??= rules;
        }
        return said.ToSignals(any ?? strategy.Bind(graph, Default())) with { Past = new PastBars(seen, before) };
    }
}
