using BacktestOps.Contracts;
using BacktestOps.Operations.Commands;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Plans;
using BacktestOps.Operations.Smoke;

namespace BacktestOps.Operations.Deployments;

/// <summary>The smoke journey, as a deployment sees it.</summary>
public interface ISmokeJourney
{
    /// <summary>Makes the journey against a running service.</summary>
    /// <param name="request">Which service, and what to try.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<SmokeOutcome> RunAsync(SmokeRequest request, CancellationToken cancellationToken);
}

/// <summary>A smoke journey to make.</summary>
/// <param name="Plan">The plan, whose smoke section is there.</param>
/// <param name="Version">The version that is expected.</param>
/// <param name="ArtifactFolder">Where what is kept goes.</param>
public sealed record SmokeRequest(DeploymentPlan Plan, string Version, string ArtifactFolder)
{
    /// <summary>The service's address.</summary>
    public Uri Address => Plan.Service.Address;

    /// <summary>Takes the plan's secrets out of what is kept.</summary>
    public Redactor Redactor { get; init; } = Redactor.None;
}

/// <summary>What a smoke journey found.</summary>
/// <param name="Verdict">All checks taken together, as the plan weighs them.</param>
/// <param name="Checks">The checks.</param>
public sealed record SmokeOutcome(Verdict Verdict, IReadOnlyList<CheckResult> Checks);

/// <summary>The journey that users make: through the API, and through the page in a browser.</summary>
/// <param name="clock">The clock; null for the system's.</param>
public sealed class SmokeJourney(TimeProvider? clock = null) : ISmokeJourney
{
    /// <summary>The journey that a plan describes.</summary>
    /// <param name="plan">The plan, whose smoke section is there.</param>
    /// <param name="version">The version that is expected.</param>
    public static SmokePlan PlanOf(DeploymentPlan plan, string version)
    {
        var settings = plan.Smoke ?? throw new ArgumentException("The plan has no smoke journey.", nameof(plan));
        return new SmokePlan
        {
            Address = plan.Service.Address,
            Version = version,
            HealthFields = HealthExpectations.Of(plan, version, null).Fields,
            Endpoints = settings.Endpoints with { Health = plan.Health.Path },
            StartBody = settings.StartBody,
            SendIdempotencyKey = settings.SendIdempotencyKey,
            ResponseTimeLimit = settings.ResponseTimeLimit,
            TimeLimit = settings.TimeLimit,
            Page = settings.Page,
        };
    }

    /// <inheritdoc/>
    public async Task<SmokeOutcome> RunAsync(SmokeRequest request, CancellationToken cancellationToken)
    {
        var report = await new SmokeTest(new ArtifactStore(request.ArtifactFolder, request.Redactor), clock)
            .RunAsync(PlanOf(request.Plan, request.Version), cancellationToken).ConfigureAwait(false);
        return new SmokeOutcome(report.Verdict, report.Checks);
    }
}
