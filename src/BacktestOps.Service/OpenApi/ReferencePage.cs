using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;

namespace BacktestOps.Service.OpenApi;

/// <summary>The OpenAPI document as a page.</summary>
internal sealed class ReferencePage
{
    private const string Style =
        """
        :root { color-scheme: light dark; }
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
        h2 { margin-top: 2.5rem; border-top: 1px solid #8886; padding-top: 1rem; font-size: 1.1rem; }
        code, h2 { font-family: ui-monospace, monospace; }
        table { border-collapse: collapse; width: 100%; }
        th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #8883; }
        td:first-child { white-space: nowrap; padding-right: 1.2rem; }
        @media (max-width: 40rem) { td, th { display: block; border-bottom: 0; } tr { border-bottom: 1px solid #8883; } td:first-child { white-space: normal; overflow-wrap: anywhere; } }
        nav li { font-family: ui-monospace, monospace; }
        """;

    private readonly StringBuilder _html = new();
    private readonly HashSet<string> _shapes;

    public ReferencePage(JsonObject document)
    {
        _shapes = [.. document["components"]!["schemas"]!.AsObject().Select(schema => schema.Key)];
        _html.Append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>BacktestOps API</title>\n<style>")
            .Append(Style).Append("</style>\n</head>\n<body>\n<main>\n<h1>BacktestOps API</h1>\n");
        var info = document["info"]!;
        Line("p", $"Version {info["version"]}. {info["description"]} ");
        _html.Append("<p>For programs: <a href=\"openapi.json\">openapi.json</a>.</p>\n<nav aria-label=\"Calls\">\n<ul>\n");
        var operations = document["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(method => (Name: $"{method.Key.ToUpperInvariant()} {path.Key}", Call: method.Value!.AsObject())))
            .ToArray();
        foreach (var (name, call) in operations)
            _html.Append("<li><a href=\"#").Append(Encode($"{call["operationId"]}")).Append("\">").Append(Encode(name)).Append("</a></li>\n");
        _html.Append("</ul>\n</nav>\n");
        foreach (var (name, call) in operations)
            Operation(name, call);
        _html.Append("<h2>Shapes</h2>\n");
        foreach (var (name, schema) in document["components"]!["schemas"]!.AsObject())
            Shape(name, schema!.AsObject());
        _html.Append("</main>\n</body>\n</html>\n");
    }

    /// <summary>The page.</summary>
    public string Html => _html.ToString();

    /// <summary>The SHA-256 of the style, base64: what lets this one style be used and no other.</summary>
    public string StyleHash { get; } = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)));

    private void Operation(string name, JsonObject call)
    {
        _html.Append("<section aria-labelledby=\"").Append(Encode($"{call["operationId"]}")).Append("\">\n<h2 id=\"")
            .Append(Encode($"{call["operationId"]}")).Append("\">").Append(Encode(name)).Append("</h2>\n");
        Line("p", $"{call["summary"]}");
        if (call["parameters"] is JsonArray parameters)
            Table("Parameter", parameters.Select(parameter => ($"{parameter!["name"]}", $"{parameter["in"]}{((bool)parameter["required"]! ? ", required" : "")}. {parameter["description"]}")));
        if (call["requestBody"] is { } body)
            Line("p", $"Body: {Shapes(body["content"]!.AsObject().First().Value!["schema"]!)}.");
        Table("Answer", call["responses"]!.AsObject().Select(answer => (answer.Key, Describe(answer.Value!))));
        _html.Append("</section>\n");
    }

    private void Shape(string name, JsonObject schema)
    {
        _html.Append("<h3 id=\"").Append(Encode(name)).Append("\">").Append(Encode(name)).Append("</h3>\n");
        if (schema["description"] is { } text) Line("p", $"{text}");
        Table("Member", Members("", schema));
    }

    // What lies inside is listed by its path: performance.sharpe_ratio, trades[].entry_date.
    private static IEnumerable<(string Name, string Text)> Members(string path, JsonObject schema)
    {
        var required = schema["required"] is JsonArray names ? names.Select(each => $"{each}").ToHashSet() : [];
        foreach (var (name, member) in schema["properties"]?.AsObject() ?? [])
        {
            var inner = member!.AsObject();
            yield return (path + name, $"{Linked(inner)}{(required.Contains(name) ? ", required" : "")}. {inner["description"]}");
            var (within, mark) = inner["items"] is JsonObject items ? (items, "[].") : (inner, ".");
            foreach (var below in Members($"{path}{name}{mark}", within)) yield return below;
        }
    }

    private void Table(string heading, IEnumerable<(string Name, string Text)> rows)
    {
        _html.Append("<table>\n<thead><tr><th scope=\"col\">").Append(heading).Append("</th><th scope=\"col\">Meaning</th></tr></thead>\n<tbody>\n");
        foreach (var (name, text) in rows)
            _html.Append("<tr><td><code>").Append(Encode(name)).Append("</code></td><td>").Append(Rich(text)).Append("</td></tr>\n");
        _html.Append("</tbody>\n</table>\n");
    }

    private void Line(string element, string text) => _html.Append('<').Append(element).Append('>').Append(Rich(text)).Append("</").Append(element).Append(">\n");

    private static string Describe(JsonNode answer)
    {
        var content = answer["content"]?.AsObject().FirstOrDefault();
        var shape = content?.Value?["schema"] is { } schema ? $" {Shapes(schema)}." : "";
        return $"{answer["description"]}{shape}";
    }

    private static string Type(JsonNode schema) => schema switch
    {
        JsonObject when schema["$ref"] is { } reference => $"{reference}".Split('/')[^1],
        JsonObject when schema["anyOf"] is JsonArray any => string.Join(" or ", any.Select(each => Type(each!))),
        JsonObject when schema["enum"] is JsonArray words => string.Join(" | ", words.Select(word => $"{word}")),
        JsonObject when schema["items"] is { } items => $"list of {Type(items)}",
        JsonObject when schema["type"] is JsonArray types => string.Join(" or ", types.Select(type => $"{type}")),
        JsonObject when schema["type"] is { } type => $"{type}",
        _ => "any",
    };

    // A name of a shape in backticks becomes a link to it.
    private static string Linked(JsonObject schema) => schema["$ref"] is not null ? $"`{Type(schema)}`"
        : schema["anyOf"] is JsonArray any ? string.Join(" or ", any.Select(each => Linked(each!.AsObject())))
        : schema["items"] is JsonObject items ? $"list of {Linked(items)}"
        : schema["additionalProperties"] is JsonObject values ? $"object of {Linked(values)}"
        : Type(schema);

    // A shape that stands on this page, in backticks, so that it becomes a link.
    private static string Shapes(JsonNode schema) => Type(schema) is var text && schema["$ref"] is null && schema["items"]?["$ref"] is null ? text
        : schema["$ref"] is not null ? $"`{text}`" : $"list of `{Type(schema["items"]!)}`";

    /// <summary>Text with `names` as code; a name of a shape leads there.</summary>
    private string Rich(string text) => string.Concat(text.Split('`').Select((part, place) => place % 2 == 0 ? Encode(part)
        : _shapes.Contains(part) ? $"<a href=\"#{Encode(part)}\"><code>{Encode(part)}</code></a>" : $"<code>{Encode(part)}</code>"));

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
