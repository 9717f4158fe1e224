using System.Collections;
using System.Globalization;
using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Binding;

/// <summary>
/// Reads what stands in a column of a table. A text is read the same way in every culture, and strictly: PowerShell itself would take '1,5'
/// for 15, and an empty cell for 0. An empty cell is null: not given.
/// </summary>
/// <param name="type">What the parameter takes.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class CellTransformationAttribute(Type type) : ArgumentTransformationAttribute, IOptionalCell
{
    /// <summary>What the parameter takes.</summary>
    public Type Type { get; } = type;

    /// <summary>The least number; none when 0 as <see cref="Maximum"/>.</summary>
    public int Minimum { get; init; }

    /// <summary>The largest number.</summary>
    public int Maximum { get; init; }

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is null || ReferenceEquals(value, System.Management.Automation.Internal.AutomationNull.Value)) return Empty;
        if (value is string text) return string.IsNullOrWhiteSpace(text) ? Empty : InRange(Read(text), text);
        if (Type == typeof(IDictionary) && CellTables.From(inputData!) is { } table) return table;
        if (Type == typeof(IDictionary[])) return CellTables.Many(inputData!);
        if (Type.IsInstanceOfType(value)) return InRange(inputData!, value);
        var item = PSObject.AsPSObject(inputData!);
        if (FromJob(item) is { } known) return known;
        // An object of ours under the name of a parameter is another thing of that name, and no value for it: not given.
        if (item.TypeNames.Any(name => name.Contains("BacktestOps.Contracts.", StringComparison.Ordinal))) return Empty;
        return Type == typeof(string) && value is IFormattable number ? number.ToString(null, CultureInfo.InvariantCulture) : InRange(inputData!, value);
    }

    // A switch has no third state.
    private object? Empty => Type == typeof(bool) ? false : null;

    // What comes from a job has the properties of what went into it, and not its type.
    private object? FromJob(PSObject item) =>
        Type == typeof(LedgerHead) && item.Properties["Sequence"]?.Value is int sequence && item.Properties["Hash"]?.Value is string hash ? new LedgerHead(sequence, hash)
        : Type == typeof(DateTimeOffset) && item.Properties["UtcDateTime"]?.Value is DateTime utc ? new DateTimeOffset(DateTime.SpecifyKind(utc, DateTimeKind.Utc))
        : Type == typeof(DateTime) && item.Properties["UtcDateTime"]?.Value is DateTime moment ? DateTime.SpecifyKind(moment, DateTimeKind.Utc)
        : null;

    private object Read(string text)
    {
        if (Type == typeof(double)) return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) ? real : throw Unreadable(text, Messages.CellNumber);
        if (Type == typeof(int)) return int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var whole) ? whole : throw Unreadable(text, Messages.CellWhole);
        if (Type == typeof(long)) return long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var many) ? many : throw Unreadable(text, Messages.CellWhole);
        if (Type == typeof(DateTime)) return DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : throw Unreadable(text, Messages.CellDate);
        if (Type == typeof(DateTimeOffset)) return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : throw Unreadable(text, Messages.CellDate);
        if (Type == typeof(bool)) return Boolean(text.Trim()) ?? throw Unreadable(text, Messages.CellBoolean);
        if (Type == typeof(IDictionary)) return CellTables.Parse(text) ?? throw Unreadable(text, Messages.CellTable);
        if (Type == typeof(IDictionary[])) throw Unreadable(text, Messages.CellTable);
        if (Type == typeof(string[])) return text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (!Type.IsEnum) return text;
        // A number would be taken for the choice at that place, and one that there is not for itself.
        var choice = text.Trim();
        return Enum.TryParse(Type, choice, ignoreCase: true, out var known) && Enum.IsDefined(Type, known!) && !char.IsAsciiDigit(choice[0]) && choice[0] is not ('-' or '+')
            ? known!
            : throw Unreadable(text, Messages.CellChoice.With(string.Join(", ", Enum.GetNames(Type))));
    }

    private object InRange(object given, object value)
    {
        var plain = given is PSObject wrapped ? wrapped.BaseObject : given;
        return (Minimum == 0 && Maximum == 0) || plain is not (int or long or double) || (Convert.ToDouble(plain, CultureInfo.InvariantCulture) is var number && number >= Minimum && number <= Maximum)
            ? given
            : throw new ArgumentTransformationMetadataException(Messages.CellOutOfRange.With(value, Minimum, Maximum));
    }

    private static object? Boolean(string text) => text.ToUpperInvariant() switch
    {
        "TRUE" or "YES" or "1" => true,
        "FALSE" or "NO" or "0" => false,
        _ => null,
    };

    private static ArgumentTransformationMetadataException Unreadable(string text, string what) => new(Messages.CellUnreadable.With(text, what));
}

/// <summary>Marks what makes null of an empty cell, so that the same emptiness on a command line can be told from it and refused.</summary>
internal interface IOptionalCell;
