using BacktestOps.Contracts;

namespace BacktestOps.Operations.Deployments;

/// <summary>Why a deployment, or a step of one, could not be done.</summary>
/// <param name="errorId">Stable id of the reason, Pascal case: <c>TagMissing</c>, <c>PortTaken</c>, <c>DiskFull</c>.</param>
/// <param name="message">What was wrong and where.</param>
/// <param name="recommendedAction">What to do next.</param>
/// <param name="innerException">What caused it.</param>
public sealed class DeploymentException(string errorId, string message, string recommendedAction, Exception? innerException = null)
    : BacktestOpsException(errorId, message, recommendedAction, innerException)
{
    private const int NoSpaceLeft = 28;
    private const int QuotaExceeded = 122;
    private const int ReadOnlyFileSystem = 30;
    private const int DiskFullWindows = unchecked((int)0x80070070);

    /// <summary>What checks gave the reason; empty where none did.</summary>
    public IReadOnlyList<CheckResult> Checks { get; init; } = [];

    /// <summary>A reason that a person can act on, of whatever went wrong.</summary>
    /// <param name="error">What went wrong.</param>
    /// <param name="doing">What was being done: <c>backing up the database</c>.</param>
    internal static BacktestOpsException From(Exception error, string doing) => error switch
    {
        BacktestOpsException known => known,
        IOException { HResult: NoSpaceLeft or QuotaExceeded or DiskFullWindows } => DiskFull(error, doing),
        IOException io when io.Message.Contains("No space left", StringComparison.OrdinalIgnoreCase) => DiskFull(error, doing),
        IOException { HResult: ReadOnlyFileSystem } or UnauthorizedAccessException => new DeploymentException(
            "NotWritable", $"While {doing}: {error.Message}", "Give the operator's user the right to write there, then deploy again.", error),
        OperationCanceledException => new DeploymentException(
            "Cancelled", $"It was cancelled while {doing}.", "Deploy again when you are ready.", error),
        _ => new DeploymentException(
            "StepFailed", $"While {doing}: {error.Message}", "Mend what the message names; the deployment's journal has every step before it.", error),
    };

    private static DeploymentException DiskFull(Exception error, string doing) => new(
        "DiskFull", $"The disk is full; it was noticed while {doing}: {error.Message}",
        "Free space on the root's file system (Remove-Deployment removes old releases), then deploy again.", error);
}
