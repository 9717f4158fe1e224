using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Operations.Commands;
using BacktestOps.Operations.Monitoring.Logs;
using BacktestOps.Operations.Plans;
using BacktestOps.Operations.Tests.Fixtures;

namespace BacktestOps.Operations.Tests.Monitoring;

/// <summary>Each line is read once, whatever is done to the files; where lines are lost it is said.</summary>
public sealed class LogFollowerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _lines = [];
    private readonly LogFollower _follower;

    public LogFollowerTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A file's identity is its inode, which only Linux is asked for.");
        _follower = new LogFollower([_folder["*.log"]]);
        File.WriteAllText(_folder["a.log"], "before\n");
        _follower.Begin(null);
    }

    public static TheoryData<string> Rotations => [.. All.Keys];

    private static readonly Dictionary<string, Action<LogFollowerTests>> All = new()
    {
        ["renamed, and a new file made"] = test =>
        {
            File.Move(test._folder["a.log"], test._folder["a.log.1"]);
            File.WriteAllText(test._folder["a.log"], "");
        },
        ["renamed to a name that is followed too"] = test =>
        {
            File.Move(test._folder["a.log"], test._folder["a-old.log"]);
            File.WriteAllText(test._folder["a.log"], "");
        },
        ["removed, and a new file made"] = test =>
        {
            File.Delete(test._folder["a.log"]);
            File.WriteAllText(test._folder["a.log"], "");
        },
        ["copied and emptied, as logrotate's copytruncate does"] = test =>
        {
            File.Copy(test._folder["a.log"], test._folder["a.log.1"]);
            File.WriteAllText(test._folder["a.log"], "");
        },
        ["copied and emptied, as a deployment does"] = test => Operations.Services.ServiceLogs.Rotate(test._folder["a.log"], 1, DateTimeOffset.UnixEpoch),
    };

    [Theory]
    [MemberData(nameof(Rotations))]
    public void A_rotation_loses_no_line_counts_none_twice_and_is_noticed(string rotation)
    {
        Add("1", "2");
        Read();
        Add("3");
        All[rotation](this);
        Add("4");

        var incidents = Read();

        Add("5");
        Assert.Empty(Read());
        Assert.Equal(["1", "2", "3", "4", "5"], _lines);
        Assert.Equal([WatchIncidentKind.LogRotated], incidents.Select(incident => incident.Kind));
    }

    [Fact]
    public void A_watch_that_rotates_a_log_itself_reads_on_without_a_gap()
    {
        Add("1");
        _follower.Rotate(_folder["a.log"], 1, DateTimeOffset.UnixEpoch, _lines.Add);
        Add("2");

        Assert.Equal(WatchIncidentKind.LogRotated, Assert.Single(Read()).Kind);
        Assert.Equal(["1", "2"], _lines);
        Assert.Equal("2\n", File.ReadAllText(_folder["a.log"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("another, longer than what was there\n")]
    public void A_log_that_was_emptied_without_a_copy_is_said_to_have_lost_lines(string now)
    {
        Add("1");
        Read();
        File.WriteAllText(_folder["a.log"], now);

        Assert.Equal(WatchIncidentKind.LogTruncated, Assert.Single(Read()).Kind);
        Assert.Equal(now.Length == 0 ? ["1"] : ["1", now.TrimEnd()], _lines);
    }

    [Fact]
    public void A_line_counts_when_it_has_ended()
    {
        File.AppendAllText(_folder["a.log"], "half");
        Read();
        Assert.Empty(_lines);

        File.AppendAllText(_folder["a.log"], " and half\r\n");
        Read();
        Assert.Equal(["half and half"], _lines);
    }

    [Fact]
    public void A_new_file_is_read_from_its_begin()
    {
        File.WriteAllText(_folder["b.log"], "1\n2\n");

        Assert.Empty(Read());
        Assert.Equal(["1", "2"], _lines);
    }

    [Fact]
    public void An_interrupted_watch_reads_on_where_it_was_though_the_file_was_renamed()
    {
        Add("1");
        Read();
        var positions = _follower.Positions;
        Add("2");
        File.Move(_folder["a.log"], _folder["a.log.1"]);
        File.WriteAllText(_folder["a.log"], "3\n");

        using var later = new LogFollower([_folder["*.log"]]);
        later.Resume(positions);
        var incidents = later.Read(_lines.Add);

        Assert.Equal(["1", "2", "3"], _lines);
        Assert.All(incidents, incident => Assert.Equal(WatchIncidentKind.LogRotated, incident.Kind));
    }

    [Fact]
    public void A_log_that_is_gone_when_a_watch_is_taken_up_is_said_to_be_lost()
    {
        var positions = _follower.Positions;
        _follower.Dispose();
        File.Delete(_folder["a.log"]);

        using var later = new LogFollower([_folder["*.log"]]);
        later.Resume(positions);

        Assert.Equal(WatchIncidentKind.LogLost, Assert.Single(later.Read(_lines.Add)).Kind);
    }

    [Fact]
    public void A_line_longer_than_any_is_cut_and_the_next_is_whole()
    {
        Add(new string('x', 300_000), "next");
        Read();

        Assert.InRange(_lines[0].Length, 64 * 1024, 128 * 1024);
        Assert.Equal("next", _lines[1]);
    }

    /// <summary>Lines as services write them, and the classes that each is of.</summary>
    [Theory]
    [InlineData("127.0.0.1 - - [08/Feb/2026:14:30:00 +0900] \"GET /favicon.ico HTTP/1.1\" 404 153 \"-\"", "404", true)]
    [InlineData("GET /api/backtest/download/bt-1 404 3.1 ms - 22", "404 download_404", true)]
    [InlineData("{\"method\":\"GET\",\"path\":\"/api/backtest/result/x\",\"status\":404}", "404 download_404", false)]
    [InlineData("HTTP GET /api/backtest/result/9 responded 404 in 3 ms", "404 download_404", true)]
    [InlineData("GET /api/health 200 404 ms", "", true)]
    [InlineData("took 404 ms, read 500 rows", "", false)]
    [InlineData("POST /api/backtest/start HTTP/1.1\" 503 0", "api_error", true)]
    [InlineData("2026-02-08T05:30:00.000Z fail: BacktestOps.Service[21] GET /api/x met a fault, reference 7", "api_error", true)]
    [InlineData("2026-02-08T05:30:00.000Z warn: BacktestOps.Service[32] Ended backtest bt-1: failed after 1.000 s: no data", "backtest_error warning", false)]
    [InlineData("2026-11-26T02:30:00.000Z info: BacktestOps.Service.Requests[40] GET /api/backtest/result/x responded 404 in 0.3 ms, route none, trace 1; 1 requests since the last count", "404 download_404", true)]
    [InlineData("GET /api/backtest/result/smoke-unknown-0123 responded 404 in 0.3 ms", "", true)]
    [InlineData("GET /api/health responded 503 in 0.3 ms while the service was starting, route /api/health, trace 1; 1 requests since the last count", "", true)]
    [InlineData("[WARN] low memory", "warning", false)]
    [InlineData("[ERROR] database is locked", "api_error", false)]
    [InlineData("백테스트 bt-3 실행 중 오류", "backtest_error", false)]
    [InlineData("서버 경고: 디스크 부족", "warning", false)]
    [InlineData("2026-02-08T05:30:00.000Z info: BacktestOps.Service[31] Ended backtest bt-1: completed after 0.120 s", "", false)]
    [InlineData("version 2.0.2 listens on port 3000", "", false)]
    public void A_line_is_of_the_classes_that_it_tells_of(string line, string classes, bool isRequest)
    {
        var counter = new LogCounter(new LogPlan(), Redactor.None);

        counter.Add(line);

        var counts = counter.Take();
        Assert.Equal(classes, string.Join(' ', counts.Where(count => count.Matches > 0).Select(count => count.Class)));
        Assert.All(counts, count => Assert.Equal((1, isRequest ? 1 : 0), (count.Lines, count.Requests)));
    }

    [Theory]
    [InlineData("GET /x responded 404 in 0.3 ms, route none, trace 1; 1234 requests since the last count", 1234)]
    [InlineData("Answered 56 requests since the last count", 56)]
    [InlineData("GET /x HTTP/1.1\" 200 5", 1)]
    [InlineData("56 requests were many", 0)]
    public void A_line_tells_of_as_many_requests_as_it_says(string line, int requests)
    {
        var counter = new LogCounter(new LogPlan(), Redactor.None);

        counter.Add(line);
        counter.Add(line);

        Assert.All(counter.Take(), count => Assert.Equal(2 * requests, count.Requests));
    }

    [Theory]
    [InlineData("GET /api/backtest/result/bt-7 404 1.2 ms", "bt-7")]
    [InlineData("[05:30:00] GET /api/backtest/download/bt-17-a833.d7 404", "bt-17-a833.d7")]
    [InlineData("10.0.0.1 - - \"GET /api/results/20261123-013558-7f3a9c2e/variants HTTP/1.1\" 404 19", "20261123-013558-7f3a9c2e")]
    [InlineData("GET /download?format=json&id=bt-9&x=1 404", "bt-9")]
    [InlineData("GET /api/backtest/result?backtest_id=bt-9 404", "bt-9")]
    [InlineData("GET /api/backtest/download 404", "")]
    [InlineData("download of bt-9: 404 Not Found", "")]
    public void The_run_that_a_lost_download_asked_for_is_read_from_its_line(string line, string run)
    {
        var counter = new LogCounter(new LogPlan(), Redactor.None);

        counter.Add(line);
        counter.Add(line);

        Assert.Equal(2, counter.Take().Single(count => count.Class == LogPatterns.DownloadNotFound).Matches);
        Assert.Equal([(run, 2)], counter.TakeRuns().Select(asked => (asked.Key, asked.Value)));
        Assert.Empty(counter.TakeRuns());
    }

    [Fact]
    public void Runs_without_end_are_not_remembered_without_end()
    {
        var counter = new LogCounter(new LogPlan(), Redactor.None);

        for (var made = 0; made < 5000; made++) counter.Add($"GET /api/backtest/result/made-up-{made} 404");

        Assert.Equal((5000, 100), (counter.Take().Single(count => count.Class == LogPatterns.DownloadNotFound).Matches, counter.TakeRuns().Count));
    }

    /// <summary>The lines of this project's own service, against the classes of its plan template.</summary>
    [Theory]
    [InlineData(40, "Information", "/api/backtest/result/20261123-013558-7f3a9c2e", 404, "/api/backtest/result/{id}", "404 download_404")]
    [InlineData(40, "Information", "/api/backtest/download/20261123-013558-7f3a9c2e", 404, "none", "404 download_404")]
    [InlineData(40, "Information", "/api/backtest/download", 404, "none", "404")]
    [InlineData(40, "Information", "/api/backtest/result/a-typing-error", 404, "/api/backtest/result/{id}", "404")]
    [InlineData(40, "Information", "/api/backtest/progress/20261123-013558-7f3a9c2e", 404, "/api/backtest/progress/{id}", "404")]
    [InlineData(40, "Information", "/favicon.png", 404, "none", "404")]
    [InlineData(40, "Information", "/api/backtest/result/20261123-013558-7f3a9c2e", 409, "/api/backtest/result/{id}", "")]
    [InlineData(41, "Warning", "/api/backtest/start", 503, "/api/backtest/start", "api_error warning")]
    [InlineData(42, "Error", "/api/backtest/start", 500, "/api/backtest/start", "api_error")]
    [InlineData(44, "Information", "/api/backtest/start while the service was starting", 503, "/api/backtest/start", "")]
    public void The_template_s_classes_know_the_service_s_own_lines(int number, string level, string path, int status, string route, string classes)
    {
        var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        using var template = JsonDocument.Parse(PlanTemplates.Text("BacktestService"), options);
        var own = template.RootElement.GetProperty("watch").GetProperty("logs").GetProperty("classes").EnumerateObject().ToDictionary(known => known.Name, known => known.Value.GetString()!);
        var counter = new LogCounter(new LogPlan { Classes = own }, Redactor.None);

        counter.Add($$$"""{"Timestamp":"2026-11-26T02:30:00.000Z","EventId":{{{number}}},"LogLevel":"{{{level}}}","Category":"BacktestOps.Service.Requests","Message":"GET {{{path}}} responded {{{status}}} in 0.3 ms, route {{{route}}}, trace 1; 7 requests since the last count","State":{"Message":"…","Method":"GET","Path":"{{{path}}}","Status":{{{status}}},"Milliseconds":0.3,"Route":"{{{route}}}","TraceId":"1","Requests":7}}""");

        var counts = counter.Take();
        Assert.Equal(classes, string.Join(' ', counts.Where(count => count.Matches > 0).Select(count => count.Class)));
        Assert.All(counts, count => Assert.Equal(7, count.Requests));
    }

    [Fact]
    public void What_is_kept_of_a_line_has_no_secret_in_it()
    {
        var counter = new LogCounter(new LogPlan(), new Redactor(["hunter2-hunter2"]));

        counter.Add("[ERROR] login with hunter2-hunter2 failed");

        Assert.DoesNotContain("hunter2", counter.Take().Single(count => count.Class == "api_error").First, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _follower?.Dispose();
        _folder.Dispose();
    }

    private void Add(params string[] lines) => File.AppendAllText(_folder["a.log"], string.Concat(lines.Select(line => line + "\n")));

    private IReadOnlyList<WatchIncident> Read() => _follower.Read(_lines.Add);
}
