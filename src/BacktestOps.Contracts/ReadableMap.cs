using System.Globalization;

namespace BacktestOps.Contracts;

/// <summary>Parameters by name, without regard to case, whose text is what Start-Backtest reads from a cell: <c>Fast=10; Slow=20</c>.</summary>
public sealed class ReadableMap : SortedDictionary<string, double>
{
    private ReadableMap(IReadOnlyDictionary<string, double>? given)
        : base(StringComparer.OrdinalIgnoreCase)
    {
        foreach (var (name, value) in given ?? new Dictionary<string, double>()) this[name] = value;
    }

    /// <summary>The same parameters in a map that reads well; empty for null.</summary>
    /// <param name="given">The parameters.</param>
    public static IReadOnlyDictionary<string, double> Of(IReadOnlyDictionary<string, double>? given) => given as ReadableMap ?? new ReadableMap(given);

    /// <inheritdoc/>
    public override string ToString() => string.Join("; ", this.Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Key}={entry.Value}")));
}
