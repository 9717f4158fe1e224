using System.Collections;
using System.Management.Automation;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Binding;

/// <summary>
/// Lets a run or its result stand for its id: <c>Save-BacktestResult $run</c>. PowerShell itself would take what the object looks
/// like as text for an id.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BacktestIdTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        Base(inputData) is IEnumerable many and not (string or IDictionary) ? many.Cast<object?>().Select(IdOf).ToArray() : IdOf(inputData)!;

    private static object? IdOf(object? item) =>
        item is null || Base(item) is string or (IConvertible and not Enum) ? item
        : PSObject.AsPSObject(item).Properties["BacktestId"]?.Value is string id ? id
        : throw TextOf.NotTaken(Messages.NotATextOfKind.With(Base(item)!.GetType().Name));

    private static object? Base(object? item) => item is PSObject wrapped ? wrapped.BaseObject : item;
}
