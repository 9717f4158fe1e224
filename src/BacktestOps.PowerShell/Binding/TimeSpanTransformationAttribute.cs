using System.Globalization;
using System.Management.Automation;
using BacktestOps.Operations.Plans;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Binding;

/// <summary>
/// Lets a number stand for seconds where a time span is taken, which PowerShell itself would read as ticks of 100 ns, and takes
/// a time as a plan writes it: '1h', '5m', '30s', '500ms'.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TimeSpanTransformationAttribute : ArgumentTransformationAttribute, IOptionalCell
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is null || (value is string empty && string.IsNullOrWhiteSpace(empty))) return null;
        if (value is string plan && PlanTime.TryParse(plan.Trim(), out var time)) return time;
        var seconds = value switch
        {
            // 30s is a number to PowerShell: a short.
            sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal => Convert.ToDouble(value, CultureInfo.InvariantCulture),
            string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
            _ => (double?)null,
        };
        if (seconds is null) return inputData;
        return double.Abs(seconds.Value) <= TimeSpan.MaxValue.TotalSeconds / 2
            ? TimeSpan.FromSeconds(seconds.Value)
            : throw new ArgumentTransformationMetadataException(
                Messages.NotASpanOfTime.With(value));
    }
}
