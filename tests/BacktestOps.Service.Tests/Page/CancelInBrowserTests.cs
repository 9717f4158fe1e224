using BacktestOps.Operations.Smoke.Browser;

namespace BacktestOps.Service.Tests.Page;

/// <summary>A run that takes seconds even on an idle machine, over hundreds of stocks of many bars: its bar moves, its time left is told, it can be cancelled.</summary>
[Collection("page in a browser")]
public sealed class CancelInBrowserTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    private const int Stocks = 500;

    [Fact]
    public async Task A_long_run_shows_its_progress_and_time_left_and_is_cancelled_from_the_page()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Symbolic links need a right on Windows that users seldom have.");
        var data = fixture.NewFolder("many");
        LongRun.WriteStocks(data, Stocks);
        await using var service = await fixture.StartServiceAsync("long", data);
        var tab = await fixture.VisitAsync(new BrowserPageOptions { Width = 1280, Height = 900 });
        var visit = new PageVisit(tab.Tab, new Uri(service.Addresses[0], "/specific-stock-selection.html"));
        await visit.LoadAsync();
        Assert.Equal(Stocks, (await visit.RunAsync("document.querySelectorAll('#symbol-list .symbol').length"))!.Value.GetInt32());
        await visit.RunAsync("for (const box of document.querySelectorAll('#symbol-list input')) box.click()");
        // What the page told while the run lasted; a person sees it in passing.
        await visit.RunAsync(
            "window.told = []; new MutationObserver(() => { const left = document.querySelector('#time-left').textContent; if (left) told.push(left); }).observe(document.querySelector('#time-left'), { childList: true, characterData: true, subtree: true })");

        await visit.ChooseAsync("#strategy", "RsiReversion");
        await visit.ClickAsync("#start");
        await visit.UntilAsync("window.told.length > 0 && document.querySelector('#progress').value > 0");
        Assert.Matches(@"^about \d+ (s|min) left$", (await visit.RunAsync("told[0]"))!.Value.GetString());
        await visit.KeepAsync("en-desk-light-6-running");
        await visit.ClickAsync("#cancel");
        await visit.UntilAsync("document.querySelector('#run-status').textContent.startsWith('Cancelled')");
        await visit.UntilAsync("document.querySelector('#runs .cancelled') !== null");

        Assert.True((await visit.RunAsync("document.querySelector('#progress').value < 100 && document.querySelector('#result').hidden && document.querySelector('#cancel').hidden"))!.Value.GetBoolean());

        // The list cancels as well.
        await visit.ClickAsync("#start");
        await visit.ClickAsync("#runs li:first-child .cancel-run:not([hidden])");
        await visit.UntilAsync("document.querySelectorAll('#runs .cancelled').length === 2");
        await visit.UntilAsync("document.querySelector('#run-status').textContent.startsWith('Cancelled')");
        await visit.AssertGoodAsync();
    }

    [Fact]
    public async Task A_run_that_a_restart_interrupts_is_shown_to_its_end_and_its_result()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Symbolic links need a right on Windows that users seldom have.");
        const int Fewer = 60;
        var data = fixture.NewFolder("fewer");
        LongRun.WriteStocks(data, Fewer);
        await using var relay = new Relay();
        var visit = new PageVisit((await fixture.VisitAsync(new() { Width = 1280, Height = 900 })).Tab, new Uri(relay.Address, "/specific-stock-selection.html"));
        await using (var first = await fixture.StartServiceAsync("restarted", data))
        {
            relay.Target = first.Addresses[0];
            await visit.LoadAsync();
            await visit.RunAsync("for (const box of document.querySelectorAll('#symbol-list input')) box.click()");
            await visit.ClickAsync("#start");
            await visit.UntilAsync("document.querySelector('#run-id').textContent !== ''");
            relay.Target = null;
        }
        // A page that has seen the end of its run asks no more: the run was under way.
        await visit.UntilAsync("document.querySelector('#run-status').textContent.includes('asking again')");

        await using var second = await fixture.StartServiceAsync("restarted", data);
        relay.Target = second.Addresses[0];
        await visit.ShownAsync();

        var run = await visit.RunAsync("fetch(`/api/backtest/progress/${document.querySelector('#run-id').textContent}`).then(answer => answer.json())");
        Assert.Equal((100, "completed"), (run!.Value.GetProperty("progress").GetDouble(), run.Value.GetProperty("status").GetString()));
        Assert.Equal("Completed.", await visit.TextAsync("#run-status"));
    }
}
