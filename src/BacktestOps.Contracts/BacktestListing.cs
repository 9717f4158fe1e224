using System.Runtime.CompilerServices;

namespace BacktestOps.Contracts;

/// <summary>Every run that a query means, however many there are.</summary>
public static class BacktestListing
{
    private const int PageSize = 500;

    /// <summary>Runs, newest first, asked for page by page as they are read.</summary>
    /// <remarks>A page begins after the last run of the one before: runs that are accepted or that end meanwhile are neither left out nor given twice.</remarks>
    /// <param name="api">Who is asked.</param>
    /// <param name="query">Which ones; its limit is the size of a page and not the end.</param>
    /// <param name="cancellationToken">Stops asking.</param>
    public static async IAsyncEnumerable<BacktestProgress> ListAllAsync(
        this IBacktestApi api, BacktestQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(api);
        ArgumentNullException.ThrowIfNull(query);
        var page = query with { Limit = PageSize };
        while (true)
        {
            var runs = await api.ListAsync(page, cancellationToken).ConfigureAwait(false);
            foreach (var run in runs) yield return run;
            if (runs.Count < PageSize) yield break;
            page = page with { After = runs[^1].BacktestId };
        }
    }
}
