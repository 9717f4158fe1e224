using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;

namespace BacktestOps.Operations.Commands;

/// <summary>An error without the secrets that its message, its advice or its cause may quote.</summary>
internal static class RedactedException
{
    /// <summary>The error to throw instead; null where there is nothing to take out.</summary>
    /// <param name="error">The error.</param>
    /// <param name="redactor">What to take out.</param>
    public static DeploymentException? Of(BacktestOpsException error, Redactor redactor)
    {
        if (redactor.IsEmpty) return null;
        var (message, action) = (redactor.Redact(error.Message), redactor.Redact(error.RecommendedAction));
        var cause = error.InnerException?.ToString() ?? "";
        if (message == error.Message && action == error.RecommendedAction && redactor.Redact(cause) == cause) return null;
        // The cause would quote it again.
        return new DeploymentException(error.ErrorId, message, action) { Checks = error is DeploymentException { Checks: var checks } ? [.. checks.Select(check => RedactedCheck.Of(check, redactor))] : [] };
    }
}

/// <summary>A check without the secrets that it may quote.</summary>
internal static class RedactedCheck
{
    /// <summary>The check as it may be shown and kept.</summary>
    /// <param name="check">The check.</param>
    /// <param name="redactor">What to take out.</param>
    public static CheckResult Of(CheckResult check, Redactor redactor) => redactor.IsEmpty ? check : check with
    {
        Name = redactor.Redact(check.Name),
        Subject = redactor.Redact(check.Subject),
        Expected = redactor.Redact(check.Expected),
        Observed = check.Observed is null ? null : redactor.Redact(check.Observed),
        Detail = check.Detail is null ? null : redactor.Redact(check.Detail),
        Action = check.Action is null ? null : redactor.Redact(check.Action),
    };
}
