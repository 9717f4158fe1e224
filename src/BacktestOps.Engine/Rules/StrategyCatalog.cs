using System.Reflection;
using BacktestOps.Contracts;

namespace BacktestOps.Engine.Rules;

/// <summary>The strategies that ship, read from the same form as a user's own.</summary>
public static class StrategyCatalog
{
    /// <summary>The file in this assembly that holds them.</summary>
    internal const string Resource = "strategies.json";

    /// <summary>Where the texts of a strategy of the catalogue stand, for faults.</summary>
    internal const string Field = "strategy";

    private static readonly (StrategyInfo Info, StrategyDefinition Definition, Lazy<CompiledStrategy> Compiled)[] s_strategies = Load();

    /// <summary>All strategies, by name.</summary>
    public static IReadOnlyList<StrategyInfo> All { get; } = [.. s_strategies.Select(strategy => strategy.Info)];

    /// <summary>The definition of a strategy, to read or to change into one of the caller's own.</summary>
    /// <param name="name">The name, in any case; null finds nothing.</param>
    /// <returns>The definition, or null.</returns>
    public static StrategyDefinition? FindDefinition(string? name) => s_strategies.FirstOrDefault(strategy => IsNamed(strategy.Info, name)).Definition;

    /// <summary>The strategy of a name.</summary>
    /// <param name="name">The name, in any case; null finds nothing.</param>
    /// <returns>The strategy, or null.</returns>
    internal static CompiledStrategy? Find(string? name) => s_strategies.FirstOrDefault(strategy => IsNamed(strategy.Info, name)).Compiled?.Value;

    private static bool IsNamed(StrategyInfo info, string? name) => info.Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    // The rules of a strategy are read when it is first run: listing the catalogue is what a session does first.
    private static (StrategyInfo, StrategyDefinition, Lazy<CompiledStrategy>)[] Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)!;
        var json = new byte[stream.Length];
        stream.ReadExactly(json);
        return
        [
            .. StrategyFile.ParseUnchecked(json, Resource)
                .OrderBy(definition => definition.Name, StringComparer.Ordinal)
                .Select(definition => (
                    CompiledStrategy.Describe(definition, definition.Name!, definition.Parameters!),
                    definition,
                    new Lazy<CompiledStrategy>(() => Compile(definition)))),
        ];
    }

    private static CompiledStrategy Compile(StrategyDefinition definition)
    {
        var faults = new List<RequestFault>();
        return DefinitionChecker.Check(definition, Field, null, faults)
            ?? throw new InvalidStrategyException(Resource, faults);
    }
}
