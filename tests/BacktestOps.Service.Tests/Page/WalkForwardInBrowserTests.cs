using System.Text.Json;

namespace BacktestOps.Service.Tests.Page;

/// <summary>What the page says that figures are of: of a walk-forward the days out of sample, each window's own parameters, and what it is compared with from the same day on.</summary>
[Collection("page in a browser")]
public sealed class WalkForwardInBrowserTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    private const string Sweep = """{"symbols": ["SP500"], "strategy": "SmaCross", "parameters": {"slow": 80}, "sweep": {"parameters": {"fast": [5, 10]}}}""";
    private const string Walk = """{"symbols": ["SP500"], "strategy": "SmaCross", "sweep": {"parameters": {"fast": [5, 10], "slow": [80, 120]}, "walk_forward": {"in_sample": 1000, "out_of_sample": 2000}}}""";

    [Theory]
    [InlineData("en-US", 1280, "Walk-forward: in each of 3 windows the best of 4 variants by Sharpe ratio on the bars before it · out of sample 2003-12-26 to 2020-04-17 · ", "equity 100,000.00, buy and hold 100,000.00,")]
    [InlineData("ko-KR", 390, "워크포워드: 구간 3개마다 바로 앞 봉에서 샤프 지수 기준으로 변형 4개 중 최고를 선택 · 표본 외 구간 2003-12-26 ~ 2020-04-17 · ", "자산 100,000.00, 매수 후 보유 100,000.00,")]
    public async Task A_walk_forward_is_told_by_its_days_out_of_sample_and_its_windows(string language, int width, string terms, string beginning)
    {
        var visit = await fixture.VisitAsync(new() { Language = language, Width = width, Height = 900 });
        var id = await StartAsync(visit, Walk);
        await visit.ShownAsync();

        Assert.StartsWith(terms, await visit.TextAsync("#run-terms"), StringComparison.Ordinal);
        Assert.DoesNotContain("fast", await visit.TextAsync("#run-terms"), StringComparison.Ordinal);
        await visit.RunAsync("document.querySelector('#equity-curve .reader').focus()");
        await visit.PressAsync("Home");
        Assert.StartsWith($"2003-12-26: {beginning}", await visit.TextAsync("#equity-curve .readout"), StringComparison.Ordinal);
        await visit.RunAsync("document.querySelector('#price-chart .reader').focus()");
        await visit.PressAsync("Home");
        Assert.StartsWith("2003-12-26: ", await visit.TextAsync("#price-chart .readout"), StringComparison.Ordinal);

        var windows = (await visit.RunAsync($"fetch('/api/backtest/result/{id}').then(answer => answer.json()).then(result => result.sweep.windows)"))!.Value.EnumerateArray().ToList();
        var rows = (await visit.RunAsync("[...document.querySelectorAll('#windows tbody tr')].map(row => [...row.cells].map(cell => cell.textContent))"))!.Value.EnumerateArray().ToList();
        Assert.Equal(3, rows.Count);
        foreach (var (window, row) in windows.Zip(rows))
        {
            var chosen = window.GetProperty("chosen").GetProperty("parameters");
            Assert.Contains(window.GetProperty("out_of_sample_first").GetString()!, row[2].GetString(), StringComparison.Ordinal);
            Assert.Equal($"fast {chosen.GetProperty("fast")}, slow {chosen.GetProperty("slow")}", row[3].GetString());
        }
        await visit.KeepAsync($"{language[..2]}-{width}-walk-forward");
        await visit.AssertGoodAsync();
    }

    [Fact]
    public async Task A_sweep_is_told_with_what_it_held_fixed_and_shows_no_windows()
    {
        var visit = await fixture.VisitAsync(new() { Width = 1280, Height = 900 });
        await StartAsync(visit, Sweep);
        await visit.ShownAsync();

        Assert.Matches("^Best of 2 variants by Sharpe ratio: slow 80, fast (5|10) · 2000-01-03 to 2020-04-17 · ", await visit.TextAsync("#run-terms"));
        Assert.True((await visit.RunAsync("document.querySelector('#windows-card').hidden"))!.Value.GetBoolean());
    }

    private static async Task<string> StartAsync(PageVisit visit, string request)
    {
        await visit.LoadAsync();
        var run = await visit.RunAsync(
            $"fetch('/api/backtest/start', {{ method: 'POST', headers: {{ 'Content-Type': 'application/json' }}, body: {JsonSerializer.Serialize(request)} }}).then(answer => answer.json()).then(run => run.backtest_id)");
        var id = run!.Value.GetString()!;
        await visit.UntilAsync($"fetch('/api/backtest/progress/{id}').then(answer => answer.json()).then(run => run.status === 'completed')");
        await visit.RunAsync("document.querySelector('#runs').replaceChildren()"); // the row below is made anew, after the list was asked for again
        await visit.ReloadAsync();
        await visit.ClickAsync($"#runs [data-id='{id}'] .open-run");
        await visit.UntilAsync($"document.querySelector('#run-id').textContent === '{id}'");
        return id;
    }
}
