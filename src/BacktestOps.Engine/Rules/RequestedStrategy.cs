using BacktestOps.Contracts;
using BacktestOps.Engine.Sweeps;

namespace BacktestOps.Engine.Rules;

/// <summary>Finds the strategy that a request asks for: one of the catalogue, or its own rules.</summary>
internal static class RequestedStrategy
{
    /// <summary>Where the rules of a request stand.</summary>
    public const string RulesField = "rules";

    /// <summary>Finds the strategy and gives its parameters their values.</summary>
    /// <param name="request">The request; its members may be null.</param>
    /// <param name="terms">What the check may take.</param>
    /// <param name="faults">Takes every fault of strategy, rules and parameters.</param>
    /// <returns>The strategy and its values; null when there was a fault.</returns>
    public static (CompiledStrategy Strategy, SortedDictionary<string, double> Parameters)? Find(BacktestRequest request, ValidationTerms terms, List<RequestFault> faults)
    {
        var found = new List<RequestFault>();
        var answer = FindWithin(request, terms, found);
        faults.AddRange(found.Select(fault => fault with { Field = OwnField(request, fault.Field) }));
        return answer;
    }

    private static (CompiledStrategy Strategy, SortedDictionary<string, double> Parameters)? FindWithin(BacktestRequest request, ValidationTerms terms, List<RequestFault> faults)
    {
        var before = faults.Count;
        if (!ParameterBinder.CanCount(request.Parameters, faults)) return null;
        if (request.Sweep is not null) return SweepChecker.Find(request, terms, faults) is { } sweep ? (sweep.Strategy, sweep.Others) : null;
        var strategy = FindStrategy(request, faults);
        if (strategy is null)
        {
            // Its parameters can't be judged by name, but a value that no strategy could take is a fault already.
            foreach (var (parameter, value) in request.Parameters ?? new Dictionary<string, double>())
            {
                if (!double.IsFinite(value)) faults.Add(ParameterBinder.NotANumber(parameter, value));
            }
            return null;
        }
        var values = ParameterBinder.Bind(strategy, request.Parameters, faults);
        if (faults.Count == before) strategy.Bind(new Evaluation.RuleGraph(), values, faults);
        return faults.Count == before ? (strategy, values) : null;
    }

    /// <summary>Finds the strategy.</summary>
    /// <param name="request">The request; its members may be null.</param>
    /// <param name="faults">Takes every fault of strategy and rules.</param>
    /// <returns>The strategy; null when there was a fault.</returns>
    public static CompiledStrategy? FindStrategy(BacktestRequest request, List<RequestFault> faults)
    {
        var strategy = request.Rules is null ? FromCatalog(request.Strategy, faults) : FromRules(request, request.Rules, faults);
        return strategy is null ? null : Overlaid(strategy, request, faults);
    }

    private static CompiledStrategy? FromCatalog(string? name, List<RequestFault> faults)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            faults.Add(new("strategy", "is blank", $"{Known()}; or give rules of your own"));
            return null;
        }
        if (StrategyCatalog.Find(name) is { } strategy) return strategy;
        var nearest = NameSuggestion.Nearest(name, StrategyCatalog.All.Select(known => known.Name));
        faults.Add(new RequestFault(
            "strategy", $"there is no strategy '{RequestValidator.Printable(name)}'",
            nearest is null ? Known() : $"did you mean '{nearest}'?").As("unknown-strategy", ("strategy", RequestValidator.Printable(name))));
        return null;
    }

    private static CompiledStrategy? FromRules(BacktestRequest request, StrategyDefinition rules, List<RequestFault> faults)
    {
        var before = faults.Count;
        var asked = string.IsNullOrWhiteSpace(request.Strategy) ? null : request.Strategy;
        if (asked is not null && rules.Name is not null && !asked.Equals(rules.Name, StringComparison.OrdinalIgnoreCase))
        {
            faults.Add(new("strategy", $"is '{RequestValidator.Printable(asked)}' and the rules are named '{RequestValidator.Printable(rules.Name)}'",
                "leave one of the names out"));
        }
        var named = rules with { Name = rules.Name ?? asked ?? StrategyDefinition.DefaultName };
        if (StrategyCatalog.Find(named.Name) is { } known)
        {
            faults.Add(new(rules.Name is null ? "strategy" : $"{RulesField}.name", $"{known.Info.Name} is a strategy of the catalogue",
                "give your rules another name, or leave the rules out"));
        }
        var strategy = DefinitionChecker.Check(named, RulesField, request.Parameters, faults, checkUse: rules.Parameters is not null || !IsOverlaid(request));
        return faults.Count == before ? strategy : null;
    }

    private static bool IsOverlaid(BacktestRequest request) => request.Stops is not null || request.Sizing is not null || request.Rebalance is not null;

    // What a request says of stops, sizes and calendar stands in for what the strategy says.
    private static CompiledStrategy? Overlaid(CompiledStrategy strategy, BacktestRequest request, List<RequestFault> faults)
    {
        if (!IsOverlaid(request)) return strategy;
        var definition = strategy.Definition with
        {
            Stops = request.Stops ?? strategy.Definition.Stops,
            Sizing = request.Sizing ?? strategy.Definition.Sizing,
            Rebalance = request.Rebalance ?? strategy.Definition.Rebalance,
        };
        return DefinitionChecker.Check(definition, strategy.Field, request.Parameters, faults, checkUse: definition.Parameters is null);
    }

    // A fault of what stands in is a fault of the request, not of the strategy.
    private static string OwnField(BacktestRequest request, string field)
    {
        foreach (var prefix in (ReadOnlySpan<string>)[$"{RulesField}.", $"{StrategyCatalog.Field}."])
        {
            if (!field.StartsWith(prefix, StringComparison.Ordinal)) continue;
            var member = field[prefix.Length..];
            var isOwn = (request.Stops is not null && member.StartsWith("stops", StringComparison.Ordinal))
                || (request.Sizing is not null && member.StartsWith("sizing", StringComparison.Ordinal))
                || (request.Rebalance is not null && member.StartsWith("rebalance", StringComparison.Ordinal));
            if (isOwn) return member;
        }
        return field;
    }

    private static string Known() => $"known: {string.Join(", ", StrategyCatalog.All.Select(known => known.Name))}";
}
