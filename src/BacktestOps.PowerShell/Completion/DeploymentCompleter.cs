using System.Collections;
using System.Globalization;
using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Plans;

namespace BacktestOps.PowerShell.Completion;

/// <summary>Completes the numbers of the deployments of the plan that was given, the last first.</summary>
public class DeploymentIdCompleter : Completer
{
    internal override IEnumerable<Choice> Choices(IDictionary bound) => Of(bound).Select(deployment => new Choice(
        deployment.Id.ToString(CultureInfo.InvariantCulture), $"{deployment.Kind} {deployment.Version}, {deployment.Outcome}"));

    private protected static IEnumerable<Deployment> Of(IDictionary bound) => Resolve(bound["Plan"] ?? "deployment.json") is { } plan
        ? new Deployer(PlanReader.Read(plan), new DeploymentTools()).List().Reverse()
        : [];
}

/// <summary>Completes the versions that were brought up, the last first.</summary>
public sealed class DeployedVersionCompleter : DeploymentIdCompleter
{
    internal override IEnumerable<Choice> Choices(IDictionary bound) => Of(bound)
        .Where(deployment => deployment is { Version: not null, Outcome: DeploymentOutcome.Succeeded }).DistinctBy(deployment => deployment.Version)
        .Select(deployment => new Choice(deployment.Version!, $"{deployment.Kind} {deployment.Id}, {deployment.Outcome}"));
}
