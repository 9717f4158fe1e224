using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Operations.Commands;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Feedback;
using BacktestOps.Operations.Monitoring.Logs;
using BacktestOps.Operations.Plans;
using BacktestOps.Operations.Reports;
using BacktestOps.Operations.Tests.Deployments;
using BacktestOps.Operations.Tests.Fixtures;
using BacktestOps.Operations.Tests.Notifications;
using BacktestOps.TestService;

namespace BacktestOps.Operations.Tests.Commands;

/// <summary>Made-up secrets are said by a build, a service and people in every spelling, and none can be read in what is written of it.</summary>
public class SecretWritersTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_writer_of_ours_lets_a_secret_through()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are found by /proc, which only Linux has.");
        var (count, random) = Fuzz.Begin(3);
        for (var round = 0; round < count; round++)
        {
            var secret = Fuzz.Secret(random);
            var written = await WrittenAsync(secret);
            // A report quotes of the evidence what its kind shows; the others quote all that was said.
            Assert.Contains(written, entry => entry.Writer.StartsWith("report", StringComparison.Ordinal) && entry.Text.Contains("[secret]", StringComparison.Ordinal));
            foreach (var (writer, text) in written)
            {
                Assert.False(Fuzz.IsReadable(text, secret), $"round {round}, {writer}, secret {JsonSerializer.Serialize(secret)}:\n{text}");
                Assert.True(text.Contains("secret]", StringComparison.Ordinal) || writer.Split(' ')[0] is "file" or "report", $"{writer} says nothing of it: {text}");
            }
        }
    }

    /// <summary>Everything that two deployments, one good and one bad, and what people said about them left anywhere.</summary>
    private static async Task<List<(string Writer, string Text)>> WrittenAsync(string secret)
    {
        using var mail = new StubMailServer();
        var hook = new StubHttp(_ => new HttpResponseMessage(HttpStatusCode.OK));
        var said = string.Join(" | ", Sayings.Of(secret));
        await using var rig = new Rig().Version("1.0.0").Version("1.1.0");
        var told = Path.Combine(rig.Folder, "told");
        rig.ServiceKeys["environment"] = new Dictionary<string, string> { ["A"] = "secret:SECRET" };
        rig.Plan["notifications"] = new object[]
        {
            new { name = "hook", kind = "webhook", url = "https://hook.test/x", on = new[] { "pass", "fail" } },
            new { name = "mail", kind = "smtp", host = "127.0.0.1", port = mail.Port, security = "none", from = "ops@a.test", to = new[] { "lee@a.test" }, on = new[] { "pass", "fail" } },
            new { name = "page", kind = "command", run = new[] { "sh", "-c", $"printf '%s\n' \"$0\" \"$BACKTESTOPS_TEXT\" >> {told}", "{text}" }, on = new[] { "pass", "fail" } },
        };
        rig.Plan["feedback"] = new { channels = new[] { new { name = "forms", kind = "files", path = "forms.jsonl" } } };
        rig.Plan["build"] = new[] { new[] { "dotnet", rig.ServiceProgram, "say", "0" } };
        rig.Tools = rig.Tools with
        {
            Variable = name => name == "SECRET" ? secret : null,
            ChannelHttp = hook.Handler,
            Smoke = new TalkingJourney(said),
        };
        var plan = rig.Read();
        var written = new List<(string, string)>();

        var good = await rig.Deployer().DeployAsync(new DeployRequest { Version = "1.0.0", Reason = $"because {said}" }, cancellationToken: Token);
        Assert.True(good.Outcome == DeploymentOutcome.Succeeded, good.Reason);
        rig.Plan["build"] = new[] { new[] { "dotnet", rig.ServiceProgram, "say", "1" } };
        var bad = await rig.DeployAsync("1.1.0");
        Assert.Equal(DeploymentOutcome.RolledBack, bad.Outcome);
        written.Add(("the deployments", JsonSerializer.Serialize(new[] { good, bad })));
        rig.Plan["build"] = new string[][] { ["echo", .. Sayings.Of(secret)] };
        written.Add(("a preview", string.Join("\n", rig.Deployer().PreviewDeployment(new DeployRequest { Version = "1.1.0" }).Steps)));
        rig.Plan["requirements"] = new Dictionary<string, object> { ["disk_free_bytes"] = 65536, ["tools"] = new[] { new { name = "dotnet", arguments = new[] { rig.ServiceProgram, "say", "3" } } } };
        rig.Plan["build"] = Array.Empty<string[]>();

        var commands = rig.Tools.Guarded(plan, rig.Layout, hasLock: false).Commands;
        var error = await Assert.ThrowsAsync<DeploymentException>(() => commands.RunAsync(new CommandLine { Program = $"no such program {said}", Folder = rig.Folder }, Token));
        written.Add(("an exception", error.ToString() + error.RecommendedAction));
        var ran = await commands.RunAsync(
            new CommandLine { Program = "dotnet", Arguments = [rig.ServiceProgram, "say", "0"], Folder = rig.Folder, LogPath = Path.Combine(rig.Folder, "command.log"), Environment = new Dictionary<string, string> { ["A"] = secret } }, Token);
        written.Add(("a command's output", ran.Output));

        await File.WriteAllTextAsync(Path.Combine(rig.Folder, "forms.jsonl"), JsonSerializer.Serialize(new { at = "2026-02-08T01:00:00Z", text = $"The password {said} was wrong." }) + "\n", Token);
        var feedback = new DeploymentFeedback(rig.Read(), rig.Tools);
        var readings = await feedback.ReadAsync(DateTimeOffset.UnixEpoch, Token);
        await feedback.RecordAsync(readings, cancellationToken: Token);
        written.Add(("feedback", JsonSerializer.Serialize(readings)));
        File.Delete(Path.Combine(rig.Folder, "forms.jsonl"));

        var counter = new LogCounter(new LogPlan(), Secrets.Resolve(plan, rig.Tools.Variable).Redactor);
        foreach (var line in Sayings.Of(secret)) counter.Add($"fail: error {line.ReplaceLineEndings(" ")} {new string('x', 2000)}");
        written.Add(("a log", JsonSerializer.Serialize(counter.Take())));

        written.Add(("webhooks", string.Join("\n", hook.Calls.Select(call => call.Body))));
        written.Add(("mails", string.Join("\n", mail.Mails.Select(Decoded))));
        written.Add(("the operator's command", await File.ReadAllTextAsync(told, Token)));
        foreach (var format in Enum.GetValues<ReportFormat>())
        {
            foreach (var culture in (string[])["en-US", "ko-KR"])
                written.Add(($"report {format} {culture}", DeploymentReports.Write(LedgerLocation.Of(plan), new ReportRequest { Deployment = good.Id, Format = format, Culture = culture })));
        }

        File.Delete(rig.PlanPath);
        written.AddRange(Directory.EnumerateFiles(rig.Folder, "*", SearchOption.AllDirectories).Select(file => ($"file {file}", File.ReadAllText(file))));
        Assert.Contains(written, entry => entry.Item1.EndsWith("build.log", StringComparison.Ordinal) && entry.Item2.Contains("said: [secret]", StringComparison.Ordinal));
        Assert.Contains(written, entry => entry.Item1.Contains("artifacts", StringComparison.Ordinal) && entry.Item2.Contains("[secret]", StringComparison.Ordinal));
        return written;
    }

    /// <summary>A mail as it is read: its body is in whatever transfer encoding fits.</summary>
    private static string Decoded(string mail)
    {
        using var bytes = new MemoryStream(Encoding.UTF8.GetBytes(mail));
        var message = MimeKit.MimeMessage.Load(bytes, CancellationToken.None);
        return string.Create(CultureInfo.InvariantCulture, $"{mail}\n{message.Subject}\n{message.TextBody}");
    }

    /// <summary>A journey that is answered with the secret, keeps the answer and quotes it.</summary>
    private sealed class TalkingJourney(string said) : ISmokeJourney
    {
        public Task<SmokeOutcome> RunAsync(SmokeRequest request, CancellationToken cancellationToken)
        {
            var kept = new ArtifactStore(request.ArtifactFolder, request.Redactor).Put("an answer", "application/json", Encoding.UTF8.GetBytes(said));
            var check = new CheckResult
            {
                Name = "journey", Subject = $"http://host/{said}", Verdict = Verdict.Pass, Expected = said, Observed = said, Detail = said, Samples = 1, ObservedAt = DateTimeOffset.UtcNow, Artifacts = [kept],
            };
            return Task.FromResult(new SmokeOutcome(Verdict.Pass, [check]));
        }
    }
}
