using System.Collections;
using System.Globalization;
using BacktestOps.Contracts;

namespace BacktestOps.PowerShell.Completion;

/// <summary>Completes the ids of runs, newest first.</summary>
public class BacktestIdCompleter : CompletionSource
{
    private const int Most = 50;

    /// <summary>Only runs of this status; null for all.</summary>
    protected virtual BacktestStatus? Status => null;

    internal override async Task<IEnumerable<Choice>> FindAsync(IBacktestApi api, IDictionary bound, CancellationToken cancellationToken)
    {
        var runs = await api.ListAsync(new BacktestQuery { Status = Status, Limit = Most }, cancellationToken).ConfigureAwait(false);
        return runs.Select(run => new Choice(
            run.BacktestId,
            string.Create(
                CultureInfo.CurrentCulture,
                $"{run.Strategy} {string.Join(", ", run.Symbols)}, {run.Status} {run.Progress:0} %, {run.AcceptedAt.LocalDateTime:g}")));
    }
}

/// <summary>Completes the ids of completed runs, newest first.</summary>
public sealed class CompletedBacktestIdCompleter : BacktestIdCompleter
{
    /// <inheritdoc/>
    protected override BacktestStatus? Status => BacktestStatus.Completed;
}
