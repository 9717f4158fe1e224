using System.Diagnostics;
using BacktestOps.Contracts;
using BacktestOps.Service.Access;
using BacktestOps.Service.Http;
using Microsoft.Net.Http.Headers;

namespace BacktestOps.Service.Endpoints;

/// <summary>Start, check, progress, result, cancel and list.</summary>
internal static partial class BacktestEndpoints
{
    private const int LongestId = 64;

    private static readonly Dictionary<string, BacktestStatus> StatusWords = Enum.GetValues<BacktestStatus>()
        .ToDictionary(status => status.ToString().ToLowerInvariant(), StringComparer.Ordinal);

    public static void Map(WebApplication app, BackendGate gate, ILoggerFactory loggers)
    {
        var log = loggers.CreateLogger("BacktestOps.Service.Backtests");
        var finished = new FinishedRuns();
        app.Lifetime.ApplicationStopped.Register(finished.Dispose);

        app.MapPost("/api/backtest/start", async context =>
        {
            QueryReader.ThrowIfAny(context);
            var request = await RequestReader.ReadAsync(context.Request, ContractsJson.Default.BacktestRequest, context.RequestAborted).ConfigureAwait(false);
            // A key that is given twice is one text with a comma, which the runner refuses or keeps like any other.
            var options = new StartOptions
            {
                IdempotencyKey = context.Request.Headers["Idempotency-Key"] is { Count: > 0 } key ? key.ToString() : null,
                Caller = context.Items[ApiKeyGuard.Caller] as string,
            };
            var progress = await gate.Api.StartAsync(request, options, context.RequestAborted).ConfigureAwait(false);
            LogAccepted(
                log, progress.BacktestId, progress.Strategy, string.Join(',', progress.Symbols), Activity.Current?.TraceId.ToString(),
                context.Items[ApiKeyGuard.Caller] as string ?? "none");
            await Answer.JsonAsync(context, progress, ContractsJson.Default.BacktestProgress).ConfigureAwait(false);
        });

        app.MapPost("/api/backtest/check", async context =>
        {
            QueryReader.ThrowIfAny(context);
            var request = await RequestReader.ReadAsync(context.Request, ContractsJson.Default.BacktestRequest, context.RequestAborted).ConfigureAwait(false);
            var check = new RequestCheck { Faults = await gate.Api.CheckAsync(request, context.RequestAborted).ConfigureAwait(false) };
            await Answer.JsonAsync(context, check, ContractsJson.Default.RequestCheck).ConfigureAwait(false);
        });

        app.MapRead("/api/backtest/progress", context =>
        {
            var query = new QueryReader(context.Request.Query);
            var id = query.Required("id", "write /api/backtest/progress?id= and the backtest_id that start gave");
            query.ThrowIfFaulty();
            return ProgressAsync(context, gate.Api, finished, id);
        });

        app.MapRead("/api/backtest/progress/{id}", context =>
        {
            QueryReader.ThrowIfAny(context);
            return ProgressAsync(context, gate.Api, finished, RouteValue(context, "id"));
        });

        app.MapRead("/api/backtest/result/{id}", async context =>
        {
            QueryReader.ThrowIfAny(context);
            var id = RouteValue(context, "id");
            var api = gate.Api;
            ThrowIfNoId(id, api);
            var result = await finished.ResultAsync(api, id, context.RequestAborted).ConfigureAwait(false);
            await result.WriteAsync(context).ConfigureAwait(false);
        });

        app.MapRead("/api/backtest/variants/{id}", async context =>
        {
            QueryReader.ThrowIfAny(context);
            var variants = await gate.Api.OpenVariantsAsync(IdOf(context, gate.Api), context.RequestAborted).ConfigureAwait(false);
            RangeHeaders.DropForeign(context.Request);
            // Sent from the file as it is read: a sweep's variants may be more than memory should hold. The answer disposes it.
            context.Response.Headers.CacheControl = FixedContent.Caching(context);
            await TypedResults.Stream(
                variants.Content, "text/csv", variants.FileName, entityTag: new EntityTagHeaderValue($"\"{variants.Digest}\""), enableRangeProcessing: true)
                .ExecuteAsync(context).ConfigureAwait(false);
        });

        app.MapPost("/api/backtest/cancel/{id}", async context =>
        {
            QueryReader.ThrowIfAny(context);
            var id = RouteValue(context, "id");
            ThrowIfNoId(id, gate.Api);
            var progress = await gate.Api.CancelAsync(id, context.RequestAborted).ConfigureAwait(false);
            LogCancelled(log, id, progress.Status);
            await Answer.JsonAsync(context, progress, ContractsJson.Default.BacktestProgress).ConfigureAwait(false);
        });

        app.MapRead("/api/backtests", async context =>
        {
            var query = new QueryReader(context.Request.Query);
            var status = query.Word("status", StatusWords);
            var limit = query.Integer("limit", 1, 1000) ?? new BacktestQuery().Limit;
            var wanted = new BacktestQuery
            {
                Status = status, Strategy = query.Text("strategy"), Symbol = query.Text("symbol"), After = query.Text("cursor"), Limit = limit,
            };
            query.ThrowIfFaulty();
            var runs = await gate.Api.ListAsync(wanted, context.RequestAborted).ConfigureAwait(false);
            // The cursor is the last run itself: runs that are accepted meanwhile move no page.
            var list = new BacktestList { Backtests = runs, NextCursor = runs.Count == limit ? runs[^1].BacktestId : null };
            await Answer.JsonAsync(context, list, ContractsJson.Default.BacktestList).ConfigureAwait(false);
        });
    }

    private static async Task ProgressAsync(HttpContext context, IBacktestApi api, FinishedRuns finished, string id)
    {
        ThrowIfNoId(id, api);
        await Answer.JsonAsync(context, await finished.ProgressAsync(api, id, context.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <summary>The id that the address names.</summary>
    /// <exception cref="BacktestNotFoundException">It can't be one.</exception>
    public static string IdOf(HttpContext context, IBacktestApi api)
    {
        var id = RouteValue(context, "id");
        ThrowIfNoId(id, api);
        return id;
    }

    private static string RouteValue(HttpContext context, string name) => (string)context.Request.RouteValues[name]!;

    // What can't be an id is answered here: nothing that a caller made up reaches a store or a file system.
    private static void ThrowIfNoId(string id, IBacktestApi api)
    {
        if (id.Length is 0 or > LongestId || id.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-'))
            throw new BacktestNotFoundException(id.Length <= LongestId ? id : id[..LongestId] + "…", api.Endpoint);
    }

    [LoggerMessage(EventId = 10, Level = LogLevel.Information, Message = "Accepted backtest {BacktestId}: {Strategy} on {Symbols}, trace {TraceId}, key {ApiKeyName}")]
    private static partial void LogAccepted(ILogger log, string backtestId, string strategy, string symbols, string? traceId, string apiKeyName);

    [LoggerMessage(EventId = 11, Level = LogLevel.Information, Message = "Asked to cancel backtest {BacktestId}, now {Status}")]
    private static partial void LogCancelled(ILogger log, string backtestId, BacktestStatus status);
}
