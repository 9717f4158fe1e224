using BacktestOps.Contracts;
using BacktestOps.Operations.Audit;
using BacktestOps.Operations.Evidence;
using Microsoft.Extensions.Time.Testing;

namespace BacktestOps.Operations.Tests.Audit;

public sealed class LedgerAuditTests : IDisposable
{
    private const string Digest = "aaaabbbbccccddddeeeeffff0000111122223333444455556666777788889999";

    private readonly string _folder = Directory.CreateTempSubdirectory("backtestops-audit-").FullName;
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 2, 8, 14, 30, 0, TimeSpan.Zero));

    private string LedgerPath => Path.Combine(_folder, "ledger.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_tick_on_a_passing_record_is_supported()
    {
        await WriteAsync(("health", Verdict.Pass));

        Assert.Empty(Audit("- [x] Errors: 0 failures (evidence #1)"));
        Assert.Equal(["zero-without-count"], Audit("- [x] Errors: 0 failures").Select(finding => finding.Rule));
    }

    [Theory]
    [InlineData(Verdict.Fail, FindingClass.Contradicted)]
    [InlineData(Verdict.Inconclusive, FindingClass.Unsupported)]
    [InlineData(Verdict.Error, FindingClass.Unsupported)]
    public async Task A_tick_on_a_record_that_did_not_pass_is_found(Verdict verdict, FindingClass expected)
    {
        await WriteAsync(("smoke", Verdict.Pass), ("download", verdict));

        var finding = Assert.Single(Audit("# 보고\n\n- [x] 다운로드 확인 (증거 #2)"));

        Assert.Equal(("evidence", expected, 3), (finding.Rule, finding.Class, finding.Line));
        Assert.Contains("Record 2", finding.Arithmetic, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tick_that_quotes_a_subject_rests_on_its_last_record()
    {
        await WriteAsync(("GET /api/health", Verdict.Fail), ("GET /api/health", Verdict.Pass), ("POST /api/backtest/start", Verdict.Pass), ("POST /api/backtest/start", Verdict.Fail));

        Assert.Equal([2], Audit("- [x] GET /api/health answers\n- [x] POST /api/backtest/start answers").Select(finding => finding.Line));
    }

    [Fact]
    public async Task An_open_item_on_a_failed_record_is_honest()
    {
        await WriteAsync(("download", Verdict.Fail));

        Assert.Empty(Audit("- [ ] Download (evidence #1)"));
    }

    [Theory]
    [InlineData("- [x] Download (record #7)")]
    [InlineData("- [x] Download, sha256: 0123456789abcdef")]
    public async Task A_record_or_a_digest_that_the_ledger_does_not_have_is_contradicted(string text)
    {
        await WriteAsync(("download", Verdict.Pass));

        Assert.Equal(FindingClass.Contradicted, Assert.Single(Audit(text)).Class);
    }

    [Fact]
    public async Task A_digest_that_the_ledger_has_is_not_accused_and_one_changed_in_a_place_is()
    {
        await WriteAsync(("download", Verdict.Pass));

        Assert.Empty(Audit($"- [x] Kept as {Digest} (evidence #1)"));
        Assert.Equal(["evidence"], Audit($"- [x] Kept as {Digest.Replace('e', 'd')} (evidence #1)").Select(finding => finding.Rule));
    }

    [Fact]
    public async Task A_ledger_that_was_edited_supports_nothing()
    {
        await WriteAsync(("health", Verdict.Fail));
        await File.WriteAllTextAsync(LedgerPath, (await File.ReadAllTextAsync(LedgerPath, TestContext.Current.CancellationToken)).Replace("\"fail\"", "\"pass\"", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        Assert.Equal(["evidence-damaged", "zero-without-count"], Audit("- [x] Errors: 0 failures (evidence #1)").Select(finding => finding.Rule));
    }

    [Fact]
    public void A_ledger_that_is_not_there_is_an_error() =>
        Assert.Equal("LedgerNotReadable", Assert.Throws<AuditException>(() => Audit("- [x] a")).ErrorId);

    private IReadOnlyList<ReportFinding> Audit(string text)
    {
        var file = Path.Combine(_folder, "report.md");
        File.WriteAllText(file, text);
        return ReportAudit.AuditFile(file, LedgerPath);
    }

    private async Task WriteAsync(params (string Subject, Verdict Verdict)[] records)
    {
        var ledger = new EvidenceLedger(LedgerPath, _clock);
        foreach (var (subject, verdict) in records)
        {
            await ledger.AppendAsync(
                new EvidenceRecord
                {
                    At = _clock.GetUtcNow(), Kind = "smoke", Subject = subject, Expected = "200", Observed = verdict == Verdict.Pass ? "200" : "500",
                    Verdict = verdict, Samples = 1, Artifacts = [Digest],
                },
                TestContext.Current.CancellationToken);
        }
    }
}
