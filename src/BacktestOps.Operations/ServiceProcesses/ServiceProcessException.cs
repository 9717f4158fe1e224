using BacktestOps.Contracts;

namespace BacktestOps.Operations.ServiceProcesses;

/// <summary>What can go wrong with a service process.</summary>
public enum ServiceProcessFault
{
    /// <summary>A service that was started here answers at the port already.</summary>
    AlreadyRunning,

    /// <summary>Another program listens on the port.</summary>
    PortInUse,

    /// <summary>The process ended before it answered.</summary>
    StartFailed,

    /// <summary>The process did not become healthy, or did not end, in time.</summary>
    TimedOut,

    /// <summary>No service was started here on the port.</summary>
    NotFound,

    /// <summary>Something that the service needs is not installed.</summary>
    NotInstalled,
}

/// <summary>A service process that could not be started, found or stopped.</summary>
/// <param name="kind">What went wrong.</param>
/// <param name="message">What was wrong and where.</param>
/// <param name="recommendedAction">What to do next.</param>
/// <param name="innerException">What caused it.</param>
public sealed class ServiceProcessException(
    ServiceProcessFault kind, string message, string recommendedAction, Exception? innerException = null)
    : BacktestOpsException($"Service{kind}", message, recommendedAction, innerException)
{
    /// <summary>What went wrong.</summary>
    public ServiceProcessFault Kind { get; } = kind;
}
