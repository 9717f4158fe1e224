using BacktestOps.Contracts;

namespace BacktestOps.Service.OpenApi;

/// <summary>Every call under <c>/api</c>. A test holds this list against the routes of the running service, both ways.</summary>
internal static class ApiOperations
{
    private static readonly ContractsJson Json = ContractsJson.Default;

    private static readonly ApiParameter Id = new("path", "id", "The run's id, as start gave it.", IsRequired: true);
    private static readonly ApiParameter Symbol = new("path", "symbol", "The symbol, as GET /api/symbols lists it.", IsRequired: true);

    private static readonly string[] Statuses = [.. Enum.GetNames<BacktestStatus>().Select(name => name.ToLowerInvariant())];

    private static readonly ApiParameter Width = new("query", "width", "Its width in pixels, 240 to 2000; 720 when absent.", "integer");

    private static readonly ApiAnswer[] Picture = [new(200, "The picture.", null, "image/svg+xml"), new(304, "It is the one that If-None-Match names.", null, null)];

    public static IReadOnlyList<ApiOperation> All { get; } =
    [
        new()
        {
            Method = "GET", Path = "/api/health", Id = "getHealth", Summary = "How the service and its parts are. Needs no API key.",
            Answers = [new(200, "Healthy.", Json.HealthDocument), new(503, "Unhealthy: `problems` says why.", Json.HealthDocument)], Errors = [],
        },
        new()
        {
            Method = "POST", Path = "/api/backtest/start", Id = "startBacktest",
            Summary = "Accepts a run. It is on the disk before this answers; from then on it ends in completed, failed or cancelled.",
            Parameters = [new("header", "Idempotency-Key",
                "1 to 255 visible ASCII characters. The same key with the same request gives the same run, for 24 hours, also after a restart; so a start can be repeated when its answer was lost.")],
            Body = Json.BacktestRequest, Answers = [new(200, "The run, queued; or as it stands now, for a key that was sent before.", Json.BacktestProgress)],
            Errors = [400, 409, 413, 415, 422, 429, 503],
        },
        new()
        {
            Method = "POST", Path = "/api/backtest/check", Id = "checkBacktest", Summary = "Looks at a request as start does, and starts nothing.",
            Body = Json.BacktestRequest, Answers = [new(200, "Every fault; none where a start would be accepted, if there is room in the queue.", Json.RequestCheck)],
            Errors = [400, 413, 415, 503],
        },
        new()
        {
            Method = "GET", Path = "/api/backtest/progress/{id}", Id = "getProgress", Summary = "Where a run stands.",
            Parameters = [Id], Answers = [new(200, "The run.", Json.BacktestProgress)], Errors = [404, 503],
        },
        new()
        {
            Method = "GET", Path = "/api/backtest/progress", Id = "getProgressByQuery", Summary = "Where a run stands, with the id in the query.",
            Parameters = [new("query", "id", "The run's id.", IsRequired: true)], Answers = [new(200, "The run.", Json.BacktestProgress)], Errors = [400, 404, 503],
        },
        new()
        {
            Method = "GET", Path = "/api/backtest/events/{id}", Id = "followProgress",
            Summary = "Where a run stands, as server-sent events: one `progress` event a change, the last one when the run has ended.",
            Parameters = [Id, new("header", "Last-Event-ID", "The id of the last event that was seen; only what is newer is sent.")],
            Answers = [new(200, "The events; the data of each is a run as progress gives it.", null, "text/event-stream"), new(204, "The end was seen already.", null, null)],
            Errors = [404, 503],
        },
        new()
        {
            Method = "GET", Path = "/api/backtest/result/{id}", Id = "getResult",
            Summary = "The result document as it was published. Its ETag is its SHA-256; conditions, ranges and compressed forms are served.",
            Parameters = [Id],
            Answers = [new(200, "The document.", Json.BacktestResult), new(206, "A part of it.", null, "application/json"), new(304, "It is the one that If-None-Match names.", null, null)],
            Errors = [404, 409, 412, 416, 503],
        },
        new()
        {
            Method = "GET", Path = "/api/backtest/variants/{id}", Id = "getVariants",
            Summary = "Every variant of a sweep: CSV with a header, a line each. Its ETag is its SHA-256; conditions and ranges are served.",
            Parameters = [Id],
            Answers = [new(200, "The file.", null, "text/csv"), new(206, "A part of it.", null, "text/csv"), new(304, "It is the one that If-None-Match names.", null, null)],
            Errors = [404, 409, 412, 416, 503],
        },
        new()
        {
            Method = "POST", Path = "/api/backtest/cancel/{id}", Id = "cancelBacktest", Summary = "Asks a run to stop. One that has ended stays as it is; safe to repeat.",
            Parameters = [Id], Answers = [new(200, "The run as it stands now.", Json.BacktestProgress)], Errors = [404, 503],
        },
        new()
        {
            Method = "GET", Path = "/api/backtests", Id = "listBacktests", Summary = "Runs, newest first, in pages.",
            Parameters =
            [
                new("query", "status", "Only runs of this status.", Words: Statuses),
                new("query", "strategy", "Only runs of this strategy."),
                new("query", "symbol", "Only runs with this symbol."),
                new("query", "limit", "At most this many, 1 to 1000; 100 when absent.", "integer"),
                new("query", "cursor", "`next_cursor` of the page before."),
            ],
            Answers = [new(200, "A page.", Json.BacktestList)], Errors = [400, 503],
        },
        new()
        {
            Method = "GET", Path = "/api/strategies", Id = "listStrategies", Summary = "The strategies, by name, each with its parameters and their limits.",
            Answers = [new(200, "The strategies.", Json.IReadOnlyListStrategyInfo)], Errors = [503],
        },
        new()
        {
            Method = "GET", Path = "/api/symbols", Id = "listSymbols", Summary = "The symbols of the market data, by name.",
            Answers = [new(200, "The symbols.", Json.IReadOnlyListSymbolInfo)], Errors = [503],
        },
        new()
        {
            Method = "GET", Path = "/api/symbols/{symbol}/bars", Id = "getBars", Summary = "The bars of a symbol, oldest first.",
            Parameters = [Symbol, new("query", "from", "First day, inclusive: 2020-01-31."), new("query", "to", "Last day, inclusive.")],
            Answers = [new(200, "The bars.", Json.IReadOnlyListBar)], Errors = [400, 404, 422, 503],
        },
        new()
        {
            Method = "GET", Path = "/api/symbols/{symbol}/sparkline", Id = "drawSparkline", Summary = "The closes of a symbol as a small picture.",
            Parameters = [Symbol], Answers = Picture, Errors = [404, 422, 503],
        },
        new()
        {
            Method = "GET", Path = "/api/backtest/chart/{id}/equity", Id = "drawEquity", Summary = "The equity of a completed run against buying and holding, as a picture.",
            Parameters = [Id, Width], Answers = Picture, Errors = [400, 404, 409, 422, 503],
        },
        new()
        {
            Method = "GET", Path = "/api/backtest/chart/{id}/price", Id = "drawPrice", Summary = "The price of a symbol of a completed run with its fills, as a picture.",
            Parameters = [Id, new("query", "symbol", "A symbol of the run.", IsRequired: true), Width], Answers = Picture, Errors = [400, 404, 409, 422, 503],
        },
    ];
}
