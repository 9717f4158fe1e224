using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Management.Automation;

namespace BacktestOps.PowerShell.Binding;

/// <summary>Tables of names and values that stand in one column: hashtables, objects of JSON, and text.</summary>
internal static class CellTables
{
    /// <summary>The table of a hashtable or of an object without a type of its own; null for anything else.</summary>
    /// <param name="value">The value.</param>
    public static IDictionary? From(object value)
    {
        var plain = value is PSObject wrapped ? wrapped.BaseObject : value;
        if (plain is IDictionary table) return table;
        if (plain is not PSCustomObject) return null;
        var made = new OrderedDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (var property in PSObject.AsPSObject(value).Properties) made[property.Name] = property.Value;
        return made;
    }

    /// <summary>Several of them, or one; what is none stays as it is, and is refused by who takes it.</summary>
    /// <param name="value">The value.</param>
    public static object Many(object value)
    {
        var plain = value is PSObject wrapped ? wrapped.BaseObject : value;
        return plain is IEnumerable list and not (string or IDictionary)
            ? list.Cast<object>().Select(item => From(item) ?? item).ToArray()
            : From(value) ?? value;
    }

    /// <summary>The table that a text is: <c>Fast=10; Slow=20</c>. Null where it is none.</summary>
    /// <param name="text">The text.</param>
    public static IDictionary? Parse(string text)
    {
        var made = new OrderedDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (var part in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = part.Split('=', 2, StringSplitOptions.TrimEntries) is [{ Length: > 0 } first, var second] ? (first, second) : ("", "");
            if (name.Length == 0 || made.Contains(name)) return null;
            made[name] = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : value;
        }
        return made.Count == 0 ? null : made;
    }
}
