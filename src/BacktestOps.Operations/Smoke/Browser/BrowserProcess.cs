using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using BacktestOps.Operations.Processes;

namespace BacktestOps.Operations.Smoke.Browser;

/// <summary>A headless browser of our own, with an empty profile that is removed with it.</summary>
/// <remarks>
/// It is written down before it is started (<see cref="StartedThings.Current"/>): when this process is killed, whoever has the deployment's
/// root next ends the browser and removes its profile.
/// </remarks>
public sealed class BrowserProcess : IAsyncDisposable
{
    private const string Announcement = "DevTools listening on ";

    private readonly Process _process;
    private readonly DirectoryInfo _profile;
    private readonly StartedThing _thing;
    private readonly DevToolsConnection _connection;

    private BrowserProcess(Process process, DirectoryInfo profile, StartedThing thing, DevToolsConnection connection) =>
        (_process, _profile, _thing, _connection) = (process, profile, thing, connection);

    /// <summary>Starts a browser.</summary>
    /// <param name="executable">Its path; see <see cref="BrowserLocator.Find"/>.</param>
    /// <param name="cancellationToken">Gives up starting; nothing is left behind.</param>
    /// <exception cref="BrowserException">It did not start; the message holds what it printed.</exception>
    public static async Task<BrowserProcess> StartAsync(string executable, CancellationToken cancellationToken = default)
    {
        // The name first: a folder that nobody wrote down would stay for ever when this process is killed right here.
        var profile = new DirectoryInfo(Path.Combine(Path.GetTempPath(), $"{StartedThings.TemporaryPrefix}browser-{Guid.NewGuid():N}"));
        var thing = StartedThings.Current.Begin("browser", profile.FullName);
        var process = new Process { StartInfo = StartInfo(executable, profile.FullName) };
        thing.Put(process.StartInfo);
        try
        {
            Create(profile);
            process.Start();
            if (!OperatingSystem.IsLinux()) thing.Started(process.Id);
            var address = await ReadAddressAsync(process, cancellationToken).ConfigureAwait(false);
            var connection = await DevToolsConnection.OpenAsync(address, cancellationToken).ConfigureAwait(false);
            return new BrowserProcess(process, profile, thing, connection);
        }
        catch (Exception error)
        {
            await EndAsync(process, profile, thing).ConfigureAwait(false);
            if (error is System.ComponentModel.Win32Exception or IOException)
                throw new BrowserException($"'{executable}' could not be started: {error.Message}", error);
            throw;
        }
    }

    /// <summary>Opens an empty page whose requests and messages are recorded from the first one on.</summary>
    /// <param name="options">Its size and language.</param>
    /// <param name="cancellationToken">Gives up opening.</param>
    public async Task<BrowserPage> OpenPageAsync(BrowserPageOptions? options = null, CancellationToken cancellationToken = default)
    {
        var downloads = _profile.CreateSubdirectory("downloads");
        await _connection.SendAsync(
            "Browser.setDownloadBehavior",
            new JsonObject { ["behavior"] = "allowAndName", ["downloadPath"] = downloads.FullName, ["eventsEnabled"] = true },
            null, cancellationToken).ConfigureAwait(false);
        var target = await _connection.SendAsync(
            "Target.createTarget", new JsonObject { ["url"] = "about:blank" }, null, cancellationToken).ConfigureAwait(false);
        var session = await _connection.SendAsync(
            "Target.attachToTarget",
            new JsonObject { ["targetId"] = target.GetProperty("targetId").GetString(), ["flatten"] = true },
            null, cancellationToken).ConfigureAwait(false);
        var page = new BrowserPage(_connection, session.GetProperty("sessionId").GetString()!, downloads.FullName);
        await page.PrepareAsync(options ?? new BrowserPageOptions(), cancellationToken).ConfigureAwait(false);
        return page;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync().ConfigureAwait(false);
        await EndAsync(_process, _profile, _thing).ConfigureAwait(false);
    }

    private static ProcessStartInfo StartInfo(string executable, string profile)
    {
        var start = new ProcessStartInfo(executable)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            ArgumentList =
            {
                "--headless=new", "--remote-debugging-port=0", $"--user-data-dir={profile}", "--no-first-run",
                "--no-default-browser-check", "--disable-gpu", "--disable-quic", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--disable-extensions", "--disable-dev-shm-usage", "--mute-audio",
                "--no-proxy-server", "--hide-scrollbars",
            },
        };
        // What it leaves in the temporary folder when it is killed goes with the profile.
        start.Environment["TMPDIR"] = profile;
        // Chromium refuses its sandbox to root, and starts not at all then.
        if (!OperatingSystem.IsWindows() && Environment.UserName == "root") start.ArgumentList.Add("--no-sandbox");
        start.ArgumentList.Add("about:blank");
        return start;
    }

    private static async Task<Uri> ReadAddressAsync(Process process, CancellationToken cancellationToken)
    {
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var printed = new ConcurrentQueue<string>();
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null)
                address.TrySetException(new BrowserException(
                    $"The browser ended before it could be driven. It printed: {string.Join(" | ", printed.TakeLast(8))}"));
            else if (line.Data.StartsWith(Announcement, StringComparison.Ordinal))
                address.TrySetResult(new Uri(line.Data[Announcement.Length..].Trim()));
            else if (!address.Task.IsCompleted)
                printed.Enqueue(line.Data);
        };

        // Both pipes are read to their end, or the browser stops when they are full.
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return await address.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private static void Create(DirectoryInfo profile)
    {
        // Cookies and downloads of a session are nobody else's.
        if (OperatingSystem.IsWindows()) profile.Create();
        else Directory.CreateDirectory(profile.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static async Task EndAsync(Process process, DirectoryInfo profile, StartedThing thing)
    {
        try
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync().ConfigureAwait(false);
        }
        catch (InvalidOperationException)
        {
            // It never started, or ended by itself.
        }

        process.Dispose();
        // Its crash handler has another parent by now.
        await thing.EndAsync().ConfigureAwait(false);
        await RemoveAsync(profile).ConfigureAwait(false);
    }

    private static async Task RemoveAsync(DirectoryInfo profile)
    {
        // Helper processes of the browser may write for a moment after the main one is gone.
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                profile.Delete(recursive: true);
                return;
            }
            catch (DirectoryNotFoundException)
            {
                return;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                if (attempt == 20) return;
                await Task.Delay(50).ConfigureAwait(false);
            }
        }
    }
}
