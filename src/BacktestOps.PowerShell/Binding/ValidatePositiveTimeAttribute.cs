using System.Management.Automation;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Binding;

/// <summary>Takes a span of time above zero, of at most a day.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ValidatePositiveTimeAttribute : ValidateArgumentsAttribute
{
    /// <inheritdoc/>
    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        if (arguments is TimeSpan time && (time <= TimeSpan.Zero || time > TimeSpan.FromDays(1)))
            throw new ValidationMetadataException(Messages.TimeOutOfRange.With(time));
    }
}
