using BacktestOps.Contracts;
using BacktestOps.Runs;

namespace BacktestOps.Service;

/// <summary>What answers behind the HTTP endpoints. It is disposed when the service has stopped.</summary>
/// <param name="Api">The runs.</param>
/// <param name="Health">How the parts that runs need are.</param>
/// <param name="Count">How many runs there are, for metrics; null when nobody counts.</param>
public sealed record ServiceBackend(
    IBacktestApi Api, Func<CancellationToken, Task<RunnerHealth>> Health, Func<CancellationToken, Task<RunCounts>>? Count = null)
{
    /// <summary>What the Python worker has to say to the log; null where there is none.</summary>
    public LateLog? PythonLog { get; init; }
}

/// <summary>The backend, from the moment it is opened. The port is bound before that, so that a second service
/// that can't have the port never touches the first one's home.</summary>
internal sealed class BackendGate
{
    private volatile ServiceBackend? _backend;

    /// <summary>The backend, or null while it is being opened.</summary>
    public ServiceBackend? Current => _backend;

    /// <summary>The runs.</summary>
    /// <exception cref="BacktestUnavailableException">The backend is not open yet.</exception>
    public IBacktestApi Api => _backend?.Api ?? throw new BacktestUnavailableException(
        "The service is starting; its runs can't be read yet.", "Ask again in a moment.");

    public void Open(ServiceBackend backend) => _backend = backend;
}
