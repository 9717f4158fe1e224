using BacktestOps.Operations.Audit;

namespace BacktestOps.Operations.Tests.Audit;

public sealed class MutationTests
{
    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, Mutation.All.Count)];

    [Theory]
    [InlineData("ko")]
    [InlineData("en")]
    public void A_report_in_which_everything_agrees_gives_no_finding(string language) =>
        Assert.Empty(Show(ReportAudit.Audit(Clean(language), "report.md")));

    [Theory]
    [MemberData(nameof(Numbers))]
    public void One_thing_changed_gives_exactly_its_finding(int number)
    {
        var mutation = Mutation.All[number];

        var findings = Show(ReportAudit.Audit(mutation.Text(Clean(mutation.Language)), "report.md"));

        Assert.True(findings.Count == 1 && findings[0].StartsWith(mutation.Rule + " ", StringComparison.Ordinal), $"{mutation}\n{mutation.Rule} expected; found:\n{string.Join('\n', findings)}");
    }

    [Fact]
    public void Every_rule_about_a_document_is_broken_by_a_mutation_in_each_language()
    {
        var rules = ReportAudit.Rules.Select(rule => rule.Id).Except(["evidence", "recomputed", "evidence-damaged", "unread"]).ToList();

        Assert.All(rules, rule => Assert.Equal(["en", "ko"], Mutation.All.Where(mutation => mutation.Rule == rule).Select(mutation => mutation.Language).Distinct().Order()));
    }

    private static string Clean(string language) => language == "ko" ? CleanReports.Korean : CleanReports.English;

    private static List<string> Show(IReadOnlyList<Contracts.ReportFinding> findings) =>
        [.. findings.Select(finding => $"{finding.Rule} {finding.Class} line {finding.Line}: {finding.Claim} | {finding.Arithmetic}")];
}
