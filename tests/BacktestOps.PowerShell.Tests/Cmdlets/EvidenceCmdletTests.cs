using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.Operations.Evidence;
using BacktestOps.PowerShell.Tests.Support;

namespace BacktestOps.PowerShell.Tests.Cmdlets;

public sealed class EvidenceCmdletTests : IDisposable
{
    private readonly TestSession _session = new();

    public void Dispose() => _session.Dispose();

    [Fact]
    public async Task Evidence_is_chosen_signed_and_verified()
    {
        await WriteAsync(("health", Verdict.Pass), ("smoke", Verdict.Fail));

        Assert.Equal([2], _session.Run("Get-DeploymentEvidence -Evidence ledger.jsonl -Verdict Fail, Error").WithoutErrors().As<DeploymentEvidence>().Select(record => record.Sequence));
        Assert.Equal([1], _session.Run("[pscustomobject]@{ Id = 7 } | Get-DeploymentEvidence health -Evidence ledger.jsonl").WithoutErrors().As<DeploymentEvidence>().Select(record => record.Sequence));
        Assert.Equal("seen", Assert.Single(_session.Run("(Get-DeploymentEvidence -Evidence ledger.jsonl -Sequence 2).Data.what.was").WithoutErrors().As<string>()));

        Assert.Empty(_session.Run("Protect-DeploymentEvidence key.pem -NewKey -Evidence ledger.jsonl -WhatIf").WithoutErrors().Output);
        Assert.False(File.Exists(Path.Combine(_session.Folder, "key.pem")));
        Assert.Equal(2, Assert.Single(_session.Run("Protect-DeploymentEvidence key.pem -NewKey -Evidence ledger.jsonl").WithoutErrors().As<SignedHead>()).Sequence);
        Assert.Equal(Verdict.Pass, Assert.Single(_session.Run("Test-DeploymentEvidence -Evidence ledger.jsonl -PublicKeyPath key.pem.pub").WithoutErrors().As<EvidenceVerification>()).Verdict);

        var head = Assert.Single(_session.Run("[string](Test-DeploymentEvidence -Evidence ledger.jsonl).Head").WithoutErrors().As<string>());
        Assert.Equal([true], _session.Run($"Test-DeploymentEvidence -Evidence ledger.jsonl -Head '{head}' -Quiet").WithoutErrors().As<bool>());
        Assert.Equal([false], _session.Run($"Test-DeploymentEvidence -Evidence ledger.jsonl -Head '3:{head[2..]}' -Quiet").WithoutErrors().As<bool>());
    }

    [Theory]
    [InlineData("Get-DeploymentEvidence -Evidence none.jsonl", "LedgerNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("Test-DeploymentEvidence -Evidence none.jsonl", "LedgerNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("Protect-DeploymentEvidence no.pem -Evidence ledger.jsonl", "KeyNotReadable", ErrorCategory.ReadError)]
    [InlineData("Test-DeploymentReport ledger.jsonl -Evidence none.jsonl", "LedgerNotReadable", ErrorCategory.ReadError)]
    [InlineData("Test-DeploymentReport none.md", "PathNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("Test-DeploymentReport none*.md", "PathNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("Test-DeploymentReport nodrive:/a.md", "DriveNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("Get-DeploymentEvidence -Plan none.json", "DeploymentPlanNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("Test-DeploymentReport ledger.jsonl -OutputPath out.sarif", "OutputFormatMissing", ErrorCategory.InvalidArgument)]
    public async Task What_is_wrong_has_an_id_a_category_and_what_to_do_next(string script, string errorId, ErrorCategory category)
    {
        await WriteAsync(("health", Verdict.Pass));

        var outcome = _session.Run(script);
        var error = outcome.Terminating ?? Assert.Single(outcome.Errors);

        Assert.StartsWith(errorId, error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(category, error.CategoryInfo.Category);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
    }

    private async Task WriteAsync(params (string Kind, Verdict Verdict)[] records)
    {
        var ledger = new EvidenceLedger(Path.Combine(_session.Folder, "ledger.jsonl"), TimeProvider.System);
        foreach (var (kind, verdict) in records)
        {
            await ledger.AppendAsync(
                new EvidenceRecord
                {
                    At = DateTimeOffset.UnixEpoch, Kind = kind, Deployment = 7, Subject = "a subject", Expected = "a", Verdict = verdict, Samples = 1,
                    Data = System.Text.Json.JsonDocument.Parse("""{"what":{"was":"seen"}}""").RootElement,
                },
                TestContext.Current.CancellationToken);
        }
    }
}
