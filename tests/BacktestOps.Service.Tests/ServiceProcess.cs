using System.Collections.Concurrent;
using System.Diagnostics;
using BacktestOps.Client;

namespace BacktestOps.Service.Tests;

/// <summary>The service as a process of its own, with its log, on a free port.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private const int SigTerm = 15;

    private readonly Process _process;
    private readonly Task _reading;

    private ServiceProcess(Process process, Uri address, ConcurrentQueue<string> lines)
    {
        (_process, Address, Lines) = (process, address, lines);
        Client = new BacktestClient(address, clock: new PatientClock());
        // A pipe that nobody reads would fill up and hold the service.
        _reading = ReadAsync(process, lines);
    }

    public Uri Address { get; }

    public BacktestClient Client { get; }

    /// <summary>What it wrote to its log so far.</summary>
    public ConcurrentQueue<string> Lines { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<ServiceProcess> StartAsync(params string[] arguments)
    {
        var info = new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [typeof(ServiceHost).Assembly.Location, "--urls", "http://127.0.0.1:0", .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        info.Environment.Remove("BACKTESTOPS_HOME");
        info.Environment.Remove("BACKTESTOPS_DATA");
        var process = Process.Start(info)!;
        var lines = new ConcurrentQueue<string>();
        try
        {
            return await WaitAsync(process, lines);
        }
        catch
        {
            // Nobody else knows of it.
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    private static async Task<ServiceProcess> WaitAsync(Process process, ConcurrentQueue<string> lines)
    {
        while (await process.StandardOutput.ReadLineAsync(Token) is { } line)
        {
            lines.Enqueue(line);
            if (line.Contains("listens on ", StringComparison.Ordinal))
                return new ServiceProcess(process, new Uri(line.Split("listens on ")[1].Split(',')[0]), lines);
        }

        throw new InvalidOperationException($"The service ended: {await process.StandardError.ReadToEndAsync(Token)}");
    }

    /// <summary>SIGKILL: no handler, no finally.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(Token);
    }

    /// <summary>SIGTERM; gives the exit code.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", [$"-{SigTerm}", $"{_process.Id}"]);
        await kill.WaitForExitAsync(Token);
        await _process.WaitForExitAsync(Token);
        await _reading;
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        await Client.DisposeAsync();
        _process.Dispose();
    }

    private static async Task ReadAsync(Process process, ConcurrentQueue<string> lines)
    {
        while (await process.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
            lines.Enqueue(line);
    }
}
