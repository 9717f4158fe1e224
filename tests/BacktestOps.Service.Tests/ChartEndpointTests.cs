using System.Text.Json;
using System.Xml.Linq;
using BacktestOps.Contracts;

namespace BacktestOps.Service.Tests;

/// <summary>The charts that the service draws, held against figures worked out by hand.</summary>
public sealed class ChartEndpointTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    // AAA doubles; BBB begins a day later and halves: half of 1000 in each.
    private static readonly Bar[] Aaa = [Bar("AAA", 1, 10), Bar("AAA", 2, 15), Bar("AAA", 3, 12), Bar("AAA", 4, 20)];
    private static readonly Bar[] Bbb = [Bar("BBB", 2, 40), Bar("BBB", 4, 20)];

    [Fact]
    public async Task Equity_stands_beside_an_equal_share_of_the_cash_in_each_stock_and_its_drawdown()
    {
        await using var service = await RunWithResultAsync([1000, 1200, 900, 1500]);

        var picture = Parse(await service.GetAsync("/api/backtest/chart/done/equity?width=600"));
        var readings = Readings(picture);

        Assert.Equal(["2020-01-01", "2020-01-02", "2020-01-03", "2020-01-04"], readings.Select(reading => reading[2].GetString()));
        Assert.Equal([1000, 1200, 900, 1500], readings.Select(reading => reading[3].GetDouble()));
        Assert.Equal([1000, 1250, 1100, 1250], readings.Select(reading => reading[4].GetDouble()));
        Assert.Equal([0, 0, -0.25, 0], readings.Select(reading => reading[5].GetDouble()));
        Assert.Equal("600", (string?)picture.Attribute("width"));
        foreach (var name in new[] { "equity", "benchmark", "drawdown" })
            Assert.Single(picture.Elements(Svg + "path"), path => (string?)path.Attribute("class") == name);
    }

    [Fact]
    public async Task What_a_walk_forward_is_compared_with_begins_on_its_first_day_with_its_money()
    {
        // Read from the first on, judged from the second on.
        await using var service = await RunWithResultAsync([1000, 1100, 1300], judgedFrom: 1);

        var equity = Readings(Parse(await service.GetAsync("/api/backtest/chart/done/equity")));
        var price = Readings(Parse(await service.GetAsync("/api/backtest/chart/done/price?symbol=AAA")));

        Assert.Equal(["2020-01-02", "2020-01-03", "2020-01-04"], equity.Select(reading => reading[2].GetString()));
        Assert.Equal([1000, 900, 1000 * (20 / 15.0 + 20 / 40.0) / 2], equity.Select(reading => reading[4].GetDouble()), (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Equal(["2020-01-02", "2020-01-03", "2020-01-04"], price.Select(reading => reading[2].GetString()));
    }

    [Fact]
    public async Task A_split_is_no_fall_of_what_is_held()
    {
        await using var service = await RunWithResultAsync([1000, 1000, 1000, 1000]);
        service.Api.Bars["AAA"] = [Bar("AAA", 1, 10) with { Growth = 1 }, Bar("AAA", 2, 10) with { Growth = 1 }, Bar("AAA", 3, 2.5) with { Growth = 4 }, Bar("AAA", 4, 5) with { Growth = 1 }];
        service.Api.Bars["BBB"] = service.Api.Bars["AAA"];

        var equity = Readings(Parse(await service.GetAsync("/api/backtest/chart/done/equity")));
        var price = Readings(Parse(await service.GetAsync("/api/backtest/chart/done/price?symbol=AAA")));

        Assert.Equal([1000, 1000, 1000, 2000], equity.Select(reading => reading[4].GetDouble()));
        // The price chart shows prices as traded, at which its fills are.
        Assert.Equal([10, 10, 2.5, 5], price.Select(reading => reading[3].GetDouble()));
    }

    [Fact]
    public async Task A_price_has_a_marker_at_every_purchase_and_sale_and_they_can_be_read()
    {
        await using var service = await RunWithResultAsync([1000, 1200, 900, 1500]);

        var picture = Parse(await service.GetAsync("/api/backtest/chart/done/price?symbol=AAA"));
        var fills = Readings(picture).Select(reading => reading[4].GetRawText());

        Assert.Equal(["[]", "[[1,14.5,30]]", "[[0,12.5,30]]", "[[1,19,20]]"], fills);
        Assert.Equal(["buy", "buy", "sell"], picture.Elements(Svg + "path").Select(path => (string?)path.Attribute("class")).Where(name => name != "price").Order());
        Assert.Equal([10, 15, 12, 20], Readings(picture).Select(reading => reading[3].GetDouble()));
    }

    [Fact]
    public async Task No_peak_is_lost_however_many_bars_there_are()
    {
        double[] equity = [.. Enumerable.Range(0, 20_000).Select(bar => bar == 12_345 ? 5000.0 : bar == 777 ? 10.0 : 1000 + (bar % 7))];
        await using var service = await RunWithResultAsync(equity);

        var readings = Readings(Parse(await service.GetAsync("/api/backtest/chart/done/equity?width=400")));

        Assert.InRange(readings.Count, 300, 700);
        Assert.Equal((5000, 10), (readings.Max(reading => reading[3].GetDouble()), readings.Min(reading => reading[3].GetDouble())));
        Assert.Equal(readings.Select(reading => reading[0].GetDouble()).Order(), readings.Select(reading => reading[0].GetDouble()));
    }

    [Fact]
    public async Task A_sparkline_is_a_small_picture_that_an_unchanged_price_does_not_send_again()
    {
        await using var service = await RunWithResultAsync([1000, 1200, 900, 1500]);

        var reply = await service.GetAsync("/api/symbols/AAA/sparkline");
        var path = (string)Parse(reply).Elements(Svg + "path").Single().Attribute("d")!;

        Assert.Equal("M2 28L32.7 15L63.3 22.8L94 2", path);
        Assert.Equal(304, (await service.GetAsync("/api/symbols/AAA/sparkline", ("If-None-Match", reply.Headers["ETag"]))).Status);
        Assert.Equal(404, (await service.GetAsync("/api/symbols/NONE/sparkline")).Status);
    }

    [Fact]
    public async Task What_can_not_be_drawn_is_a_problem_that_says_why()
    {
        await using var service = await RunWithResultAsync([1000, 1200, 900, 1500]);
        service.Api.Put("early", BacktestStatus.Running, 40);

        Assert.Equal("width", Assert.Single((await service.GetAsync("/api/backtest/chart/done/equity?width=5")).Problem.Errors!).Field);
        Assert.Equal("symbol", Assert.Single((await service.GetAsync("/api/backtest/chart/done/price")).Problem.Errors!).Field);
        Assert.Equal((404, "CCC"), (await service.GetAsync("/api/backtest/chart/done/price?symbol=CCC")) is var unknown ? (unknown.Status, unknown.Problem.Symbol) : default);
        Assert.Equal(404, (await service.GetAsync("/api/backtest/chart/none/equity")).Problem.Status);
        Assert.Equal(404, (await service.GetAsync("/api/backtest/chart/..%2Fetc/equity")).Problem.Status);
        Assert.Equal(409, (await service.GetAsync("/api/backtest/chart/early/equity")).Problem.Status);
        service.Api.Bars["AAA"] = [];
        Assert.Equal((422, "AAA.csv"), (await service.GetAsync("/api/backtest/chart/done/equity")) is var gone ? (gone.Status, gone.Problem.MarketData!.Source) : default);
    }

    [Fact]
    public async Task A_picture_has_no_script_no_style_and_no_word_and_may_load_nothing()
    {
        await using var service = await RunWithResultAsync([1000, 1200, 900, 1500]);

        var reply = await service.GetAsync("/api/backtest/chart/done/equity");

        Assert.Equal("image/svg+xml", reply.ContentType!.MediaType);
        Assert.Equal("default-src 'none'; frame-ancestors 'none'", reply.Headers["Content-Security-Policy"]);
        Assert.DoesNotMatch("<script|<style|\\sstyle=|\\son[a-z]+=|href", reply.Text);
        Assert.All(Parse(reply).Elements(Svg + "text"), text => Assert.Matches(@"^[\d,.%-]+$", text.Value));
    }

    private static async Task<RunningService> RunWithResultAsync(double[] equity, int judgedFrom = 0)
    {
        var service = await RunningService.StartAsync();
        service.Api.Bars["AAA"] = Aaa;
        service.Api.Bars["BBB"] = Bbb;
        var start = new DateTime(2020, 1, 1);
        service.Api.PutResult(new BacktestResult
        {
            BacktestId = "done", Status = BacktestStatus.Completed, ResultsFile = "backtest-result-done.json", CompletedAt = DateTimeOffset.UnixEpoch,
            Performance = new() { TotalReturn = 0.5, MaxDrawdown = -0.25, TotalTrades = 1, InitialCash = 1000, FinalEquity = equity[^1], CommissionPaid = 0 },
            Request = new() { Symbols = ["AAA", "BBB"], Strategy = "SmaCross" },
            Conventions = new() { PeriodsPerYear = 252, Fill = "next_open", EngineVersion = "1" },
            Data = [Data("AAA", 1), Data("BBB", 2)],
            Warnings = [],
            Trades =
            [
                new() { Symbol = "AAA", Quantity = 30, EntryDate = start.AddDays(1), EntryPrice = 14.5, ExitDate = start.AddDays(2), ExitPrice = 12.5, Commission = 0, Profit = -60, Return = -0.1 },
            ],
            OpenPositions = [new() { Symbol = "AAA", Quantity = 20, EntryDate = start.AddDays(3), EntryPrice = 19, LastPrice = 20, Commission = 0, UnrealizedProfit = 20 }],
            EquityCurve = [.. equity.Select((value, bar) => new EquityPoint(start.AddDays(judgedFrom + bar), value))],
        });
        return service;
    }

    private static Bar Bar(string symbol, int day, double close) => new(symbol, new DateTime(2020, 1, day), close, close, close, close, null, 1);

    private static DataUsed Data(string symbol, int first) => new()
    {
        Symbol = symbol, First = new DateTime(2020, 1, first), Last = new DateTime(2020, 1, 4), Bars = 4, Source = symbol + ".csv", Fingerprint = "f",
    };

    private static XElement Parse(Reply reply)
    {
        Assert.True(reply.Status == 200, reply.Text);
        return XDocument.Parse(reply.Text).Root!;
    }

    private static List<JsonElement> Readings(XElement picture) =>
        [.. JsonDocument.Parse(picture.Element(Svg + "metadata")!.Value).RootElement.EnumerateArray()];
}
