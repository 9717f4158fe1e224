using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Plans;

namespace BacktestOps.Operations.Monitoring.Criteria;

/// <summary>Whether the live release must be taken back: the plan's criteria, answered from the ledger.</summary>
/// <param name="plan">The plan.</param>
/// <param name="tools">The outside things.</param>
public sealed class RollbackCriteria(DeploymentPlan plan, DeploymentTools tools)
{
    /// <summary>Answers criteria of the live deployment, and records the answers.</summary>
    /// <param name="names">Which; null for all of the plan.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DeploymentException">Nothing is live, or there is no such criterion.</exception>
    public async Task<IReadOnlyList<RollbackCriterion>> TestAsync(IReadOnlyList<string>? names = null, CancellationToken cancellationToken = default)
    {
        var criteria = names is null ? plan.Rollback : plan.Rollback with { Criteria = [.. names.Select(Known)] };
        var layout = new DeploymentLayout(plan);
        var live = LiveRelease.Find(layout);
        var ledger = new EvidenceLedger(layout.Ledger, tools.Clock, tools.Disk, Secrets.Resolve(plan, tools.Variable).Redactor);
        var answers = new CriterionJudge(criteria, new CriterionEvidence(ledger.Read(), live.Deployment), tools.Clock.GetUtcNow()).Judge();
        foreach (var answer in answers) await ledger.AppendAsync(Record(answer), cancellationToken).ConfigureAwait(false);
        return answers;
    }

    internal static EvidenceRecord Record(RollbackCriterion answer) => new()
    {
        At = answer.At,
        Kind = EvidenceKind.Criterion,
        Subject = $"rollback criterion {answer.Name}",
        Deployment = answer.Deployment,
        Expected = answer.Expected,
        Observed = answer.Observed,
        Verdict = answer.Verdict,
        Detail = answer.Detail,
        Samples = answer.Samples,
        Data = MonitoringEvidence.Write(answer, MonitoringJson.Default.RollbackCriterion),
    };

    private static string Known(string name) => CriteriaPlan.All.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? throw new DeploymentException(
        "CriterionUnknown", $"There is no rollback criterion '{name}'.", $"Take some of {string.Join(", ", CriteriaPlan.All)}.");
}
