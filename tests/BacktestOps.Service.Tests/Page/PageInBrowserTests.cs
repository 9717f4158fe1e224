using System.Text.Json;

namespace BacktestOps.Service.Tests.Page;

/// <summary>The page in a real browser: every control, both languages, phone and desk, light and dark, mouse, finger and keys.</summary>
[Collection("page in a browser")]
public sealed class PageInBrowserTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    private const int Desk = 1280, Phone = 390;

    private static readonly string[] Roles =
        ["button", "link", "textbox", "searchbox", "checkbox", "combobox", "spinbutton", "slider", "progressbar", "listbox", "Date", "DateTime", "MenuListPopup"];

    [Theory]
    [InlineData("en-US", Desk, false)]
    [InlineData("ko-KR", Desk, true)]
    [InlineData("ko-KR", Phone, false)]
    [InlineData("en-US", Phone, true)]
    public async Task A_person_picks_runs_reads_and_downloads(string language, int width, bool dark)
    {
        var visit = await fixture.VisitAsync(new() { Language = language, Width = width, Height = 900, Dark = dark });
        var name = $"{language[..2]}-{(width == Phone ? "phone" : "desk")}-{(dark ? "dark" : "light")}";
        await visit.LoadAsync();
        Assert.Equal(language[..2], (await visit.RunAsync("document.documentElement.lang"))!.Value.GetString());
        Assert.Equal(language[..2], (await visit.RunAsync("document.querySelector('#language').value"))!.Value.GetString());
        Assert.Equal(language == "ko-KR" ? "백테스트 시작" : "Start backtest", await visit.TextAsync("#start"));
        await visit.UntilAsync("[...document.querySelectorAll('.small-price')].slice(0, 3).every(place => place.querySelector('svg'))");
        await visit.KeepAsync($"{name}-1-first");

        var id = await visit.RunBacktestAsync("SP500", "SYN-FAST");
        if (width == Phone)
            await visit.TouchAsync("#equity-curve .reader", 0.6);
        else
            await visit.HoverAsync("#equity-curve .reader", 0.6);
        await visit.UntilAsync("document.querySelector('#equity-curve .cursor') !== null");
        Assert.Matches(
            language == "ko-KR" ? @"^\d{4}-\d\d-\d\d: 자산 [\d,.]+, 매수 후 보유 [\d,.]+, 낙폭 -?[\d.]+%$" : @"^\d{4}-\d\d-\d\d: equity [\d,.]+, buy and hold [\d,.]+, drawdown -?[\d.]+%$",
            await visit.TextAsync("#equity-curve .readout"));
        Assert.Equal("100", (await visit.RunAsync("String(document.querySelector('#progress').value)"))!.Value.GetString());
        await visit.KeepAsync($"{name}-2-result");

        await visit.ClickAsync("#download");
        var file = await visit.Tab.NextDownloadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(($"backtest-result-{id}.json", true), (file.FileName, file.IsWhole));
        using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(file.Path, TestContext.Current.CancellationToken));
        Assert.Equal(id, document.RootElement.GetProperty("backtest_id").GetString());
        await visit.AssertGoodAsync();
    }

    [Fact]
    public async Task Every_field_of_the_form_reaches_the_request_and_faults_stand_beside_their_fields()
    {
        var visit = await fixture.VisitAsync(new() { Language = "ko-KR", Width = Desk, Height = 900 });
        await visit.LoadAsync();

        await visit.ClickAsync("#start");
        Assert.Equal("종목을 하나 이상 고르세요.", await visit.TextAsync("[data-fault-for=symbols]"));
        await visit.FillAsync("#initial-cash", "0");
        await visit.FillAsync("#parameter-fast", "1.5");
        await visit.ClickAsync("#start");
        Assert.Equal("1 이상이어야 합니다.", await visit.TextAsync("[data-fault-for=initial_cash]"));
        Assert.Equal("정수를 입력하세요.", await visit.TextAsync("[data-fault-for='parameters.fast']"));
        await visit.KeepAsync("ko-desk-light-3-faults");
        await visit.ChooseAsync("#language", "en");
        Assert.Equal("Write 1 or more.", await visit.TextAsync("[data-fault-for=initial_cash]"));
        await visit.ChooseAsync("#language", "ko");

        // Search finds by name; Enter takes the only match; Clear lets go of all.
        await visit.FillAsync("#symbol-search", "volatile");
        await visit.PressAsync("Enter");
        Assert.Equal("선택: SYN-FAST", await visit.TextAsync("#selection-summary"));
        await visit.ClickAsync("#clear-selection");
        Assert.DoesNotContain("SYN-FAST", await visit.TextAsync("#selection-summary"), StringComparison.Ordinal);
        await visit.PressAsync("Enter");
        await visit.FillAsync("#symbol-search", "no such stock");
        await visit.UntilAsync("!document.querySelector('#symbol-list .empty').hidden");

        await visit.FillAsync("#initial-cash", "5000.5");
        await visit.FillAsync("#commission-rate", "0.25");
        await visit.FillAsync("#parameter-fast", "7");
        await visit.FillAsync("#parameter-slow", "31");
        await visit.RunAsync("document.querySelector('#from').value = '2010-01-04'; document.querySelector('#to').value = '2012-12-31'");
        await visit.ClickAsync("#fractional-shares");
        Assert.True((await visit.RunAsync("document.querySelector('#adjusted').disabled"))!.Value.GetBoolean(), "The synthetic stock has no adjusted close.");
        await visit.ClickAsync("#start");
        await visit.ShownAsync();

        var id = await visit.TextAsync("#run-id");
        var request = (await visit.RunAsync($"fetch('/api/backtest/result/{id}').then(answer => answer.json()).then(result => result.request)"))!.Value;
        Assert.Equal("SYN-FAST", Assert.Single(request.GetProperty("symbols").EnumerateArray()).GetString());
        Assert.Equal(
            (7, 31, 5000.5, 0.0025, true, "2010-01-04", "2012-12-31"),
            (request.GetProperty("parameters").GetProperty("fast").GetDouble(), request.GetProperty("parameters").GetProperty("slow").GetDouble(),
                request.GetProperty("initial_cash").GetDouble(), request.GetProperty("commission").GetProperty("rate").GetDouble(),
                request.GetProperty("fractional_shares").GetBoolean(), request.GetProperty("from").GetString(), request.GetProperty("to").GetString()));

        // In the list of earlier runs it is told apart from others of its strategy.
        Assert.Equal("fast 7, slow 31", await visit.TextAsync($"#runs [data-id='{id}'] .run-parameters"));

        await visit.ChooseAsync("#strategy", "BuyAndHold");
        Assert.Equal(0, (await visit.RunAsync("document.querySelectorAll('#parameters input').length"))!.Value.GetInt32());
        await visit.AssertGoodAsync();
    }

    [Fact]
    public async Task Earlier_runs_and_the_chosen_language_survive_a_reload_and_an_earlier_run_opens()
    {
        var visit = await fixture.VisitAsync(new() { Width = Desk, Height = 900 });
        await visit.LoadAsync();
        var first = await visit.RunBacktestAsync("SP500");
        await visit.ClickAsync("#clear-selection");
        var second = await visit.RunBacktestAsync("SYN-SIDE");
        await visit.UntilAsync($"['{first}', '{second}'].every(id => document.querySelector(`#runs [data-id='${{id}}'] .completed`))");

        await visit.ChooseAsync("#language", "ko");
        await visit.ReloadAsync();
        await visit.ShownAsync();
        Assert.Equal("ko", (await visit.RunAsync("document.documentElement.lang"))!.Value.GetString());
        Assert.Equal("성과", await visit.TextAsync("#performance-title"));
        Assert.Equal(second, await visit.TextAsync("#run-id"));
        Assert.Equal("true", (await visit.RunAsync($"document.querySelector(`#runs [data-id='{second}'] .open-run`).getAttribute('aria-current')"))!.Value.GetString());

        await visit.ClickAsync($"#runs [data-id='{first}'] .open-run");
        await visit.UntilAsync($"document.querySelector('#run-id').textContent === '{first}'");
        await visit.ShownAsync();
        Assert.Contains("SP500", await visit.TextAsync("#run-title"), StringComparison.Ordinal);

        // More runs than the list shows at first: the rest comes on request.
        await visit.RunAsync("Promise.all(Array.from({ length: 10 }, () => fetch('/api/backtest/start', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{\"symbols\": [\"SP500\"], \"strategy\": \"BuyAndHold\"}' }))).then(() => true)");
        await visit.ReloadAsync();
        await visit.ClickAsync("#more-runs");
        await visit.UntilAsync("document.querySelectorAll('#runs li').length > 10");
        await visit.ShownAsync();
        await visit.KeepAsync("ko-desk-light-4-runs");
        await visit.AssertGoodAsync();
    }

    [Fact]
    public async Task Charts_are_read_with_the_keyboard_from_trade_to_trade_and_from_end_to_end()
    {
        var visit = await fixture.VisitAsync(new() { Width = Desk, Height = 900 });
        await visit.LoadAsync();
        await visit.RunBacktestAsync("SP500", "SYN-FALL");
        const string Equity = "#equity-curve .reader", Price = "#price-chart .reader";
        Task<JsonElement?> SaidAsync(string reader) => visit.RunAsync($"document.querySelector('{reader}').getAttribute('aria-valuetext')");

        await visit.RunAsync($"document.querySelector('{Equity}').focus()");
        await visit.PressAsync("Home");
        Assert.StartsWith("2000-01-03: equity 100,000.00, buy and hold 100,000.00, drawdown 0.00%", (await SaidAsync(Equity))!.Value.GetString(), StringComparison.Ordinal);
        await visit.PressAsync("ArrowRight");
        Assert.DoesNotContain("2000-01-03", (await SaidAsync(Equity))!.Value.GetString(), StringComparison.Ordinal);
        await visit.PressAsync("End");
        Assert.Equal(await visit.TextAsync("#equity-curve .readout"), (await SaidAsync(Equity))!.Value.GetString());

        await visit.RunAsync($"document.querySelector('{Price}').focus()");
        await visit.PressAsync("Home");
        await visit.PressAsync("ArrowRight", shift: true);
        Assert.Contains("bought ", (await SaidAsync(Price))!.Value.GetString(), StringComparison.Ordinal);
        await visit.PressAsync("ArrowRight", shift: true);
        Assert.Contains("sold ", (await SaidAsync(Price))!.Value.GetString(), StringComparison.Ordinal);
        await visit.KeepAsync("en-desk-light-5-keyboard");

        await visit.ChooseAsync("#price-symbol", "SYN-FALL");
        await visit.UntilAsync("document.querySelector('#price-caption').textContent.startsWith('SYN-FALL') && document.querySelector('#price-chart .reader[aria-busy=false] svg')");
        await visit.AssertGoodAsync();
    }

    [Fact]
    public async Task Every_control_has_a_name_for_screen_readers_in_both_languages()
    {
        var visit = await fixture.VisitAsync(new() { Width = Desk, Height = 900 });
        await visit.LoadAsync();
        await visit.RunBacktestAsync("SP500", "SYN-FALL");
        foreach (var language in new[] { "en", "ko" })
        {
            await visit.ChooseAsync("#language", language);
            var tree = await visit.Tab.CommandAsync("Accessibility.getFullAXTree", null, TestContext.Current.CancellationToken);
            var controls = tree.GetProperty("nodes").EnumerateArray()
                .Where(node => !node.GetProperty("ignored").GetBoolean() && Roles.Contains(Value(node, "role")))
                .Select(node => (Role: Value(node, "role"), Name: Value(node, "name"))).ToList();

            Assert.All(controls.Where(control => control.Role != "MenuListPopup"), control => Assert.False(string.IsNullOrWhiteSpace(control.Name), $"A {control.Role} has no name."));
            foreach (var (role, least) in new[] { ("checkbox", 9), ("spinbutton", 4), ("slider", 2), ("combobox", 3), ("button", 3), ("progressbar", 1), ("link", 1), ("searchbox", 1) })
                Assert.True(controls.Count(control => control.Role == role) >= least, $"{language}: {controls.Count(control => control.Role == role)} of {role}");
        }
        await visit.AssertGoodAsync();
    }

    private static string? Value(JsonElement node, string property) =>
        node.TryGetProperty(property, out var found) && found.TryGetProperty("value", out var value) ? value.GetString() : null;
}
