using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BacktestOps.Contracts;
using Microsoft.OpenApi;

namespace BacktestOps.Service.Tests;

/// <summary>The OpenAPI document says what is served: its calls are the routes, and answers have the statuses and shapes that it names.</summary>
public sealed partial class OpenApiTests : IDisposable
{
    private const string Good = """{"symbols": ["AAPL"], "strategy": "SmaCross"}""";

    public static TheoryData<string, string, string?, int> Calls => new()
    {
        { "GET", "/api/health", null, 200 },
        { "POST", "/api/backtest/start", Good, 200 },
        { "POST", "/api/backtest/start", "{}", 400 },
        { "POST", "/api/backtest/check", Good, 200 },
        { "POST", "/api/backtest/check", "{}", 400 },
        { "GET", "/api/backtest/progress/run", null, 200 },
        { "GET", "/api/backtest/progress/none", null, 404 },
        { "GET", "/api/backtest/progress?id=run", null, 200 },
        { "GET", "/api/backtest/progress", null, 400 },
        { "GET", "/api/backtest/events/none", null, 404 },
        { "GET", "/api/backtest/result/queued", null, 409 },
        { "GET", "/api/backtest/result/none", null, 404 },
        { "POST", "/api/backtest/cancel/run", null, 200 },
        { "POST", "/api/backtest/cancel/none", null, 404 },
        { "GET", "/api/backtests", null, 200 },
        { "GET", "/api/backtests?limit=1", null, 200 },
        { "GET", "/api/backtests?status=done", null, 400 },
        { "GET", "/api/strategies", null, 200 },
        { "GET", "/api/symbols", null, 200 },
        { "GET", "/api/symbols/AAPL/bars", null, 200 },
        { "GET", "/api/symbols/AAPL/bars?from=x", null, 400 },
        { "GET", "/api/symbols/NONE/bars", null, 404 },
        { "DELETE", "/api/symbols", null, 405 },
    };

    [Fact]
    public async Task Its_calls_are_the_routes_both_ways()
    {
        await using var service = await RunningService.StartAsync();
        var document = JsonNode.Parse((await service.GetAsync("/openapi.json")).Body)!;

        var described = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(call => $"{call.Key.ToUpperInvariant()} {path.Key}"));

        Assert.Equal(service.Routes.Where(route => route.Contains(" /api", StringComparison.Ordinal)).Order(), described.Order());
    }

    [Fact]
    public async Task It_states_the_range_of_every_number_that_the_check_of_a_request_takes()
    {
        await using var service = await RunningService.StartAsync();
        var schemas = JsonNode.Parse((await service.GetAsync("/openapi.json")).Body)!["components"]!["schemas"]!;

        foreach (var ((owner, member), range) in RequestRanges.All)
            AssertLimits(schemas[owner.Name]!["properties"]![System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(member)]!, range, $"{owner.Name}.{member}");
        AssertLimits(schemas["BacktestRequest"]!["properties"]!["parameters"]!["additionalProperties"]!, RequestRanges.Parameter, "parameters");
        AssertLimits(schemas["SweepRequest"]!["properties"]!["parameters"]!["additionalProperties"]!["items"]!, RequestRanges.Parameter, "sweep.parameters");
        Assert.Contains("64 bits", (string)schemas["SweepRequest"]!["properties"]!["seed"]!["description"]!, StringComparison.Ordinal);

        static void AssertLimits(JsonNode schema, NumberRange range, string of)
        {
            Assert.True((double?)schema[range.ExcludesMinimum ? "exclusiveMinimum" : "minimum"] == range.Minimum, $"{of}: {schema.ToJsonString()}");
            Assert.True((double?)schema[range.ExcludesMaximum ? "exclusiveMaximum" : "maximum"] == range.Maximum, $"{of}: {schema.ToJsonString()}");
        }
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task An_answer_has_a_status_and_a_shape_that_it_names(string method, string path, string? body, int status)
    {
        await using var service = await RunningService.StartAsync();
        service.Api.Put("queued", BacktestStatus.Queued);
        service.Api.PutResult("run");
        var document = JsonNode.Parse((await service.GetAsync("/openapi.json")).Body)!;

        var reply = body is null ? await service.SendAsync(new HttpMethod(method), path) : await service.PostAsync(path, body);

        Assert.Equal(status, reply.Status);
        var call = Find(document, method, path);
        // A method that no call has: every call of the path names the answer to it.
        call ??= document["paths"]![path]!.AsObject().First().Value!;
        var content = call["responses"]![$"{status}"]?["content"]?[reply.ContentType!.MediaType!];
        Assert.True(content is not null, $"{method} {path} gave {status} {reply.ContentType}, which the document does not name.");
        var faults = new List<string>();
        JsonShape.Check(document, content!["schema"]!, JsonNode.Parse(reply.Body), "$", faults);
        Assert.Empty(faults);
    }

    [Theory]
    [InlineData("market-data-invalid", 422)]
    [InlineData("idempotency-key-reused", 422)]
    [InlineData("idempotency-key-in-use", 409)]
    [InlineData("queue-full", 429)]
    [InlineData("backtest-unavailable", 503)]
    [InlineData("internal-error", 500)]
    [InlineData("body-too-large", 413)]
    [InlineData("unsupported-media-type", 415)]
    public async Task A_start_that_is_refused_has_a_status_and_a_shape_that_it_names(string refusal, int status)
    {
        await using var service = await RunningService.StartAsync();
        service.Api.StartFault = refusal switch
        {
            "market-data-invalid" => new MarketDataException("A.csv", 3, "high below low"),
            "idempotency-key-reused" => new IdempotencyKeyReusedException("reused"),
            "idempotency-key-in-use" => new IdempotencyKeyInUseException("under way"),
            "queue-full" => new QueueFullException("20,000 backtests wait"),
            "backtest-unavailable" => new BacktestUnavailableException("down", "wait"),
            "internal-error" => new InvalidOperationException("unforeseen"),
            _ => null,
        };
        var document = JsonNode.Parse((await service.GetAsync("/openapi.json")).Body)!;
        var body = refusal == "body-too-large" ? new byte[ServiceHost.MaxBodyBytes + 1] : Encoding.UTF8.GetBytes(Good);

        var reply = await service.SendAsync(
            HttpMethod.Post, "/api/backtest/start", body, refusal == "unsupported-media-type" ? "text/csv" : "application/json", ("Idempotency-Key", "key"));

        Assert.Equal(status, reply.Status);
        var content = document["paths"]!["/api/backtest/start"]!["post"]!["responses"]![$"{status}"]!["content"]!["application/problem+json"]!;
        var faults = new List<string>();
        JsonShape.Check(document, content["schema"]!, JsonNode.Parse(reply.Body), "$", faults);
        Assert.Empty(faults);
        Assert.EndsWith(refusal, reply.Problem.Type, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/backtest/result/run", "Range", "bytes=0-9", 206, "application/json")]
    [InlineData("/api/backtest/result/run", "Range", "bytes=999999-", 416, "application/problem+json")]
    [InlineData("/api/backtest/result/run", "If-Match", "\"other\"", 412, "application/problem+json")]
    [InlineData("/api/backtest/result/run", "If-None-Match", "*", 304, null)]
    [InlineData("/api/backtest/events/run", "Accept", "text/event-stream", 200, "text/event-stream")]
    [InlineData("/api/backtest/events/run", "Last-Event-ID", "the last", 204, null)]
    [InlineData("/api/symbols/AAPL/sparkline", "Accept", "*/*", 200, "image/svg+xml")]
    [InlineData("/api/backtest/chart/none/equity", "Accept", "*/*", 404, "application/problem+json")]
    public async Task What_a_header_asks_for_is_answered_as_it_names(string path, string header, string value, int status, string? mediaType)
    {
        await using var service = await RunningService.StartAsync();
        service.Api.PutResult("run");
        service.Api.Bars["AAPL"] = [.. Enumerable.Range(1, 9).Select(day => new Bar("AAPL", new DateTime(2026, 1, day), 10, 12, 9, 11, null, 1000))];
        var document = JsonNode.Parse((await service.GetAsync("/openapi.json")).Body)!;

        if (header == "Last-Event-ID") value = LastEvent().Match((await service.GetAsync(path)).Text).Groups[1].Value;
        var reply = await service.GetAsync(path, (header, value));

        Assert.Equal((status, mediaType), (reply.Status, reply.ContentType?.MediaType));
        var named = Find(document, "GET", path)!["responses"]![$"{status}"];
        Assert.True(named is not null, $"GET {path} gave {status}, which the document does not name.");
        if (mediaType is not null) Assert.NotNull(named["content"]![mediaType]);
    }

    [Fact]
    public async Task A_real_result_has_the_shape_that_it_names()
    {
        await using var runner = await Runs.BacktestRunner.OpenAsync(new Runs.RunnerOptions { HomePath = Home }, TestContext.Current.CancellationToken);
        await using var service = await RunningService.StartAsync(_ => Task.FromResult(new ServiceBackend(runner, runner.GetHealthAsync, runner.CountAsync)), TimeProvider.System);
        await using var client = new Client.BacktestClient(service.Address);
        var id = (await client.StartAsync(new BacktestRequest { Symbols = ["SP500"], Strategy = "SmaCross" }, TestContext.Current.CancellationToken)).BacktestId;
        await ServiceWork.EndAsync(client, id);
        // With everything that a request and a result may have.
        var walk = (await client.StartAsync(new BacktestRequest
        {
            Symbols = ["SP500", "SYN-FALL"], Strategy = "SmaCross", Benchmark = "SP500", Cash = CashSharing.Shared,
            Sweep = new() { Parameters = new Dictionary<string, IReadOnlyList<double>> { ["fast"] = [5, 10] }, WalkForward = new() { InSample = 2500, OutOfSample = 1500 } },
        }, TestContext.Current.CancellationToken)).BacktestId;
        await ServiceWork.EndAsync(client, walk);
        var document = JsonNode.Parse((await service.GetAsync("/openapi.json")).Body)!;
        var faults = new List<string>();

        foreach (var (path, name) in new[]
        {
            ($"/api/backtest/result/{id}", "/api/backtest/result/{id}"), ($"/api/backtest/result/{walk}", "/api/backtest/result/{id}"),
            ($"/api/backtest/progress/{walk}", "/api/backtest/progress/{id}"), ($"/api/backtest/progress?id={id}", "/api/backtest/progress"),
            ("/api/backtests", "/api/backtests"), ("/api/strategies", "/api/strategies"), ("/api/symbols", "/api/symbols"),
            ("/api/symbols/SP500/bars?to=2000-01-31", "/api/symbols/{symbol}/bars"), ("/api/health", "/api/health"),
        })
        {
            var schema = document["paths"]![name]!["get"]!["responses"]!["200"]!["content"]!["application/json"]!["schema"]!;
            JsonShape.Check(document, schema, JsonNode.Parse((await service.GetAsync(path)).Body), path, faults);
        }

        Assert.Empty(faults);
    }

    [Fact]
    public void The_shape_check_itself_finds_what_is_wrong()
    {
        var schema = JsonNode.Parse("""{"type": "object", "required": ["a"], "additionalProperties": false, "properties": {"a": {"type": "integer"}, "b": {"type": ["string", "null"], "enum": ["x", null]}}}""")!;
        foreach (var (json, isGood) in new[] { ("""{"a": 1, "b": "x"}""", true), ("""{"a": 1.5}""", false), ("""{"b": "x"}""", false), ("""{"a": 1, "c": 1}""", false), ("""{"a": 1, "b": "y"}""", false), ("[]", false) })
        {
            var faults = new List<string>();
            JsonShape.Check(schema, schema, JsonNode.Parse(json), "$", faults);
            Assert.Equal(isGood, faults.Count == 0);
        }
    }

    [Fact]
    public async Task Every_member_of_every_shape_says_what_it_means()
    {
        await using var service = await RunningService.StartAsync();
        var document = JsonNode.Parse((await service.GetAsync("/openapi.json")).Body)!;
        var silent = new List<string>();

        foreach (var (name, schema) in document["components"]!["schemas"]!.AsObject()) Look(name, schema!);

        Assert.Empty(silent);
        var totalReturn = document["components"]!["schemas"]!["Performance"]!["properties"]!["total_return"]!;
        Assert.StartsWith("Final equity / initial cash", (string)totalReturn["description"]!, StringComparison.Ordinal);

        void Look(string path, JsonNode schema)
        {
            foreach (var (name, member) in schema["properties"]?.AsObject() ?? [])
            {
                if (string.IsNullOrWhiteSpace((string?)member!["description"])) silent.Add($"{path}.{name}");
                Look($"{path}.{name}", member["items"] ?? member);
            }
        }
    }

    [Fact]
    public async Task An_independent_reader_finds_no_fault_in_it_and_nothing_that_it_refers_to_is_missing()
    {
        await using var service = await RunningService.StartAsync();
        var bytes = (await service.GetAsync("/openapi.json")).Body;

        var read = await OpenApiDocument.LoadAsync(new MemoryStream(bytes), "json", cancellationToken: TestContext.Current.CancellationToken);

        Assert.Empty(read.Diagnostic!.Errors.Select(error => error.ToString()));
        Assert.Empty(read.Diagnostic.Warnings.Select(warning => warning.ToString()));
        Assert.Empty(read.Document!.Validate(ValidationRuleSet.GetDefaultRuleSet()).Select(error => error.ToString()));
        // Each reference by itself, whatever a reader makes of those that lead nowhere.
        var document = JsonNode.Parse(bytes)!;
        var references = References(document).ToList();
        Assert.True(references.Count > 50, $"only {references.Count} references were read");
        Assert.All(references, reference => Assert.NotNull(reference.TrimStart('#', '/').Split('/').Aggregate((JsonNode?)document, (node, name) => (node as JsonObject)?[name])));

        static IEnumerable<string> References(JsonNode? node) => node switch
        {
            JsonObject members => members.SelectMany(member => member is { Key: "$ref", Value: JsonValue reference } ? [$"{reference}"] : References(member.Value)),
            JsonArray items => items.SelectMany(References),
            _ => [],
        };
    }

    [Fact]
    public async Task The_reference_page_names_every_call_and_asks_for_nothing_else()
    {
        await using var service = await RunningService.StartAsync();

        var reply = await service.GetAsync("/reference.html");

        Assert.Equal((200, "text/html"), (reply.Status, reply.ContentType!.MediaType));
        Assert.All(service.Routes.Where(route => route.Contains(" /api", StringComparison.Ordinal)), route => Assert.Contains(route, reply.Text, StringComparison.Ordinal));
        Assert.DoesNotMatch("(?i)<script|<link|<img|<iframe|src=|url\\(|@import|https?://", reply.Text);
        Assert.StartsWith("default-src 'none'; style-src 'sha256-", reply.Headers["Content-Security-Policy"], StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(Home, recursive: true);

    private string Home { get; } = Directory.CreateTempSubdirectory("backtestops-openapi-").FullName;

    private static JsonNode? Find(JsonNode document, string method, string path)
    {
        var bare = path.Split('?')[0];
        return document["paths"]!.AsObject()
            .Where(each => Regex.IsMatch(bare, $"^{Hole().Replace(each.Key, "[^/]+")}$"))
            .Select(each => each.Value![method.ToLowerInvariant()]).FirstOrDefault(call => call is not null);
    }

    [GeneratedRegex("^id: (.+)$", RegexOptions.Multiline)]
    private static partial Regex LastEvent();

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Hole();
}
