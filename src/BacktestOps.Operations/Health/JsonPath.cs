using System.Globalization;
using System.Text;
using System.Text.Json;

namespace BacktestOps.Operations.Health;

/// <summary>
/// A path to one value of a JSON document: <c>services.database</c>, <c>parts[0].name</c>, <c>['a.b'].c</c>. A leading
/// <c>$</c> may stand. It is the part of RFC 9535 that names a single value ("singular query"), in the dotted form.
/// </summary>
public sealed class JsonPath
{
    private readonly List<object> _steps;

    private JsonPath(string text, List<object> steps) => (Text, _steps) = (text, steps);

    /// <summary>The path as it was written.</summary>
    public string Text { get; }

    /// <summary>Reads a path.</summary>
    /// <param name="text">The path.</param>
    /// <exception cref="FormatException">It is not one; the message says where.</exception>
    public static JsonPath Parse(string text)
    {
        var steps = new List<object>();
        var at = text.StartsWith('$') ? 1 : 0;
        var nameAllowed = at == 0;
        while (at < text.Length)
        {
            if (text[at] == '[') at = ReadBracket(text, at + 1, steps);
            else if (text[at] == '.' || nameAllowed) at = ReadName(text, text[at] == '.' ? at + 1 : at, steps);
            else throw Malformed(text, at, "a '.' or a '['");
            nameAllowed = false;
        }

        return steps.Count > 0 ? new JsonPath(text, steps) : throw Malformed(text, at, "a field's name");
    }

    /// <summary>Finds the value.</summary>
    /// <param name="root">The document.</param>
    /// <param name="value">The value, when it is there.</param>
    /// <param name="missing">Where the path ends in nothing and what stands there instead, when it is not.</param>
    /// <returns>True when the value is there; a JSON null is a value.</returns>
    public bool TryFind(JsonElement root, out JsonElement value, out string? missing)
    {
        value = root;
        var reached = new StringBuilder("$");
        foreach (var step in _steps)
        {
            var next = value;
            var found = step switch
            {
                string name => value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out next),
                int index => value.ValueKind == JsonValueKind.Array && TryIndex(value, index, out next),
                _ => false,
            };
            if (!found)
            {
                missing = $"{reached} {Describe(value)}, so there is no {(step is int ? $"[{step}]" : $"'{step}'")} in it";
                return false;
            }

            reached.Append(step is int ? $"[{step}]" : $".{step}");
            value = next;
        }

        missing = null;
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>JSON text cut to a length that a person reads.</summary>
    internal static string Shorten(string json) => json.Length <= 200 ? json : json[..200] + "…";

    private static bool TryIndex(JsonElement array, int index, out JsonElement value)
    {
        var inside = index < array.GetArrayLength();
        value = inside ? array[index] : default;
        return inside;
    }

    private static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "has " + (value.EnumerateObject().Any()
            ? "only " + string.Join(", ", value.EnumerateObject().Take(12).Select(property => property.Name))
            : "no fields"),
        JsonValueKind.Array => $"is an array of {value.GetArrayLength()}",
        _ => $"is {Shorten(value.GetRawText())}",
    };

    private static int ReadName(string text, int at, List<object> steps)
    {
        var length = text.AsSpan(at).IndexOfAny('.', '[');
        var end = length < 0 ? text.Length : at + length;
        if (end == at) throw Malformed(text, at, "a field's name");
        steps.Add(text[at..end]);
        return end;
    }

    private static int ReadBracket(string text, int at, List<object> steps)
    {
        if (at < text.Length && text[at] is '\'' or '"')
        {
            var end = text.IndexOf(text[at], at + 1);
            if (end < 0 || end + 1 >= text.Length || text[end + 1] != ']') throw Malformed(text, at, "a closed quote and a ']'");
            steps.Add(text[(at + 1)..end]);
            return end + 2;
        }

        var close = text.IndexOf(']', at);
        if (close < 0 || !int.TryParse(text.AsSpan(at, close - at), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            throw Malformed(text, at, "an index such as [0] or a quoted name");
        steps.Add(index);
        return close + 1;
    }

    private static FormatException Malformed(string text, int at, string wanted) =>
        new($"'{text}' is no path to a JSON field: {wanted} should stand at position {at + 1}. Write for example services.database.");
}
