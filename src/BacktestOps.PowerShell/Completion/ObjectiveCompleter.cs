using System.Collections;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Binding;

namespace BacktestOps.PowerShell.Completion;

/// <summary>Completes the figures that a sweep can look for the largest of.</summary>
public sealed class ObjectiveCompleter : CompletionSource
{
    internal override Task<IEnumerable<Choice>> FindAsync(IBacktestApi api, IDictionary bound, CancellationToken cancellationToken) =>
        Task.FromResult(PerformanceFigure.All.Where(figure => SweepObjective.All.Contains(SweepParameters.ReadObjective(figure.Name))).Select(figure => new Choice(figure.Name, figure.Unit.ToString())));
}
