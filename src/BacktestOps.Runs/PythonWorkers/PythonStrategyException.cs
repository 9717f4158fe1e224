using BacktestOps.Contracts;

namespace BacktestOps.Runs.PythonWorkers;

/// <summary>A strategy in Python that did not do what a strategy must: the run fails, the service does not.</summary>
/// <param name="message">File, line where there is one, and what was wrong; never a stack trace.</param>
internal sealed class PythonStrategyException(string message) : BacktestOpsException(
    "PythonStrategyFailed", message, "Correct the strategy file and start the backtest again; the service's log has the whole trace.");

/// <summary>A worker that went away in the middle of a call, for no reason of ours.</summary>
/// <param name="message">How it ended.</param>
internal sealed class WorkerDiedException(string message) : Exception(message);
