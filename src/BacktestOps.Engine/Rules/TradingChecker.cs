using BacktestOps.Contracts;
using static System.FormattableString;

namespace BacktestOps.Engine.Rules;

/// <summary>Finds the faults of sizing, calendars and waiting orders, of a strategy or of a request.</summary>
internal static class TradingChecker
{
    /// <summary>Looks at what a definition says beside its rules.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="field">Where it stands; empty for a file of its own.</param>
    /// <param name="faults">Takes the faults.</param>
    public static void CheckDefinition(StrategyDefinition definition, string field, List<RequestFault> faults)
    {
        if (definition.ShortExit is not null && definition.ShortEntry is null)
            faults.Add(new(CompiledStrategy.JoinField(field, "short_exit"), "stands without a short_entry", "leave it out, or say when to sell short"));
        if (definition.ShortEntryOrder is not null && definition.ShortEntry is null)
            faults.Add(new(CompiledStrategy.JoinField(field, "short_entry_order"), "stands without a short_entry", "leave it out, or say when to sell short"));
        if (definition.ShortExitOrder is not null && definition.ShortExit is null)
            faults.Add(new(CompiledStrategy.JoinField(field, "short_exit_order"), "stands without a short_exit", "leave it out, or say when to buy back"));
        if (definition.ExitOrder is not null && IsNever(definition.Exit))
            faults.Add(new(CompiledStrategy.JoinField(field, "exit_order"), "is never given: exit is false", "say when, for example exit true for every close of a position"));
        if (definition.ShortExitOrder is not null && IsNever(definition.ShortExit))
            faults.Add(new(CompiledStrategy.JoinField(field, "short_exit_order"), "is never given: short_exit is false", "say when, for example short_exit true for every close of a position"));
        CheckOrder(definition.EntryOrder, CompiledStrategy.JoinField(field, "entry_order"), faults);
        CheckOrder(definition.ShortEntryOrder, CompiledStrategy.JoinField(field, "short_entry_order"), faults);
        CheckOrder(definition.ExitOrder, CompiledStrategy.JoinField(field, "exit_order"), faults);
        CheckOrder(definition.ShortExitOrder, CompiledStrategy.JoinField(field, "short_exit_order"), faults);
        CheckSizing(definition.Sizing, CompiledStrategy.JoinField(field, "sizing"), faults);
        CheckRebalance(definition.Rebalance, CompiledStrategy.JoinField(field, "rebalance"), faults);
        if (definition.Cash is { } cash && !Enum.IsDefined(cash)) faults.Add(new(CompiledStrategy.JoinField(field, "cash"), Invariant($"is {cash}"), "separate or shared"));
    }

    /// <summary>Looks at a size.</summary>
    public static void CheckSizing(SizingRule? sizing, string field, List<RequestFault> faults)
    {
        if (sizing is null) return;
        if (!Enum.IsDefined(sizing.Kind))
            faults.Add(new(field + ".kind", Invariant($"is {sizing.Kind}"), "percent_of_equity, fixed_cash, fixed_shares, volatility_target or equal_weight"));
        else if (sizing.Kind == SizingKind.PercentOfEquity && !RequestRanges.Fraction.Takes(sizing.Value))
            faults.Add(MoneyChecker.OutOfLimits(field + ".value", sizing.Value, RequestRanges.Fraction, $"a fraction of the equity, {RequestRanges.Fraction}: 0.5 is half of it"));
        else if (sizing.Kind == SizingKind.VolatilityTarget && !RequestRanges.Volatility.Takes(sizing.Value))
            faults.Add(MoneyChecker.OutOfLimits(field + ".value", sizing.Value, RequestRanges.Volatility, $"a fraction a year {RequestRanges.Volatility}: 0.15 is 15 %"));
        else if (sizing.Kind is SizingKind.FixedCash or SizingKind.FixedShares && !RequestRanges.Size.Takes(sizing.Value))
            faults.Add(MoneyChecker.OutOfLimits(field + ".value", sizing.Value, RequestRanges.Size, $"a number {RequestRanges.Size}"));
        var windows = RequestRanges.Of<SizingRule>(nameof(sizing.Window));
        if (sizing.Window is { } window && (sizing.Kind != SizingKind.VolatilityTarget || !windows.Takes(window)))
        {
            faults.Add(sizing.Kind == SizingKind.VolatilityTarget
                ? MoneyChecker.OutOfLimits(field + ".window", window, windows, $"{windows} returns")
                : new(field + ".window", "belongs to a volatility target alone", "leave it out"));
        }
    }

    /// <summary>Looks at a calendar.</summary>
    public static void CheckRebalance(RebalanceRule? rebalance, string field, List<RequestFault> faults)
    {
        if (rebalance is null) return;
        if (!Enum.IsDefined(rebalance.Every))
            faults.Add(new(field + ".every", Invariant($"is {rebalance.Every}"), "bar, day, week, month, quarter or year"));
        MoneyChecker.AddUnlessIn<RebalanceRule>(field + ".drift", nameof(rebalance.Drift), rebalance.Drift, "a fraction of the equity", faults);
    }

    private static bool IsNever(string? rule) => rule?.Trim().Equals("false", StringComparison.OrdinalIgnoreCase) == true;

    private static void CheckOrder(OrderRule? order, string field, List<RequestFault> faults)
    {
        if (order is null) return;
        if (!Enum.IsDefined(order.Kind)) faults.Add(new(field + ".kind", Invariant($"is {order.Kind}"), "limit or stop"));
        MoneyChecker.AddUnlessIn<OrderRule>(field + ".bars", nameof(order.Bars), order.Bars, "bars", faults);
        if (string.IsNullOrWhiteSpace(order.Price)) faults.Add(new(field + ".price", "is missing", "write a price, for example close * 0.98"));
    }
}
