using BacktestOps.Contracts;

namespace BacktestOps.Operations.Plans;

/// <summary>One fault of a plan file.</summary>
/// <param name="Line">The line, 1-based.</param>
/// <param name="Path">Where, as a JSON path: <c>service.port</c>; empty for the whole file.</param>
/// <param name="Detail">What is wrong, with the value that was given.</param>
/// <param name="Hint">What would be right; null when the detail says it all.</param>
public sealed record PlanFault(int Line, string Path, string Detail, string? Hint = null)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"line {Line}{(Path.Length == 0 ? "" : $", {Path}")}: {Detail}{(Hint is null ? "" : $" ({Hint})")}";
}

/// <summary>A plan file with faults. Nothing was done with it.</summary>
/// <param name="file">The file.</param>
/// <param name="faults">Every fault, at least one, by line.</param>
/// <param name="innerException">What caused it.</param>
public sealed class InvalidPlanException(string file, IReadOnlyList<PlanFault> faults, Exception? innerException = null) : BacktestOpsException(
    "InvalidDeploymentPlan",
    faults.Count == 1 ? $"The plan '{file}' has a fault: {faults[0]}" :
        $"The plan '{file}' has {faults.Count} faults:{string.Concat(faults.Select(fault => $"{Environment.NewLine}  {fault}"))}",
    "Correct what is named; New-DeploymentPlan writes a commented plan to compare with, deployment.schema.json describes every key.",
    innerException)
{
    /// <summary>Every fault of the plan.</summary>
    public IReadOnlyList<PlanFault> Faults { get; } = faults;
}

/// <summary>There is no plan where one was looked for.</summary>
/// <param name="file">The file.</param>
/// <param name="innerException">What caused it.</param>
public sealed class PlanNotFoundException(string file, Exception? innerException = null) : BacktestOpsException(
    "DeploymentPlanNotFound",
    $"There is no plan '{file}'.",
    "Give -Plan, go to the folder of the plan (deployment.json), or write one with New-DeploymentPlan.",
    innerException);
