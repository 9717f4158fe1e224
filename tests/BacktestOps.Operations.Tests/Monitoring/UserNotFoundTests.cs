using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Monitoring;
using BacktestOps.Operations.Monitoring.Criteria;
using BacktestOps.Operations.Plans;
using BacktestOps.Operations.Tests.Deployments;

namespace BacktestOps.Operations.Tests.Monitoring;

/// <summary>
/// What users of this project's own service meet between two samples, and the watch's own requests do not: it stands in the
/// service's log, and the plan's template finds it there.
/// </summary>
public sealed class UserNotFoundTests : IAsyncDisposable
{
    private const int Patience = 10;
    private const string Mistyped = "/api/backtest/result/a-typing-error";
    private const string MadeUp = "/api/backtest/result/20260208-053000-0badcafe";

    private readonly Rig _rig = new() { Tools = new DeploymentTools() };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_404_on_a_user_s_download_between_two_samples_is_found_and_meets_the_criterion_and_a_stranger_s_does_not()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are found by /proc, which only Linux has.");
        var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        var template = JsonNode.Parse(PlanTemplates.Text("BacktestService"), documentOptions: options)!;
        _rig.Plan["watch"] = new { duration = "1h", interval = "2s", requests = 3, logs = template["watch"]!["logs"] };
        var run = (await OwnRelease.DeployAsync(_rig, 1, "--log-format", "json"))[0];
        using var user = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_rig.Port}") };
        var watcher = new Watcher(_rig.Read(), _rig.Tools);
        // The fault of the page that version 2.0.1 had: a run that there is, at an address that there is not.
        var wrongAddress = $"/api/backtest/download/{run}?key=s3cr3t";
        var (mistyped, madeUp, lost, waited) = (0, 0, 0, 0);
        await foreach (var sample in watcher.WatchAsync(new WatchRequest(), Token))
        {
            if (sample.IsMissed) continue;
            if (mistyped == 0)
            {
                // The log is read from the release's start: the smoke journey's own unknown ids are in it.
                Assert.All(sample.Logs, count => Assert.True(count.Matches == 0, count.ToString()));
                for (var good = 0; good < 25; good++) Assert.Equal(HttpStatusCode.OK, await AskAsync(user, $"/api/backtest/result/{run}"));
                Assert.Equal(HttpStatusCode.NotFound, await AskAsync(user, Mistyped));
                mistyped++;
            }
            else if (madeUp == 0 && Count(sample, LogPatterns.NotFound) is { Matches: 1 } found)
            {
                // Out of how many: the users' requests are counted with the watch's own.
                Assert.InRange(found.Requests, 26, int.MaxValue);
                Assert.Contains(Mistyped, found.First, StringComparison.Ordinal);
                Assert.Equal(0, Count(sample, LogPatterns.DownloadNotFound).Matches);
                Assert.Empty(watcher.Met);
                Assert.Equal(HttpStatusCode.NotFound, await AskAsync(user, MadeUp));
                madeUp++;
            }
            else if (lost == 0 && Count(sample, LogPatterns.DownloadNotFound) is { Matches: 1 } stranger)
            {
                Assert.Equal(1, stranger.Unknown);
                var check = sample.Checks.Single(check => check.Name == LogPatterns.DownloadNotFound);
                Assert.Equal((Verdict.Pass, 0), (check.Verdict, check.Value));
                Assert.EndsWith("; 1 more for runs that were never given out", check.Detail, StringComparison.Ordinal);
                Assert.Empty(watcher.Met);
                Assert.Equal(HttpStatusCode.NotFound, await AskAsync(user, wrongAddress));
                lost++;
            }
            else if (Count(sample, LogPatterns.DownloadNotFound) is { Matches: > 0 } download)
            {
                Assert.Equal((1, 0), (lost, download.Unknown));
                Assert.Contains($"/api/backtest/download/{run}", download.First, StringComparison.Ordinal);
                Assert.DoesNotContain("s3cr3t", download.First, StringComparison.Ordinal);
                // None of the watch's own requests met it.
                Assert.Equal(Verdict.Pass, sample.Checks.Single(check => check.Name == "request errors").Verdict);
                Assert.Equal(Verdict.Fail, sample.Verdict);
                break;
            }
            else
            {
                Assert.True(++waited < Patience, $"After {waited} samples the log tells of {string.Join(", ", sample.Logs)}.");
            }
        }

        var answers = new RollbackCriteria(_rig.Read(), _rig.Tools).Test([CriteriaPlan.DownloadNotFound]);
        var answer = Assert.Single(answers);
        Assert.True(answer.IsMet, answer.ToString());
        Assert.Matches("^0 of [0-9]+ own downloads answered 404; the logs tell of 1 among [0-9]+ requests, and of 1 for runs that were never given out$", answer.Observed);
    }

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    private static LogCount Count(WatchSample sample, string known) => sample.Logs.Single(count => count.Class == known);

    private static async Task<HttpStatusCode> AskAsync(HttpClient user, string path)
    {
        using var answer = await user.GetAsync(new Uri(path, UriKind.Relative), Token);
        return answer.StatusCode;
    }
}
