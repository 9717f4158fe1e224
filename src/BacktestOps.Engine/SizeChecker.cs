using BacktestOps.Contracts;
using BacktestOps.Engine.Simulation;
using static System.FormattableString;

namespace BacktestOps.Engine;

/// <summary>Refuses a size that the account can't have at its start: it would be cut to what there is, without a word.</summary>
/// <remarks>A volatility target is a leverage that the market sets: it is cut at what the account can have, as its definition says. An equal weight always fits.</remarks>
internal static class SizeChecker
{
    // A size that was computed from the cash may differ from it by a rounding.
    private const double Rounding = 1e-9;

    /// <summary>Adds the fault of a size that is too large for the cash and its margin.</summary>
    /// <param name="request">The request, without other faults.</param>
    /// <param name="strategy">Its strategy, sizing of the request laid over it.</param>
    /// <param name="faults">Takes the fault.</param>
    public static void Check(BacktestRequest request, StrategyDefinition strategy, List<RequestFault> faults)
    {
        var sizing = request.Sizing ?? strategy.Sizing;
        if (sizing is null) return;
        var credit = 1 / (request.Margin ?? new MarginTerms()).Initial;
        var field = request.Sizing is not null || request.Rules is null ? "sizing.value" : "rules.sizing.value";
        if (sizing.Kind == SizingKind.PercentOfEquity && sizing.Value > credit * (1 + Rounding))
        {
            faults.Add(new RequestFault(field, Invariant($"is {sizing.Value}, that many times the equity in one position"),
                Invariant($"a fraction of the equity, at most {credit:0.####} with an initial margin of {1 / credit:0.####}: 0.5 is half of it"))
                .As("size-too-large", ("value", sizing.Value), ("most", credit)));
        }
        else if (sizing.Kind == SizingKind.FixedCash && MostCash(request, strategy) * credit is var most && sizing.Value > most * (1 + Rounding))
        {
            faults.Add(new RequestFault(field, Invariant($"is {sizing.Value} and no account of the run can hold that much at its start"),
                Invariant($"at most {most:0.##}, what the largest account can have in positions; more initial_cash, or cash that is shared"))
                .As("size-too-large", ("value", sizing.Value), ("most", most)));
        }
    }

    /// <summary>The cash of the largest account.</summary>
    public static double MostCash(BacktestRequest request, StrategyDefinition strategy) =>
        request.Sleeves is { } sleeves ? request.InitialCash * sleeves.Max(sleeve => sleeve.Share)
        : Accounts.IsShared(request, strategy) ? request.InitialCash
        : request.InitialCash / request.Symbols.Count;
}
