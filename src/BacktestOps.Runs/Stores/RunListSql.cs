using BacktestOps.Contracts;

namespace BacktestOps.Runs.Stores;

/// <summary>The statements of a list: each walks one index from its newest entry on, and sorts nothing.</summary>
/// <param name="Page">Gives the runs from <c>$from</c> to before <c>$before</c> that meet every condition, newest first.</param>
/// <param name="WindowEnd">Gives the sequence at which a window of <c>$window</c> entries of the index ends; null where there are fewer.</param>
/// <param name="IsExact">True when the index is of the only condition: what it gives is what is wanted.</param>
/// <param name="Parameters">The values of the conditions.</param>
internal sealed record RunListSql(string Page, string WindowEnd, bool IsExact, IReadOnlyList<(string Name, object? Value)> Parameters)
{
    /// <summary>The statements for a query.</summary>
    public static RunListSql Of(BacktestQuery query)
    {
        List<(string Condition, string Name, object? Value)> conditions = [];
        if (query.Symbol is { } symbol) conditions.Add(("run_symbols.symbol = $symbol", "$symbol", symbol));
        if (query.Strategy is { } strategy) conditions.Add(("runs.strategy = $strategy", "$strategy", strategy));
        if (query.Status is { } status) conditions.Add(("runs.status = $status", "$status", StatusWord.Of(status)));

        // The first condition gives the order. CROSS JOIN keeps SQLite from turning the join round; a plus sign keeps it off the other indexes.
        var (entries, sequence) = query.Symbol is null ? ("runs", "runs.seq") : ("run_symbols", "run_symbols.seq");
        var source = query.Symbol is null ? "runs" : "run_symbols CROSS JOIN runs USING (seq)";
        var first = conditions.Count == 0 ? "" : $"{conditions[0].Condition} AND ";
        var others = string.Concat(conditions.Skip(1).Select(other => $" AND +{other.Condition}"));
        return new RunListSql(
            $"SELECT {RunRecord.Columns} FROM {source} WHERE {first}{sequence} < $before AND {sequence} >= $from{others} ORDER BY {sequence} DESC LIMIT $limit",
            $"SELECT {sequence} FROM {entries} WHERE {first}{sequence} < $before ORDER BY {sequence} DESC LIMIT 1 OFFSET $window - 1",
            conditions.Count <= 1,
            conditions.ConvertAll(condition => (condition.Name, condition.Value)));
    }
}
