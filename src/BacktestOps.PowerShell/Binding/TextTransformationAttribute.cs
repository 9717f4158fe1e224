using System.Collections;
using System.Management.Automation;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Binding;

/// <summary>
/// Takes texts, and of objects the property that is meant. PowerShell itself would take what any object looks like as text, and a symbol or
/// a path would be asked for that nobody named.
/// </summary>
/// <param name="properties">The properties that are looked for, the best first; none where only texts are taken.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TextTransformationAttribute(params string[] properties) : ArgumentTransformationAttribute
{
    /// <summary>The properties that are looked for.</summary>
    public IReadOnlyList<string> Properties { get; } = properties;

    /// <summary>Takes what stands in the property literally, where the parameter takes patterns.</summary>
    public bool Escaped { get; init; }

    /// <summary>Takes a text with commas as several texts, as a cell of a table has them.</summary>
    public bool Splits { get; init; }

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var plain = TextOf.Base(inputData);
        if (plain is IEnumerable many and not (string or IDictionary)) return many.Cast<object?>().SelectMany(Texts).ToArray();
        return plain is null ? inputData : Splits ? Texts(inputData).ToArray() : Of(inputData);
    }

    private IEnumerable<object?> Texts(object? item) =>
        Splits && Of(item) is string text && text.AsSpan().ContainsAny(',', ';')
            ? text.Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [Of(item)];

    private object? Of(object? item)
    {
        var plain = TextOf.Base(item);
        if (plain is null or string) return plain;
        if (plain is IConvertible and not Enum) return item;
        var found = Properties.Select(name => PSObject.AsPSObject(item!).Properties[name]?.Value as string).FirstOrDefault(value => !string.IsNullOrEmpty(value));
        return found is null ? throw TextOf.NotTaken((Escaped ? Messages.NotAPath : Messages.NotATextOfKind).With(plain.GetType().Name)) : Escaped ? WildcardPattern.Escape(found) : found;
    }
}
