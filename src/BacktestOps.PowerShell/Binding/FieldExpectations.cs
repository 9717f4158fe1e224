using System.Collections;
using System.Management.Automation;
using BacktestOps.Operations.Health;
using BacktestOps.PowerShell.Pipeline;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Binding;

/// <summary>Reads the hashtables by which users say what a health document must have.</summary>
internal static class FieldExpectations
{
    /// <summary>The expectations of a <c>-Field</c>.</summary>
    /// <param name="fields">JSON paths and the values expected there.</param>
    /// <exception cref="ModuleException">A path is none, or a value has no JSON counterpart.</exception>
    public static List<FieldExpectation> Read(IDictionary fields)
    {
        try
        {
            // By key: what a dictionary enumerates (entries or pairs) depends on which one the user has. A hashtable has
            // no order, and the same check should read the same each time.
            var keys = fields.Keys.Cast<object>();
            if (fields is Hashtable) keys = keys.OrderBy(key => $"{key}", StringComparer.Ordinal);
            return [.. keys.Select(key => FieldExpectation.FromObject(
                $"{key}", fields[key] is PSObject wrapped ? wrapped.BaseObject : fields[key]))];
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            throw new ModuleException(
                "FieldExpectationInvalid", ErrorCategory.InvalidArgument, error.Message, Messages.FieldExpectationInvalidAction, error);
        }
    }
}
