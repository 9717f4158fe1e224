using BacktestOps.Contracts;

namespace BacktestOps.Operations.Deployments;

/// <summary>Writes check results.</summary>
internal sealed class CheckWriter(TimeProvider clock)
{
    public CheckResult Pass(string name, string subject, string expected, string observed) => Make(name, subject, Verdict.Pass, expected, observed, null);

    public CheckResult Fail(string name, string subject, string expected, string? observed, string action) =>
        Make(name, subject, Verdict.Fail, expected, observed, action);

    /// <summary>Makes a check; what keeps it from being made is its result.</summary>
    public async Task<CheckResult> TryAsync(string name, string subject, string expected, Func<Task<CheckResult>> check)
    {
        try
        {
            return await check().ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            var known = DeploymentException.From(error, $"checking {name}");
            // What says what is wrong with the thing itself is a fail; what kept the check from being made is an error.
            var verdict = known.ErrorId is "StepFailed" or "CommandTimedOut" or "SourceUnreachable" ? Verdict.Error : Verdict.Fail;
            return Make(name, subject, verdict, expected, $"{known.ErrorId}: {known.Message}", known.RecommendedAction);
        }
    }

    private CheckResult Make(string name, string subject, Verdict verdict, string expected, string? observed, string? action) => new()
    {
        Name = name,
        Subject = subject,
        Verdict = verdict,
        Expected = expected,
        Observed = observed,
        Action = action,
        Samples = 1,
        ObservedAt = clock.GetUtcNow(),
    };
}
