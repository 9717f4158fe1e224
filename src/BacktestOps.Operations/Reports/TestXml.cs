using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using BacktestOps.Contracts;

namespace BacktestOps.Operations.Reports;

/// <summary>What both XML forms of test results have in common.</summary>
internal static class TestXml
{
    /// <summary>The items of a section, each with those inside it where it has any: what a test case is made of.</summary>
    public static IEnumerable<ReportItem> Cases(ReportSection section) => section.Items.SelectMany(item => item.Items.Count > 0 ? item.Items : [item]);

    public static string NameOf(ReportItem item, ReportText text) => Clean($"{item.Id}: {text.Say(item.Text, TextForm.Plain)}");

    public static string Why(ReportItem item, ReportText text)
    {
        var detail = ChecklistView.DetailOf(item, text);
        var evidence = text.Reference(item.Evidence);
        var parts = new[] { text[$"mark.{ChecklistView.Key(item.State)}"], detail, evidence };
        return Clean(string.Join("; ", parts.Where(part => part.Length > 0)));
    }

    public static string Seconds(TimeSpan? time) => (time ?? TimeSpan.Zero).TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);

    public static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Write(XElement root)
    {
        var text = new StringBuilder();
        using (var writer = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, NewLineChars = "\n", OmitXmlDeclaration = true }))
        {
            new XDocument(root).Save(writer);
        }

        return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" + text + "\n";
    }

    /// <summary>What a service answered may hold characters that XML can't.</summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            clean.Append(rune.Value is 0x9 or 0xA or 0xD or (>= 0x20 and not (0xFFFE or 0xFFFF)) ? rune.ToString() : "\uFFFD");
        return clean.ToString();
    }
}

/// <summary>A report as JUnit's XML: a suite for each section, a case for each item. What is not done is never a success.</summary>
internal static class JUnitReport
{
    public static string Write(ReportModel model, ReportText text)
    {
        var suites = model.Stages.SelectMany(stage => stage.Sections).Select((section, at) => Suite(model, text, section, at)).ToList();
        // The schema of Ant's task, which build servers hold files against, has no attribute on the root.
        return TestXml.Write(new XElement("testsuites", suites));
    }

    private static XElement Suite(ReportModel model, ReportText text, ReportSection section, int at)
    {
        var cases = TestXml.Cases(section).Select(item => Case(model, text, section, item)).ToList();
        string Of(string element) => TestXml.Number(cases.Count(one => one.Element(element) is not null));
        return new XElement(
            "testsuite",
            new XAttribute("name", TestXml.Clean(text[$"section.{section.Number}"])), new XAttribute("id", TestXml.Number(at)), new XAttribute("package", TestXml.Clean(model.Data.Name)),
            new XAttribute("timestamp", model.AsOf.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)), new XAttribute("hostname", "localhost"),
            new XAttribute("tests", TestXml.Number(cases.Count)), new XAttribute("failures", Of("failure")), new XAttribute("errors", Of("error")), new XAttribute("skipped", Of("skipped")),
            new XAttribute("time", TestXml.Seconds(section.Items.Aggregate(TimeSpan.Zero, (sum, item) => sum + (item.Actual ?? TimeSpan.Zero)))),
            new XElement("properties"), cases, new XElement("system-out"), new XElement("system-err"));
    }

    private static XElement Case(ReportModel model, ReportText text, ReportSection section, ReportItem item)
    {
        var one = new XElement(
            "testcase", new XAttribute("name", TestXml.NameOf(item, text)), new XAttribute("classname", TestXml.Clean($"{model.Data.Name}.{section.Number}")), new XAttribute("time", TestXml.Seconds(item.Actual)));
        var why = TestXml.Why(item, text);
        XElement Fault(string element) => new(element, new XAttribute("message", why), new XAttribute("type", item.State.ToString()), why);
        switch (item.State)
        {
            case ChecklistState.Done:
                break;
            case ChecklistState.Failed or ChecklistState.Missed:
                one.Add(Fault("failure"));
                break;
            case ChecklistState.Error or ChecklistState.Inconclusive:
                one.Add(Fault("error"));
                break;
            default:
                one.Add(new XElement("skipped", new XAttribute("message", why)));
                break;
        }

        return one;
    }
}

/// <summary>A report as NUnit 3's XML, which knows a result that decided nothing.</summary>
internal static class NUnitReport
{
    public static string Write(ReportModel model, ReportText text)
    {
        var number = 0;
        var stages = model.Stages.Select(stage => Suite(
            $"1-{stage.Number}", "TestSuite", text[$"stage.{stage.Number}"],
            [.. stage.Sections.Select(section => Suite($"1-{section.Number.Replace('.', '0')}0", "TestFixture", text[$"section.{section.Number}"], [.. TestXml.Cases(section).Select(item => Case(model, text, item, 1000 + ++number))]))])).ToList();
        var run = new XElement(
            "test-run", new XAttribute("id", "0"), new XAttribute("name", TestXml.Clean($"{model.Data.Name} {model.Data.Version}")), new XAttribute("fullname", TestXml.Clean($"{model.Data.Name} {model.Data.Version}")),
            Counts(stages, "testcasecount"), new XAttribute("engine-version", "3.0.0.0"), new XAttribute("clr-version", "4.0.0.0"),
            Time("start-time", model.Data.StartedAt), Time("end-time", model.AsOf), new XAttribute("duration", TestXml.Seconds(model.AsOf - model.Data.StartedAt)));
        run.Add(Suite("1-0", "Assembly", $"{model.Data.Name} {model.Data.Version}", stages));
        return TestXml.Write(run);
    }

    private static XElement Suite(string id, string type, string name, List<XElement> inside)
    {
        var suite = new XElement("test-suite", new XAttribute("type", type), new XAttribute("id", id), new XAttribute("name", TestXml.Clean(name)), new XAttribute("fullname", TestXml.Clean(name)), new XAttribute("runstate", "Runnable"));
        suite.Add(Counts(inside, "testcasecount"));
        suite.Add(inside);
        return suite;
    }

    /// <summary>The attributes that count the cases within, and what they come to.</summary>
    private static object[] Counts(List<XElement> inside, string total)
    {
        var cases = inside.SelectMany(element => element.DescendantsAndSelf("test-case")).Select(one => one.Attribute("result")!.Value).ToList();
        int Of(string result) => cases.Count(seen => seen == result);
        var result = Of("Failed") > 0 ? "Failed" : Of("Inconclusive") > 0 || Of("Passed") == 0 ? "Inconclusive" : "Passed";
        return
        [
            new XAttribute(total, TestXml.Number(cases.Count)), new XAttribute("result", result), new XAttribute("total", TestXml.Number(cases.Count)), new XAttribute("passed", TestXml.Number(Of("Passed"))),
            new XAttribute("failed", TestXml.Number(Of("Failed"))), new XAttribute("inconclusive", TestXml.Number(Of("Inconclusive"))), new XAttribute("skipped", TestXml.Number(Of("Skipped"))), new XAttribute("asserts", TestXml.Number(cases.Count)),
        ];
    }

    private static XElement Case(ReportModel model, ReportText text, ReportItem item, int id)
    {
        var (result, label) = item.State switch
        {
            ChecklistState.Done => ("Passed", null),
            ChecklistState.Failed => ("Failed", null),
            ChecklistState.Missed => ("Failed", "Missed"),
            ChecklistState.Error => ("Failed", "Error"),
            ChecklistState.NotApplicable => ("Skipped", "Ignored"),
            ChecklistState.Scheduled => ("Inconclusive", "Scheduled"),
            _ => ("Inconclusive", (string?)null),
        };
        var one = new XElement(
            "test-case", new XAttribute("id", $"1-{id}"), new XAttribute("name", TestXml.NameOf(item, text)), new XAttribute("fullname", TestXml.Clean($"{model.Data.Name}.{item.Id}")), new XAttribute("methodname", item.Id),
            new XAttribute("classname", TestXml.Clean(model.Data.Name)), new XAttribute("runstate", "Runnable"), new XAttribute("seed", "0"), new XAttribute("result", result));
        if (label is not null) one.Add(new XAttribute("label", label));
        one.Add(Time("start-time", model.Data.StartedAt), Time("end-time", model.AsOf), new XAttribute("duration", TestXml.Seconds(item.Actual)), new XAttribute("asserts", TestXml.Number(item.Evidence.Count)));
        var why = TestXml.Why(item, text);
        if (result == "Failed") one.Add(new XElement("failure", new XElement("message", new XCData(why))));
        else if (result != "Passed") one.Add(new XElement("reason", new XElement("message", new XCData(why))));
        return one;
    }

    private static XAttribute Time(string name, DateTimeOffset at) => new(name, at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture));
}
