using System.Collections;
using System.Management.Automation;
using System.Reflection;
using System.Runtime.CompilerServices;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Cmdlets;

namespace BacktestOps.PowerShell.Tests.Support;

/// <summary>An object of each type that a cmdlet gives, with something in every property, down to the last.</summary>
internal static class Samples
{
    private const int Deepest = 8;

    /// <summary>Every type of the contracts that a cmdlet says it gives.</summary>
    public static IReadOnlyList<Type> OutputTypes { get; } =
    [
        .. typeof(StartBacktestCommand).Assembly.GetTypes().SelectMany(type => type.GetCustomAttributes<OutputTypeAttribute>())
            .SelectMany(output => output.Type).Select(output => output.Type).Where(type => type?.Assembly == typeof(BacktestResult).Assembly)
            .Distinct().OrderBy(type => type!.Name, StringComparer.Ordinal)!,
    ];

    public static object Of(Type type) => Make(type, "x", Deepest)!;

    private static object? Make(Type type, string name, int depth)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string)) return name;
        if (type == typeof(bool)) return true;
        if (type == typeof(int) || type == typeof(long)) return Convert.ChangeType(7, type, null);
        if (type == typeof(double)) return 0.25;
        if (type == typeof(DateTime)) return new DateTime(2020, 1, 2);
        if (type == typeof(DateTimeOffset)) return new DateTimeOffset(2020, 1, 2, 3, 4, 5, TimeSpan.Zero);
        if (type == typeof(DateOnly)) return new DateOnly(2020, 1, 2);
        if (type == typeof(TimeSpan)) return TimeSpan.FromSeconds(5);
        if (type == typeof(Uri)) return new Uri("http://sample.example");
        if (type.IsEnum) return Enum.GetValues(type).GetValue(1);
        if (type == typeof(IDictionary)) return new ReadableTable { ["a"] = 1L, ["b"] = new object[] { "c" } };
        if (depth == 0) return null;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)) return List(type.GenericTypeArguments[0], name, depth);
        if (type == typeof(IReadOnlyDictionary<string, double>)) return new SortedDictionary<string, double> { ["Slow"] = 20, ["Fast"] = 10 };
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>)) return new SortedDictionary<string, IReadOnlyList<double>> { ["Fast"] = [1, 2] };
        Assert.True(type.Assembly == typeof(BacktestResult).Assembly, $"{type} needs a sample.");
        var made = RuntimeHelpers.GetUninitializedObject(type);
        foreach (var property in type.GetProperties().Where(property => property.SetMethod is not null))
            property.SetValue(made, Make(property.PropertyType, property.Name.ToLowerInvariant(), depth - 1));
        return made;
    }

    private static Array List(Type item, string name, int depth)
    {
        var list = Array.CreateInstance(item, 2);
        for (var i = 0; i < list.Length; i++) list.SetValue(Make(item, name, depth - 1), i);
        return list;
    }
}
