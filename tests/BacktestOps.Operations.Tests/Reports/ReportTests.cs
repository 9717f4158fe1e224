using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using BacktestOps.Contracts;
using BacktestOps.Operations.Audit;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Reports;

namespace BacktestOps.Operations.Tests.Reports;

/// <summary>That what is done looks done and nothing else does, in every form.</summary>
public sealed class ReportTests
{
    public static TheoryData<string> Cultures => ["ko-KR", "en-US"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Cultures))]
    public async Task A_report_of_a_clean_ledger_gives_no_findings_with_and_without_it(string culture)
    {
        using var ledger = await ReportLedger.CompleteAsync();
        var path = ledger.Folder["report.md"];
        await File.WriteAllTextAsync(path, ledger.Write(ReportFormat.Markdown, culture), Token);

        static string Show(ReportFinding finding) => $"{finding.Line} {finding.Rule} {finding.Class}: {finding.Claim} | {finding.Arithmetic}";
        Assert.Empty(ReportAudit.AuditFile(path, ledger.Path).Select(Show));
        Assert.Empty(ReportAudit.AuditFile(path).Select(Show));
    }

    [Theory]
    [MemberData(nameof(Cultures))]
    public async Task Unfinished_failed_and_missed_reports_agree_with_themselves_too(string culture)
    {
        using var early = new ReportLedger();
        await early.DeployAsync();
        using var torn = new ReportLedger { MissedSlots = { 4, 5 }, Verdicts = { ["page: download of"] = Verdict.Inconclusive, ["feature_broken"] = Verdict.Fail } };
        await torn.DeployAsync();
        await torn.WatchAsync();
        await torn.CriteriaAsync();
        await torn.ScheduleAsync();
        await torn.WeekAsync(3, 2);

        foreach (var ledger in new[] { early, torn })
            Assert.Empty(ReportAudit.Audit(ledger.Write(ReportFormat.Markdown, culture), "report.md").Select(finding => $"{finding.Line} {finding.Rule}: {finding.Claim} | {finding.Arithmetic}"));
    }

    [Theory]
    [MemberData(nameof(Cultures))]
    public async Task Whatever_the_times_were_a_report_agrees_with_itself(string culture)
    {
        var seeds = int.TryParse(Environment.GetEnvironmentVariable("BACKTESTOPS_REPORT_SEEDS"), out var count) ? count : 20;
        TestContext.Current.TestOutputHelper?.WriteLine($"{seeds} ledgers (BACKTESTOPS_REPORT_SEEDS)");
        for (var seed = 0; seed < seeds; seed++)
        {
            using var ledger = new ReportLedger { Times = new ReportTimes(seed) };
            await ledger.DeployAsync();
            await ledger.WatchAsync(ends: seed % 4 != 3);
            await ledger.CriteriaAsync();
            var path = ledger.Folder["report.md"];
            await File.WriteAllTextAsync(path, ledger.Write(ReportFormat.Markdown, culture), Token);

            var findings = ReportAudit.AuditFile(path, ledger.Path).Concat(ReportAudit.AuditFile(path)).ToList();
            Assert.True(findings.Count == 0, $"seed {seed}: {string.Join("\n", findings.Select(finding => $"{finding.Line} {finding.Rule} {finding.Class}: {finding.Claim} | {finding.Arithmetic}"))}");
        }
    }

    [Theory]
    [MemberData(nameof(Cultures))]
    public async Task Where_the_plan_asks_no_person_the_report_is_complete_and_says_so_at_its_head(string culture)
    {
        using var ledger = new ReportLedger { Manual = [] };
        await ledger.DeployAsync();
        await ledger.WatchAsync();
        await ledger.CriteriaAsync();
        await ledger.ScheduleAsync();
        await ledger.WeekAsync();

        var report = ledger.Write(ReportFormat.Markdown, culture);
        var items = DeploymentReports.Items(ledger.Path, null, culture);

        Assert.Equal("complete", (string)JsonNode.Parse(ledger.Write(ReportFormat.Json, culture))!["state"]!);
        Assert.Equal(["3.3.channels", "3.3.bugs", "3.3.downloads", "4.2.reviewed"], items.Where(item => item.State == ChecklistState.NotApplicable && item.Id[0] > '2').Select(item => item.Id));
        Assert.Contains(culture == "ko-KR" ? "**사람이 확인할 항목**: 없음" : "**Asked of people**: nothing", report.Split("---")[0], StringComparison.Ordinal);
        Assert.Empty(ReportAudit.Audit(report, "report.md").Select(finding => $"{finding.Line} {finding.Rule}: {finding.Claim} | {finding.Arithmetic}"));
    }

    [Fact]
    public async Task An_item_that_the_plan_asks_a_person_for_stays_open_beside_one_that_it_does_not()
    {
        using var ledger = new ReportLedger { Manual = ["criteria_reviewed"] };
        await ledger.DeployAsync();
        await ledger.WatchAsync();

        var items = DeploymentReports.Items(ledger.Path, null, "en-US").ToDictionary(item => item.Id);

        Assert.Equal((ChecklistState.Open, ChecklistState.NotApplicable), (items["4.2.reviewed"].State, items["3.3.bugs"].State));
        Assert.Contains("**Asked of people**: not 3.3.channels, 3.3.bugs, 3.3.downloads", ledger.Write(ReportFormat.Markdown, "en-US"), StringComparison.Ordinal);
    }

    [Fact]
    public void One_of_a_thing_is_not_many_in_any_text()
    {
        var text = ReportText.For("en-US", TimeZoneInfo.Utc);
        foreach (var key in text.Keys)
        {
            var one = text.Say(new Phrase(key, 1, 1, 1, 1, 1), TextForm.Plain);
            Assert.DoesNotMatch("\\{[0-9]", one);
            // A heading's number is no number of things.
            Assert.DoesNotMatch(@"(?<![0-9.])\b1 ((more|own|log) )?(?!of\b|ms\b|is\b)\w+s\b|\b1 items? are\b", one);
        }

        Assert.Equal("❌ failed: 1 item failed", text.Say(new Phrase("state.failed", 1), TextForm.Plain));
        Assert.Equal("❌ failed: 2 items failed", text.Say(new Phrase("state.failed", 2), TextForm.Plain));
        Assert.Equal("❌ 실패: 1개 항목이 실패함", ReportText.For("ko-KR", TimeZoneInfo.Utc).Say(new Phrase("state.failed", 1), TextForm.Plain));
    }

    [Fact]
    public async Task Every_tick_names_records_that_passed()
    {
        using var ledger = await ReportLedger.CompleteAsync();
        var verdicts = EvidenceReader.Read(ledger.Path, new EvidenceFilter()).ToDictionary(record => record.Sequence, record => record.Verdict);

        var ticks = ledger.Write(ReportFormat.Markdown, "en-US").Split('\n').Where(line => line.Contains("[x]", StringComparison.Ordinal)).ToList();

        Assert.InRange(ticks.Count, 80, 200);
        Assert.All(ticks, line => Assert.Matches(@"\(evidence #[0-9]", line));
        Assert.All(ticks.SelectMany(line => Regex.Matches(line, "#([0-9]+)")), match => Assert.Equal(Verdict.Pass, verdicts[int.Parse(match.Groups[1].Value, null)]));
    }

    [Theory]
    [InlineData(Verdict.Fail, ChecklistState.Failed, "**FAILED**")]
    [InlineData(Verdict.Inconclusive, ChecklistState.Inconclusive, "**UNDECIDED**")]
    [InlineData(Verdict.Error, ChecklistState.Error, "**COULD NOT BE CHECKED**")]
    public async Task An_item_whose_evidence_does_not_pass_is_not_ticked_and_says_what_it_is(Verdict verdict, ChecklistState state, string mark)
    {
        using var ledger = new ReportLedger { Verdicts = { ["page: download of"] = verdict } };
        await ledger.DeployAsync();

        var item = DeploymentReports.Items(ledger.Path, null, "en-US").Single(item => item.Id == "2.3.click");
        var line = ledger.Write(ReportFormat.Markdown, "en-US").Split('\n').Single(line => line.Contains("The download button works", StringComparison.Ordinal));

        Assert.Equal(state, item.State);
        Assert.StartsWith("- [ ] ", line, StringComparison.Ordinal);
        Assert.Contains(mark, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_nobody_looked_at_is_open_and_what_the_plan_does_not_ask_for_does_not_apply()
    {
        using var ledger = new ReportLedger();
        await ledger.DeployAsync();

        var items = DeploymentReports.Items(ledger.Path, 7, "en-US").ToDictionary(item => item.Id);

        Assert.All(items.Values.Where(item => item.Stage >= 3), item => Assert.Equal(ChecklistState.Open, item.State));
        Assert.All(items.Values.Where(item => item.Stage <= 2), item => Assert.Equal(ChecklistState.Done, item.State));
        Assert.Equal("incomplete", State(ledger));
    }

    [Fact]
    public async Task A_day_that_passed_unseen_is_missed_whatever_comes_later_and_a_day_to_come_is_scheduled()
    {
        using var ledger = new ReportLedger();
        await ledger.DeployAsync();
        await ledger.WatchAsync();
        await ledger.CriteriaAsync();
        await ledger.ScheduleAsync();
        await ledger.AnswerAsync();
        await ledger.WeekAsync(3);

        Assert.Equal("follow_ups_outstanding", State(ledger));
        Assert.Equal("FollowUpsOutstanding", Assert.Throws<ReportException>(() => DeploymentReports.Write(ledger.Path, new ReportRequest { MustBeComplete = true })).ErrorId);
        Assert.Equal(ChecklistState.Scheduled, DeploymentReports.Items(ledger.Path, 7, "en-US").Single(item => item.Id == "4.1.2026-02-12").State);

        using var missed = new ReportLedger();
        await missed.DeployAsync();
        await missed.ScheduleAsync();
        await missed.WeekAsync(5, 2);
        await missed.WeekAsync(2);
        Assert.Equal(ChecklistState.Missed, DeploymentReports.Items(missed.Path, 7, "en-US").Single(item => item.Id == "4.1.2026-02-10").State);

        // Nothing is recorded of day 4 at all, and day 5 is: the ledger's own time says that it passed.
        Assert.Equal("ReportNotComplete", Assert.Throws<ReportException>(() => DeploymentReports.Write(missed.Path, new ReportRequest { MustBeComplete = true })).ErrorId);
    }

    [Fact]
    public async Task A_watch_with_a_missed_slot_is_not_a_watch_and_one_over_its_limit_failed()
    {
        using var missed = new ReportLedger { MissedSlots = { 3 } };
        await missed.DeployAsync();
        await missed.WatchAsync();
        using var busy = new ReportLedger { Cpu = 79 };
        await busy.DeployAsync();
        await busy.WatchAsync();
        using var cut = new ReportLedger();
        await cut.DeployAsync();
        await cut.WatchAsync(ends: false);

        static ChecklistState Of(ReportLedger ledger, string id) => DeploymentReports.Items(ledger.Path, 7, "en-US").Single(item => item.Id == id).State;
        Assert.Equal((ChecklistState.Missed, ChecklistState.Missed), (Of(missed, "3.1.watched"), Of(missed, "3.4.record")));
        Assert.Equal((ChecklistState.Failed, ChecklistState.Done), (Of(busy, "3.2.cpu"), Of(busy, "3.2.memory")));
        Assert.Equal(ChecklistState.Open, Of(cut, "3.2.cpu"));
        Assert.Contains("| missed |", missed.Write(ReportFormat.Markdown, "en-US"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_that_was_taken_back_is_not_live_however_well_its_checks_went()
    {
        using var ledger = await ReportLedger.CompleteAsync();
        await ledger.RollBackAsync();

        var report = ledger.Write(ReportFormat.Markdown, "en-US");

        Assert.Equal("rolled_back", State(ledger));
        Assert.Contains("deployment 8 went back from it", report, StringComparison.Ordinal);
        Assert.Contains("- [ ] Version 2.0.2 is deployed and live — ❌", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_ledger_gives_the_same_bytes_and_a_damaged_one_gives_none()
    {
        using var ledger = await ReportLedger.CompleteAsync();
        foreach (var format in Enum.GetValues<ReportFormat>()) Assert.Equal(ledger.Write(format, "ko-KR"), ledger.Write(format, "ko-KR"));

        await File.WriteAllTextAsync(ledger.Path, (await File.ReadAllTextAsync(ledger.Path, Token)).Replace("\"200\"", "\"201\"", StringComparison.Ordinal), Token);

        Assert.Equal("LedgerNotWhole", Assert.Throws<EvidenceException>(() => ledger.Write(ReportFormat.Markdown, "ko-KR")).ErrorId);
    }

    [Fact]
    public async Task Html_asks_nothing_of_any_network_and_shows_each_figure_with_its_limit()
    {
        using var ledger = await ReportLedger.CompleteAsync();

        var html = ledger.Write(ReportFormat.Html, "ko-KR");

        Assert.DoesNotMatch(@"(?:src|href)\s*=\s*""(?!data:|#)", html);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(4, Regex.Count(html, "<svg "));
        Assert.Equal(4, Regex.Count(html, "<line class=\"limit\""));
        Assert.Equal(13, Regex.Count(Regex.Match(html, "<svg .*?</svg>").Value, "<circle "));
        // Well-formed enough to be read as XML once its one doctype and void elements are closed.
        Assert.NotNull(XDocument.Parse(Regex.Replace(html.Replace("<!doctype html>", "", StringComparison.Ordinal), "<(meta|link)([^>]*)>", "<$1$2/>")));
    }

    [Fact]
    public async Task What_was_recorded_is_never_markup()
    {
        using var ledger = new ReportLedger { Verdicts = { ["root"] = Verdict.Fail } };
        await ledger.DeployAsync();
        await ledger.ApproveAsync("<b>lee</b> *x* | [y](z)");

        Assert.DoesNotContain("<b>lee", ledger.Write(ReportFormat.Html, "en-US"), StringComparison.Ordinal);
        Assert.DoesNotContain("<b>lee", ledger.Write(ReportFormat.Markdown, "en-US").Replace("\\<", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ReportFormat.JUnitXml, "testcase", "failure")]
    [InlineData(ReportFormat.NUnitXml, "test-case", "failure")]
    public async Task Xml_fails_what_failed_and_passes_nothing_that_is_not_done(ReportFormat format, string element, string fault)
    {
        using var ledger = new ReportLedger { Verdicts = { ["page: download of"] = Verdict.Fail } };
        await ledger.DeployAsync();

        var cases = XDocument.Parse(ledger.Write(format, "ko-KR")).Descendants(element).ToList();

        Assert.StartsWith("2.3.click:", Assert.Single(cases, one => one.Element(fault) is not null).Attribute("name")!.Value, StringComparison.Ordinal);
        var done = DeploymentReports.Items(ledger.Path, 7, "ko-KR").Where(item => item.State == ChecklistState.Done).Select(item => item.Id).ToList();
        var passed = cases.Where(one => format == ReportFormat.JUnitXml ? !one.HasElements : one.Attribute("result")!.Value == "Passed").Select(one => one.Attribute("name")!.Value);
        Assert.All(passed, name => Assert.Contains(done, id => name.StartsWith(id, StringComparison.Ordinal)));
    }

    [Fact]
    public void Both_languages_have_the_same_texts_with_the_same_places()
    {
        var (korean, english) = (ReportText.For("ko-KR", TimeZoneInfo.Utc), ReportText.For("en-US", TimeZoneInfo.Utc));

        Assert.Equal(english.Keys.Order(), korean.Keys.Order());
        Assert.All(english.Keys, key => Assert.Equal(Places(english[key]), Places(korean[key])));

        static IEnumerable<string> Places(string text) => Regex.Matches(text, @"\{[0-9]\}").Select(match => match.Value).Distinct().Order();
    }

    private static string State(ReportLedger ledger) => (string)JsonNode.Parse(ledger.Write(ReportFormat.Json, "en-US"))!["state"]!;
}
