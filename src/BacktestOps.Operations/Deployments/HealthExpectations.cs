using BacktestOps.Operations.Health;
using BacktestOps.Operations.Plans;

namespace BacktestOps.Operations.Deployments;

/// <summary>What a plan expects of a health document.</summary>
internal static class HealthExpectations
{
    /// <summary>The expectation for a version.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="version">The version that must answer; null for any.</param>
    /// <param name="processId">The process that must answer; null where that is not asked.</param>
    public static HealthExpectation Of(DeploymentPlan plan, string? version, int? processId)
    {
        var fields = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (path, value) in plan.Health.Fields)
        {
            if (version is null && (path == plan.Health.VersionField || (value is string text && text.Contains("{version}", StringComparison.Ordinal)))) continue;
            fields[path] = value is string filled ? PlanReader.Fill(filled, version ?? "") : value;
        }

        if (version is not null) fields.TryAdd(plan.Health.VersionField, version);
        if (plan.Health.ProcessField is { } process && processId is { } id) fields[process] = id;
        return new HealthExpectation
        {
            Address = plan.Service.Address,
            Path = plan.Health.Path,
            Fields = [.. fields.Select(field => FieldExpectation.FromObject(field.Key, field.Value))],
            Timeout = plan.Health.MaxLatency,
            MaxLatency = plan.Health.MaxLatency,
        };
    }
}
