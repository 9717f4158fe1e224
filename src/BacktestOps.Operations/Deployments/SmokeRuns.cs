using BacktestOps.Contracts;
using BacktestOps.Operations.Commands;
using BacktestOps.Operations.Plans;

namespace BacktestOps.Operations.Deployments;

/// <summary>The smoke journey of a plan.</summary>
internal static class SmokeRuns
{
    private const int MostNamed = 3;

    /// <summary>Makes the journey.</summary>
    public static async Task<SmokeOutcome> RunAsync(
        DeploymentPlan plan, DeploymentTools tools, DeploymentLayout layout, string version, CancellationToken cancellationToken)
    {
        // The browser is found again when this process is killed before it could end it.
        using var entered = (tools.Started ?? tools.Guarded(plan, layout, hasLock: false).Started!).Enter();
        var redactor = Secrets.Resolve(plan, tools.Variable).Redactor;
        var outcome = await tools.Smoke.RunAsync(new SmokeRequest(plan, version, Path.Combine(layout.Evidence, "artifacts")) { Redactor = redactor }, cancellationToken).ConfigureAwait(false);
        return outcome with { Checks = [.. outcome.Checks.Select(check => RedactedCheck.Of(check, redactor))] };
    }

    /// <summary>Why a journey that did not pass stops a deployment.</summary>
    public static DeploymentException Fault(SmokeOutcome outcome, string version)
    {
        // What failed says more than what could not be seen because of it.
        var failed = outcome.Checks.Where(check => check.Verdict != Verdict.Pass).OrderByDescending(check => check.Verdict == Verdict.Fail).ToList();
        var more = failed.Count - MostNamed;
        return new DeploymentException(
            outcome.Verdict == Verdict.Fail ? "SmokeFailed" : "SmokeInconclusive",
            $"The smoke journey through version {version} did not pass ({Facts.Write(outcome.Verdict)}): {string.Join("; ", failed.Take(MostNamed).Select(Checks.Describe))}{(more > 0 ? $"; and {Facts.Many(more, "further check")}" : "")}.",
            failed.FirstOrDefault()?.Action ?? "See the journey's checks.");
    }
}
