using BacktestOps.Contracts;

namespace BacktestOps.Operations.Evidence;

/// <summary>Evidence could not be read, verified, signed or approved.</summary>
/// <param name="errorId">Stable id: <c>LedgerNotFound</c>, <c>KeyNotPrivate</c>.</param>
/// <param name="message">What was wrong and where.</param>
/// <param name="recommendedAction">What to do next.</param>
/// <param name="innerException">What caused it.</param>
public sealed class EvidenceException(string errorId, string message, string recommendedAction, Exception? innerException = null)
    : BacktestOpsException(errorId, message, recommendedAction, innerException);
