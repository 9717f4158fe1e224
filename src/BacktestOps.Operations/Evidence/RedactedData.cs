using System.Text.Json;
using System.Text.Json.Nodes;
using BacktestOps.Operations.Commands;

namespace BacktestOps.Operations.Evidence;

/// <summary>Secrets taken out of a record's data: out of each of its texts, so that what is left is still JSON.</summary>
internal static class RedactedData
{
    public static JsonElement Of(JsonElement data, Redactor redactor)
    {
        if (redactor.IsEmpty) return data;
        using var clean = JsonDocument.Parse(Clean(data, redactor)?.ToJsonString() ?? "null");
        return clean.RootElement.Clone();
    }

    private static JsonNode? Clean(JsonElement value, Redactor redactor) => value.ValueKind switch
    {
        JsonValueKind.Object => new JsonObject(value.EnumerateObject().Select(member => KeyValuePair.Create(redactor.Redact(member.Name), Clean(member.Value, redactor)))),
        JsonValueKind.Array => new JsonArray([.. value.EnumerateArray().Select(item => Clean(item, redactor))]),
        JsonValueKind.String => JsonValue.Create(redactor.Redact(value.GetString()!)),
        JsonValueKind.Null => null,
        _ => JsonNode.Parse(value.GetRawText()),
    };
}
