using System.Collections;
using System.Collections.Specialized;
using System.Globalization;

namespace BacktestOps.Contracts;

/// <summary>Members of JSON in their order, as PowerShell's own [ordered] makes them, whose text is the members and not the name of a type.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1010", Justification = "PowerShell's own [ordered] is no generic dictionary either, and its commands ask for this one.")]
public sealed class ReadableTable() : OrderedDictionary(StringComparer.OrdinalIgnoreCase)
{
    /// <inheritdoc/>
    public override string ToString() => string.Join("; ", Keys.Cast<object>().Select(key => $"{key}={Text(this[key])}"));

    private static string Text(object? value) => value switch
    {
        IEnumerable list and not (string or ReadableTable) => string.Join(", ", list.Cast<object?>().Select(Text)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
