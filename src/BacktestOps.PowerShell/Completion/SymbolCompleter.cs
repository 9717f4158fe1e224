using System.Collections;
using BacktestOps.Contracts;

namespace BacktestOps.PowerShell.Completion;

/// <summary>Completes the symbols of the market data.</summary>
public sealed class SymbolCompleter : CompletionSource
{
    internal override async Task<IEnumerable<Choice>> FindAsync(IBacktestApi api, IDictionary bound, CancellationToken cancellationToken) =>
        (await api.GetSymbolsAsync(cancellationToken).ConfigureAwait(false))
            .Select(symbol => new Choice(symbol.Symbol, symbol.Error ?? $"{symbol.Name} ({symbol.Source})"));
}
