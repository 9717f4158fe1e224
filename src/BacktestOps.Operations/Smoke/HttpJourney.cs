using System.Text.Json;
using System.Text.Json.Nodes;
using BacktestOps.Contracts;
using BacktestOps.Operations.Health;

namespace BacktestOps.Operations.Smoke;

/// <summary>The way of a client: health, start, progress to 100, the result and again the result, an id that nobody has.</summary>
internal sealed class HttpJourney(SmokePlan plan, SmokeLedger ledger, HttpTransport transport)
{
    private const int LongestId = 128;

    /// <summary>The backtest that was started; null while there is none.</summary>
    public string? BacktestId { get; private set; }

    /// <summary>True when something answered at the service's address.</summary>
    public bool WasAnswered { get; private set; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await CheckHealthAsync(cancellationToken).ConfigureAwait(false);
        BacktestId = await StartAsync(cancellationToken).ConfigureAwait(false);
        if (BacktestId is null)
        {
            const string Why = "no backtest was started";
            ledger.Unseen("progress: completes", plan.Address.ToString(), "100 with the status completed", Why);
            ledger.Unseen("result: HTTP status", plan.Address.ToString(), "200", Why);
        }
        else
        {
            var progress = new ProgressStage(plan, ledger, transport);
            var completed = await progress.FollowAsync(BacktestId, cancellationToken).ConfigureAwait(false);
            await new ResultStage(plan, ledger, transport).RunAsync(BacktestId, completed, cancellationToken).ConfigureAwait(false);
        }

        await CheckUnknownIdAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task CheckHealthAsync(CancellationToken cancellationToken)
    {
        var exchange = await transport.GetAsync("health", new Uri(plan.Address, plan.Endpoints.Health), cancellationToken).ConfigureAwait(false);
        WasAnswered = exchange.StatusCode is not null;
        var answer = new HealthAnswer
        {
            StatusCode = exchange.StatusCode,
            ContentType = exchange.MediaType,
            Body = exchange.Body,
            BodyProblem = exchange.BodyProblem,
            Latency = exchange.StatusCode is null ? null : exchange.Duration,
            Failure = exchange.Failure,
            AskFailed = exchange.AskFailed,
        };
        var judge = new HealthJudge(exchange.Address.ToString(), answer, ledger.Clock.GetUtcNow());
        Add(judge.Status(200));
        Add(judge.Latency(plan.ResponseTimeLimit));
        using var document = judge.Document(out var problem);
        if (problem is not null) Add(problem);
        foreach (var field in Fields()) Add(judge.Field(field, document));

        void Add(CheckResult check) => ledger.Add(check with { Name = $"health: {check.Name}", Artifacts = exchange.Artifacts });
    }

    private IEnumerable<FieldExpectation> Fields() =>
        plan.Version is null
            ? plan.HealthFields
            : plan.HealthFields.Where(field => field.Path.Text != "version").Append(FieldExpectation.FromObject("version", plan.Version));

    private async Task<string?> StartAsync(CancellationToken cancellationToken)
    {
        var address = new Uri(plan.Address, plan.Endpoints.Start);
        var body = plan.StartBody ?? await ChooseBodyAsync(cancellationToken).ConfigureAwait(false);
        if (body is null)
        {
            ledger.Unseen("start: HTTP status", $"POST {address}", "200", "there was nothing to start a backtest of");
            return null;
        }

        var key = plan.SendIdempotencyKey ? Guid.NewGuid().ToString() : null;
        var exchange = await transport.PostAsync("start", address, body, key, cancellationToken).ConfigureAwait(false);
        const string Action = "Start the same backtest by hand; the service's log says why it refused. It was sent once and is not sent again.";
        if (!ledger.DecideStatus(exchange, "start: HTTP status", [200, 201, 202], Action)) return null;
        var id = ReadId(exchange, out var problem);
        ledger.Decide(
            id is not null, "start: backtest_id", exchange.Subject, "a string that can stand in a file name", id ?? exchange.Excerpt, exchange.Artifacts, problem);
        return id;
    }

    private async Task<string?> ChooseBodyAsync(CancellationToken cancellationToken)
    {
        var exchange = await transport.GetAsync("symbols", new Uri(plan.Address, plan.Endpoints.Symbols), cancellationToken).ConfigureAwait(false);
        string? symbol = null;
        var problem = exchange.Failure ?? exchange.BodyProblem;
        if (problem is null && StrictJson.TryParse(exchange.Body, out var document, out problem))
            using (document) symbol = FirstSymbol(document.RootElement);
        ledger.Decide(
            exchange.StatusCode == 200 && symbol is not null, "start: symbols", exchange.Subject, "200 with a symbol that has data",
            symbol ?? exchange.StatusText, exchange.Artifacts, symbol is null ? problem ?? exchange.Excerpt : null, window: exchange.Duration,
            action: "See that the service has market data, or give the plan the JSON to start a backtest with.");
        return symbol is null
            ? null
            : new JsonObject { ["symbols"] = new JsonArray(JsonValue.Create(symbol)), ["strategy"] = "BuyAndHold" }.ToJsonString();
    }

    private static string? FirstSymbol(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Array) return null;
        foreach (var entry in root.EnumerateArray())
        {
            if (entry.ValueKind != JsonValueKind.Object) continue;
            if (entry.TryGetProperty("error", out var error) && error.ValueKind != JsonValueKind.Null) continue;
            if (entry.TryGetProperty("symbol", out var symbol) && symbol.ValueKind == JsonValueKind.String) return symbol.GetString();
        }

        return null;
    }

    private static string? ReadId(HttpExchange exchange, out string? problem)
    {
        problem = exchange.BodyProblem;
        if (problem is not null || !StrictJson.TryParse(exchange.Body, out var document, out problem)) return null;
        using (document)
        {
            problem = "the field 'backtest_id' is missing";
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("backtest_id", out var id)) return null;
            problem = $"'backtest_id' is {id.GetRawText()}";
            if (id.ValueKind != JsonValueKind.String || id.GetString() is not { Length: > 0 and <= LongestId } text) return null;
            if (text.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_' or '.'))) return null;
            problem = null;
            return text;
        }
    }

    private async Task CheckUnknownIdAsync(CancellationToken cancellationToken)
    {
        var unknown = $"{OwnRequests.UnknownId}{Guid.NewGuid():N}"[..30];
        foreach (var (name, path) in new[] { ("progress", plan.Endpoints.Progress), ("result", plan.Endpoints.Result) })
        {
            var exchange = await transport.GetAsync($"unknown-{name}", Address(plan, path, unknown), cancellationToken).ConfigureAwait(false);
            ledger.DecideStatus(
                exchange, $"unknown id: {name}", [404],
                "A service that answers for a run that nobody started can't be believed for one that somebody did.");
        }
    }

    internal static Uri Address(SmokePlan plan, string path, string id) =>
        new(plan.Address, path.Replace("{id}", Uri.EscapeDataString(id), StringComparison.Ordinal));
}
