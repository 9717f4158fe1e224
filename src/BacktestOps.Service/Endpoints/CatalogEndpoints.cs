using BacktestOps.Contracts;
using BacktestOps.Service.Http;

namespace BacktestOps.Service.Endpoints;

/// <summary>Strategies, symbols and bars.</summary>
internal static class CatalogEndpoints
{
    public static void Map(WebApplication app, BackendGate gate)
    {
        app.MapRead("/api/strategies", async context =>
        {
            QueryReader.ThrowIfAny(context);
            var strategies = await gate.Api.GetStrategiesAsync(context.RequestAborted).ConfigureAwait(false);
            await Answer.JsonAsync(context, strategies, ContractsJson.Default.IReadOnlyListStrategyInfo).ConfigureAwait(false);
        });

        app.MapRead("/api/symbols", async context =>
        {
            QueryReader.ThrowIfAny(context);
            var symbols = await gate.Api.GetSymbolsAsync(context.RequestAborted).ConfigureAwait(false);
            await Answer.JsonAsync(context, symbols, ContractsJson.Default.IReadOnlyListSymbolInfo).ConfigureAwait(false);
        });

        app.MapRead("/api/symbols/{symbol}/bars", async context =>
        {
            var query = new QueryReader(context.Request.Query);
            var (from, to) = (query.Date("from"), query.Date("to"));
            if (from > to)
                query.Fault("to", $"is {to:yyyy-MM-dd}, before from", $"expected {from:yyyy-MM-dd} or later");
            query.ThrowIfFaulty();
            var bars = await gate.Api.GetBarsAsync(SymbolOf(context), from, to, context.RequestAborted).ConfigureAwait(false);
            await Answer.JsonAsync(context, bars, ContractsJson.Default.IReadOnlyListBar).ConfigureAwait(false);
        });
    }

    /// <summary>The symbol that the address names.</summary>
    // A slash within a segment is left encoded by the server, so that it can be told from a separator.
    public static string SymbolOf(HttpContext context) =>
        ((string)context.Request.RouteValues["symbol"]!).Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
