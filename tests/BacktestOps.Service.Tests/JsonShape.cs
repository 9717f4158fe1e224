using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace BacktestOps.Service.Tests;

/// <summary>Holds JSON against a schema, as far as our schemas go: type, enum, pattern, properties, required, items, anyOf, $ref.</summary>
internal static class JsonShape
{
    public static void Check(JsonNode document, JsonNode schema, JsonNode? value, string path, List<string> faults)
    {
        if (schema is JsonValue)
            return; // true: anything
        if (schema["$ref"] is { } reference)
        {
            var target = $"{reference}".TrimStart('#', '/').Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate(document, (node, name) => node[name]!);
            Check(document, target, value, path, faults);
            return;
        }

        if (schema["anyOf"] is JsonArray any)
        {
            List<string>[] each = [.. any.Select(one => { var own = new List<string>(); Check(document, one!, value, path, own); return own; })];
            if (!each.Any(own => own.Count == 0)) faults.AddRange(each.MinBy(own => own.Count)!);
            return;
        }

        if (schema["type"] is { } type && !(type is JsonArray types ? types.Select(each => $"{each}") : [$"{type}"]).Any(name => Is(value, name)))
        {
            faults.Add($"{path}: {value?.ToJsonString() ?? "null"} is no {type.ToJsonString()}");
            return;
        }

        if (schema["enum"] is JsonArray words && !words.Any(word => JsonNode.DeepEquals(word, value)))
            faults.Add($"{path}: {value?.ToJsonString()} is none of {words.ToJsonString()}");
        if (schema["pattern"] is { } pattern && value is not null && !Regex.IsMatch($"{value}", $"{pattern}"))
            faults.Add($"{path}: {value} does not match {pattern}");
        if (value is JsonArray list && schema["items"] is { } items)
        {
            for (var i = 0; i < list.Count; i++)
                Check(document, items, list[i], $"{path}[{i}]", faults);
        }

        if (value is JsonObject members)
            CheckMembers(document, schema, members, path, faults);
    }

    private static void CheckMembers(JsonNode document, JsonNode schema, JsonObject members, string path, List<string> faults)
    {
        var known = schema["properties"]?.AsObject() ?? [];
        foreach (var (name, value) in members)
        {
            if (known[name] is { } own)
                Check(document, own, value, $"{path}.{name}", faults);
            else if (schema["additionalProperties"] is JsonObject others)
                Check(document, others, value, $"{path}.{name}", faults);
            else if (schema["additionalProperties"] is JsonValue || known.Count > 0)
                faults.Add($"{path}.{name} is not described");
        }

        foreach (var name in schema["required"]?.AsArray() ?? [])
        {
            if (!members.ContainsKey($"{name}"))
                faults.Add($"{path}.{name} is missing");
        }
    }

    private static bool Is(JsonNode? value, string type) => (type, value?.GetValueKind()) switch
    {
        ("null", null) or ("string", JsonValueKind.String) or ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) => true,
        ("boolean", JsonValueKind.True or JsonValueKind.False) or ("number", JsonValueKind.Number) => true,
        ("integer", JsonValueKind.Number) => decimal.Parse(value!.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture) % 1 == 0,
        _ => false,
    };
}
