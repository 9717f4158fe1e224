using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace BacktestOps.Operations.Smoke.Browser;

/// <summary>How a page is shown.</summary>
public sealed record BrowserPageOptions
{
    /// <summary>Width in CSS pixels.</summary>
    public int Width { get; init; } = 1280;

    /// <summary>Height in CSS pixels.</summary>
    public int Height { get; init; } = 900;

    /// <summary>True for the dark colour scheme.</summary>
    public bool Dark { get; init; }

    /// <summary>The browser's language, for example <c>ko-KR</c>.</summary>
    public string Language { get; init; } = "en-US";
}

/// <summary>One page of a browser, used as a person does: load, look, click, type, catch a download.</summary>
public sealed class BrowserPage
{
    private readonly DevToolsConnection _connection;
    private readonly string _session;
    private readonly string _downloadFolder;
    private readonly NetworkRecorder _network = new();
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly ConcurrentDictionary<string, DownloadedFile> _downloading = new();
    private readonly Channel<DownloadedFile> _downloaded = Channel.CreateUnbounded<DownloadedFile>();

    internal BrowserPage(DevToolsConnection connection, string session, string downloadFolder)
    {
        (_connection, _session, _downloadFolder) = (connection, session, downloadFolder);
        connection.Received += OnReceived;
    }

    /// <summary>Every request so far, in order.</summary>
    public IReadOnlyList<NetworkRecord> Network => _network.Records;

    /// <summary>What the page complained of so far: uncaught exceptions, console errors, blocked resources.</summary>
    public IReadOnlyList<string> Complaints => [.. _complaints];

    /// <summary>Loads an address and waits for its load event.</summary>
    /// <param name="address">The address.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="BrowserException">Nothing answered.</exception>
    public async Task LoadAsync(Uri address, CancellationToken cancellationToken = default)
    {
        var answer = await SendAsync("Page.navigate", new JsonObject { ["url"] = address.ToString() }, cancellationToken).ConfigureAwait(false);
        if (answer.TryGetProperty("errorText", out var error))
            throw new BrowserException($"{address} could not be loaded: {error.GetString()}");
        await WaitForAsync("document.readyState === 'complete'", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The body of an answer, as long as the browser holds it.</summary>
    /// <param name="record">A request of <see cref="Network"/> that has ended.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="BrowserException">The browser holds it no more.</exception>
    public async Task<byte[]> ReadBodyAsync(NetworkRecord record, CancellationToken cancellationToken = default)
    {
        var answer = await SendAsync(
            "Network.getResponseBody", new JsonObject { ["requestId"] = record.RequestId }, cancellationToken).ConfigureAwait(false);
        var body = answer.GetProperty("body");
        return answer.GetProperty("base64Encoded").GetBoolean() ? body.GetBytesFromBase64() : System.Text.Encoding.UTF8.GetBytes(body.GetString()!);
    }

    /// <summary>Evaluates JavaScript in the page; a promise is awaited.</summary>
    /// <param name="script">An expression whose value JSON can hold.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The value; undefined gives null.</returns>
    /// <exception cref="BrowserException">The script threw.</exception>
    public async Task<JsonElement?> EvaluateAsync(string script, CancellationToken cancellationToken = default)
    {
        var answer = await SendAsync(
            "Runtime.evaluate",
            new JsonObject { ["expression"] = script, ["awaitPromise"] = true, ["returnByValue"] = true, ["userGesture"] = true },
            cancellationToken).ConfigureAwait(false);
        if (answer.TryGetProperty("exceptionDetails", out var thrown))
            throw new BrowserException($"The page threw at '{script}': {Describe(thrown)}");
        return answer.GetProperty("result").TryGetProperty("value", out var value) ? value : null;
    }

    /// <summary>Waits until a condition holds in the page, looked at every 10 ms.</summary>
    /// <param name="condition">A JavaScript expression.</param>
    /// <param name="cancellationToken">Gives up waiting: give it a time limit.</param>
    public async Task WaitForAsync(string condition, CancellationToken cancellationToken = default)
    {
        // A navigation under way ends the promise with the page it ran in; the new page is asked again.
        while (true)
        {
            try
            {
                await EvaluateAsync(
                    $"new Promise(done => {{ const look = () => ({condition}) ? done(true) : setTimeout(look, 10); look(); }})",
                    cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (BrowserException error) when (error.PageWasReplaced)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>Clicks the middle of an element with the mouse, as a person does: what lies over it gets the click.</summary>
    /// <param name="selector">Its CSS selector.</param>
    /// <param name="cancellationToken">Gives up waiting for the element.</param>
    public async Task ClickAsync(string selector, CancellationToken cancellationToken = default)
    {
        var quoted = JsonSerializer.Serialize(selector, BrowserJson.Default.String);
        await WaitForAsync(
            $"(e => e && e.getClientRects().length > 0 && !e.disabled)(document.querySelector({quoted}))", cancellationToken).ConfigureAwait(false);
        var box = await EvaluateAsync(
            $"(e => {{ e.scrollIntoView({{block:'center', behavior:'instant'}}); const b = e.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; }})(document.querySelector({quoted}))",
            cancellationToken).ConfigureAwait(false);
        foreach (var type in new[] { "mousePressed", "mouseReleased" })
            await SendAsync(
                "Input.dispatchMouseEvent",
                new JsonObject
                {
                    ["type"] = type, ["x"] = box!.Value[0].GetDouble(), ["y"] = box.Value[1].GetDouble(), ["button"] = "left", ["clickCount"] = 1,
                },
                cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Types text into the element that has the focus.</summary>
    /// <param name="text">The text.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task TypeAsync(string text, CancellationToken cancellationToken = default) =>
        SendAsync("Input.insertText", new JsonObject { ["text"] = text }, cancellationToken);

    /// <summary>The next file that the page had the browser download, at its end: whole or given up.</summary>
    /// <param name="cancellationToken">Gives up waiting: give it a time limit.</param>
    public async Task<DownloadedFile> NextDownloadAsync(CancellationToken cancellationToken = default) =>
        await _downloaded.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>A picture of the whole page, PNG.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<byte[]> TakeScreenshotAsync(CancellationToken cancellationToken = default)
    {
        var answer = await SendAsync(
            "Page.captureScreenshot", new JsonObject { ["format"] = "png", ["captureBeyondViewport"] = true }, cancellationToken).ConfigureAwait(false);
        return answer.GetProperty("data").GetBytesFromBase64();
    }

    /// <summary>Sends any command of the DevTools protocol to the page: keys, touches, the accessibility tree.</summary>
    /// <param name="method">Its name, for example <c>Input.dispatchKeyEvent</c>.</param>
    /// <param name="parameters">Its parameters; null for none.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The browser's answer.</returns>
    /// <exception cref="BrowserException">The browser refused the command or went away.</exception>
    public Task<JsonElement> CommandAsync(string method, JsonObject? parameters = null, CancellationToken cancellationToken = default) =>
        SendAsync(method, parameters, cancellationToken);

    internal async Task PrepareAsync(BrowserPageOptions options, CancellationToken cancellationToken)
    {
        foreach (var domain in new[] { "Page", "Network", "Runtime", "Log" })
            await SendAsync($"{domain}.enable", null, cancellationToken).ConfigureAwait(false);
        await SendAsync(
            "Emulation.setDeviceMetricsOverride",
            new JsonObject { ["width"] = options.Width, ["height"] = options.Height, ["deviceScaleFactor"] = 1, ["mobile"] = options.Width < 600 },
            cancellationToken).ConfigureAwait(false);
        await SendAsync(
            "Emulation.setEmulatedMedia",
            new JsonObject
            {
                ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = options.Dark ? "dark" : "light" }),
            },
            cancellationToken).ConfigureAwait(false);
        // A download is no request of the page to the Network domain; only here is its answer seen.
        await SendAsync(
            "Fetch.enable",
            new JsonObject { ["patterns"] = new JsonArray(new JsonObject { ["urlPattern"] = "*", ["requestStage"] = "Response" }) },
            cancellationToken).ConfigureAwait(false);
        var agent = await EvaluateAsync("navigator.userAgent", cancellationToken).ConfigureAwait(false);
        await SendAsync(
            "Emulation.setUserAgentOverride",
            new JsonObject { ["userAgent"] = agent!.Value.GetString(), ["acceptLanguage"] = options.Language },
            cancellationToken).ConfigureAwait(false);
    }

    private static string Describe(JsonElement thrown) =>
        thrown.TryGetProperty("exception", out var exception) && exception.TryGetProperty("description", out var description)
            ? description.GetString()!
            : thrown.GetProperty("text").GetString()!;

    private static string Said(JsonElement arguments) => string.Join(' ', arguments.EnumerateArray().Select(argument =>
        argument.TryGetProperty("value", out var value) ? value.ToString()
        : argument.TryGetProperty("description", out var description) ? description.GetString()
        : argument.GetProperty("type").GetString()));

    private async Task ContinueAsync(string request)
    {
        try
        {
            await SendAsync("Fetch.continueRequest", new JsonObject { ["requestId"] = request }, CancellationToken.None).ConfigureAwait(false);
        }
        catch (BrowserException)
        {
            // The page that asked is gone, and its request with it.
        }
    }

    private Task<JsonElement> SendAsync(string method, JsonObject? parameters, CancellationToken cancellationToken) =>
        _connection.SendAsync(method, parameters, _session, cancellationToken);

    private void OnReceived(string session, string method, JsonElement parameters)
    {
        if (session == _session)
        {
            _network.Handle(method, parameters);
            if (method == "Fetch.requestPaused") _ = ContinueAsync(parameters.GetProperty("requestId").GetString()!);
            else if (method == "Runtime.exceptionThrown") _complaints.Enqueue(Describe(parameters.GetProperty("exceptionDetails")));
            else if (method == "Runtime.consoleAPICalled" && parameters.GetProperty("type").GetString() is "error" or "assert")
                _complaints.Enqueue($"console: {Said(parameters.GetProperty("args"))}");
            else if (method == "Log.entryAdded" && parameters.GetProperty("entry") is var entry && entry.GetProperty("level").GetString() == "error")
                _complaints.Enqueue($"{entry.GetProperty("text").GetString()} {(entry.TryGetProperty("url", out var url) ? url.GetString() : "")}".Trim());
        }
        else if (method == "Browser.downloadWillBegin")
        {
            var guid = parameters.GetProperty("guid").GetString()!;
            _downloading[guid] = new DownloadedFile(
                new Uri(parameters.GetProperty("url").GetString()!), parameters.GetProperty("suggestedFilename").GetString()!, Path.Combine(_downloadFolder, guid));
        }
        else if (method == "Browser.downloadProgress" && parameters.GetProperty("state").GetString() is { } state && state is "completed" or "canceled"
            && _downloading.TryRemove(parameters.GetProperty("guid").GetString()!, out var file))
        {
            _downloaded.Writer.TryWrite(file with { IsWhole = state == "completed" });
        }
    }
}
