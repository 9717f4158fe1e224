using BacktestOps.Contracts;
using BacktestOps.Engine.Rules;
using static System.FormattableString;

namespace BacktestOps.Engine.Sweeps;

/// <summary>A sweep without faults.</summary>
/// <param name="Strategy">The strategy.</param>
/// <param name="Grid">The variants.</param>
/// <param name="Others">The values of the parameters that are not swept.</param>
internal sealed record CheckedSweep(CompiledStrategy Strategy, SweepGrid Grid, SortedDictionary<string, double> Others)
{
    /// <summary>The values of all parameters at a place of the grid.</summary>
    public SortedDictionary<string, double> ValuesAt(ReadOnlySpan<int> at)
    {
        var values = Grid.ValuesAt(at);
        foreach (var (name, value) in Others) values[name] = value;
        return values;
    }
}

/// <summary>Finds every fault of a sweep.</summary>
internal static class SweepChecker
{
    /// <summary>The most values of one parameter.</summary>
    public const int MaxValues = 100_000;

    /// <summary>The most combinations of all values, those that constraints leave out included.</summary>
    public const long MaxCells = 100_000_000;

    /// <summary>The most parameters that are swept, or given.</summary>
    public const int MaxParameters = 100;

    private const string ParametersField = "sweep.parameters";

    /// <summary>Finds the strategy and the grid.</summary>
    /// <param name="request">The request, with a sweep; its members may be null.</param>
    /// <param name="terms">What the search for a first variant may take.</param>
    /// <param name="faults">Takes every fault of strategy, rules, parameters and sweep.</param>
    /// <returns>The sweep; null when there was a fault.</returns>
    public static CheckedSweep? Find(BacktestRequest request, ValidationTerms terms, List<RequestFault> faults)
    {
        var before = faults.Count;
        var sweep = request.Sweep!;
        CheckValues(sweep, request.Parameters, terms.MostVariants, faults);
        CheckTerms(sweep, faults);
        if (faults.Count > before) return null;

        // Rules that declare no parameters take their names from the values that are given.
        var given = new Dictionary<string, double>(request.Parameters ?? new Dictionary<string, double>());
        foreach (var (name, values) in sweep.Parameters) given[name] = values[0];
        if (RequestedStrategy.FindStrategy(request with { Parameters = given, Sweep = null }, faults) is not { } strategy) return null;
        var names = strategy.Info.Parameters.Select(parameter => parameter.Name).ToArray();
        var others = ParameterBinder.Bind(strategy.Info, request.Parameters, faults);
        var swept = Swept(strategy, sweep, faults);
        var constraints = SweepConstraints.Read(sweep.Constraints, names, faults);
        if (faults.Count > before) return null;

        foreach (var name in swept.Keys) others.Remove(name);
        IReadOnlyList<string> sweptNames = [.. swept.Keys];
        IReadOnlyList<double[]> sweptValues = [.. swept.Values];
        Constraint[] all = [.. strategy.Constraints, .. constraints];
        var filters = all.Select(constraint => CellFilter.Create(constraint, sweptNames, sweptValues, others, all.Length));
        var found = new CheckedSweep(strategy, new SweepGrid(sweptNames, sweptValues, filters), others);
        int[]? first;
        try
        {
            first = found.Grid.FirstVariant(terms.CancellationToken);
        }
        catch (SearchBudgetException)
        {
            faults.Add(new("sweep", Invariant($"no combination that passes the constraints was found in {VariantSearch.MaxSteps:N0} steps"),
                "give fewer values, or constraints that compare two parameters directly"));
            return null;
        }
        if (first is null)
        {
            var demanded = all.Select(constraint => $"'{RequestValidator.Printable(constraint.Text)}'");
            faults.Add(new("sweep", $"no combination of the values passes {string.Join(" and ", demanded)}", "widen the values or drop a constraint"));
            return null;
        }
        strategy.Bind(new Rules.Evaluation.RuleGraph(), found.ValuesAt(first), faults);
        return faults.Count == before ? found : null;
    }

    /// <summary>A sweep with its parameters spelled as the strategy has them, in alphabetical order.</summary>
    public static SweepRequest? Normalize(SweepRequest? sweep, CompiledStrategy strategy) => sweep is null ? null : sweep with
    {
        Parameters = new SortedDictionary<string, IReadOnlyList<double>>(
            sweep.Parameters.ToDictionary(pair => Known(strategy, pair.Key)!.Name, pair => pair.Value), StringComparer.OrdinalIgnoreCase),
        Constraints = [.. sweep.Constraints],
    };

    private static void CheckValues(SweepRequest sweep, IReadOnlyDictionary<string, double>? given, long mostVariants, List<RequestFault> faults)
    {
        if (sweep.Parameters is null || sweep.Parameters.Count == 0)
        {
            faults.Add(new(ParametersField, "is empty", "name at least one parameter and its values"));
            return;
        }
        if (sweep.Parameters.Count > MaxParameters)
        {
            faults.Add(new(ParametersField, Invariant($"has {sweep.Parameters.Count:N0} of them"), Invariant($"at most {MaxParameters}")));
            return;
        }
        var cells = 1.0;
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in sweep.Parameters)
        {
            var field = Field(name);
            if (!seen.Add(name)) faults.Add(new(field, "is there twice, in different case", "name it once"));
            if (given?.Keys.Contains(name, StringComparer.OrdinalIgnoreCase) == true)
                faults.Add(new(field, "has a value in parameters too", "leave one of them out"));
            if (values is null || values.Count == 0) faults.Add(new(field, "has no values", "list the values to run through"));
            else if (values.Count > MaxValues) faults.Add(new(field, Invariant($"has {values.Count:N0} values"), Invariant($"at most {MaxValues:N0}")));
            else if (values.Any(value => !double.IsFinite(value))) faults.Add(new(field, "has a value that is no number", "finite numbers"));
            else if (values.ToHashSet().Count < values.Count) faults.Add(new(field, "has a value twice", "list each value once"));
            else cells *= values.Count;
        }
        if (cells > MaxCells)
            faults.Add(new(ParametersField, Invariant($"make {cells:N0} combinations"), Invariant($"at most {MaxCells:N0}; fewer values, or larger steps")));
        else if (Math.Min(cells, sweep.Sample ?? cells) is var variants && variants > mostVariants)
            faults.Add(new(ParametersField, Invariant($"make {variants:N0} variants"), Invariant($"at most {mostVariants:N0} a sweep: fewer values, or a sample")));
    }

    private static void CheckTerms(SweepRequest sweep, List<RequestFault> faults)
    {
        if (sweep.Constraints is null) faults.Add(new("sweep.constraints", "is null", "leave it out"));
        else if (sweep.Constraints.Count > DefinitionChecker.MaxConstraints)
            faults.Add(new("sweep.constraints", Invariant($"has {sweep.Constraints.Count} of them"), Invariant($"at most {DefinitionChecker.MaxConstraints}")));
        if (!SweepObjective.All.Contains(sweep.Objective))
        {
            var nearest = NameSuggestion.Nearest(sweep.Objective ?? "", SweepObjective.All);
            faults.Add(new("sweep.objective", $"'{RequestValidator.Printable(sweep.Objective ?? "")}' can't be looked for",
                nearest is null ? $"known: {string.Join(", ", SweepObjective.All)}" : $"did you mean '{nearest}'?"));
        }
        if (sweep.Sample is { } sample) MoneyChecker.AddUnlessIn<SweepRequest>("sweep.sample", nameof(sweep.Sample), sample, "variants that are drawn", faults);
        if (sweep.WalkForward is not { } walk) return;
        MoneyChecker.AddUnlessIn<WalkForwardRequest>("sweep.walk_forward.in_sample", nameof(walk.InSample), walk.InSample, "bars", faults);
        MoneyChecker.AddUnlessIn<WalkForwardRequest>("sweep.walk_forward.out_of_sample", nameof(walk.OutOfSample), walk.OutOfSample, "bars", faults);
    }

    private static SortedDictionary<string, double[]> Swept(CompiledStrategy strategy, SweepRequest sweep, List<RequestFault> faults)
    {
        var swept = new SortedDictionary<string, double[]>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in sweep.Parameters)
        {
            var known = Known(strategy, name);
            if (known is null) faults.Add(ParameterBinder.Unknown(strategy.Info, name) with { Field = Field(name) });
            else if (values.Select(value => ParameterBinder.Check(known, value)).FirstOrDefault(fault => fault is not null) is { } fault) faults.Add(fault with { Field = Field(name) });
            if (known is not null) swept[known.Name] = [.. values];
        }
        return swept;
    }

    private static StrategyParameter? Known(CompiledStrategy strategy, string name) =>
        strategy.Info.Parameters.FirstOrDefault(parameter => parameter.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static string Field(string name) => $"{ParametersField}.{RequestValidator.Printable(name)}";
}
