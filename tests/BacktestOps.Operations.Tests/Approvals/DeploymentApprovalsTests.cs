using BacktestOps.Contracts;
using BacktestOps.Operations.Approvals;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Reports;
using BacktestOps.Operations.Tests.Reports;

namespace BacktestOps.Operations.Tests.Approvals;

public sealed class DeploymentApprovalsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Another_person_approves_on_the_head_that_there_is_and_the_report_names_both()
    {
        using var ledger = await DeployedAsync();
        var head = new EvidenceLedger(ledger.Path, TimeProvider.System).Head();

        var approval = await ApproveAsync(ledger, new ApprovalRequest { Approver = "lee@host", Head = head, Comment = "TICKET-031" });

        Assert.Equal((7, head, false, head.Sequence + 1), (approval.Deployment, approval.Head, approval.IsSelfApproval, approval.Evidence));
        Assert.Contains($"**Approved by**: lee@host, ", ledger.Write(ReportFormat.Markdown, "en-US"), StringComparison.Ordinal);
        Assert.Empty(LedgerVerification.Verify(ledger.Path));
    }

    [Theory]
    [InlineData("kim@host")]
    [InlineData("KIM@laptop")]
    public async Task Who_deployed_can_not_be_the_only_one_unless_it_is_allowed_and_then_the_report_states_it(string approver)
    {
        using var ledger = await DeployedAsync();
        Assert.Equal("SelfApprovalRefused", (await Assert.ThrowsAsync<EvidenceException>(() => ApproveAsync(ledger, new ApprovalRequest { Approver = approver }))).ErrorId);

        var approval = await ApproveAsync(ledger, new ApprovalRequest { Approver = approver, AllowSelfApproval = true });

        Assert.True(approval.IsSelfApproval);
        Assert.Contains($"Self-approval allowed: {approver}", ledger.Write(ReportFormat.Markdown, "en-US"), StringComparison.Ordinal);
        Assert.Contains("자체 승인 허용", ledger.Write(ReportFormat.Markdown, "ko-KR"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_deployed_may_join_an_approval_by_somebody_else()
    {
        using var ledger = await DeployedAsync();
        await ApproveAsync(ledger, new ApprovalRequest { Approver = "lee@host" });

        Assert.False((await ApproveAsync(ledger, new ApprovalRequest { Approver = "kim@host" })).IsSelfApproval);
    }

    [Fact]
    public async Task A_head_that_is_not_the_ledgers_a_failed_deployment_and_one_that_was_taken_back_are_refused()
    {
        using var ledger = await DeployedAsync();
        var head = new EvidenceLedger(ledger.Path, TimeProvider.System).Head();
        await ledger.AnswerAsync();
        Assert.Equal("HeadChangedRefused", (await Assert.ThrowsAsync<EvidenceException>(() => ApproveAsync(ledger, new ApprovalRequest { Approver = "lee", Head = head }))).ErrorId);
        await ledger.RollBackAsync();
        Assert.Equal("ApprovalRefused", (await Assert.ThrowsAsync<EvidenceException>(() => ApproveAsync(ledger, new ApprovalRequest { Approver = "lee" }))).ErrorId);

        using var failed = new ReportLedger { Verdicts = { ["page: download of"] = Verdict.Fail } };
        await failed.DeployAsync();
        Assert.Equal("ApprovalRefused", (await Assert.ThrowsAsync<EvidenceException>(() => ApproveAsync(failed, new ApprovalRequest { Approver = "lee" }))).ErrorId);
        Assert.Equal("DeploymentNotFound", (await Assert.ThrowsAsync<ReportException>(() => ApproveAsync(failed, new ApprovalRequest { Approver = "lee", Deployment = 99 }))).ErrorId);
    }

    private static async Task<ReportLedger> DeployedAsync()
    {
        var ledger = new ReportLedger();
        await ledger.DeployAsync();
        return ledger;
    }

    private static Task<DeploymentApproval> ApproveAsync(ReportLedger ledger, ApprovalRequest request) =>
        new DeploymentApprovals(ledger.Path, TimeProvider.System).ApproveAsync(request, Token);
}
