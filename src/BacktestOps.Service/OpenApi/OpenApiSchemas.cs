using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using BacktestOps.Contracts;

namespace BacktestOps.Service.OpenApi;

/// <summary>The schemas of the contract's types, each described once and referred to by name.</summary>
/// <remarks>
/// A type within a type is a schema of its own, too: the exporter would point from one place of a type to another by a path from the
/// type's root, and in a document of many types that path leads nowhere.
/// </remarks>
internal sealed class OpenApiSchemas
{
    private readonly JsonSchemaExporterOptions _exporting;
    private readonly Dictionary<string, Type> _types = new(StringComparer.Ordinal);

    public OpenApiSchemas() => _exporting = new()
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = (context, schema) => Explain(context.PropertyInfo, Describe(context) ?? schema),
    };

    /// <summary>The schemas by name.</summary>
    public JsonObject All { get; } = [];

    /// <summary>A schema that refers to the type's own; of a list, one of its entries' type.</summary>
    public JsonObject Refer(JsonTypeInfo type)
    {
        if (type.Kind == JsonTypeInfoKind.Enumerable)
            return new JsonObject { ["type"] = "array", ["items"] = Refer(type.Options.GetTypeInfo(type.ElementType!)) };
        var (name, bare) = (type.Type.Name, type.Type);
        if (_types.TryAdd(name, bare))
        {
            // It has its place before those that it refers to, and may refer to itself.
            All[name] = new JsonObject();
            var schema = type.GetJsonSchemaAsNode(_exporting);
            if (ContractTexts.Of(bare) is { } text) schema["description"] = text;
            All[name] = schema;
        }
        else if (_types[name] != bare)
        {
            throw new InvalidOperationException($"Two types of the contract are called {name}.");
        }

        return new JsonObject { ["$ref"] = $"#/components/schemas/{name}" };
    }

    private static JsonNode Explain(JsonPropertyInfo? property, JsonNode schema)
    {
        if (property?.AttributeProvider is not MemberInfo member || schema is not JsonObject described) return schema;
        if (ContractTexts.Of(member) is { } text) described["description"] = text;
        if (member.DeclaringType is { } owner && RequestRanges.Find(owner, member.Name) is { } range) Limit(described, range);
        // The values of parameters stand in a map, those of swept ones in lists.
        var values = (member.DeclaringType, member.Name) switch
        {
            (var type, nameof(BacktestRequest.Parameters)) when type == typeof(BacktestRequest) => described["additionalProperties"],
            (var type, nameof(SweepRequest.Parameters)) when type == typeof(SweepRequest) => described["additionalProperties"]?["items"],
            _ => null,
        };
        if (values is JsonObject number) Limit(number, RequestRanges.Parameter);
        return schema;
    }

    private static void Limit(JsonObject schema, NumberRange range)
    {
        schema[range.ExcludesMinimum ? "exclusiveMinimum" : "minimum"] = range.Minimum;
        schema[range.ExcludesMaximum ? "exclusiveMaximum" : "maximum"] = range.Maximum;
    }

    private JsonObject? Describe(JsonSchemaExporterContext context)
    {
        var (type, property) = (context.TypeInfo, context.PropertyInfo);
        var bare = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        // An element of a list or a dictionary is none of a property's own.
        var isNullable = bare != type.Type || (property is not null && property.PropertyType == type.Type && !type.Type.IsValueType && property.IsGetNullable);
        if (context.Path.Length > 0 && IsShape(type, bare))
        {
            var reference = Refer(type.Options.GetTypeInfo(bare));
            return isNullable ? new JsonObject { ["anyOf"] = new JsonArray(reference, new JsonObject { ["type"] = "null" }) } : reference;
        }

        return DescribeText(bare, isNullable);
    }

    private static bool IsShape(JsonTypeInfo type, Type bare) => type.Options.GetTypeInfo(bare).Kind == JsonTypeInfoKind.Object && !bare.IsEnum && bare != typeof(object);

    // What a converter of ours writes, the exporter can't know.
    private static JsonObject? DescribeText(Type bare, bool isNullable)
    {
        JsonNode type = isNullable ? new JsonArray("string", "null") : "string";
        if (bare.IsEnum)
        {
            var words = Enum.GetNames(bare).Select(name => (JsonNode?)System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(name));
            return new JsonObject { ["type"] = type, ["enum"] = new JsonArray([.. words, .. isNullable ? new JsonNode?[] { null } : []]) };
        }

        return bare == typeof(DateTime) ? new JsonObject { ["type"] = type, ["pattern"] = @"^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d)?$" } : null;
    }
}
