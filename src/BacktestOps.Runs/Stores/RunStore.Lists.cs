using System.Globalization;
using BacktestOps.Contracts;

namespace BacktestOps.Runs.Stores;

/// <summary>Lists and counts.</summary>
internal sealed partial class RunStore
{
    /// <summary>Runs, newest first; null when the run that the page is to follow does not exist.</summary>
    /// <remarks>Each page begins at a key, not at an offset: the thousandth costs what the first does.</remarks>
    public IReadOnlyList<RunRecord>? List(BacktestQuery query)
    {
        lock (_readLock)
        {
            var before = long.MaxValue;
            if (query.After is { } after)
            {
                if (_read.Scalar("SELECT seq FROM runs WHERE id = $id", ("$id", after)) is not { } sequence)
                    return null;
                before = Convert.ToInt64(sequence, CultureInfo.InvariantCulture);
            }

            List<(string, object?)> parameters = [("$before", before), ("$limit", query.Limit)];
            var condition = "seq < $before";
            if (query.Status is { } status)
                Add(" AND status = $status", "$status", StatusWord.Of(status));
            if (query.Strategy is { } strategy)
                Add(" AND strategy = $strategy", "$strategy", strategy);
            // The symbol's own index gives the order, so that a symbol of few runs is not looked for in all runs.
            var source = "runs";
            if (query.Symbol is { } symbol)
            {
                source = "(SELECT seq AS listed FROM run_symbols WHERE symbol = $symbol AND seq < $before ORDER BY seq DESC) CROSS JOIN runs ON seq = listed";
                parameters.Add(("$symbol", symbol));
            }

            return _read.Query(
                $"SELECT {RunRecord.Columns} FROM {source} WHERE {condition} ORDER BY seq DESC LIMIT $limit", RunRecord.Read, [.. parameters]);

            void Add(string text, string name, object value)
            {
                condition += text;
                parameters.Add((name, value));
            }
        }
    }

    /// <summary>How many runs there are in each status, in all processes.</summary>
    public IReadOnlyDictionary<BacktestStatus, long> Count()
    {
        lock (_readLock)
        {
            var counts = Enum.GetValues<BacktestStatus>().ToDictionary(status => status, _ => 0L);
            foreach (var (word, count) in _read.Query("SELECT status, count(*) FROM runs GROUP BY status", row => (row.GetString(0), row.GetInt64(1))))
                counts[StatusWord.Parse(word)] = count;
            return counts;
        }
    }
}
