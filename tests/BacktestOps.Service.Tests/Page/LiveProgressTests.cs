using BacktestOps.Contracts;
using BacktestOps.Service.Access;

namespace BacktestOps.Service.Tests.Page;

/// <summary>How the page hears of a run: as it happens, with a key, over a restart of the service, and where no stream comes through.</summary>
[Collection("page in a browser")]
public sealed class LiveProgressTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    private const string Run = "run", Events = "/api/backtest/events/", Progress = "/api/backtest/progress/";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Progress_comes_as_events_and_is_not_asked_for(bool wantsKey)
    {
        var file = Path.Combine(fixture.NewFolder("keys-" + Guid.NewGuid().ToString("N")), "keys");
        var key = wantsKey ? ApiKeys.Add(file, "somebody") : null;
        var api = new MemoryApi();
        api.Put(Run, BacktestStatus.Running, 5);
        await using var service = await ServeAsync(api, wantsKey ? ["--api-key-file", file] : []);
        var visit = await OpenAsync(service.Address, key);

        foreach (var percent in new[] { 10, 40, 55 })
        {
            api.Put(Run, BacktestStatus.Running, percent);
            await visit.UntilAsync($"document.querySelector('#progress').value === {percent}");
        }
        api.Put(Run, BacktestStatus.Cancelled, 60);
        await EndAsync(visit);

        var stream = Assert.Single(visit.Tab.Network, request => request.Address.AbsolutePath.StartsWith(Events, StringComparison.Ordinal));
        Assert.Equal(200, stream.Status);
        Assert.DoesNotContain(visit.Tab.Network, request => request.Address.AbsolutePath.StartsWith(Progress, StringComparison.Ordinal));
        if (key is null)
            Assert.Empty(visit.Tab.Complaints);
    }

    [Fact]
    public async Task A_restart_of_the_service_is_told_and_the_stream_goes_on_where_it_was()
    {
        var api = new MemoryApi();
        api.Put(Run, BacktestStatus.Running, 40);
        await using var relay = new Relay();
        PageVisit visit;
        await using (var first = await ServeAsync(api))
        {
            relay.Target = first.Address;
            visit = await OpenAsync(relay.Address);
            await visit.UntilAsync("document.querySelector('#progress').value === 40");
            relay.Target = null;
        }
        await visit.UntilAsync("document.querySelector('#run-status').textContent.includes('asking again')");
        await visit.KeepAsync("en-desk-light-8-silent");

        await using var second = await ServeAsync(api);
        relay.Target = second.Address;
        api.Put(Run, BacktestStatus.Running, 70);
        await visit.UntilAsync("document.querySelector('#progress').value === 70 && document.querySelector('#run-status').textContent === 'Running.'");
        while (!relay.Heard("Last-Event-ID: 0-running-40\r\n"))
            await visit.UntilAsync("new Promise(next => setTimeout(next, 50)).then(() => true)");
        api.Put(Run, BacktestStatus.Cancelled, 80);
        await EndAsync(visit);
    }

    [Fact]
    public async Task Where_no_stream_comes_through_the_page_asks()
    {
        var api = new MemoryApi();
        api.Put(Run, BacktestStatus.Running, 30);
        await using var service = await ServeAsync(api);
        await using var relay = new Relay { Target = service.Address, Breaks = Events };
        var visit = await OpenAsync(relay.Address);

        await visit.UntilAsync("document.querySelector('#progress').value === 30");
        api.Put(Run, BacktestStatus.Running, 60);
        await visit.UntilAsync("document.querySelector('#progress').value === 60");
        api.Put(Run, BacktestStatus.Cancelled, 60);
        await EndAsync(visit);

        Assert.DoesNotContain(visit.Tab.Network, request => request.Status == 200 && request.Address.AbsolutePath.StartsWith(Events, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Events_are_read_however_the_bytes_are_cut_and_the_lines_end()
    {
        var visit = await fixture.VisitAsync(new());
        await visit.LoadAsync();
        // The cases of the standard's own chapter on parsing an event stream: https://html.spec.whatwg.org/multipage/server-sent-events.html
        var read = await visit.RunAsync(
            """
            (async () => {
              const { eventsOf } = await import('/assets/events.js');
              const stream = 'retry: 1000\n\n: still here\n\nid: 1\nevent: progress\ndata: {"a":\ndata:  "가"}\n\ndata\n\nid: 2\rdata:b\r\rdata: c\r\nid\r\n\r\ndata: never';
              const bytes = new TextEncoder().encode(stream);
              const told = [];
              for (let cut = 1; cut <= bytes.length; cut++) {
                const pieces = new ReadableStream({ start(controller) {
                  for (let at = 0; at < bytes.length; at += cut) controller.enqueue(bytes.slice(at, at + cut));
                  controller.close();
                } });
                const events = [];
                for await (const event of eventsOf(pieces)) events.push(`${event.id}|${event.type}|${event.data}`);
                told.push(events.join(';'));
              }
              return [...new Set(told)];
            })()
            """);
        Assert.Equal("1|progress|{\"a\":\n \"가\"};1|message|;2|message|b;|message|c", Assert.Single(read!.Value.EnumerateArray()).GetString());
    }

    private static Task<RunningService> ServeAsync(MemoryApi api, params string[] options) =>
        RunningService.StartAsync(_ => Task.FromResult(api.Backend), TimeProvider.System, api, options);

    private async Task<PageVisit> OpenAsync(Uri address, string? key = null)
    {
        var page = new Uri(address, "/specific-stock-selection.html");
        var visit = new PageVisit((await fixture.VisitAsync(new() { Width = 1280, Height = 900 })).Tab, page);
        if (key is not null)
        {
            await visit.Tab.LoadAsync(new Uri(address, "/assets/favicon.svg"), TestContext.Current.CancellationToken);
            await visit.RunAsync($"sessionStorage.setItem('backtestops.key', '{key}')");
        }
        await visit.LoadAsync("#run=" + Run);
        return visit;
    }

    private static Task EndAsync(PageVisit visit) => visit.UntilAsync("document.querySelector('#run-status').textContent.startsWith('Cancelled')");
}
