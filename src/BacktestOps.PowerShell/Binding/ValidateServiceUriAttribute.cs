using System.Management.Automation;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Binding;

/// <summary>Takes absolute http and https addresses.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ValidateServiceUriAttribute : ValidateEnumeratedArgumentsAttribute
{
    /// <inheritdoc/>
    protected override void ValidateElement(object element)
    {
        if (element is not Uri { IsAbsoluteUri: true, Scheme: "http" or "https" })
            throw new ValidationMetadataException(Messages.NotAServiceUri.With(element));
    }
}
