using System.Text.Json.Nodes;
using System.Xml.Linq;
using BacktestOps.Operations.Audit;
using BacktestOps.Operations.Audit.Output;

namespace BacktestOps.Operations.Tests.Audit;

public sealed class OutputTests
{
    private const string Text = "- [x] 응답 3초 (< 2초)\n\nMean response: 42ms\n\n```\n[14:30] Response: 45ms\n[14:45] Response: 41ms\n[15:00] Response: 38ms\n```\n";

    [Fact]
    public void Sarif_names_rule_level_line_and_the_other_lines()
    {
        var run = JsonNode.Parse(SarifWriter.Write(ReportAudit.Audit(Text, "docs/보고 1.md"), "0.1.0"))!["runs"]![0]!;
        var results = run["results"]!.AsArray();

        Assert.Equal(["error", "note"], results.Select(result => (string)result!["level"]!));
        Assert.Equal([1, 3], results.Select(result => (int)result!["locations"]![0]!["physicalLocation"]!["region"]!["startLine"]!));
        Assert.Equal([6, 7, 8], results[1]!["relatedLocations"]!.AsArray().Select(location => (int)location!["physicalLocation"]!["region"]!["startLine"]!));
        Assert.Equal("docs/%EB%B3%B4%EA%B3%A0%201.md", (string)results[0]!["locations"]![0]!["physicalLocation"]!["artifactLocation"]!["uri"]!);
        Assert.All(results, result => Assert.Equal((string)result!["ruleId"]!, (string)run["tool"]!["driver"]!["rules"]![(int)result["ruleIndex"]!]!["id"]!));
    }

    [Fact]
    public void JUnit_fails_the_rule_that_was_broken_and_shows_notes_without_failing()
    {
        var suites = XDocument.Parse(JUnitWriter.Write([("a.md", ReportAudit.Audit(Text, "a.md")), ("b.md", [])])).Root!;
        var cases = suites.Elements("testsuite").First().Elements("testcase").ToList();

        Assert.Equal(("1", $"{2 * ReportAudit.Rules.Count}"), (suites.Attribute("failures")!.Value, suites.Attribute("tests")!.Value));
        Assert.StartsWith("threshold:", Assert.Single(cases, one => one.Element("failure") is not null).Attribute("name")!.Value, StringComparison.Ordinal);
        Assert.StartsWith("sample-arithmetic:", Assert.Single(cases, one => one.Element("system-out") is not null).Attribute("name")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void JUnit_holds_text_that_XML_can_not() =>
        Assert.NotNull(XDocument.Parse(JUnitWriter.Write([("a.md", ReportAudit.Audit("- [x] \u0001\uFFFE 응답 3초 (< 2초)", "a.md"))])));
}
