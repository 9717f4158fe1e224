namespace BacktestOps.Service.Tests.Page;

/// <summary>What the page shows of the moment: faults that are mended, a start that is sent twice, a service that dies and comes back.</summary>
[Collection("page in a browser")]
public sealed class PageStateTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    private const string State = "document.querySelector('#service-state')";

    [Fact]
    public async Task A_fault_goes_with_what_mends_it_and_the_others_stay()
    {
        var visit = await fixture.VisitAsync(new() { Width = 1280, Height = 900 });
        await visit.LoadAsync();
        await visit.FillAsync("#initial-cash", "0");
        await visit.ClickAsync("#start");
        Assert.Equal("true true", await FramesAsync(visit, "#symbol-list", "#initial-cash"));
        await visit.KeepAsync("en-desk-light-10-faults");

        await visit.ClickAsync("#symbol-list input[value='SP500']");
        Assert.Equal("null true", await FramesAsync(visit, "#symbol-list", "#initial-cash"));
        Assert.True((await visit.RunAsync("document.querySelector('[data-fault-for=symbols]').hidden"))!.Value.GetBoolean());
        Assert.False((await visit.RunAsync("document.querySelector('[data-fault-for=initial_cash]').hidden"))!.Value.GetBoolean());
        await visit.FillAsync("#initial-cash", "5000");
        Assert.Equal("null null", await FramesAsync(visit, "#symbol-list", "#initial-cash"));
        Assert.Equal("initial-cash-hint", (await visit.RunAsync("document.querySelector('#initial-cash').getAttribute('aria-describedby')"))!.Value.GetString());
        await visit.KeepAsync("en-desk-light-10-mended");

        // A fault of one field that another one mends.
        await visit.FillAsync("#parameter-fast", "50");
        await visit.ClickAsync("#start");
        await visit.UntilAsync("document.querySelector('#parameters [aria-invalid]') !== null");
        await visit.FillAsync("#parameter-slow", "60");
        Assert.True((await visit.RunAsync("document.querySelector('#request-form [aria-invalid]') === null && document.querySelector('#request-form .fault:not([hidden])') === null"))!.Value.GetBoolean());
    }

    [Fact]
    public async Task A_double_click_starts_one_run()
    {
        var api = new MemoryApi();
        await using var service = await ServeAsync(api);
        var visit = await OpenAsync(service.Address);
        await visit.ClickAsync("#symbol-list input");

        // As a browser tells of a double click on a button: the second one counts on, and the first may have been answered by then.
        await visit.RunAsync("document.querySelector('#start').dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, detail: 1 }))");
        await visit.UntilAsync("document.querySelector('#run-id').textContent !== '' && !document.querySelector('#start').disabled");
        await visit.RunAsync("document.querySelector('#start').dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, detail: 2 }))");
        Assert.False((await visit.RunAsync("document.querySelector('#start').disabled"))!.Value.GetBoolean());
        Assert.Single(api.Started);

        // Starting the same once more on purpose is another run, under another key.
        await visit.ClickAsync("#start");
        await visit.UntilAsync("document.querySelector('#run-id').textContent === 'run-2'");
        Assert.Equal(2, api.Started.Count);
    }

    [Fact]
    public async Task A_start_whose_answer_was_lost_is_one_run_when_it_is_tried_again_also_after_a_reload()
    {
        var api = new MemoryApi();
        await using var service = await ServeAsync(api);
        await using var relay = new Relay { Target = service.Address };
        var visit = await OpenAsync(relay.Address);
        await visit.ClickAsync("#symbol-list input");

        // The request arrives, and the connection breaks before the answer comes back.
        relay.LosesAnswersOf = "POST /api/backtest/start";
        await visit.ClickAsync("#start");
        await visit.UntilAsync("document.querySelector('#other-faults').textContent.startsWith('The service does not answer')");
        Assert.Single(api.Started);
        await visit.ReloadAsync();
        await visit.ClickAsync("#symbol-list input");
        relay.LosesAnswersOf = null;
        await visit.ClickAsync("#start");
        await visit.UntilAsync("document.querySelector('#run-id').textContent === 'run-1'");

        Assert.Single(api.Started);
    }

    [Theory]
    [InlineData("en-US", "The service does not answer. It may have been stopped.", "is healthy")]
    [InlineData("ko-KR", "서비스가 응답하지 않습니다. 중지되었을 수 있습니다.", "정상")]
    public async Task The_badge_says_when_the_service_is_gone_and_when_it_is_back(string language, string gone, string well)
    {
        var api = new MemoryApi();
        await using var service = await ServeAsync(api);
        await using var relay = new Relay { Target = service.Address };
        var visit = await OpenAsync(relay.Address, language);
        await visit.UntilAsync($"{State}.textContent.endsWith('{well}') && {State}.matches('.good:not(.bad)')");

        relay.Target = null;
        relay.BreakAll();
        await visit.UntilAsync($"{State}.textContent === '{gone}' && {State}.matches('.bad:not(.good)')");
        await visit.KeepAsync($"{language[..2]}-desk-light-11-gone");
        relay.Target = service.Address;
        await visit.UntilAsync($"{State}.textContent.endsWith('{well}') && {State}.matches('.good:not(.bad)') && {State}.title === ''");
    }

    [Fact]
    public async Task A_page_that_was_opened_while_the_service_started_is_whole_when_it_has()
    {
        var opened = new TaskCompletionSource<ServiceBackend>();
        var api = new MemoryApi();
        var (service, whole) = await RunningService.ListenAsync(_ => opened.Task);
        await using var closing = service;
        var visit = new PageVisit((await fixture.VisitAsync(new() { Width = 1280, Height = 900 })).Tab, new Uri(service.Addresses[0], "/specific-stock-selection.html"));
        await visit.Tab.LoadAsync(new Uri(service.Addresses[0], "/specific-stock-selection.html"), TestContext.Current.CancellationToken);
        await visit.UntilAsync($"{State}.textContent === 'The service is starting' && document.querySelector('#symbol-list').ariaBusy === 'false'");
        opened.SetResult(api.Backend);
        await whole;

        await visit.UntilAsync($"{State}.matches('.good:not(.bad)') && document.querySelectorAll('#symbol-list .symbol').length > 0 && document.querySelector('#strategy').value !== ''");
        Assert.True((await visit.RunAsync("document.querySelector('#request-form [aria-invalid]') === null"))!.Value.GetBoolean());
    }

    [Theory]
    [InlineData("en-US", false, "rgb(19, 121, 91)", "rgb(180, 35, 53)")]
    [InlineData("ko-KR", false, "rgb(194, 32, 47)", "rgb(18, 89, 184)")]
    [InlineData("ko-KR", true, "rgb(255, 143, 156)", "rgb(125, 184, 255)")]
    public async Task What_rises_and_what_falls_has_the_colours_of_the_language_s_markets_and_a_sign_of_its_own(string language, bool dark, string up, string down)
    {
        var visit = await fixture.VisitAsync(new() { Language = language, Width = 1280, Height = 900, Dark = dark });
        await visit.LoadAsync();
        await visit.RunBacktestAsync("SP500");
        async Task<string> StyleAsync(string selector, string name, string pseudo = "") =>
            (await visit.RunAsync($"getComputedStyle(document.querySelector('{selector}'), '{pseudo}').{name}"))!.Value.GetString()!;

        Assert.Equal((up, down), (await StyleAsync("#price-chart .buy", "fill"), await StyleAsync("#price-chart .sell", "fill")));
        Assert.Equal((down, down), (await StyleAsync("#equity-curve .drawdown", "stroke"), await StyleAsync(".legend .drawdown", "borderTopColor", "::before")));
        var direction = (await visit.RunAsync("document.querySelector('#headline .value').classList.contains('up')"))!.Value.GetBoolean();
        Assert.Equal(direction ? up : down, await StyleAsync("#headline .value", "color"));
        Assert.Contains(direction ? "▲" : "▼", await StyleAsync("#headline .value", "content", "::before"), StringComparison.Ordinal);
        // Readable: 4.5 to 1 for text, 3 to 1 for what is drawn (WCAG 2.2, 1.4.3 and 1.4.11).
        foreach (var colour in new[] { up, down })
            Assert.True(Contrast(colour, await StyleAsync("#run-card", "backgroundColor")) >= 4.5, colour);
        Assert.Matches(language == "ko-KR" ? @"^[\d,]+일 · " : @"^[\d,]+ days · ", await visit.TextAsync("[data-testid='performance-longest_drawdown'] .number"));
        await visit.KeepAsync($"{language[..2]}-desk-{(dark ? "dark" : "light")}-12-colours");
    }

    private static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string colour)
    {
        double[] parts = [.. colour["rgb(".Length..^1].Split(',').Select(part => double.Parse(part, System.Globalization.CultureInfo.InvariantCulture) / 255)];
        double[] linear = [.. parts.Select(part => part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4))];
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    }

    private static async Task<string> FramesAsync(PageVisit visit, params string[] selectors)
    {
        var shown = new List<string>();
        foreach (var selector in selectors)
            shown.Add((await visit.RunAsync($"String(document.querySelector('{selector}').getAttribute('aria-invalid'))"))!.Value.GetString()!);
        return string.Join(' ', shown);
    }

    private static Task<RunningService> ServeAsync(MemoryApi api) => RunningService.StartAsync(_ => Task.FromResult(api.Backend), TimeProvider.System, api);

    private async Task<PageVisit> OpenAsync(Uri address, string language = "en-US")
    {
        var visit = new PageVisit((await fixture.VisitAsync(new() { Language = language, Width = 1280, Height = 900 })).Tab, new Uri(address, "/specific-stock-selection.html"));
        await visit.LoadAsync();
        return visit;
    }
}
