namespace BacktestOps.Contracts;

/// <summary>What the figures of a result are of: which parameters and which days. Whatever labels figures asks here.</summary>
/// <remarks>
/// The request and the data say what was asked for and read. The figures may be of less: those of a walk-forward are of the
/// bars out of sample alone, each stretch with parameters of its own.
/// </remarks>
public static class ResultBasis
{
    /// <summary>The parameters that the figures were made with: those of the request, and of a sweep those of the variant that was chosen.</summary>
    /// <param name="result">The result.</param>
    /// <returns>Null where there is no one set of them: in a walk-forward, and in a sweep none of whose variants could be chosen.</returns>
    public static IReadOnlyDictionary<string, double>? ParametersOf(BacktestResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (result.Sweep is null) return result.Request.Parameters;
        if (result.Sweep is not { Windows: null, Best: { } best }) return null;
        var all = new SortedDictionary<string, double>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in result.Request.Parameters.Concat(best.Parameters)) all[name] = value;
        return all;
    }

    /// <summary>The first and the last bar that the figures are of.</summary>
    /// <param name="result">The result.</param>
    /// <returns>Null where the result has no equity curve.</returns>
    public static (DateTime First, DateTime Last)? DaysOf(BacktestResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.EquityCurve is { Count: > 0 } curve ? (curve[0].Date, curve[^1].Date) : null;
    }
}
