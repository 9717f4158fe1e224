using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;

namespace BacktestOps.Engine.Simulation;

/// <summary>Symbols that share some cash.</summary>
/// <param name="Symbols">Their places among the prepared bars, ascending.</param>
/// <param name="Cash">The cash.</param>
internal sealed record Account(int[] Symbols, double Cash);

/// <summary>Shares the cash of a request out.</summary>
internal static class Accounts
{
    /// <summary>True when all symbols share the cash.</summary>
    /// <param name="request">The request.</param>
    /// <param name="strategy">Its strategy, which may ask for it.</param>
    public static bool IsShared(BacktestRequest request, StrategyDefinition strategy) => (request.Cash ?? strategy.Cash) == CashSharing.Shared;

    /// <summary>The accounts, in an order that does not depend on the request's.</summary>
    /// <param name="request">A request without faults.</param>
    /// <param name="strategy">Its strategy.</param>
    /// <param name="bars">The prepared bars, in ordinal order of symbols.</param>
    public static IReadOnlyList<Account> Of(BacktestRequest request, StrategyDefinition strategy, IReadOnlyList<BarSeries> bars)
    {
        if (request.Sleeves is { } sleeves) return [.. sleeves.Select(sleeve => Of(sleeve, request, bars)).OrderBy(account => account.Symbols[0])];
        int[] all = [.. Enumerable.Range(0, bars.Count)];
        return IsShared(request, strategy)
            ? [new Account(all, request.InitialCash)]
            : [.. all.Select(symbol => new Account([symbol], request.InitialCash / bars.Count))];
    }

    private static Account Of(SleeveTerms sleeve, BacktestRequest request, IReadOnlyList<BarSeries> bars)
    {
        var names = sleeve.Symbols.ToHashSet(StringComparer.OrdinalIgnoreCase);
        int[] symbols = [.. Enumerable.Range(0, bars.Count).Where(i => names.Contains(bars[i].Symbol))];
        return new Account(symbols, request.InitialCash * sleeve.Share);
    }
}
