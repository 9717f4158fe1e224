namespace BacktestOps.Contracts;

/// <summary>As many runs wait as may wait. Nothing was accepted.</summary>
/// <param name="message">How many wait and how many may.</param>
public sealed class QueueFullException(string message) : BacktestOpsException(
    "QueueFull", message, "Start the backtest again in a few seconds, when some of those that wait have ended.");

/// <summary>A run completed, and its published result is not there any more, or is not what was published. Asking again does not help.</summary>
/// <param name="message">Which run, which file, and what is wrong with it.</param>
/// <param name="innerException">What caused it.</param>
public sealed class ResultLostException(string message, Exception? innerException = null) : BacktestOpsException(
    "ResultLost", message, "Restore the file from a backup, or start the backtest again. Repair-BacktestHome says which results of a home are lost.", innerException);

/// <summary>The idempotency key was used for another request. Nothing was accepted.</summary>
/// <param name="message">Which key, and the run that it stands for.</param>
public sealed class IdempotencyKeyReusedException(string message) : BacktestOpsException(
    "IdempotencyKeyReused", message, "Take a new key for a new request; send the key again only with the request that it was made for.");

/// <summary>The first request with the idempotency key is still being looked at.</summary>
/// <param name="message">Which key.</param>
public sealed class IdempotencyKeyInUseException(string message) : BacktestOpsException(
    "IdempotencyKeyInUse", message, "Send the same request again in a moment; it gives the same run.");

/// <summary>The service wants an API key, or does not know the one that was sent.</summary>
/// <param name="message">What was missing or wrong. Never the key itself.</param>
public sealed class AccessDeniedException(string message) : BacktestOpsException(
    "AccessDenied", message, "Connect with Connect-BacktestService -ApiKey; the service's owner makes keys with --add-api-key.");
