using BacktestOps.Operations.Commands;
using BacktestOps.Operations.Plans;
using BacktestOps.Operations.Smoke;

namespace BacktestOps.Operations.Deployments;

/// <summary>The smoke journey of a plan, to be tried without a deployment: nothing of the plan's root is touched.</summary>
/// <param name="Journey">What is tried, as a deployment would; of any version.</param>
/// <param name="Redactor">Takes the plan's secrets out of what is kept.</param>
public sealed record PlannedJourney(SmokePlan Journey, Redactor Redactor)
{
    /// <summary>Reads a plan.</summary>
    /// <param name="planPath">The plan file, absolute.</param>
    /// <exception cref="InvalidPlanException">The plan has faults.</exception>
    /// <exception cref="DeploymentException">The plan has no smoke journey.</exception>
    public static PlannedJourney Read(string planPath)
    {
        var plan = PlanReader.Read(planPath);
        if (plan.Smoke is null)
            throw new DeploymentException("SmokeMissing", $"The plan '{planPath}' says \"smoke\": false, so there is no journey to make.", "Write \"smoke\": {} for the journey of this project's own service, or one of its own.");
        var journey = SmokeJourney.PlanOf(plan, "") with { Version = null, HealthFields = HealthExpectations.Of(plan, null, null).Fields };
        return new PlannedJourney(journey, Secrets.Resolve(plan, new DeploymentTools().Variable).Redactor);
    }
}
