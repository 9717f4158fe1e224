using System.Security.Cryptography;
using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Service.Charts;
using BacktestOps.Service.Http;

namespace BacktestOps.Service.Endpoints;

/// <summary>Charts of runs and prices, drawn here as SVG.</summary>
internal static class ChartEndpoints
{
    private const int NarrowestChart = 240, WidestChart = 2000, UsualChart = 720;

    public static void Map(WebApplication app, BackendGate gate)
    {
        // A chart reads a whole run and the prices of all its symbols: a few at a time, however many are asked for. Who has gone waits no more.
        var places = new SemaphoreSlim(Math.Max(2, Environment.ProcessorCount));
        app.Lifetime.ApplicationStopped.Register(places.Dispose);
        void MapChart(string path, Func<HttpContext, Task<byte[]>> draw) => app.MapRead(path, async context =>
        {
            await places.WaitAsync(context.RequestAborted).ConfigureAwait(false);
            byte[] picture;
            try
            {
                picture = await draw(context).ConfigureAwait(false);
            }
            finally
            {
                places.Release();
            }
            // A place is for drawing: whoever takes the picture slowly keeps none.
            await WriteAsync(context, picture).ConfigureAwait(false);
        });

        MapChart("/api/symbols/{symbol}/sparkline", async context =>
        {
            QueryReader.ThrowIfAny(context);
            var bars = await gate.Api.GetBarsAsync(CatalogEndpoints.SymbolOf(context), null, null, context.RequestAborted).ConfigureAwait(false);
            return Sparkline.Draw(PricePoint.Held(bars, adjusted: bars.Count > 0 && bars[0].AdjustedClose is not null));
        });

        MapChart("/api/backtest/chart/{id}/equity", async context =>
        {
            var query = new QueryReader(context.Request.Query);
            var width = query.Integer("width", NarrowestChart, WidestChart) ?? UsualChart;
            query.ThrowIfFaulty();
            var result = await ResultAsync(context, gate.Api).ConfigureAwait(false);
            var stocks = new List<IReadOnlyList<PricePoint>>();
            foreach (var data in result.Data)
                stocks.Add(PricePoint.Held(await BarsAsync(context, gate.Api, result, data).ConfigureAwait(false), result.Request.Adjusted));
            var cash = result.Performance.InitialCash;
            var held = BuyAndHold.Worth([.. result.EquityCurve.Select(point => point.Date)], cash, stocks);
            return EquityChart.Draw(result.EquityCurve, held, cash, width);
        });

        MapChart("/api/backtest/chart/{id}/price", async context =>
        {
            var query = new QueryReader(context.Request.Query);
            var width = query.Integer("width", NarrowestChart, WidestChart) ?? UsualChart;
            var symbol = query.Required("symbol", "name a symbol of the run");
            query.ThrowIfFaulty();
            var result = await ResultAsync(context, gate.Api).ConfigureAwait(false);
            var data = result.Data.FirstOrDefault(data => data.Symbol == symbol)
                ?? throw new UnknownSymbolException(symbol, $"the run has {string.Join(", ", result.Data.Select(data => data.Symbol))}");
            var closes = PricePoint.Closes(await BarsAsync(context, gate.Api, result, data).ConfigureAwait(false), result.Request.Adjusted);
            if (closes.Count == 0)
                throw new MarketDataException(data.Source, null, $"{symbol} has no prices on the days that the figures are of", recommendedAction: "The data changed after the run. Start the backtest again to have a chart of both.");
            return PriceChart.Draw(closes, ChartFill.Of(result, symbol), width);
        });
    }

    private static async Task<BacktestResult> ResultAsync(HttpContext context, IBacktestApi api)
    {
        var id = BacktestEndpoints.IdOf(context, api);
        var document = await api.GetResultAsync(id, context.RequestAborted).ConfigureAwait(false);
        return JsonSerializer.Deserialize(document.Content.Span, ContractsJson.Default.BacktestResult)!;
    }

    // Of the days that the figures are of, which may be fewer than were read: a walk-forward is judged out of sample alone, and what it is
    // compared with begins where it begins.
    private static async Task<IReadOnlyList<Bar>> BarsAsync(HttpContext context, IBacktestApi api, BacktestResult result, DataUsed data)
    {
        var (first, last) = ResultBasis.DaysOf(result) ?? (data.First, data.Last);
        var bars = await api.GetBarsAsync(
            data.Symbol, DateOnly.FromDateTime(data.First), DateOnly.FromDateTime(data.Last), context.RequestAborted).ConfigureAwait(false);
        return bars.Count > 0
            ? [.. bars.Where(bar => bar.Date >= first && bar.Date <= last)]
            : throw new MarketDataException(data.Source, null, $"the prices of {data.Symbol} that the run used are not there any more", recommendedAction: "The data changed after the run. Restore it, or start the backtest again.");
    }

    private static Task WriteAsync(HttpContext context, byte[] picture) =>
        new FixedContent(picture, "image/svg+xml", Convert.ToHexStringLower(SHA256.HashData(picture)), null).WriteAsync(context);
}
