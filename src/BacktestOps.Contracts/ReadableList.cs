using System.Collections.ObjectModel;
using System.Globalization;

namespace BacktestOps.Contracts;

/// <summary>Makes lists that read well as text.</summary>
public static class ReadableList
{
    /// <summary>The same items in a list that reads well.</summary>
    /// <typeparam name="T">What it has.</typeparam>
    /// <param name="items">The items; null stays null.</param>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(items))]
    public static IReadOnlyList<T>? Of<T>(IReadOnlyList<T>? items) => items switch
    {
        null => null,
        ReadableList<T> => items,
        IList<T> list => new ReadableList<T>(list),
        _ => new ReadableList<T>([.. items]),
    };
}

/// <summary>
/// A list whose text is its texts and numbers, or how many things it has: a cell of Export-Csv shows a property by its text, and the name
/// of a type tells nobody anything.
/// </summary>
/// <typeparam name="T">What it has.</typeparam>
/// <param name="items">The items; they are not copied.</param>
public sealed class ReadableList<T>(IList<T> items) : ReadOnlyCollection<T>(items)
{
    /// <inheritdoc/>
    public override string ToString() => Count == 0 ? ""
        : this[0] is string or IConvertible ? string.Join(", ", this.Select(item => Convert.ToString(item, CultureInfo.InvariantCulture)))
        : string.Create(CultureInfo.InvariantCulture, $"{Count} × {typeof(T).Name}");
}
