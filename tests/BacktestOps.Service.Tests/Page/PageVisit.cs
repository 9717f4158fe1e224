using System.Text.Json;
using System.Text.Json.Nodes;
using BacktestOps.Operations.Smoke.Browser;

namespace BacktestOps.Service.Tests.Page;

/// <summary>What a person does with the page, and what is held against it at the end of every visit.</summary>
public sealed class PageVisit(BrowserPage tab, Uri address)
{
    // Only turns a hang into a failure: a machine with much else to do may need minutes for what takes seconds elsewhere.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public BrowserPage Tab => tab;

    public async Task LoadAsync(string fragment = "")
    {
        await tab.LoadAsync(new Uri(address, fragment), TestContext.Current.CancellationToken);
        await UntilAsync("document.querySelectorAll('#symbol-list .symbol').length > 0 && document.querySelector('#strategy').value !== ''");
    }

    public async Task ReloadAsync()
    {
        await RunAsync("window.beforeReload = true");
        await tab.CommandAsync("Page.reload", null, TestContext.Current.CancellationToken);
        await UntilAsync("!window.beforeReload && document.querySelectorAll('#symbol-list .symbol').length > 0 && document.querySelector('#strategy').value !== ''");
    }

    public async Task UntilAsync(string condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await tab.WaitForAsync(condition, patience.Token);
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            await KeepAsync("failed-" + TestContext.Current.TestMethod?.MethodName);
            Assert.Fail($"It never came to this: {condition}. Complaints: {string.Join(" | ", tab.Complaints)}");
        }
    }

    public Task ClickAsync(string selector) => tab.ClickAsync(selector, TestContext.Current.CancellationToken);

    public Task<JsonElement?> RunAsync(string script) => tab.EvaluateAsync(script, TestContext.Current.CancellationToken);

    public async Task<string> TextAsync(string selector) =>
        (await RunAsync($"document.querySelector({JsonSerializer.Serialize(selector)}).textContent"))!.Value.GetString()!;

    /// <summary>Puts the cursor into a field in place of what it holds, and types.</summary>
    public async Task FillAsync(string selector, string text)
    {
        await RunAsync($"(e => {{ e.scrollIntoView({{ block: 'center' }}); e.focus(); e.value = ''; e.dispatchEvent(new Event('input', {{ bubbles: true }})); }})(document.querySelector('{selector}'))");
        await tab.TypeAsync(text, TestContext.Current.CancellationToken);
    }

    /// <summary>Chooses an option of a list, as its change event tells.</summary>
    public Task ChooseAsync(string selector, string value) => RunAsync(
        $"(e => {{ e.focus(); e.value = '{value}'; e.dispatchEvent(new Event('change', {{ bubbles: true }})); }})(document.querySelector('{selector}'))");

    /// <summary>Presses a key; shift is held when asked for.</summary>
    public async Task PressAsync(string key, bool shift = false)
    {
        foreach (var type in new[] { "keyDown", "keyUp" })
        {
            var press = new JsonObject { ["type"] = type, ["key"] = key, ["code"] = key, ["modifiers"] = shift ? 8 : 0 };
            if (key is "Enter" or "Tab" or " ")
                press["windowsVirtualKeyCode"] = key switch { "Enter" => 13, "Tab" => 9, _ => 32 };
            if (key == "Enter")
                press["text"] = "\r";
            await tab.CommandAsync("Input.dispatchKeyEvent", press, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Moves the mouse to a share of an element's width and height.</summary>
    public async Task HoverAsync(string selector, double across, double down = 0.5)
    {
        var (x, y) = await PlaceAsync(selector, across, down);
        await tab.CommandAsync("Input.dispatchMouseEvent", new JsonObject { ["type"] = "mouseMoved", ["x"] = x, ["y"] = y }, TestContext.Current.CancellationToken);
    }

    /// <summary>Touches an element with a finger.</summary>
    public async Task TouchAsync(string selector, double across, double down = 0.5)
    {
        var (x, y) = await PlaceAsync(selector, across, down);
        await tab.CommandAsync("Emulation.setTouchEmulationEnabled", new JsonObject { ["enabled"] = true }, TestContext.Current.CancellationToken);
        await tab.CommandAsync(
            "Input.dispatchTouchEvent",
            new JsonObject { ["type"] = "touchStart", ["touchPoints"] = new JsonArray(new JsonObject { ["x"] = x, ["y"] = y }) }, TestContext.Current.CancellationToken);
        await tab.CommandAsync(
            "Input.dispatchTouchEvent", new JsonObject { ["type"] = "touchEnd", ["touchPoints"] = new JsonArray() }, TestContext.Current.CancellationToken);
    }

    /// <summary>Picks stocks, starts, and waits for the charts of the result.</summary>
    public async Task<string> RunBacktestAsync(params string[] symbols)
    {
        foreach (var symbol in symbols)
            await ClickAsync($"#symbol-list input[value='{symbol}']");
        var before = await TextAsync("#run-id");
        await ClickAsync("#start");
        await UntilAsync($"document.querySelector('#run-id').textContent !== '{before}'");
        await ShownAsync();
        return await TextAsync("#run-id");
    }

    /// <summary>Waits until a result is shown with its charts.</summary>
    public Task ShownAsync() => UntilAsync(
        "!document.querySelector('#result').hidden && document.querySelectorAll('.reader[aria-busy=false] svg').length === 2");

    /// <summary>Keeps a picture of the whole page among the outputs of the tests.</summary>
    public async Task KeepAsync(string name)
    {
        var size = await RunAsync("[document.documentElement.clientWidth, document.documentElement.scrollHeight]");
        var answer = await tab.CommandAsync(
            "Page.captureScreenshot",
            new JsonObject
            {
                ["format"] = "png", ["captureBeyondViewport"] = true,
                ["clip"] = new JsonObject { ["x"] = 0, ["y"] = 0, ["width"] = size!.Value[0].GetDouble(), ["height"] = size.Value[1].GetDouble(), ["scale"] = 1 },
            },
            TestContext.Current.CancellationToken);
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder.Parent is not null && folder.Name != "artifacts")
            folder = folder.Parent;
        var kept = Directory.CreateDirectory(Path.Combine(folder.Parent is null ? AppContext.BaseDirectory : folder.FullName, "screenshots", "page"));
        await File.WriteAllBytesAsync(Path.Combine(kept.FullName, name + ".png"), answer.GetProperty("data").GetBytesFromBase64(), TestContext.Current.CancellationToken);
    }

    /// <summary>What holds at the end of every visit: it fits, nothing left the service, nothing failed, nothing was complained of.</summary>
    public async Task AssertGoodAsync()
    {
        Assert.True((await RunAsync("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))!.Value.GetBoolean(), "The page scrolls sideways.");
        Assert.Empty(tab.Complaints);
        // The browser's own icons (of a date field) are data in its style sheet; the page's policy lets itself load none.
        foreach (var request in tab.Network.Where(request => !request.WasCanceled && request.Address.Scheme != "data"))
        {
            Assert.True(request.Address.Authority == address.Authority, $"{request.Initiator} {request.Address} is not of the service.");
            Assert.True(request.Status is (>= 200 and < 300) or 304 || !request.HasEnded, $"{request.Method} {request.Address}: {request.Status} {request.Failure}");
        }
        Assert.Contains(tab.Network, request => request.Status == 200);
    }

    private async Task<(double X, double Y)> PlaceAsync(string selector, double across, double down)
    {
        var box = await RunAsync(
            $"(e => {{ e.scrollIntoView({{ block: 'center', behavior: 'instant' }}); const b = e.getBoundingClientRect(); return [b.x, b.y, b.width, b.height]; }})(document.querySelector('{selector}'))");
        return (box!.Value[0].GetDouble() + (across * box.Value[2].GetDouble()), box.Value[1].GetDouble() + (down * box.Value[3].GetDouble()));
    }
}
