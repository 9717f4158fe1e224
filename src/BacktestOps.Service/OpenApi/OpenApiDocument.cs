using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using BacktestOps.Contracts;

namespace BacktestOps.Service.OpenApi;

/// <summary>The OpenAPI 3.1 document, made from the list of calls and the very types that are written and read.</summary>
internal static class OpenApiDocument
{
    /// <summary>The statuses that every call may give beside its own.</summary>
    private static readonly int[] Everywhere = [400, 401, 403, 405, 421, 500];

    private static readonly Dictionary<int, string> Meanings = new()
    {
        [400] = "The request has faults, among them query parameters that the call does not take; all of one kind are named in `errors`.",
        [401] = "An API key is needed, or the one that was sent is not known.",
        [403] = "A page of another site, or a link of one, asked the browser to send this.",
        [404] = "Nothing of that name.",
        [405] = "The address does not take this method.",
        [409] = "Not yet: `backtest` says where the run stands; or the idempotency key's first request is still being looked at (`Retry-After`).",
        [412] = "The document is not the one that If-Match names.",
        [413] = "The body is too large.",
        [415] = "The body is not announced as JSON in UTF-8.",
        [416] = "The range lies outside of the document.",
        [421] = "A name that the service does not answer to.",
        [422] = "The market data can't be used, or the idempotency key stands for another request.",
        [429] = "As many runs wait as may wait; `Retry-After` says when to come again.",
        [500] = "A fault of the service, with a reference that stands in its log.",
        [503] = "A part that is needed is down, or too many large requests are read at once; `Retry-After` says when to come again.",
    };

    /// <summary>Makes the document.</summary>
    public static JsonObject Create()
    {
        var schemas = new OpenApiSchemas();
        var paths = new JsonObject();
        foreach (var operation in ApiOperations.All)
        {
            if (paths[operation.Path] is not JsonObject path)
                paths[operation.Path] = path = [];
            path[operation.Method.ToLowerInvariant()] = Describe(operation, schemas);
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "BacktestOps", ["version"] = ServiceIdentity.Version,
                ["description"] = "Start backtests, watch them, read their results. Every GET answers HEAD too. Every error is a problem document (RFC 9457).",
            },
            // Wherever the document was had from.
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas.All,
                ["securitySchemes"] = new JsonObject { ["apiKey"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" } },
            },
            // The empty one: a service on loopback asks for no key.
            ["security"] = new JsonArray(new JsonObject { ["apiKey"] = new JsonArray() }, new JsonObject()),
        };
    }

    private static JsonObject Describe(ApiOperation operation, OpenApiSchemas schemas)
    {
        var responses = new JsonObject();
        foreach (var answer in operation.Answers)
            responses[Text(answer.Status)] = Response(answer.Summary, answer.MediaType, answer.Body, schemas);
        foreach (var status in operation.Errors.Concat(Everywhere).Order().Where(status => !responses.ContainsKey(Text(status))))
            responses[Text(status)] = Response(Meanings[status], "application/problem+json", ContractsJson.Default.Problem, schemas);
        var described = new JsonObject { ["operationId"] = operation.Id, ["summary"] = operation.Summary };
        if (operation.Parameters.Count > 0)
            described["parameters"] = new JsonArray([.. operation.Parameters.Select(Describe)]);
        if (operation.Body is { } body)
            described["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Content("application/json", body, schemas) };
        described["responses"] = responses;
        return described;
    }

    private static JsonObject Describe(ApiParameter parameter)
    {
        var schema = new JsonObject { ["type"] = parameter.Type };
        if (parameter.Words is { } words)
            schema["enum"] = new JsonArray([.. words.Select(word => JsonValue.Create(word))]);
        return new JsonObject
        {
            ["name"] = parameter.Name, ["in"] = parameter.In, ["required"] = parameter.IsRequired, ["description"] = parameter.Summary, ["schema"] = schema,
        };
    }

    private static JsonObject Response(string summary, string? mediaType, JsonTypeInfo? body, OpenApiSchemas schemas)
    {
        var response = new JsonObject { ["description"] = summary };
        if (mediaType is not null)
            response["content"] = Content(mediaType, body, schemas);
        return response;
    }

    private static JsonObject Content(string mediaType, JsonTypeInfo? body, OpenApiSchemas schemas) => new()
    {
        [mediaType] = body is null ? new JsonObject() : new JsonObject { ["schema"] = schemas.Refer(body) },
    };

    private static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);
}
