using System.Text;
using System.Text.Json;

namespace BacktestOps.Operations.Plans;

/// <summary>A value of a plan file and the line that it stands on, which <see cref="JsonDocument"/> does not keep.</summary>
internal sealed class PlanNode
{
    private PlanNode(JsonValueKind kind, string path, int line) => (Kind, Path, Line) = (kind, path, line);

    public JsonValueKind Kind { get; }

    /// <summary>Where it is: <c>service.start[0]</c>; empty for the whole file.</summary>
    public string Path { get; }

    /// <summary>1-based.</summary>
    public int Line { get; }

    /// <summary>The text of a string; the digits of a number.</summary>
    public string Text { get; private init; } = "";

    public List<PlanNode> Items { get; } = [];

    public List<(string Key, int Line, PlanNode Value)> Members { get; } = [];

    /// <summary>What it is, for people: <c>a string</c>.</summary>
    public string Describe => Kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a Boolean",
        _ => "null",
    };

    /// <summary>Reads a whole file: JSON with comments and trailing commas.</summary>
    /// <param name="utf8">The file's bytes.</param>
    /// <exception cref="JsonException">It is not JSON; the message says where.</exception>
    public static PlanNode Parse(ReadOnlySpan<byte> utf8)
    {
        if (utf8.StartsWith(Encoding.UTF8.Preamble)) utf8 = utf8[Encoding.UTF8.Preamble.Length..];
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        reader.Read();
        var lines = new LineCounter(utf8);
        var root = Read(ref reader, ref lines, "");
        while (reader.Read())
        {
            // Only comments may follow; the reader refuses anything else.
        }

        return root;
    }

    /// <summary>The value as JSON without comments.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        switch (Kind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var (key, _, value) in Members)
                {
                    writer.WritePropertyName(key);
                    value.WriteTo(writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in Items) item.WriteTo(writer);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(Text);
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(Text);
                break;
            case JsonValueKind.True or JsonValueKind.False:
                writer.WriteBooleanValue(Kind == JsonValueKind.True);
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    private static PlanNode Read(ref Utf8JsonReader reader, ref LineCounter lines, string path)
    {
        var line = lines.At(reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var node = new PlanNode(JsonValueKind.Object, path, line);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var (key, keyLine) = (reader.GetString()!, lines.At(reader.TokenStartIndex));
                    reader.Read();
                    node.Members.Add((key, keyLine, Read(ref reader, ref lines, Join(path, key))));
                }

                return node;
            case JsonTokenType.StartArray:
                var list = new PlanNode(JsonValueKind.Array, path, line);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    list.Items.Add(Read(ref reader, ref lines, $"{path}[{list.Items.Count}]"));
                return list;
            case JsonTokenType.String:
                return new PlanNode(JsonValueKind.String, path, line) { Text = reader.GetString()! };
            case JsonTokenType.Number:
                return new PlanNode(JsonValueKind.Number, path, line) { Text = Encoding.UTF8.GetString(reader.ValueSpan) };
            case JsonTokenType.True:
                return new PlanNode(JsonValueKind.True, path, line);
            case JsonTokenType.False:
                return new PlanNode(JsonValueKind.False, path, line);
            default:
                return new PlanNode(JsonValueKind.Null, path, line);
        }
    }

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    /// <summary>Turns growing byte offsets into line numbers, reading the bytes once.</summary>
    private ref struct LineCounter(ReadOnlySpan<byte> text)
    {
        private readonly ReadOnlySpan<byte> _text = text;
        private int _read;
        private int _line = 1;

        public int At(long offset)
        {
            _line += _text[_read..(int)offset].Count((byte)'\n');
            _read = (int)offset;
            return _line;
        }
    }
}
