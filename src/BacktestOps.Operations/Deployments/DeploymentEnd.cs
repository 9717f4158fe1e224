using System.Globalization;
using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Plans;

namespace BacktestOps.Operations.Deployments;

/// <summary>How a deployment ends, as its last step found out.</summary>
internal sealed record DeploymentClosing(
    DeploymentOutcome Outcome, Verdict Verdict, string? Reason, string? Action, IReadOnlyDictionary<string, string> Facts);

/// <summary>A deployment that ends, as evidence: what reports take its times and outcome from.</summary>
internal static class DeploymentEnd
{
    /// <param name="soFar">The deployment as its journal tells it, still open.</param>
    /// <param name="closing">How it ends.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="now">When it ends.</param>
    public static EvidenceRecord Of(Deployment soFar, DeploymentClosing closing, DeploymentPlan plan, DateTimeOffset now)
    {
        var data = new DeploymentData
        {
            Name = plan.Name,
            Kind = soFar.Kind,
            Outcome = closing.Outcome,
            Version = soFar.Version,
            Release = soFar.Release,
            Revision = soFar.Revision,
            Previous = soFar.Previous,
            Live = closing.Facts.GetValueOrDefault(Deployments.Facts.Live) is { Length: > 0 } live ? live : null,
            Operator = soFar.Operator,
            Reason = closing.Reason,
            PlanSha256 = plan.Digest,
            Scope = DeploymentScope.Of(plan),
            Manual = plan.Checklist.Manual,
            StartedAt = soFar.StartedAt,
            Seconds = (now - soFar.StartedAt).TotalSeconds,
            GapSeconds = closing.Facts.GetValueOrDefault(Deployments.Facts.Gap) is { Length: > 0 } gap ? double.Parse(gap, CultureInfo.InvariantCulture) : null,
            Steps = [.. soFar.Steps.Select(step => new DeploymentStepData
            {
                Name = step.Name,
                StartedAt = step.StartedAt,
                Seconds = step.Duration?.TotalSeconds,
                ExpectedSeconds = step.ExpectedDuration?.TotalSeconds,
                Succeeded = step.Succeeded,
                Detail = step.Detail,
            })],
        };
        return new EvidenceRecord
        {
            At = now,
            Kind = EvidenceKind.Deployment,
            Subject = $"{Deployments.Facts.Write(soFar.Kind)} of {soFar.Version ?? soFar.Release ?? plan.Name}",
            Deployment = soFar.Id,
            Expected = $"{Deployments.Facts.Write(DeploymentOutcome.Succeeded)}: the release runs and was verified",
            Observed = Deployments.Facts.Write(closing.Outcome),
            Verdict = closing.Verdict,
            Detail = closing.Reason,
            WindowSeconds = data.Seconds,
            Samples = 1,
            Data = JsonSerializer.SerializeToElement(data, DeploymentDataJson.Default.DeploymentData),
        };
    }
}
