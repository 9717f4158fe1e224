using System.Management.Automation;
using BacktestOps.Contracts;

namespace BacktestOps.PowerShell.Pipeline;

/// <summary>What goes wrong in the session itself, between the user and the libraries.</summary>
/// <param name="errorId">Stable id, Pascal case.</param>
/// <param name="category">The kind of error in PowerShell's terms.</param>
/// <param name="message">What was wrong and where.</param>
/// <param name="action">What to do next.</param>
/// <param name="innerException">What caused it.</param>
internal sealed class ModuleException(
    string errorId, ErrorCategory category, string message, string action, Exception? innerException = null)
    : BacktestOpsException(errorId, message, action, innerException)
{
    public ErrorCategory Category { get; } = category;
}
