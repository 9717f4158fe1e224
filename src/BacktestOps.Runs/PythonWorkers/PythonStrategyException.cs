using BacktestOps.Contracts;

namespace BacktestOps.Runs.PythonWorkers;

/// <summary>A strategy in Python that did not do what a strategy must: the run fails, the service does not.</summary>
/// <param name="message">File, line where there is one, and what was wrong; never a stack trace.</param>
internal sealed class PythonStrategyException(string message) : BacktestOpsException(
    "PythonStrategyFailed", message, "Correct the strategy file and start the backtest again; the service's log has the whole trace.");

/// <summary>Workers that were ended from outside each time; whether the strategy is right is not known.</summary>
/// <param name="message">What ended them, and how often.</param>
internal sealed class PythonWorkerKilledException(string message) : BacktestOpsException(
    "PythonWorkerKilled", message,
    "See who sent the signal: 'journalctl -k' says whether the system ran out of memory. Give the machine more, or run fewer at once, and start the backtest again.");

/// <summary>A worker that went away in the middle of a call.</summary>
/// <param name="message">How it ended.</param>
/// <param name="isFromOutside">True when it was ended by somebody else, so that it says nothing about the strategy.</param>
internal sealed class WorkerDiedException(string message, bool isFromOutside) : Exception(message)
{
    public bool IsFromOutside { get; } = isFromOutside;
}
