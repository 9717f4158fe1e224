using System.Globalization;
using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Reports;

namespace BacktestOps.Operations.Approvals;

/// <summary>An approval to record.</summary>
public sealed record ApprovalRequest
{
    /// <summary>The deployment; null for the last one that brought up a release.</summary>
    public int? Deployment { get; init; }

    /// <summary>Who approves.</summary>
    public required string Approver { get; init; }

    /// <summary>What the approver says; null for nothing.</summary>
    public string? Comment { get; init; }

    /// <summary>True to let the one who deployed be the only one who approves; the report states it.</summary>
    public bool AllowSelfApproval { get; init; }

    /// <summary>The head that the approver has looked at; null for the ledger's own. Another one is refused.</summary>
    public LedgerHead? Head { get; init; }
}

/// <summary>Records who approved a deployment, when, and on which head of the ledger: what came later was not approved.</summary>
/// <param name="ledgerPath">The ledger.</param>
/// <param name="clock">The clock.</param>
public sealed class DeploymentApprovals(string ledgerPath, TimeProvider clock)
{
    /// <summary>Approves.</summary>
    /// <param name="request">Who, and what.</param>
    /// <param name="cancellationToken">Gives up waiting for another process that writes.</param>
    /// <exception cref="EvidenceException">The ledger is damaged, or the approval is refused.</exception>
    /// <exception cref="ReportException">There is no such deployment.</exception>
    public async Task<DeploymentApproval> ApproveAsync(ApprovalRequest request, CancellationToken cancellationToken = default)
    {
        var (records, head) = DeploymentReports.ReadWhole(ledgerPath);
        var model = ReportBuilder.Build(records, head, DeploymentReports.Find(records, request.Deployment, null));
        var self = Check(request, model, head);
        var state = ChecklistStates.Combine(model.Stages.Select(stage => stage.State));
        var data = new ApprovalData
        {
            Approver = request.Approver,
            Operator = model.Data.Operator,
            HeadSequence = head.Sequence,
            HeadHash = head.Hash,
            SelfApproval = self,
            Comment = request.Comment,
            State = state,
        };
        var at = clock.GetUtcNow();
        var record = new EvidenceRecord
        {
            At = at,
            Kind = EvidenceKind.Approval,
            Subject = $"approval of {model.Data.Version}",
            Deployment = model.Deployment,
            Expected = "a person who is named, on a head that is named",
            Observed = string.Create(CultureInfo.InvariantCulture, $"{request.Approver} on {head}"),
            Verdict = Verdict.Pass,
            Detail = self ? "the one who deployed approves, which was allowed" : null,
            Samples = 1,
            Data = JsonSerializer.SerializeToElement(data, PeopleJson.Default.ApprovalData),
        };
        var appended = await new EvidenceLedger(ledgerPath, clock).AppendAsync(record, cancellationToken).ConfigureAwait(false);
        return new DeploymentApproval
        {
            Deployment = model.Deployment,
            Version = model.Data.Version,
            Approver = request.Approver,
            At = at,
            Head = head,
            IsSelfApproval = self,
            Comment = request.Comment,
            State = state,
            Evidence = appended.Sequence,
        };
    }

    /// <summary>Refuses what can't be approved.</summary>
    /// <returns>True when the approver is the one who deployed, and nobody else approved.</returns>
    private static bool Check(ApprovalRequest request, ReportModel model, LedgerHead head)
    {
        if (request.Head is { } looked && looked != head)
            throw new EvidenceException(
                "HeadChangedRefused", $"The head that was looked at is {looked}, and the ledger's is {head}: something was recorded since, or it is another ledger.",
                "Look at what came since (Get-DeploymentEvidence), and approve the head that there is.");
        if (model.State is ReportState.Failed or ReportState.RolledBack)
            throw new EvidenceException(
                "ApprovalRefused", $"Deployment {model.Deployment} {(model.State == ReportState.RolledBack ? "was taken back" : "has items that failed")}, so there is nothing to approve.",
                "Export-DeploymentReport shows what failed; deploy a version that mends it.");
        if (!IsSame(request.Approver, model.Data.Operator)) return false;
        var others = model.Approvals.Any(approval => !IsSame(approval.Data.Approver, model.Data.Operator));
        if (!others && !request.AllowSelfApproval)
            throw new EvidenceException(
                "SelfApprovalRefused", $"{request.Approver} deployed it, and nobody else approved.", "Let somebody else approve it; or give -AllowSelfApproval, which the report states.");
        return !others;
    }

    /// <summary>The same person on another machine is the same person.</summary>
    private static bool IsSame(string one, string? other) =>
        string.Equals(one.Split('@')[0].Trim(), other?.Split('@')[0].Trim(), StringComparison.OrdinalIgnoreCase);
}
