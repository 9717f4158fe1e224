using BacktestOps.Contracts;

namespace BacktestOps.Operations.Reports;

/// <summary>A report could not be made, or may not be.</summary>
/// <param name="errorId">Stable id: <c>DeploymentNotFound</c>, <c>FollowUpsOutstanding</c>.</param>
/// <param name="message">What was wrong and where.</param>
/// <param name="recommendedAction">What to do next.</param>
/// <param name="innerException">What caused it.</param>
public sealed class ReportException(string errorId, string message, string recommendedAction, Exception? innerException = null)
    : BacktestOpsException(errorId, message, recommendedAction, innerException);
