using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Operations.Evidence;
using BacktestOps.PowerShell.Tests.Support;

namespace BacktestOps.PowerShell.Tests.Cmdlets;

public sealed class ReportCmdletTests : IDisposable
{
    private readonly TestSession _session = new();

    public void Dispose() => _session.Dispose();

    [Fact]
    public async Task A_report_is_exported_by_its_ending_audited_and_approved()
    {
        await DeployedAsync("somebody@host");

        Assert.Empty(_session.Run("Export-DeploymentReport report.md -Evidence ledger.jsonl -WhatIf").WithoutErrors().Output);
        Assert.False(File.Exists(InFolder("report.md")));
        var file = Assert.Single(_session.Run("Export-DeploymentReport report.md -Evidence ledger.jsonl -Culture ko-KR -TimeZone Asia/Seoul -PassThru").WithoutErrors().As<FileInfo>());
        Assert.Contains("배포 체크리스트: v2.0.2", await File.ReadAllTextAsync(file.FullName, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Empty(_session.Run("Test-DeploymentReport report.md -Evidence ledger.jsonl").WithoutErrors().Output);
        _session.Run("Export-DeploymentReport report.html -Evidence ledger.jsonl; Export-DeploymentReport report.xml -Format NUnitXml -Evidence ledger.jsonl").WithoutErrors();
        Assert.StartsWith("<!doctype html>", await File.ReadAllTextAsync(InFolder("report.html"), TestContext.Current.CancellationToken), StringComparison.Ordinal);

        Assert.Empty(_session.Run("Approve-Deployment -Evidence ledger.jsonl -WhatIf").WithoutErrors().Output);
        var approval = Assert.Single(_session.Run("Approve-Deployment -Evidence ledger.jsonl -Head (Test-DeploymentEvidence -Evidence ledger.jsonl).Head -Confirm:$false").WithoutErrors().As<DeploymentApproval>());
        Assert.Equal((1, $"{Environment.UserName}@{Environment.MachineName}", 2), (approval.Head.Sequence, approval.Approver, approval.Evidence));
    }

    [Theory]
    [InlineData("Export-DeploymentReport ledger.jsonl -Format Json -Evidence ledger.jsonl", "ReportFileExists")]
    [InlineData("Export-DeploymentReport report.txt -Evidence ledger.jsonl", "FormatMissing")]
    [InlineData("Export-DeploymentReport report.md -Evidence ledger.jsonl -TimeZone Nowhere/Land", "TimeZoneInvalid")]
    [InlineData("Export-DeploymentReport report.md -Evidence ledger.jsonl -Id 9", "DeploymentNotFound")]
    [InlineData("Export-DeploymentReport report.md -Evidence ledger.jsonl -Complete", "ReportNotComplete")]
    [InlineData("Export-DeploymentReport none/report.md -Evidence ledger.jsonl", "ReportNotWritten")]
    [InlineData("Approve-Deployment -Evidence ledger.jsonl -Confirm:$false", "SelfApprovalRefused")]
    public async Task What_can_not_be_done_has_an_id_and_leaves_nothing(string script, string errorId)
    {
        await DeployedAsync($"{Environment.UserName}@{Environment.MachineName}");

        var outcome = _session.Run(script);

        var error = outcome.Terminating ?? Assert.Single(outcome.Errors);
        Assert.StartsWith(errorId, error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
        Assert.Equal(["ledger.jsonl"], Directory.GetFiles(_session.Folder, "*.*").Select(Path.GetFileName).Where(name => !name!.Contains("lock", StringComparison.Ordinal)));
    }

    private string InFolder(string name) => Path.Combine(_session.Folder, name);

    private async Task DeployedAsync(string who)
    {
        var data = new Dictionary<string, object>
        {
            ["name"] = "app", ["kind"] = "deploy", ["outcome"] = "succeeded", ["version"] = "2.0.2", ["release"] = "000001-2.0.2", ["live"] = "000001-2.0.2",
            ["operator"] = who, ["started_at"] = "2026-02-08T05:30:00+00:00", ["seconds"] = 4.2,
        };
        await new EvidenceLedger(InFolder("ledger.jsonl"), TimeProvider.System).AppendAsync(
            new EvidenceRecord
            {
                At = new DateTimeOffset(2026, 2, 8, 5, 30, 4, TimeSpan.Zero), Kind = "deployment", Deployment = 1, Subject = "deploy of 2.0.2", Expected = "succeeded", Observed = "succeeded",
                Verdict = Verdict.Pass, Samples = 1, Data = JsonSerializer.SerializeToElement(data),
            },
            TestContext.Current.CancellationToken);
    }
}
