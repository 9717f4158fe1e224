using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Binding;

/// <summary>Takes a strategy of Get-BacktestStrategy, also one that comes from a job or a file, by its name.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class StrategyInfoTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var item = inputData is null ? null : PSObject.AsPSObject(inputData);
        return item?.TypeNames.Any(name => name.EndsWith(typeof(StrategyInfo).FullName!, StringComparison.Ordinal)) == true && item.Properties["Name"]?.Value is string name
            ? name
            : throw TextOf.NotTaken(Messages.NotATextOfKind.With(TextOf.Base(inputData)?.GetType().Name));
    }
}
