using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using BacktestOps.Contracts;

namespace BacktestOps.Operations.Audit.Output;

/// <summary>
/// Findings as JUnit's XML, which build servers read: a suite for each document, a case for each rule; a rule with an error or
/// a warning fails, and one with notes alone passes and shows them.
/// </summary>
public static class JUnitWriter
{
    /// <summary>The suites.</summary>
    /// <param name="documents">The documents, each with its findings.</param>
    public static string Write(IEnumerable<(string Path, IReadOnlyList<ReportFinding> Findings)> documents)
    {
        var suites = documents.Select(document => Suite(document.Path, document.Findings)).ToList();
        var root = new XElement(
            "testsuites", new XAttribute("name", "Test-DeploymentReport"), Count("tests", suites), Count("failures", suites), suites);
        var text = new StringBuilder();
        using (var writer = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, NewLineChars = "\n", OmitXmlDeclaration = true }))
        {
            new XDocument(root).Save(writer);
        }

        return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" + text;
    }

    private static XAttribute Count(string name, List<XElement> suites) =>
        new(name, suites.Sum(suite => int.Parse(suite.Attribute(name)!.Value, CultureInfo.InvariantCulture)));

    private static XElement Suite(string path, IReadOnlyList<ReportFinding> findings)
    {
        var cases = ReportAudit.Rules.Select(rule => Case(path, rule, [.. findings.Where(finding => finding.Rule == rule.Id)])).ToList();
        return new XElement(
            "testsuite", new XAttribute("name", Clean(path)), new XAttribute("tests", cases.Count),
            new XAttribute("failures", cases.Count(one => one.Element("failure") is not null)), new XAttribute("errors", 0), cases);
    }

    private static XElement Case(string path, AuditRule rule, List<ReportFinding> findings)
    {
        var grave = findings.Where(finding => finding.Severity != FindingSeverity.Note).ToList();
        var notes = findings.Where(finding => finding.Severity == FindingSeverity.Note).ToList();
        var one = new XElement("testcase", new XAttribute("classname", Clean(path)), new XAttribute("name", $"{rule.Id}: {rule.Says}"));
        if (grave.Count > 0)
        {
            one.Add(new XElement(
                "failure", new XAttribute("type", grave[0].Class.ToString()), new XAttribute("message", Clean($"line {grave[0].Line}: {grave[0].Arithmetic}")),
                Clean(string.Join('\n', grave.Select(Show)))));
        }

        if (notes.Count > 0) one.Add(new XElement("system-out", Clean(string.Join('\n', notes.Select(Show)))));
        return one;
    }

    private static string Show(ReportFinding finding) =>
        $"line {finding.Line}, {finding.Class}: '{finding.Claim}'. {finding.Arithmetic} What would settle it: {finding.Settles}";

    /// <summary>Characters that XML can't hold come from documents that are hardly text; they are shown as what they are not.</summary>
    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            clean.Append(rune.Value is 0x9 or 0xA or 0xD or (>= 0x20 and not (0xFFFE or 0xFFFF)) ? rune.ToString() : "\uFFFD");
        return clean.ToString();
    }
}
