using System.Text.RegularExpressions;
using BacktestOps.Contracts;

namespace BacktestOps.Service.Tests.Page;

/// <summary>Errors of the service on the page in Korean: said in Korean, and again in English when the language is switched.</summary>
[Collection("page in a browser")]
public sealed partial class ErrorsInBrowserTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    private static readonly Dictionary<string, Exception> Faults = new()
    {
        ["queue-full"] = new QueueFullException("20,000 backtests wait"),
        ["backtest-unavailable"] = new BacktestUnavailableException("The run database is locked.", "Look at the disk."),
        ["market-data-invalid"] = new MarketDataException("AAPL.csv", 3, "close is not a number"),
        ["unknown-symbol"] = new UnknownSymbolException("AAPL"),
        ["idempotency-key-in-use"] = new IdempotencyKeyInUseException("under way"),
        ["idempotency-key-reused"] = new IdempotencyKeyReusedException("reused"),
        ["internal-error"] = new InvalidOperationException("a fault of its own"),
    };

    [Fact]
    public async Task Each_refusal_of_a_start_is_said_in_the_language_of_the_page()
    {
        var api = new MemoryApi();
        await using var service = await ServeAsync(api);
        var visit = await OpenAsync(service, "");
        await visit.ClickAsync("#symbol-list input");
        foreach (var (kind, fault) in Faults)
        {
            api.Fault = fault;
            await visit.ClickAsync("#start");
            await visit.UntilAsync($"document.querySelector('#other-faults').textContent.startsWith('{Beginning(PageStrings.Korean, kind)}')");
            await visit.ChooseAsync("#language", "en");
            Assert.StartsWith(Beginning(PageStrings.English, kind), await visit.TextAsync("#other-faults"), StringComparison.Ordinal);
            await visit.ChooseAsync("#language", "ko");
        }

        // A fault of a field stands beside it, is read out with it, and goes when it is mended.
        api.Fault = new InvalidRequestException([new RequestFault("initial_cash", "is 0", "a number above 0").As("not-above-zero", ("value", 0.0))]);
        await visit.ClickAsync("#start");
        await visit.UntilAsync("document.querySelector('[data-fault-for=initial_cash]').textContent === '0은(는) 0보다 커야 합니다.'");
        Assert.Equal("fault-initial_cash initial-cash-hint", (await visit.RunAsync("document.querySelector('#initial-cash').getAttribute('aria-describedby')"))!.Value.GetString());
        await visit.KeepAsync("ko-desk-light-9-refused");
        api.Fault = null;
        await visit.ClickAsync("#start");
        await visit.UntilAsync("document.querySelector('#run-status').textContent === '차례를 기다리고 있습니다.'");
        Assert.Equal("initial-cash-hint", (await visit.RunAsync("document.querySelector('#initial-cash').getAttribute('aria-describedby')"))!.Value.GetString());
    }

    [Theory]
    [InlineData("The run took longer than 1800 s, which is the most that one run may take here.", "실패: 한 번의 실행에 허용된 1800초를 넘었습니다. 종목이나 기간을 줄이세요.")]
    [InlineData("5 processes died while they executed this run, so it is not tried again.", "실패: 실행하던 프로세스가 5번 종료되어 더는 시도하지 않습니다. 종목이나 기간을 줄이거나 서비스 운영자에게 문의하세요.")]
    [InlineData("own.py, line 2: ValueError: no luck.", "실패: 서비스 메시지: own.py, line 2: ValueError: no luck.")]
    public async Task Why_a_run_failed_is_said_in_the_language_of_the_page(string error, string words)
    {
        var api = new MemoryApi();
        api.Put("run", BacktestStatus.Failed, 30, error);
        await using var service = await ServeAsync(api);
        var visit = await OpenAsync(service, "#run=run");
        await visit.UntilAsync("document.querySelector('#run-status').textContent !== ''");
        Assert.Equal(words, await visit.TextAsync("#run-status"));
    }

    [Fact]
    public async Task A_run_that_is_not_there_offers_nothing_to_cancel_and_a_sick_service_names_the_part()
    {
        var api = new MemoryApi();
        api.Health = api.Health with { Database = new("locked", "The run database '/home/somebody/runs.db' is locked.") };
        await using var service = await ServeAsync(api);
        var visit = await OpenAsync(service, "#run=gone");
        await visit.UntilAsync("document.querySelector('#run-status').textContent.startsWith('서비스에 그런 실행이 없습니다.')");
        Assert.True((await visit.RunAsync("document.querySelector('#cancel').hidden && document.querySelector('#progress-row').hidden"))!.Value.GetBoolean());
        await visit.UntilAsync("document.querySelector('#service-state').textContent === '서비스 이상: database: locked'");
        await visit.KeepAsync("ko-desk-light-9-unknown");
    }

    [Fact]
    public async Task What_a_real_run_and_a_real_sweep_do_has_words()
    {
        var patterns = Pattern().Matches(PageStrings.Read("page/assets/words.js")).Select(match => match.Groups[1].Value.Replace("\\/", "/", StringComparison.Ordinal)).ToArray();
        Assert.True(patterns.Length >= 7, $"only {patterns.Length} patterns were read");
        await using var service = await fixture.StartServiceAsync("activities", null);
        await using var client = new Client.BacktestClient(service.Addresses[0]);
        var run = new BacktestRequest { Symbols = ["SP500", "SYN-FALL", "SYN-YOUNG"], Strategy = "SmaCross" };
        var sweep = run with { Sweep = new SweepRequest { Parameters = new Dictionary<string, IReadOnlyList<double>> { ["fast"] = [2, 3, 4, 5], ["slow"] = [10, 20, 30] } } };
        foreach (var request in new[] { run, sweep })
        {
            var progress = await client.StartAsync(request, TestContext.Current.CancellationToken);
            while (!progress.Status.IsTerminal())
            {
                progress = await client.GetProgressAsync(progress.BacktestId, TestContext.Current.CancellationToken);
                if (progress.Activity is { } activity)
                    Assert.Contains(patterns, pattern => Regex.IsMatch(activity, pattern));
            }
            var document = await client.GetResultAsync(progress.BacktestId, TestContext.Current.CancellationToken);
            var result = System.Text.Json.JsonSerializer.Deserialize(document.Content.Span, ContractsJson.Default.BacktestResult)!;
            Assert.NotEmpty(result.Warnings);
            Assert.All(result.Warnings, warning => Assert.Contains(patterns, pattern => Regex.IsMatch(warning, pattern)));
        }
    }

    private static string Beginning(IReadOnlyDictionary<string, string> strings, string kind) =>
        strings["problem." + kind].Replace("{symbol}", "AAPL", StringComparison.Ordinal).Split('{')[0];

    private static Task<RunningService> ServeAsync(MemoryApi api) => RunningService.StartAsync(_ => Task.FromResult(api.Backend), TimeProvider.System, api);

    private async Task<PageVisit> OpenAsync(RunningService service, string fragment)
    {
        var visit = new PageVisit(
            (await fixture.VisitAsync(new() { Language = "ko-KR", Width = 1280, Height = 900 })).Tab, new Uri(service.Address, "/specific-stock-selection.html"));
        await visit.LoadAsync(fragment);
        return visit;
    }

    [GeneratedRegex(@"^  \[/(.+)/, '(?:activity|warning|reason)\.", RegexOptions.Multiline)]
    private static partial Regex Pattern();
}
