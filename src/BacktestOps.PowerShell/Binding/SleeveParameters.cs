using System.Collections;
using System.Globalization;
using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Binding;

/// <summary>Reads the hashtables that a user gives for sleeves.</summary>
internal static class SleeveParameters
{
    private const string Symbols = "Symbols", Share = "Share";

    /// <summary>The sleeves; null where none was given.</summary>
    /// <param name="given">Hashtables of Symbols and Share.</param>
    /// <param name="faults">Takes hashtables that are no sleeves; all of them are named.</param>
    public static IReadOnlyList<SleeveTerms>? Read(IDictionary[]? given, List<RequestFault> faults)
    {
        if (given is null) return null;
        var sleeves = new List<SleeveTerms>();
        for (var i = 0; i < given.Length; i++)
        {
            if (ReadOne(given[i]) is { } sleeve) sleeves.Add(sleeve);
            else faults.Add(new RequestFault(string.Create(CultureInfo.InvariantCulture, $"sleeves[{i}]"), Messages.NotASleeve, Messages.NotASleeveHint));
        }
        return sleeves.Count == given.Length ? sleeves : null;
    }

    private static SleeveTerms? ReadOne(IDictionary given)
    {
        var (symbols, share) = (default(string[]), double.NaN);
        foreach (DictionaryEntry entry in given)
        {
            var name = Convert.ToString(entry.Key, CultureInfo.InvariantCulture);
            if (string.Equals(name, Symbols, StringComparison.OrdinalIgnoreCase) || string.Equals(name, "Symbol", StringComparison.OrdinalIgnoreCase))
                _ = LanguagePrimitives.TryConvertTo(entry.Value, CultureInfo.InvariantCulture, out symbols);
            else if (!string.Equals(name, Share, StringComparison.OrdinalIgnoreCase) || !LanguagePrimitives.TryConvertTo(entry.Value, CultureInfo.InvariantCulture, out share))
                return null;
        }
        return symbols is null || double.IsNaN(share) ? null : new SleeveTerms { Symbols = symbols, Share = share };
    }
}
