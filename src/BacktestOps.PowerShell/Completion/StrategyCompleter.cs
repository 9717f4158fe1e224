using System.Collections;
using System.Globalization;
using BacktestOps.Contracts;
using BacktestOps.Runs;

namespace BacktestOps.PowerShell.Completion;

/// <summary>Completes the names of strategies: those of the file that was given, else those of the catalogue.</summary>
public sealed class StrategyCompleter : CompletionSource
{
    internal override IEnumerable<Choice> Choices(IDictionary bound) => bound["StrategyPath"] is { } path
        ? FromFile(path).Where(strategy => strategy.Name is not null).Select(strategy => new Choice(strategy.Name!, strategy.Description))
        : base.Choices(bound);

    internal override async Task<IEnumerable<Choice>> FindAsync(IBacktestApi api, IDictionary bound, CancellationToken cancellationToken) =>
        (await api.GetStrategiesAsync(cancellationToken).ConfigureAwait(false))
            .Select(strategy => new Choice(strategy.Name, strategy.Description));

    internal static IReadOnlyList<StrategyDefinition> FromFile(object path) => Resolve(path) is { } file ? StrategyFiles.ReadAll(file) : [];
}

/// <summary>Completes a strategy's parameters as a whole hashtable of its defaults, to be edited.</summary>
public sealed class StrategyParameterCompleter : CompletionSource
{
    internal override IEnumerable<Choice> Choices(IDictionary bound) => bound["StrategyPath"] is { } path
        ? Of(StrategyCompleter.FromFile(path).Select(strategy => (strategy.Name ?? "", strategy.Parameters ?? [])), bound)
        : base.Choices(bound);

    internal override async Task<IEnumerable<Choice>> FindAsync(IBacktestApi api, IDictionary bound, CancellationToken cancellationToken) => Of(
        (await api.GetStrategiesAsync(cancellationToken).ConfigureAwait(false)).Select(strategy => (strategy.Name, strategy.Parameters)), bound);

    private static IEnumerable<Choice> Of(IEnumerable<(string Name, IReadOnlyList<StrategyParameter> Parameters)> strategies, IDictionary bound) => strategies
        .Where(strategy => strategy.Parameters.Count > 0)
        .Where(strategy => bound["Strategy"] is not { } chosen || string.Equals(strategy.Name, chosen.ToString(), StringComparison.OrdinalIgnoreCase))
        .Select(strategy => new Choice(
            "@{ " + string.Join("; ", strategy.Parameters.Select(parameter =>
                string.Create(CultureInfo.InvariantCulture, $"{parameter.Name} = {parameter.Default}"))) + " }",
            string.Join(Environment.NewLine, strategy.Parameters.Select(parameter => $"{parameter.Name}: {parameter.Description}")),
            AlwaysShown: true));
}
