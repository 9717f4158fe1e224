using System.Text;
using BacktestOps.Operations.Audit;

namespace BacktestOps.Operations.Tests.Audit;

public sealed class HostileReportTests
{
    public static TheoryData<string> Texts => new()
    {
        string.Concat(Enumerable.Repeat("> ", 20_000)) + "x",
        string.Join('\n', Enumerable.Range(0, 2_000).Select(depth => new string(' ', 2 * Math.Min(depth, 900)) + "- [x] item")),
        string.Concat(Enumerable.Repeat("- ", 20_000)) + "x",
        new string('[', 100_000),
        string.Concat(Enumerable.Repeat("|", 100_000)) + "\n|" + string.Concat(Enumerable.Repeat("-|", 50_000)) + "\n" + new string('|', 100_000),
        "| a | b\n|---\n| 합계 |\n||||||\n| total | 5 | 6 | 7 |\n|",
        "| a |\n|---|",
        "```\n[14:30] CPU: 12%\n[99:99] CPU: 1e999%\n[14:30] CPU: 99999999999999999999%",
        "- [x] 99999999999999 hours from 14:30 to 14:31, 999999 weeks, 2026-99-99, 0000-00-00, 2026-02-30",
        "[x]\n- [x]\n- [\n- [x\n#\n######\n####### a\n***\n- - - [x] - [ ]",
        string.Concat(Enumerable.Repeat("1분 30초 14:30 ~ 15:00 < 80% 0건 v1.2.3 ", 20_000)),
        string.Join('\n', Enumerable.Repeat("- [x] CPU 평균: 14% (요건: < 80%) 14:30 ~ 15:00 (1시간) v2.0.2 배포 0건", 8_000)),
        string.Join('\n', Enumerable.Range(0, 8_000).Select(n => $"[{n / 60 % 24:00}:{n % 60:00}] CPU: {n % 100}%, Errors: 0")) + "\n\nCPU mean 5%\n\n## Monitoring\n\nevery 5 minutes",
        "\0\u0001\uFFFE\uD800 [x] \uDC00 ✅",
        "---\ntitle: x\n---\n<script>\n- [x] </script>\n<!-- - [ ] -->",
        "\r\r\n\n\r- [x] a\r- [ ] b\r",
    };

    [Theory]
    [MemberData(nameof(Texts), DisableDiscoveryEnumeration = true)]
    public void A_hostile_text_is_audited_or_said_not_to_be_read(string text) => Assert.NotNull(ReportAudit.Audit(text, "x.md"));

    [Fact]
    public void Text_that_nests_too_deeply_is_said_not_to_be_read() =>
        Assert.Contains(ReportAudit.Audit(string.Concat(Enumerable.Repeat("> ", 20_000)) + "x", "x.md"), finding => finding.Rule == "unread");

    [Fact]
    public void Words_and_figures_thrown_together_at_random_never_throw()
    {
        string[] parts =
        [
            "- [x] ", "- [ ] ", "# ", "## ", "| ", "|---|\n", "```\n", "\n", "\n\n", "  ", "14:30", "~", "–", "15:00", "2026-02-08", "1시간", "an hour", "12%", "45MB",
            "평균", "max", "CPU", ": ", "(", ")", "< ", "0건", "합계", "v2.0.2", "배포", "monitoring", "승인", "approved by", "Kim", "every 5 minutes", "예상", "actual", "✅", "\t", "> ", "[14:30] ",
        ];
        for (var seed = 1; seed <= 400; seed++)
        {
            var random = new Random(seed);
            var text = new StringBuilder();
            for (var part = 0; part < 120; part++) text.Append(parts[random.Next(parts.Length)]);
            try
            {
                ReportAudit.Audit(text.ToString(), "x.md");
            }
            catch (Exception error)
            {
                Assert.Fail($"Seed {seed}: {error}\n{text}");
            }
        }
    }

    [Theory]
    [InlineData(ReportAudit.MaxBytes + 1, (byte)'a')]
    [InlineData(1_000, (byte)0)]
    public void A_file_that_is_too_long_or_no_text_is_said_not_to_be_read(int length, byte content)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, [.. Enumerable.Repeat(content, length)]);

            Assert.Equal(["unread"], ReportAudit.AuditFile(file).Select(finding => finding.Rule));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Lines_beyond_the_limit_are_said_not_to_be_read() =>
        Assert.Equal(["unread"], ReportAudit.Audit(string.Concat(Enumerable.Repeat("a\n", ReportAudit.MaxLines + 5)), "x.md").Select(finding => finding.Rule));

    [Fact]
    public void A_file_that_is_not_there_is_an_error_that_says_what_to_do()
    {
        var error = Assert.Throws<AuditException>(() => ReportAudit.AuditFile(Path.Combine(Path.GetTempPath(), Guid.NewGuid() + ".md")));

        Assert.Equal("ReportNotReadable", error.ErrorId);
    }
}
