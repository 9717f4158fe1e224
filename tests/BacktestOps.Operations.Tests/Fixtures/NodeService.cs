using System.Diagnostics;
using System.Globalization;

namespace BacktestOps.Operations.Tests.Fixtures;

/// <summary>A release of the Node service that runs on a free port.</summary>
internal sealed class NodeService : IDisposable
{
    private const string Announcement = " listens on port ";
    private readonly Process _process;

    private NodeService(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    public int ProcessId => _process.Id;

    public static async Task<NodeService> StartAsync(string release)
    {
        var process = new Process
        {
            StartInfo = new ProcessStartInfo("node", ["backend/server.js"])
            {
                WorkingDirectory = release, RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["PORT"] = "0" },
            },
        };
        process.Start();
        try
        {
            var errors = process.StandardError.ReadToEndAsync();
            while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                if (line.IndexOf(Announcement, StringComparison.Ordinal) is var at && at < 0) continue;
                var port = int.Parse(line.AsSpan(at + Announcement.Length), CultureInfo.InvariantCulture);
                // Read on, or the service stops when the pipe is full.
                _ = process.StandardOutput.ReadToEndAsync();
                return new NodeService(process, new Uri($"http://127.0.0.1:{port}/"));
            }

            throw new InvalidOperationException($"the Node service in {release} ended before it listened: {await errors}");
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    /// <summary>Asks it to end as an operator does.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> TerminateAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", ProcessId.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
