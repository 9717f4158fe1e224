using BacktestOps.Contracts;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Feedback;
using BacktestOps.Operations.Tests.Fixtures;

namespace BacktestOps.Operations.Tests.Feedback;

public sealed class FileChannelTests : IDisposable
{
    private static readonly DateTimeOffset Since = new(2026, 2, 8, 0, 0, 0, TimeSpan.Zero);
    private readonly ChannelPlan _plan = new();

    public void Dispose() => _plan.Dispose();

    [Fact]
    public async Task Lines_since_a_time_are_classed_kept_and_recorded()
    {
        Lines(
            """{"at":"2026-02-07T23:59:59Z","text":"the download is broken"}""",
            """{"id":"a","at":"2026-02-08T00:00:00Z","from":"kim","text":"오류 없이 잘 돼요"}""",
            """{"id":"b","at":"2026-02-08T12:00:00+09:00","text":"I get 404 on download"}""",
            """{"id":"c","at":"2026-02-08T10:00:00Z","text":"too slow"}""",
            "");

        var reading = await ReadAsync();

        Assert.Equal((Verdict.Fail, 1, 1, 1), (reading.Verdict, reading.Positive, reading.Negative, reading.BugReports));
        Assert.Equal(["a", "b", "c"], reading.Items.Select(item => item.Id));
        var record = Assert.Single(_plan.Ledger());
        Assert.Equal((EvidenceKind.Feedback, Verdict.Fail, 3), (record.Kind, record.Verdict, record.Samples));
        var data = System.Text.Json.JsonSerializer.Deserialize(record.Data!.Value, FeedbackJson.Default.FeedbackData)!;
        Assert.Equal((true, 3, 1, 1, 1), (data.WasRead, data.Items, data.Positive, data.Negative, data.BugReports));
        Assert.Equal(["404"], data.Found[1].Words);
        var kept = new ArtifactStore(Path.Combine(_plan.Root, "evidence", "artifacts"));
        Assert.All(record.Artifacts, digest => Assert.NotEmpty(kept.Read(digest)));
        Assert.Contains("오류 없이 잘 돼요", System.Text.Encoding.UTF8.GetString(kept.Read(data.Found[0].Artifact!)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_message_is_the_same_artifact_however_often_it_is_read()
    {
        Lines("""{"at":"2026-02-08T00:00:00Z","text":"Thanks"}""");

        Assert.Equal((await ReadAsync()).Items[0].Digest, (await ReadAsync()).Items[0].Digest);
    }

    [Theory]
    [InlineData("{\"at\":\"2026-02-08T00:00:00Z\",\"text\":\"tha", "no JSON")]
    [InlineData("{\"at\":\"yesterday\",\"text\":\"thanks\"}", "'at' is no time")]
    [InlineData("{\"text\":\"thanks\"}", "'at' is no time")]
    [InlineData("{\"at\":\"2026-02-08T00:00:00Z\",\"text\":5}", "'text' is no string")]
    [InlineData("[1]", "no JSON object")]
    public async Task A_line_that_can_t_be_read_leaves_the_reading_inconclusive_and_is_named(string line, string why)
    {
        Lines("""{"at":"2026-02-08T00:00:00Z","text":"Thanks"}""", line);

        var reading = await ReadAsync();

        Assert.Equal((Verdict.Inconclusive, 1, 1), (reading.Verdict, reading.Positive, reading.Unreadable));
        Assert.Contains("line 2", reading.Detail, StringComparison.Ordinal);
        Assert.Contains(why, reading.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_in_a_folder_is_a_message_and_a_mail_is_read_as_one()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_plan.Folder, "inbox")).FullName;
        Write("note.txt", "The page is great");
        Write("old.txt", "broken", -1);
        Write("mail.eml", "From: lee@example.com\r\nSubject: =?utf-8?B?64uk7Jq066Gc65OcIOyYpOulmA==?=\r\nMessage-ID: <1@example.com>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n어제부터요\r\n\r\n> thanks, great\r\n");
        Write("vacation.eml", "From: lee@example.com\r\nAuto-Submitted: auto-replied\r\nContent-Type: text/plain\r\n\r\nI am away; errors will not be read\r\n");
        File.WriteAllBytes(Path.Combine(folder, "photo.jpg"), [0xFF, 0xD8, 0xFF]);
        _plan.Feedback(new { name = "inbox", kind = "files", path = "inbox" });

        var reading = await ReadAsync(prepared: true);

        Assert.Equal((1, 1, 1, 1), (reading.Positive, reading.BugReports, reading.Unreadable, reading.Ignored));
        var mail = reading.Items.Single(item => item.Id == "1@example.com");
        Assert.Equal(("lee@example.com", "다운로드 오류\n어제부터요"), (mail.From, mail.Text));

        void Write(string name, string text, int days = 0)
        {
            File.WriteAllText(Path.Combine(folder, name), text);
            File.SetLastWriteTimeUtc(Path.Combine(folder, name), Since.UtcDateTime.AddDays(days).AddHours(1));
        }
    }

    [Fact]
    public async Task An_empty_folder_says_that_nobody_wrote_and_a_missing_one_is_an_error()
    {
        _plan.Feedback(new { name = "inbox", kind = "files", path = "inbox" });
        var missing = await ReadAsync(prepared: true);
        Directory.CreateDirectory(Path.Combine(_plan.Folder, "inbox"));
        var empty = await ReadAsync(prepared: true);

        Assert.Equal((Verdict.Error, Verdict.Pass), (missing.Verdict, empty.Verdict));
        Assert.Contains("FeedbackMissing", missing.Detail, StringComparison.Ordinal);
        Assert.Contains("no praise", empty.Detail, StringComparison.Ordinal);
        var records = _plan.Ledger();
        Assert.Null(records[0].Observed);
        Assert.False(records[0].Data!.Value.GetProperty("was_read").GetBoolean());
        Assert.StartsWith("0 messages", records[1].Observed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_channel_that_is_down_takes_no_other_with_it()
    {
        Lines("""{"at":"2026-02-08T00:00:00Z","text":"Thanks"}""");
        _plan.Feedback(new { name = "gone", kind = "files", path = "nowhere" }, new { name = "lines", kind = "files", path = "feedback.jsonl" });

        var readings = await new DeploymentFeedback(_plan.Read(), _plan.Tools).ReadAsync(Since, TestContext.Current.CancellationToken);

        Assert.Equal([("gone", Verdict.Error), ("lines", Verdict.Pass)], readings.Select(reading => (reading.Channel, reading.Verdict)));
    }

    [Fact]
    public async Task More_messages_than_are_read_leave_the_reading_inconclusive()
    {
        Lines([.. Enumerable.Range(0, 5).Select(at => $$"""{"at":"2026-02-08T00:00:0{{at}}Z","text":"Thanks"}""")]);
        _plan.Keys["feedback"] = new { channels = new[] { new { name = "lines", kind = "files", path = "feedback.jsonl" } }, most_items = 4 };

        var reading = await ReadAsync(prepared: true);

        Assert.Equal((Verdict.Inconclusive, 4), (reading.Verdict, reading.Items.Count));
    }

    [Fact]
    public async Task A_secret_that_a_user_wrote_down_is_kept_nowhere()
    {
        Lines("""{"id":"k3y+<\"pass\"","at":"2026-02-08T00:00:00Z","from":"k3y+<\"pass\"","text":"my password k3y+<\"pass\" does not work"}""");
        _plan.Feedback(
            new { name = "lines", kind = "files", path = "feedback.jsonl" },
            new { name = "mail", kind = "imap", host = "127.0.0.1", port = 1, user = "u", password = "secret:MAIL" });
        _plan.Variables["MAIL"] = "k3y+<\"pass\"";

        var feedback = new DeploymentFeedback(_plan.Read(), _plan.Tools);
        var readings = await feedback.ReadAsync(Since, TestContext.Current.CancellationToken);
        await feedback.RecordAsync(readings, cancellationToken: TestContext.Current.CancellationToken);
        File.Delete(Path.Combine(_plan.Folder, "feedback.jsonl"));

        Assert.Equal(Verdict.Error, readings[1].Verdict);
        Assert.Equal("my password [secret] does not work", readings[0].Items[0].Text);
        Assert.Empty(_plan.FilesWith("k3y+"));
        Assert.Empty(_plan.FilesWith("k3y\\u002B"));
    }

    private void Lines(params string[] lines)
    {
        File.WriteAllLines(Path.Combine(_plan.Folder, "feedback.jsonl"), lines);
        _plan.Feedback(new { name = "lines", kind = "files", path = "feedback.jsonl" });
    }

    private async Task<FeedbackReading> ReadAsync(bool prepared = false)
    {
        Assert.True(prepared || _plan.Keys.ContainsKey("feedback"));
        var feedback = new DeploymentFeedback(_plan.Read(), _plan.Tools);
        var readings = await feedback.ReadAsync(Since, TestContext.Current.CancellationToken);
        await feedback.RecordAsync(readings, cancellationToken: TestContext.Current.CancellationToken);
        return Assert.Single(readings);
    }
}
