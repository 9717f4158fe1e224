using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BacktestOps.Contracts;
using Microsoft.Net.Http.Headers;

namespace BacktestOps.Service.Http;

/// <summary>Reads the body of a call strictly and names every fault of its shape at once, each with its JSON path.</summary>
internal static class RequestReader
{
    // The longest list that a good request can have are the values of a swept parameter.
    private const int MaxEntries = 100_000;

    private const int LongestName = 100;

    // No request is deeper than its walk-forward.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    /// <summary>The body as a value of the contract. Its bytes count until the call ends.</summary>
    /// <exception cref="InvalidRequestException">The body is not JSON, or not of the contract's shape.</exception>
    public static async Task<T> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        if (!IsJson(request))
            throw new HttpProblemException(HttpProblem.WrongContentType(request.ContentType));
        if (request.Headers.ContentEncoding is { Count: > 0 } coding && !coding.ToString().Equals("identity", StringComparison.OrdinalIgnoreCase))
            throw new HttpProblemException(HttpProblem.WrongContentCoding(coding.ToString()));
        var budget = request.HttpContext.RequestServices.GetRequiredService<BodyBudget>();
        var lease = budget.Open(request.ContentLength);
        request.HttpContext.Response.RegisterForDispose(lease);
        try
        {
            var body = await BodyBudget.ReadAsync(request, lease, cancellationToken).ConfigureAwait(false);
            using var place = await budget.EnterAsync(body.Length, cancellationToken).ConfigureAwait(false);
            return Read(body, type);
        }
        catch (IOException exception) when (exception is not BadHttpRequestException)
        {
            // What the server has no status for: a chunk whose length is no number.
            throw new BadHttpRequestException(exception.Message, StatusCodes.Status400BadRequest, exception);
        }
    }

    /// <summary>A body as a value of the contract.</summary>
    /// <exception cref="InvalidRequestException">It is not JSON, or not of the contract's shape.</exception>
    internal static T Read<T>(ReadOnlyMemory<byte> body, JsonTypeInfo<T> type)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            var faults = new ShapeFaults();
            Inspect(document.RootElement, type, "", faults);
            if (faults.All is { Count: > 0 } all)
                throw new InvalidRequestException(all);
            return document.RootElement.Deserialize(type)!;
        }
        catch (JsonException exception)
        {
            throw new InvalidRequestException([new RequestFault("$", Describe(exception))]);
        }
        catch (InvalidOperationException exception)
        {
            // The parser looks at the characters of a text only when the text is read.
            throw new InvalidRequestException([new RequestFault("$", $"is not JSON that is taken: {exception.Message}", "send Unicode text in UTF-8")]);
        }
    }

    private static bool IsJson(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    private static void Inspect(JsonElement element, JsonTypeInfo type, string path, ShapeFaults faults)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when element.ValueKind == JsonValueKind.Object:
                InspectMembers(element, type, path, faults);
                break;
            case JsonTypeInfoKind.Dictionary when element.ValueKind == JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                    Inspect(member.Value, type.Options.GetTypeInfo(type.ElementType!), Join(path, Shown(member.Name)), faults);
                break;
            case JsonTypeInfoKind.Enumerable when element.ValueKind == JsonValueKind.Array:
                // Before each entry is looked at: a list is either short enough or wrong as a whole.
                if (element.GetArrayLength() > MaxEntries)
                {
                    faults.Add((path, element), static of => new(Root(of.path), string.Create(CultureInfo.InvariantCulture, $"has {of.element.GetArrayLength():N0} entries"),
                        string.Create(CultureInfo.InvariantCulture, $"at most {MaxEntries:N0}")));
                    break;
                }
                var index = -1;
                var entry = type.Options.GetTypeInfo(type.ElementType!);
                foreach (var item in element.EnumerateArray())
                {
                    index++;
                    // The path of an entry is put together where it is needed: of a good number or text it is not.
                    if (entry.Kind != JsonTypeInfoKind.None || !Fits(item, entry))
                        Inspect(item, entry, string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"), faults);
                }
                break;
            default:
                if (!Fits(element, type))
                    faults.Add((path, element, type), static of => new(Root(of.path), $"is {Show(of.element)}", $"expected {Expected(of.type)}"));
                break;
        }
    }

    private static void InspectMembers(JsonElement element, JsonTypeInfo type, string path, ShapeFaults faults)
    {
        foreach (var member in element.EnumerateObject())
        {
            var known = type.Properties.FirstOrDefault(property => property.Name == member.Name);
            if (known is null)
                faults.Add((path, member, type), static of => new(Join(of.path, Shown(of.member.Name)), "is not known", $"known are {string.Join(", ", of.type.Properties.Select(property => property.Name))}"));
            else if (member.Value.ValueKind != JsonValueKind.Null || !known.IsSetNullable)
                Inspect(member.Value, type.Options.GetTypeInfo(known.PropertyType), Join(path, member.Name), faults);
        }
        foreach (var missing in type.Properties.Where(property => property.IsRequired && !element.TryGetProperty(property.Name, out _)))
            faults.Add((path, missing, type.Options), static of => new(Join(of.path, of.missing.Name), "is missing", $"expected {Expected(of.Options.GetTypeInfo(of.missing.PropertyType))}"));
    }

    private static bool Fits(JsonElement element, JsonTypeInfo type)
    {
        if (element.ValueKind == JsonValueKind.Null)
            return Nullable.GetUnderlyingType(type.Type) is not null;
        // What is wrong by its kind needs no exception, of which a list could have a hundred thousand.
        var bare = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        if (bare == typeof(string) && element.ValueKind != JsonValueKind.String) return false;
        if (bare == typeof(double) && element.ValueKind != JsonValueKind.Number) return false;
        try
        {
            // A number that is too large for a double is read as infinity, which nobody asked for.
            return element.Deserialize(type) is not double number || double.IsFinite(number);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Expected(JsonTypeInfo type)
    {
        var bare = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        return type.Kind switch
        {
            JsonTypeInfoKind.Object => "an object",
            JsonTypeInfoKind.Dictionary => $"an object whose values are each {Expected(type.Options.GetTypeInfo(type.ElementType!))}",
            JsonTypeInfoKind.Enumerable => $"a list, each entry {Expected(type.Options.GetTypeInfo(type.ElementType!))}",
            _ when bare == typeof(string) => "a text",
            _ when bare == typeof(bool) => "true or false",
            _ when bare == typeof(DateOnly) => "a date such as \"2020-01-31\"",
            _ when bare.IsEnum => string.Join(", ", Enum.GetNames(bare).Select(name => $"\"{JsonNamingPolicy.SnakeCaseLower.ConvertName(name)}\"")),
            _ => "a number",
        };
    }

    private static string Show(JsonElement element)
    {
        const int Longest = 40;
        var text = element.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "a list",
            _ => element.GetRawText(),
        };
        return text.Length <= Longest ? text : text[..Longest] + "…";
    }

    private static string Describe(JsonException exception) => exception is { LineNumber: { } line, BytePositionInLine: { } position }
        ? string.Create(CultureInfo.InvariantCulture, $"is not JSON: {Sentence(exception.Message)} (line {line + 1}, byte {position + 1})")
        : $"is not JSON that is taken: {Sentence(exception.Message)}";

    // The parser appends its own, zero-based position; people count from one.
    private static string Sentence(string message) => message.Split(" LineNumber:", 2)[0].Split(" Path:", 2)[0].TrimEnd('.', ' ');

    // A name may be as long as the body.
    private static string Shown(string name) => name.Length <= LongestName ? name : name[..LongestName] + "…";

    private static string Root(string path) => path.Length == 0 ? "$" : path;

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
