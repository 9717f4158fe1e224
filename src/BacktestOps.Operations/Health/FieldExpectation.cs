using System.Globalization;
using System.Text.Json;

namespace BacktestOps.Operations.Health;

/// <summary>A field of a JSON document and the value that it must have, of the same JSON type: <c>"3"</c> is not <c>3</c>.</summary>
public sealed class FieldExpectation
{
    private readonly JsonElement _expected;

    private FieldExpectation(JsonPath path, JsonElement expected) => (Path, _expected) = (path, expected);

    /// <summary>Where the field is.</summary>
    public JsonPath Path { get; }

    /// <summary>The value that it must have, as JSON.</summary>
    public string Expected => JsonPath.Shorten(_expected.GetRawText());

    /// <summary>An expectation of a plain value.</summary>
    /// <param name="path">The path of the field: <c>services.database</c>.</param>
    /// <param name="value">A string, a Boolean, a number or null.</param>
    /// <exception cref="FormatException">The path is not one.</exception>
    /// <exception cref="ArgumentException">The value has no JSON counterpart.</exception>
    public static FieldExpectation FromObject(string path, object? value)
    {
        var json = value switch
        {
            null => "null",
            bool flag => flag ? "true" : "false",
            string text => $"\"{JsonEncodedText.Encode(text)}\"",
            double number when double.IsFinite(number) => number.ToString("R", CultureInfo.InvariantCulture),
            float number when float.IsFinite(number) => number.ToString("R", CultureInfo.InvariantCulture),
            sbyte or byte or short or ushort or int or uint or long or ulong or decimal =>
                Convert.ToString(value, CultureInfo.InvariantCulture)!,
            _ => throw new ArgumentException(
                $"The expected value of '{path}' is a {value.GetType().Name}; give a string, a number, $true, $false or $null.", nameof(value)),
        };
        using var document = JsonDocument.Parse(json);
        return new FieldExpectation(JsonPath.Parse(path), document.RootElement.Clone());
    }

    /// <summary>Holds a value that was seen against the expectation.</summary>
    /// <param name="observed">The value.</param>
    /// <param name="why">What is different, when it is.</param>
    public bool IsMetBy(JsonElement observed, out string? why)
    {
        if (Kind(observed) != Kind(_expected))
        {
            why = $"a {Kind(_expected)} was expected and a {Kind(observed)} was seen";
            return false;
        }

        // DeepEquals compares numbers by value (1.0 is 1) and strings by their unescaped text.
        var met = JsonElement.DeepEquals(observed, _expected);
        why = met ? null : "the value differs";
        return met;
    }

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "Boolean",
        var kind => kind.ToString().ToLowerInvariant(),
    };
}
