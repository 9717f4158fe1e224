using BacktestOps.Contracts;
using BacktestOps.Engine.Rules.Evaluation;
using BacktestOps.Engine.Rules.Language;
using static System.FormattableString;

namespace BacktestOps.Engine.Rules;

/// <summary>A strategy whose texts were read and found without fault.</summary>
internal sealed class CompiledStrategy
{
    private readonly Texts _texts;

    private CompiledStrategy(StrategyDefinition definition, StrategyInfo info, Texts texts, IReadOnlyList<Constraint> constraints, string field)
    {
        (Definition, Info, _texts, Constraints, Field) = (definition, info, texts, constraints, field);
    }

    /// <summary>The strategy as it was given.</summary>
    public StrategyDefinition Definition { get; }

    /// <summary>What callers see of it.</summary>
    public StrategyInfo Info { get; }

    /// <summary>What must hold between its parameters.</summary>
    public IReadOnlyList<Constraint> Constraints { get; }

    /// <summary>The entry rule as it was read.</summary>
    public Syntax Entry => _texts.Entry!;

    /// <summary>The exit rule as it was read.</summary>
    public Syntax Exit => _texts.Exit!;

    /// <summary>The distances of the stops as they were read; null for none.</summary>
    public (Syntax? StopLoss, Syntax? TakeProfit, Syntax? TrailingStop) StopTexts => (_texts.StopLoss, _texts.TakeProfit, _texts.TrailingStop);

    /// <summary>True for market orders to the long side alone, as <see cref="BoundRules.IsPlain"/>.</summary>
    public bool IsPlain => Definition is { ShortEntry: null, EntryOrder: null, ExitOrder: null }
        && Definition.Stops is null or { StopLoss: null, TakeProfit: null, TrailingStop: null };

    /// <summary>Where it stands, for faults: <c>rules</c>, or empty for a file of its own.</summary>
    public string Field { get; }

    /// <summary>Reads all texts of a strategy.</summary>
    /// <param name="definition">The strategy.</param>
    /// <param name="name">Its name.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="field">Where the definition stands, for faults.</param>
    /// <param name="faults">Takes every fault of every text.</param>
    /// <param name="checkUse">True to name a parameter that no text names as a fault.</param>
    /// <returns>The strategy; null when there was a fault.</returns>
    public static CompiledStrategy? Compile(
        StrategyDefinition definition, string name, IReadOnlyList<StrategyParameter> parameters, string field, List<RequestFault> faults, bool checkUse)
    {
        var before = faults.Count;
        var names = parameters.Select(parameter => parameter.Name).ToArray();
        var texts = new TextReader(names, field, faults);
        var read = new Texts(
            texts.Rule("entry", definition.Entry, "write a condition, for example crossover(close, sma(close, 20))"),
            texts.Rule("exit", definition.Exit, "write a condition; false holds to the end"),
            texts.OptionalRule("short_entry", definition.ShortEntry),
            texts.OptionalRule("short_exit", definition.ShortExit),
            texts.Price("entry_order.price", definition.EntryOrder?.Price),
            texts.Price("short_entry_order.price", definition.ShortEntryOrder?.Price),
            texts.Price("exit_order.price", definition.ExitOrder?.Price),
            texts.Price("short_exit_order.price", definition.ShortExitOrder?.Price),
            texts.Distance("stops.stop_loss", definition.Stops?.StopLoss),
            texts.Distance("stops.take_profit", definition.Stops?.TakeProfit),
            texts.Distance("stops.trailing_stop", definition.Stops?.TrailingStop));
        var constraints = definition.Constraints.Select((text, i) => texts.Constraint(Invariant($"constraints[{i}]"), text)).ToArray();
        if (faults.Count > before) return null;

        if (checkUse) CheckUse(definition, names, [.. read.All, .. constraints.Select(constraint => constraint!.Condition)], field, faults);
        if (faults.Count > before) return null;
        return new(definition, Describe(definition, name, parameters), read, constraints!, field);
    }

    /// <summary>What callers see of a strategy.</summary>
    public static StrategyInfo Describe(StrategyDefinition definition, string name, IReadOnlyList<StrategyParameter> parameters) => new()
    {
        Name = name,
        Description = definition.Description,
        Parameters = parameters,
        Constraints = definition.Constraints,
        Entry = definition.Entry,
        Exit = definition.Exit,
        ShortEntry = definition.ShortEntry,
        ShortExit = definition.ShortExit,
        Stops = definition.Stops,
        Sizing = definition.Sizing,
        Rebalance = definition.Rebalance,
        Cash = definition.Cash,
    };

    /// <summary>Puts values in the place of parameters.</summary>
    /// <param name="graph">Where the nodes are made.</param>
    /// <param name="values">A value for each parameter.</param>
    /// <param name="faults">Takes what the values make wrong; null where that was checked before.</param>
    /// <returns>The rules as nodes; with a fault, they mean nothing.</returns>
    public BoundRules Bind(RuleGraph graph, IReadOnlyDictionary<string, double> values, List<RequestFault>? faults = null)
    {
        var binding = new RuleBinding(graph, ExactValues(values), Field, faults);
        return new(binding.Rule("entry", _texts.Entry!), binding.Rule("exit", _texts.Exit!))
        {
            ShortEntry = binding.OptionalRule("short_entry", _texts.ShortEntry),
            ShortExit = binding.OptionalRule("short_exit", _texts.ShortExit),
            EntryOrder = binding.Order("entry_order", _texts.EntryPrice, Definition.EntryOrder),
            ShortEntryOrder = binding.Order("short_entry_order", _texts.ShortEntryPrice, Definition.ShortEntryOrder),
            ExitOrder = binding.Order("exit_order", _texts.ExitPrice, Definition.ExitOrder),
            ShortExitOrder = binding.Order("short_exit_order", _texts.ShortExitPrice, Definition.ShortExitOrder),
            StopLoss = binding.Distance("stops.stop_loss", _texts.StopLoss, _texts.ShortEntry is null ? 1 : double.PositiveInfinity),
            TakeProfit = binding.Distance("stops.take_profit", _texts.TakeProfit, double.PositiveInfinity),
            TrailingStop = binding.Distance("stops.trailing_stop", _texts.TrailingStop, _texts.ShortEntry is null ? 1 : double.PositiveInfinity),
        };
    }

    /// <summary>Values as the decimals that they were written as.</summary>
    public static Dictionary<string, Rational> ExactValues(IReadOnlyDictionary<string, double> values)
    {
        var numbers = new Dictionary<string, Rational>(StringComparer.OrdinalIgnoreCase);
        // Null only for numbers below 10⁻³⁰⁸, which no comparison tells from 0.
        foreach (var (name, value) in values) numbers[name] = Rational.From(value) ?? Rational.Zero;
        return numbers;
    }

    /// <summary>The path of a member.</summary>
    public static string JoinField(string field, string member) => field.Length == 0 ? member : $"{field}.{member}";

    // A parameter that no text names does nothing, and is more likely a slip than a wish.
    private static void CheckUse(
        StrategyDefinition definition, string[] names, IEnumerable<Syntax> texts, string field, List<RequestFault> faults)
    {
        var used = texts.SelectMany(RuleReader.Parameters).ToHashSet(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < names.Length; i++)
        {
            if (used.Contains(names[i])) continue;
            var path = definition.Parameters is null ? $"parameters.{RequestValidator.Printable(names[i])}" : JoinField(field, Invariant($"parameters[{i}]"));
            faults.Add(new(path, $"no rule names ${RequestValidator.Printable(names[i])}", "name it in a rule or leave it out"));
        }
    }

    private sealed record Texts(
        Syntax? Entry, Syntax? Exit, Syntax? ShortEntry, Syntax? ShortExit, Syntax? EntryPrice, Syntax? ShortEntryPrice,
        Syntax? ExitPrice, Syntax? ShortExitPrice, Syntax? StopLoss, Syntax? TakeProfit, Syntax? TrailingStop)
    {
        public IEnumerable<Syntax> All =>
            new[] { Entry, Exit, ShortEntry, ShortExit, EntryPrice, ShortEntryPrice, ExitPrice, ShortExitPrice, StopLoss, TakeProfit, TrailingStop }.OfType<Syntax>();
    }

    private sealed class TextReader(IReadOnlyCollection<string> parameters, string field, List<RequestFault> faults)
    {
        public Syntax? Rule(string member, string? text, string missing)
        {
            if (!string.IsNullOrWhiteSpace(text)) return OptionalRule(member, text);
            faults.Add(new(JoinField(field, member), "is missing", missing));
            return null;
        }

        public Syntax? OptionalRule(string member, string? text) => Read(member, text, "a rule", RuleType.Condition);

        // A blank one is a fault of the order, which has its own words.
        public Syntax? Price(string member, string? text) => string.IsNullOrWhiteSpace(text) ? null : Read(member, text, "a price", RuleType.Series);

        public Syntax? Distance(string member, string? text) => Read(member, text, "a distance", RuleType.Series);

        public Constraint? Constraint(string member, string text)
        {
            var before = faults.Count;
            var condition = Read(member, text ?? "", "a constraint", RuleType.Condition);
            if (condition is null) return null;
            if (Rules.Constraint.FirstSeries(condition) is { } series)
                faults.Add(new(JoinField(field, member), Invariant($"a constraint speaks of parameters and numbers alone, and this of bars at {series.Position}")));
            return faults.Count > before ? null : new Constraint(text!, condition);
        }

        private Syntax? Read(string member, string? text, string what, RuleType wanted)
        {
            if (text is null) return null;
            var found = new List<RuleFault>();
            var syntax = RuleReader.Read(text, what, parameters, found, wanted);
            foreach (var fault in found) faults.Add(new(JoinField(field, member), fault.Message, fault.Hint));
            return syntax;
        }
    }
}
