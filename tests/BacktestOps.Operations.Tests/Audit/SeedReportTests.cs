using BacktestOps.Contracts;
using BacktestOps.Operations.Audit;

namespace BacktestOps.Operations.Tests.Audit;

/// <summary>
/// The checklist of hotfix v2.0.2 as it was written by hand. It lies beside the repository, not in it; where it is not there
/// these tests say so.
/// </summary>
public sealed class SeedReportTests
{
    // Line, rule, class; and why, where the rule's name does not say it.
    private static readonly (int Line, string Rule, FindingClass Class)[] Expected =
    [
        (6, "final-while-open", FindingClass.Premature),          // complete, with five daily checks open
        (15, "ready-not-done", FindingClass.Unsupported),         // port 3000 ready: neither listening nor free
        (32, "command-only", FindingClass.Unsupported),           // git checkout without its answer
        (54, "ready-not-done", FindingClass.Unsupported),         // restarted: three times ready
        (173, "stage-record", FindingClass.Contradicted),         // an hour ticked, also on lines 278, 290, 308
        (178, "duration-range", FindingClass.Contradicted),       // 14:30–15:00 (1시간)
        (184, "zero-without-count", FindingClass.Unsupported),
        (199, "sampling-interval", FindingClass.Unsupported),     // every 5 minutes, three samples
        (202, "sample-arithmetic", FindingClass.Contradicted),    // 14 % of 12, 14, 12
        (205, "sample-arithmetic", FindingClass.Contradicted),    // 48 MB of 45, 50, 45
        (205, "unit-mismatch", FindingClass.Undecidable),         // MB against %
        (211, "sample-arithmetic", FindingClass.Undecidable),     // 42 ms of 45, 41, 38: rounding explains it
        (220, "zero-without-count", FindingClass.Unsupported),
        (291, "table-total", FindingClass.Contradicted),          // 70–80 of 70–75
        (309, "zero-without-count", FindingClass.Unsupported),
        (319, "future-tick", FindingClass.Premature),
        (320, "future-tick", FindingClass.Premature),
        (328, "completion-times", FindingClass.Contradicted),     // 15:00:00 and 14:31:30
        (331, "self-approval", FindingClass.Unsupported),
    ];

    [Fact]
    public void What_is_wrong_with_it_is_found_and_nothing_else() =>
        Assert.Equal(Expected, Audit().Select(finding => (finding.Line, finding.Rule, finding.Class)));

    [Fact]
    public void The_hour_names_every_line_that_claims_it() =>
        Assert.Equal([178, 278, 290, 308], Assert.Single(Audit(), finding => finding.Rule == "stage-record").OtherLines);

    [Fact]
    public void The_API_mean_is_no_lie_and_the_finding_says_why()
    {
        var finding = Assert.Single(Audit(), finding => finding.Line == 211);

        Assert.Equal(FindingSeverity.Note, finding.Severity);
        Assert.Contains("41.333ms", finding.Arithmetic, StringComparison.Ordinal);
        Assert.Contains("Rounding explains", finding.Arithmetic, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_finding_quotes_the_claim_and_says_what_would_settle_it() =>
        Assert.All(Audit(), finding => Assert.True(finding.Claim.Length > 0 && finding.Arithmetic.Length > 20 && finding.Settles.Length > 10));

    private static IReadOnlyList<ReportFinding> Audit()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "BacktestOps.sln"))) continue;

            // A work tree may lie one folder deeper than the repository.
            foreach (var beside in new[] { "../shared", "../../shared" })
            {
                var seed = Path.GetFullPath(Path.Combine(folder.FullName, beside, "seed-checklist.md"));
                if (File.Exists(seed)) return ReportAudit.AuditFile(seed);
            }
        }

        Assert.Skip("../shared/seed-checklist.md is not beside this repository.");
        return [];
    }
}
