using System.Management.Automation;

namespace BacktestOps.PowerShell.Binding;

/// <summary>What the transformations share.</summary>
internal static class TextOf
{
    /// <summary>An object without PowerShell's wrapping.</summary>
    /// <param name="item">The object.</param>
    public static object? Base(object? item) => item is PSObject wrapped ? wrapped.BaseObject : item;

    /// <summary>
    /// The refusal of an object that this parameter does not take, and another one may: by the cast inside it the binder knows that it is
    /// to go on with the others.
    /// </summary>
    /// <param name="message">Why not.</param>
    public static ArgumentTransformationMetadataException NotTaken(string message) => new(message, new PSInvalidCastException(message));
}
