using System.Runtime.InteropServices;
using BacktestOps.Contracts;
using BacktestOps.Service.Access;

namespace BacktestOps.Service;

/// <summary>The life of the process: command line, start, stop, exit code. Every failure is one line on standard error.</summary>
public static class ServiceProgram
{
    private const int Stopped = 0;
    private const int Failed = 1;
    private const int WrongCommandLine = 2;

    /// <summary>Runs the service until it is asked to stop.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="open">Opens the backend once the port is bound; it tells what becomes of runs.</param>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    /// <returns>The exit code: 0 after a stop that was asked for.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> args,
        Func<ServiceOptions, Action<BacktestProgress>, CancellationToken, Task<ServiceBackend>> open,
        TextWriter output,
        TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(open);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(error);
        if (args is ["--help" or "-h" or "-?"])
        {
            await output.WriteLineAsync(ServiceOptions.Usage).ConfigureAwait(false);
            return Stopped;
        }
        if (args is ["--version"])
        {
            await output.WriteLineAsync(ServiceIdentity.Version).ConfigureAwait(false);
            return Stopped;
        }

        // A signal that comes before the host listens for signals must not end the process in the middle of opening its home.
        using var stop = new CancellationTokenSource();
        using var onTerm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Cancel(signal, stop));
        using var onInt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Cancel(signal, stop));
        try
        {
            var options = ServiceOptions.Parse(args);
            if (options is { AddApiKey: { } name, ApiKeyFile: { } file })
            {
                await output.WriteLineAsync(ApiKeys.Add(file, name)).ConfigureAwait(false);
                return Stopped;
            }

            ServiceHost? built = null;
            await using var host = built = ServiceHost.Build(
                options, cancellationToken => open(options, built!.Observer, cancellationToken), TimeProvider.System);
            await host.StartAsync(stop.Token).ConfigureAwait(false);
            await host.WaitForStopAsync(stop.Token).ConfigureAwait(false);
            return Stopped;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Stopped;
        }
        catch (ServiceOptionsException exception)
        {
            return await FailAsync(error, exception.Message, WrongCommandLine).ConfigureAwait(false);
        }
        catch (BacktestOpsException exception)
        {
            return await FailAsync(error, $"{exception.Message} {exception.RecommendedAction}", Failed).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            return await FailAsync(error, $"The service can't go on: {exception.GetType().Name}: {exception.Message}", Failed).ConfigureAwait(false);
        }
    }

    private static void Cancel(PosixSignalContext signal, CancellationTokenSource stop)
    {
        signal.Cancel = true;
        try
        {
            stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The service has stopped already.
        }
    }

    private static async Task<int> FailAsync(TextWriter error, string message, int exitCode)
    {
        await error.WriteLineAsync($"backtestops-service: {message.ReplaceLineEndings(" ")}").ConfigureAwait(false);
        return exitCode;
    }
}
