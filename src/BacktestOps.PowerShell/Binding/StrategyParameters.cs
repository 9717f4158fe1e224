using System.Collections;
using System.Globalization;
using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Binding;

/// <summary>Reads the hashtable that a user gives for a strategy's parameters.</summary>
internal static class StrategyParameters
{
    /// <summary>The parameters by name.</summary>
    /// <param name="given">What was given; null for none.</param>
    /// <param name="faults">Takes what is no number; all of it is named.</param>
    public static SortedDictionary<string, double> Read(IDictionary? given, List<RequestFault> faults)
    {
        var parameters = new SortedDictionary<string, double>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in given ?? new Hashtable())
        {
            var name = Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? "";
            if (!TryReadNumber(entry.Value, out var number))
                faults.Add(new RequestFault(
                    $"parameters.{name}",
                    Messages.ParameterNotANumber.With(entry.Value ?? "$null"),
                    Messages.ParameterNotANumberHint));
            else if (!parameters.TryAdd(name, number))
                faults.Add(new RequestFault($"parameters.{name}", Messages.ParameterTwice));
        }

        return parameters;
    }

    /// <summary>A number as PowerShell users write one; false for anything that only converts to one.</summary>
    public static bool TryReadNumber(object? value, out double number)
    {
        number = 0;
        var plain = value is PSObject wrapped ? wrapped.BaseObject : value;

        // PowerShell would turn $true into 1 and '' into 0, which nobody means by a period of days.
        return plain switch
        {
            null or bool or char or DateTime => false,
            string text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number),
            _ => LanguagePrimitives.TryConvertTo(plain, CultureInfo.InvariantCulture, out number),
        };
    }
}
