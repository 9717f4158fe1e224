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
    private readonly DeploymentLayout _layout = new(plan);

    /// <summary>Answers criteria of the live deployment. It writes nothing, and needs no more than to read the root.</summary>
    /// <param name="names">Which; null for all of the plan.</param>
    /// <exception cref="DeploymentException">Nothing is live (<c>NothingIsLive</c>), there is no such criterion (<c>CriterionUnknown</c>), or the root can't be read (<c>RootNotReadable</c>).</exception>
    public IReadOnlyList<RollbackCriterion> Test(IReadOnlyList<string>? names = null)
    {
        var criteria = names is null ? plan.Rollback : plan.Rollback with { Criteria = [.. names.Select(Known)] };
        return RootReading.Of(_layout, [_layout.Deployments, _layout.Evidence], () =>
        {
            var live = LiveRelease.Find(_layout);
            return new CriterionJudge(criteria, new CriterionEvidence(Ledger.Read(), live.Deployment), tools.Clock.GetUtcNow()).Judge();
        });
    }

    /// <summary>Writes answers to the ledger, for who must show later what was known.</summary>
    /// <param name="answers">The answers.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DeploymentException">The ledger can't be written (<c>NotWritable</c>).</exception>
    public async Task RecordAsync(IReadOnlyList<RollbackCriterion> answers, CancellationToken cancellationToken = default)
    {
        try
        {
            foreach (var answer in answers) await Ledger.AppendAsync(Record(answer), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DeploymentException.From(error, "recording the answers of the rollback criteria");
        }
    }

    private EvidenceLedger Ledger => new(_layout.Ledger, tools.Clock, tools.Disk, Secrets.Resolve(plan, tools.Variable).Redactor);

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
