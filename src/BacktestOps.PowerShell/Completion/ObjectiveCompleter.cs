using System.Collections;
using BacktestOps.Contracts;

namespace BacktestOps.PowerShell.Completion;

/// <summary>Completes the figures that a sweep can look for the largest of.</summary>
public sealed class ObjectiveCompleter : CompletionSource
{
    internal override Task<IEnumerable<Choice>> FindAsync(IBacktestApi api, IDictionary bound, CancellationToken cancellationToken) =>
        Task.FromResult(SweepObjective.All.Select(figure => new Choice(figure, figure)));
}
