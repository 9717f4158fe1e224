using System.Text.Json.Serialization;

namespace BacktestOps.Contracts;

/// <summary>Many runs of one request that differ in the values of parameters.</summary>
/// <remarks>
/// The variants are the grid of all values, without those that a constraint leaves out. Parameters in alphabetical order, the
/// last one varies fastest: that is the order of the variants everywhere.
/// </remarks>
// Members with a default have set, not init, for the same reason as those of BacktestRequest.
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SweepRequest
{
    /// <summary>The values of each parameter that is swept, by its name; no value twice.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<double>> Parameters { get; init; }

    /// <summary>
    /// What must hold between parameters for a variant to be run, in the language of rules: <c>$fast &lt; $slow</c>, or
    /// <c>fast &lt; slow</c>. What the strategy itself demands holds besides.
    /// </summary>
    public IReadOnlyList<string> Constraints { get; set => field = ReadableList.Of(value); } = ReadableList.Of<string>([]);

    /// <summary>The figure whose largest value is looked for, by its name in JSON: one of <see cref="SweepObjective"/>.</summary>
    public string Objective { get; set; } = SweepObjective.Default;

    /// <summary>How many variants to draw from the grid, without repeats; null for all.</summary>
    public int? Sample { get; init; }

    /// <summary>The seed of the draw: any whole number of 64 bits.</summary>
    public long Seed { get; init; }

    /// <summary>Chooses on one stretch of bars and judges on the next, again and again; null for one choice over all bars.</summary>
    public WalkForwardRequest? WalkForward { get; init; }

    /// <summary>What is swept, in a few words.</summary>
    public override string ToString() => $"{Objective} over {string.Join(", ", Parameters?.Keys ?? [])}";
}

/// <summary>How a walk-forward cuts the bars.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record WalkForwardRequest
{
    /// <summary>Bars in the first stretch that a choice is made on.</summary>
    public required int InSample { get; init; }

    /// <summary>Bars in each stretch that a choice is judged on.</summary>
    public required int OutOfSample { get; init; }

    /// <summary>True when every choice looks at all bars from the first on; false when its stretch moves along.</summary>
    public bool Anchored { get; init; }
}

/// <summary>The figures that a sweep can look for the largest of.</summary>
public static class SweepObjective
{
    /// <summary>What is looked for when nothing is said.</summary>
    public const string Default = "sharpe_ratio";

    /// <summary>All of them, by name in JSON.</summary>
    public static IReadOnlyList<string> All { get; } =
        ["total_return", "cagr", "sharpe_ratio", "calmar_ratio", "max_drawdown", "win_rate", "profit_factor"];
}
