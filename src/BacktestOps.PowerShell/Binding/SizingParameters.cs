using BacktestOps.Contracts;

namespace BacktestOps.PowerShell.Binding;

/// <summary>Reads how large positions are to be.</summary>
internal static class SizingParameters
{
    /// <summary>The rule; null where nothing was given.</summary>
    /// <param name="kind">What the size means; null for a fraction of the equity.</param>
    /// <param name="size">The size.</param>
    /// <param name="window">Returns of a volatility target.</param>
    public static SizingRule? Read(SizingKind? kind, double? size, int? window) => kind is null && size is null && window is null
        ? null
        : new SizingRule { Kind = kind ?? SizingKind.PercentOfEquity, Value = size ?? 0, Window = window };
}
