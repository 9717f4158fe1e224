using System.Text.RegularExpressions;
using BacktestOps.Contracts;
using BacktestOps.Operations.Audit;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Reports;

namespace BacktestOps.Operations.Tests.Reports;

/// <summary>One number, date, tick or digest of a generated report is changed: exactly that is found.</summary>
public sealed class ReportMutationTests
{
    [Theory]
    [InlineData("ko-KR", "[0-9]")]
    [InlineData("en-US", "[0-9]")]
    [InlineData("ko-KR", @"[0-9]{4}-[0-9]{2}-[0-9]{2}")]
    [InlineData("ko-KR", @"\[x\]|✅")]
    [InlineData("en-US", "[0-9a-f]{40,64}")]
    public async Task Whatever_is_changed_in_a_line_is_found_at_that_line_and_nowhere_else(string culture, string pattern)
    {
        using var ledger = await ReportLedger.CompleteAsync();
        var (records, _) = DeploymentReports.ReadWhole(ledger.Path);
        var hashes = EvidenceReader.Read(ledger.Path, new EvidenceFilter()).ToDictionary(record => record.Sequence, record => record.Hash);
        var clean = ledger.Write(ReportFormat.Markdown, culture);
        var count = 0;
        foreach (var line in clean.Split('\n').Select((text, at) => (Text: text, At: at)).Where(line => Regex.IsMatch(line.Text, pattern)))
        {
            var lines = clean.Split('\n');
            // The last one of the line: the first is often the number of a heading.
            var match = Regex.Matches(line.Text, pattern)[^1];
            lines[line.At] = line.Text[..match.Index] + Change(match.Value) + line.Text[(match.Index + match.Length)..];

            var findings = ReportAudit.Audit(string.Join('\n', lines), "report.md", records, hashes);

            var finding = Assert.Single(findings);
            Assert.Equal(("recomputed", line.At + 1, FindingClass.Contradicted), (finding.Rule, finding.Line, finding.Class));
            count++;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{count} changes of {pattern} in a report in {culture}, each found alone.");
        Assert.InRange(count, 3, 400);
    }

    [Fact]
    public async Task A_line_that_is_taken_out_and_one_that_is_put_in_are_found()
    {
        using var ledger = await ReportLedger.CompleteAsync();
        var path = ledger.Folder["report.md"];
        var lines = ledger.Write(ReportFormat.Markdown, "en-US").Split('\n').ToList();
        var at = lines.FindIndex(line => line.Contains("CPU of the service", StringComparison.Ordinal));

        await File.WriteAllLinesAsync(path, lines.Where((_, line) => line != at), TestContext.Current.CancellationToken);
        Assert.Contains("does not have", Assert.Single(ReportAudit.AuditFile(path, ledger.Path)).Arithmetic, StringComparison.Ordinal);

        lines.Insert(at, "- [x] GPU of the service");
        await File.WriteAllLinesAsync(path, lines, TestContext.Current.CancellationToken);
        Assert.Equal((at + 1, "The ledger gives no such line."), (ReportAudit.AuditFile(path, ledger.Path).Single().Line, ReportAudit.AuditFile(path, ledger.Path).Single().Arithmetic));
    }

    [Fact]
    public async Task A_report_is_held_against_the_head_that_it_names_so_later_records_take_nothing_from_it()
    {
        using var ledger = await ReportLedger.CompleteAsync();
        var path = ledger.Folder["report.md"];
        await File.WriteAllTextAsync(path, ledger.Write(ReportFormat.Markdown, "en-US"), TestContext.Current.CancellationToken);
        await ledger.RollBackAsync();
        Assert.Empty(ReportAudit.AuditFile(path, ledger.Path));

        using var other = new ReportLedger();
        await other.DeployAsync();
        Assert.Contains("the ledger ends with record", Assert.Single(ReportAudit.AuditFile(path, other.Path)).Arithmetic, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("average", "sample-arithmetic", "", "average 19%, ")]
    [InlineData("total", "table-total", "**1 h 2 min 9.5 s**", "**1 h 1 min 9.5 s**")]
    [InlineData("duration", "duration-range", "(1 min 30 s) (evidence", "(3 min 30 s) (evidence")]
    [InlineData("tick", "tick-over-open", "- [x] Content type", "- [ ] Content type")]
    public async Task Without_the_ledger_the_general_rules_still_find_what_the_document_contradicts(string what, string rule, string from, string to)
    {
        using var ledger = await ReportLedger.CompleteAsync();
        var clean = ledger.Write(ReportFormat.Markdown, "en-US");
        if (what == "average") from = Regex.Match(clean, "average 1[0-9.]+%, ").Value;
        Assert.Contains(from, clean, StringComparison.Ordinal);

        Assert.Contains(ReportAudit.Audit(clean.Replace(from, to, StringComparison.Ordinal), "report.md"), finding => finding.Rule == rule);
    }

    private static string Change(string value) => value switch
    {
        "[x]" => "[ ]",
        "✅" => "❌",
        { Length: 1 } => value == "9" ? "8" : $"{value[0] - '0' + 1}",
        { Length: 10 } => value[..^1] + (value[^1] == '9' ? '8' : '9'),
        _ => (value[0] == 'a' ? "b" : "a") + value[1..],
    };
}
