using System.Globalization;
using BacktestOps.Contracts;

namespace BacktestOps.Runs.Stores;

/// <summary>Lists and counts.</summary>
internal sealed partial class RunStore
{
    // Rows that are looked at before the lock is given to others: some milliseconds' worth.
    private const int Window = 1000;

    /// <summary>Runs, newest first; null when the run that the page is to follow does not exist.</summary>
    /// <remarks>
    /// Each page begins at a key, not at an offset: the thousandth costs what the first does. Of several conditions one has an index and gives
    /// the order; the rows that it gives are looked at window by window, so that a rare run is not looked for under one lock in all of them.
    /// </remarks>
    public IReadOnlyList<RunRecord>? List(BacktestQuery query)
    {
        if (Before(query.After) is not { } before) return null;
        var list = RunListSql.Of(query);
        var found = new List<RunRecord>();
        while (true)
        {
            lock (_readLock)
            {
                var end = list.IsExact ? null : _read.Scalar(list.WindowEnd, [.. list.Parameters, ("$before", before), ("$window", Window)]);
                var from = end is null ? long.MinValue : Convert.ToInt64(end, CultureInfo.InvariantCulture);
                found.AddRange(_read.Query(
                    list.Page, RunRecord.Read, [.. list.Parameters, ("$before", before), ("$from", from), ("$limit", query.Limit - found.Count)]));
                if (end is null || found.Count == query.Limit) return found;
                before = from;
            }
        }
    }

    private long? Before(string? after)
    {
        if (after is null) return long.MaxValue;
        lock (_readLock)
            return _read.Scalar("SELECT seq FROM runs WHERE id = $id", ("$id", after)) is { } sequence ? Convert.ToInt64(sequence, CultureInfo.InvariantCulture) : null;
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
