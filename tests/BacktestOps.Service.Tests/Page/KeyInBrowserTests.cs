using System.Text.Json;
using BacktestOps.Service.Access;

namespace BacktestOps.Service.Tests.Page;

/// <summary>The page of a service that wants an API key: it asks for it, and then everything works, pictures and download too.</summary>
[Collection("page in a browser")]
public sealed class KeyInBrowserTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task The_page_asks_for_the_key_and_sends_it_with_every_call()
    {
        var file = Path.Combine(fixture.NewFolder("keys"), "keys");
        var key = ApiKeys.Add(file, "somebody");
        var first = await fixture.VisitAsync(new() { Width = 1280, Height = 900 });
        await using var service = await fixture.StartServiceAsync("guarded", null, "--api-key-file", file);
        var visit = new PageVisit(first.Tab, new Uri(service.Addresses[0], "/specific-stock-selection.html"));

        await visit.Tab.LoadAsync(new Uri(service.Addresses[0], "/specific-stock-selection.html"), TestContext.Current.CancellationToken);
        await visit.UntilAsync("!document.querySelector('#key-form').hidden && document.querySelector('#runs').ariaBusy === 'false' && document.querySelector('#symbol-list').ariaBusy === 'false'");
        Assert.Equal("api-key", (await visit.RunAsync("document.activeElement.id"))!.Value.GetString());
        Assert.Equal("This service wants an API key", await visit.TextAsync("#symbol-list"));
        Assert.Equal("key-form", (await visit.RunAsync("[...document.querySelectorAll('main > *')].filter(part => part.offsetParent !== null).map(part => part.id).join()"))!.Value.GetString());
        await visit.KeepAsync("en-desk-light-7-key");
        await visit.Tab.TypeAsync("bto_wrong", TestContext.Current.CancellationToken);
        await visit.ClickAsync("#use-key");
        await visit.UntilAsync("document.querySelector('#key-fault')?.hidden === false && document.activeElement.id === 'api-key' && document.querySelector('#api-key').value === '' && document.querySelector('#symbol-list').ariaBusy === 'false'");
        await visit.KeepAsync("en-desk-light-7-wrong-key");
        await visit.Tab.TypeAsync(key, TestContext.Current.CancellationToken);
        await visit.ClickAsync("#use-key");
        await visit.UntilAsync("document.querySelectorAll('#symbol-list .symbol').length > 0 && document.querySelector('#strategy').value !== ''");
        var before = visit.Tab.Network.Count;

        var id = await visit.RunBacktestAsync("SP500");
        await visit.UntilAsync("document.querySelector('.small-price svg') !== null");
        await visit.ClickAsync("#download");
        var downloaded = await visit.Tab.NextDownloadAsync(TestContext.Current.CancellationToken);

        Assert.Equal(($"backtest-result-{id}.json", true), (downloaded.FileName, downloaded.IsWhole));
        using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(downloaded.Path, TestContext.Current.CancellationToken));
        Assert.Equal(id, document.RootElement.GetProperty("backtest_id").GetString());
        Assert.All(visit.Tab.Network.Skip(before).Where(request => request is { HasEnded: true, WasCanceled: false } && request.Address.Scheme == "http"), request => Assert.True(request.Status is 200 or 304, $"{request.Address}: {request.Status}"));
        Assert.All(visit.Tab.Complaints, complaint => Assert.Contains("401", complaint)); // Chromium's own line for each call before the key
        Assert.DoesNotContain(visit.Tab.Network, request => request.Address.ToString().Contains(key, StringComparison.Ordinal));
        Assert.Contains(visit.Tab.Network, request => request.Address.AbsolutePath == $"/api/backtest/events/{id}" && request.Status == 200);
        Assert.True((await visit.RunAsync("document.querySelector('#key-form').hidden"))!.Value.GetBoolean());
    }

    [Fact]
    public async Task The_reference_asks_for_the_key_and_is_read_and_saved_with_it()
    {
        var file = Path.Combine(fixture.NewFolder("reference-keys"), "keys");
        var key = ApiKeys.Add(file, "somebody");
        await using var service = await fixture.StartServiceAsync("reference", null, "--api-key-file", file);
        var visit = new PageVisit((await fixture.VisitAsync(new() { Language = "ko-KR", Width = 1280, Height = 900 })).Tab, new Uri(service.Addresses[0], "/reference.html"));

        await visit.Tab.LoadAsync(new Uri(service.Addresses[0], "/reference.html"), TestContext.Current.CancellationToken);
        await visit.UntilAsync("document.querySelector('#key-form')?.hidden === false && document.activeElement.id === 'api-key'");
        Assert.Equal("API 키가 필요한 서비스입니다", await visit.TextAsync("#key-title"));
        Assert.DoesNotContain("/api/", await visit.TextAsync("body"), StringComparison.Ordinal);
        await visit.KeepAsync("ko-desk-light-13-reference-key");
        await visit.Tab.TypeAsync("bto_wrong", TestContext.Current.CancellationToken);
        await visit.ClickAsync("#use-key");
        await visit.UntilAsync("document.querySelector('#key-fault')?.hidden === false && document.activeElement.id === 'api-key' && document.querySelector('#api-key').value === ''");
        await visit.Tab.TypeAsync(key, TestContext.Current.CancellationToken);
        await visit.ClickAsync("#use-key");
        await visit.UntilAsync("document.querySelector('#startBacktest') !== null");
        // In its own style, which the policy of the page lets in and no other.
        Assert.Equal("960px", (await visit.RunAsync("getComputedStyle(document.body).maxWidth"))!.Value.GetString());
        Assert.Equal("en", (await visit.RunAsync("document.documentElement.lang"))!.Value.GetString());
        await visit.KeepAsync("en-desk-light-13-reference");
        await visit.ClickAsync("a[href='openapi.json']");
        var saved = await visit.Tab.NextDownloadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(("openapi.json", true), (saved.FileName, saved.IsWhole));
        Assert.All(visit.Tab.Complaints, complaint => Assert.Contains("401", complaint));
        Assert.DoesNotContain(visit.Tab.Network, request => request.Address.ToString().Contains(key, StringComparison.Ordinal));
    }
}
