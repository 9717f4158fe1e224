using System.Collections;
using BacktestOps.Contracts;

namespace BacktestOps.PowerShell.Completion;

/// <summary>Completes the names of the figures that runs are compared by.</summary>
public sealed class FigureCompleter : CompletionSource
{
    internal override Task<IEnumerable<Choice>> FindAsync(IBacktestApi api, IDictionary bound, CancellationToken cancellationToken) =>
        Task.FromResult(PerformanceFigure.All.Select(figure => new Choice(figure.Name, figure.Unit.ToString())));
}
