using BacktestOps.Operations.Smoke.Browser;
using BacktestOps.Operations.Tests.Fixtures;

namespace BacktestOps.Operations.Tests.Smoke;

public sealed class BrowserPageTests : IDisposable
{
    // Only turns a hang into a failure; the wait for the turn is not of it.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private const string Page = """
        <!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>fixture</title><link rel="icon" href="data:,">
        <input id="name"><button id="go">go</button><a id="file" href="/file" download>file</a><p id="out"></p>
        <div id="cover" style="position:fixed;inset:0;display:none"></div>
        <script>
        document.querySelector('#go').addEventListener('click', async () => {
          const answer = await fetch('/data');
          document.querySelector('#out').textContent = document.querySelector('#name').value + ' ' + await answer.text();
        });
        </script>
        """;

    private readonly PageFixture _server = new PageFixture()
        .With("/", "text/html; charset=utf-8", Page)
        .With("/data", "application/json", "[1]")
        .With("/file", "application/json", """{"n":1}""", "backtest-result-7.json");

    private readonly CancellationTokenSource _patience =
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    private BrowserTurn? _turn;

    [Fact]
    public async Task A_page_is_used_as_a_person_does_and_its_requests_are_listed()
    {
        await using var browser = await StartAsync();
        var page = await browser.OpenPageAsync(cancellationToken: _patience.Token);

        await page.LoadAsync(_server.Address, _patience.Token);
        await page.ClickAsync("#name", _patience.Token);
        await page.TypeAsync("AAPL \"주식\"", _patience.Token);
        await page.ClickAsync("#go", _patience.Token);
        await page.WaitForAsync("document.querySelector('#out').textContent !== ''", _patience.Token);

        var text = await page.EvaluateAsync("document.querySelector('#out').textContent", _patience.Token);
        Assert.Equal("AAPL \"주식\" [1]", text!.Value.GetString());
        Assert.Equal(
            [("/", 200, "text/html", "Document"), ("/data", 200, "application/json", "Fetch")],
            page.Network.Where(record => record.Address.Scheme == "http")
                .Select(record => (record.Address.AbsolutePath, record.Status!.Value, record.MediaType!, record.Initiator)));
        Assert.All(page.Network.Where(record => record.Address.Scheme == "http"), record => Assert.True(record.Duration > TimeSpan.Zero));
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task A_download_is_caught_with_its_name_and_bytes()
    {
        await using var browser = await StartAsync();
        var page = await browser.OpenPageAsync(cancellationToken: _patience.Token);
        await page.LoadAsync(_server.Address, _patience.Token);

        await page.ClickAsync("#file", _patience.Token);
        var file = await page.NextDownloadAsync(_patience.Token);

        Assert.Equal("backtest-result-7.json", file.FileName);
        Assert.Equal("""{"n":1}""", await File.ReadAllTextAsync(file.Path, _patience.Token));
        Assert.Contains(page.Network, record => record is { Initiator: "Download", Status: 200, MediaType: "application/json", Address.AbsolutePath: "/file" });
    }

    [Fact]
    public async Task A_download_that_answers_404_is_seen_as_one()
    {
        _server.With("/", "text/html", """<link rel="icon" href="data:,"><a id="file" href="/nowhere" download>file</a>""");
        await using var browser = await StartAsync();
        var page = await browser.OpenPageAsync(cancellationToken: _patience.Token);
        await page.LoadAsync(_server.Address, _patience.Token);

        await page.ClickAsync("#file", _patience.Token);

        while (!page.Network.Any(record => record.Status == 404))
        {
            _patience.Token.ThrowIfCancellationRequested();
            await page.EvaluateAsync("new Promise(done => requestAnimationFrame(done))", _patience.Token);
        }

        Assert.Equal("/nowhere", page.Network.Single(record => record.Status == 404).Address.AbsolutePath);
    }

    [Fact]
    public async Task What_the_page_complains_of_is_kept()
    {
        _server.With("/", "text/html", "<script src='/missing.js'></script><script>setTimeout(() => { throw new Error('broken page'); window.done = true; }); </script>");
        await using var browser = await StartAsync();
        var page = await browser.OpenPageAsync(cancellationToken: _patience.Token);

        await page.LoadAsync(_server.Address, _patience.Token);
        await page.EvaluateAsync("new Promise(done => setTimeout(done, 0))", _patience.Token);

        Assert.Contains(page.Complaints, complaint => complaint.Contains("broken page", StringComparison.Ordinal));
        Assert.Contains(page.Complaints, complaint => complaint.Contains("404", StringComparison.Ordinal));
        Assert.Contains(page.Network, record => record.Address.AbsolutePath == "/missing.js" && record.Status == 404);
    }

    [Fact]
    public async Task A_click_reaches_what_lies_on_top_not_what_lies_under_it()
    {
        await using var browser = await StartAsync();
        var page = await browser.OpenPageAsync(cancellationToken: _patience.Token);
        await page.LoadAsync(_server.Address, _patience.Token);
        await page.EvaluateAsync("document.querySelector('#cover').style.display = 'block'; document.addEventListener('click', e => window.hit = e.target.id)", _patience.Token);

        await page.ClickAsync("#go", _patience.Token);

        Assert.Equal("cover", (await page.EvaluateAsync("window.hit", _patience.Token))!.Value.GetString());
    }

    [Fact]
    public async Task A_screenshot_is_a_picture_of_the_size_asked_for()
    {
        await using var browser = await StartAsync();
        var page = await browser.OpenPageAsync(new BrowserPageOptions { Width = 390, Height = 700, Dark = true, Language = "ko-KR" }, _patience.Token);
        await page.LoadAsync(_server.Address, _patience.Token);

        var picture = await page.TakeScreenshotAsync(_patience.Token);

        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], picture[..4]);
        Assert.Equal(390, System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(picture.AsSpan(16)));
        var seen = await page.EvaluateAsync("[matchMedia('(prefers-color-scheme: dark)').matches, navigator.language]", _patience.Token);
        Assert.Equal("[true,\"ko-KR\"]", seen!.Value.GetRawText());
    }

    [Fact]
    public async Task An_address_that_does_not_answer_and_a_script_that_throws_are_errors_with_their_reason()
    {
        await using var browser = await StartAsync();
        var page = await browser.OpenPageAsync(cancellationToken: _patience.Token);
        var address = _server.Address;
        _server.Dispose();

        var unreachable = await Assert.ThrowsAsync<BrowserException>(() => page.LoadAsync(address, _patience.Token));
        var thrown = await Assert.ThrowsAsync<BrowserException>(() => page.EvaluateAsync("nothing.there", _patience.Token));

        Assert.Contains("ERR_CONNECTION_REFUSED", unreachable.Message, StringComparison.Ordinal);
        Assert.Contains("nothing is not defined", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_no_browser_is_an_error_and_leaves_no_profile()
    {
        var error = await Assert.ThrowsAsync<BrowserException>(
            () => BrowserProcess.StartAsync(Environment.ProcessPath! + ".missing", _patience.Token));

        Assert.Contains("could not be started", error.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _server.Dispose();
        _patience.Dispose();
        _turn?.Dispose();
    }

    private async Task<BrowserProcess> StartAsync()
    {
        _turn ??= await Browsers.TakeTurnAsync();
        _patience.CancelAfter(Patience);
        return await BrowserProcess.StartAsync(BrowserLocator.Find()!, _patience.Token);
    }
}
