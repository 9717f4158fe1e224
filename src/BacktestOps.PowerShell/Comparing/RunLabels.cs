using System.Globalization;
using BacktestOps.Contracts;

namespace BacktestOps.PowerShell.Comparing;

/// <summary>Short names of runs that stand side by side: as much of strategy, parameters and symbols as tells them apart.</summary>
internal static class RunLabels
{
    /// <summary>One label a run, no two the same and none of those reserved; the ids where nothing shorter will do.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="reserved">Names that are taken.</param>
    public static IReadOnlyList<string> Of(IReadOnlyList<BacktestResult> runs, IReadOnlyCollection<string> reserved)
    {
        Func<BacktestResult, string>[] shortestFirst =
        [
            run => run.Request.Strategy,
            WithParameters,
            run => $"{run.Request.Strategy} {Symbols(run)}",
            run => $"{WithParameters(run)} {Symbols(run)}",
        ];
        foreach (var form in shortestFirst)
        {
            var taken = new HashSet<string>(reserved, StringComparer.OrdinalIgnoreCase);
            string[] labels = [.. runs.Select(form)];
            if (labels.All(taken.Add)) return labels;
        }

        // The same run may be piped twice: it is numbered.
        var seen = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        return [.. runs.Select(run => Numbered(run.BacktestId, seen))];
    }

    // Those that the figures were made with: of a sweep the chosen ones, and a walk-forward has others in each window.
    private static string WithParameters(BacktestResult run) => ResultBasis.ParametersOf(run) switch
    {
        null when run.Sweep is { Windows: not null } => $"{run.Request.Strategy}(walk-forward)",
        null => string.Create(CultureInfo.InvariantCulture, $"{run.Request.Strategy}(first of {run.Sweep!.Variants} variants)"),
        { Count: 0 } => run.Request.Strategy,
        var parameters => $"{run.Request.Strategy}({string.Join(", ", parameters.Values.Select(value => value.ToString(CultureInfo.InvariantCulture)))})",
    };

    private static string Symbols(BacktestResult run) => string.Join(",", run.Request.Symbols);

    private static string Numbered(string id, Dictionary<string, int> seen)
    {
        seen[id] = seen.GetValueOrDefault(id) + 1;
        return seen[id] == 1 ? id : string.Create(CultureInfo.InvariantCulture, $"{id} #{seen[id]}");
    }
}
