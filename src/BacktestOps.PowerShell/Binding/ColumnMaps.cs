using System.Collections;
using System.Globalization;

namespace BacktestOps.PowerShell.Binding;

/// <summary>A hashtable of columns, as the importer takes it.</summary>
internal static class ColumnMaps
{
    /// <summary>Role → header name or position, as text.</summary>
    /// <param name="map">What the user gave; null for nothing.</param>
    public static IReadOnlyDictionary<string, string> Read(IDictionary? map)
    {
        var columns = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (map is null) return columns;
        foreach (DictionaryEntry entry in map)
            columns[Text(entry.Key)] = Text(entry.Value);
        return columns;
    }

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
