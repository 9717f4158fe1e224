using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using BacktestOps.Contracts;

namespace BacktestOps.Service.OpenApi;

/// <summary>The schemas of the contract's types, each described once and referred to by name.</summary>
internal sealed class OpenApiSchemas
{
    private static readonly JsonSchemaExporterOptions Exporting = new()
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = (context, schema) => Explain(context.PropertyInfo, DescribeText(context.TypeInfo.Type, context.PropertyInfo) ?? schema),
    };

    /// <summary>The schemas by name.</summary>
    public JsonObject All { get; } = [];

    /// <summary>A schema that refers to the type's own; of a list, one of its entries' type.</summary>
    public JsonObject Refer(JsonTypeInfo type)
    {
        if (type.Kind == JsonTypeInfoKind.Enumerable)
            return new JsonObject { ["type"] = "array", ["items"] = Refer(type.Options.GetTypeInfo(type.ElementType!)) };
        var name = type.Type.Name;
        if (!All.ContainsKey(name))
        {
            var schema = type.GetJsonSchemaAsNode(Exporting);
            if (ContractTexts.Of(type.Type) is { } text) schema["description"] = text;
            All[name] = schema;
        }

        return new JsonObject { ["$ref"] = $"#/components/schemas/{name}" };
    }

    private static JsonNode Explain(JsonPropertyInfo? property, JsonNode schema)
    {
        if (property?.AttributeProvider is not MemberInfo member || schema is not JsonObject described) return schema;
        if (ContractTexts.Of(member) is { } text) described["description"] = text;
        if (member.DeclaringType is { } owner && RequestRanges.Find(owner, member.Name) is { } range)
        {
            described[range.ExcludesMinimum ? "exclusiveMinimum" : "minimum"] = range.Minimum;
            described[range.ExcludesMaximum ? "exclusiveMaximum" : "maximum"] = range.Maximum;
        }
        return schema;
    }

    // What a converter of ours writes, the exporter can't know.
    private static JsonObject? DescribeText(Type type, JsonPropertyInfo? property)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        var isNullable = bare != type || (property is not null && !type.IsValueType && property.IsGetNullable);
        if (bare.IsEnum)
        {
            var words = Enum.GetNames(bare).Select(name => (JsonNode)System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(name));
            return new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. words]) };
        }

        return bare == typeof(DateTime)
            ? new JsonObject { ["type"] = isNullable ? new JsonArray("string", "null") : "string", ["pattern"] = @"^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d)?$" }
            : null;
    }
}
