using System.Net;
using BacktestOps.Operations.Databases;
using BacktestOps.Operations.Monitoring;
using BacktestOps.Operations.Monitoring.Runs;
using BacktestOps.Operations.Tests.Fixtures;
using Microsoft.Data.Sqlite;

namespace BacktestOps.Operations.Tests.Monitoring;

/// <summary>Which lost downloads are a user's, and which ask for what there never was.</summary>
public sealed class GivenOutRunsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_is_given_out_that_was_seen_or_was_in_the_backup_or_has_a_progress_and_one_that_can_not_be_told()
    {
        var asked = new List<string>();
        using var answers = new Answers(asked);
        using var timer = new HttpTimer(new Uri("http://service/"), answers, TimeProvider.System);
        var runs = new GivenOutRuns(timer, "/api/backtest/progress?id={id}", TimeSpan.FromSeconds(5), id => id == "seen", new AcceptedEntries(Backup(), "runs", "id"));

        var given = await runs.CountAsync(new Dictionary<string, int>
        {
            ["seen"] = 1, ["backed%2Dup"] = 10, ["running"] = 100, ["failing"] = 1000, [""] = 10_000, ["made-up"] = 100_000, ["' OR 1=1 --"] = 1_000_000, ["long"] = 10_000_000,
        }, Token);

        Assert.Equal(11_111, given);
        Assert.Equal(["running", "failing", "made-up", "%27%20OR%201%3D1%20--", "long"], asked);
    }

    [Fact]
    public void A_backup_that_can_not_be_read_tells_nothing()
    {
        File.WriteAllText(_folder["no.db"], "no database");

        Assert.Null(new AcceptedEntries(_folder["no.db"], "runs", "id").Has("a"));
        Assert.Null(new AcceptedEntries(Backup(), "walks", "id").Has("a"));
        Assert.False(new AcceptedEntries(Backup(), "runs", "id").Has("a"));
    }

    public void Dispose() => _folder.Dispose();

    private string Backup()
    {
        using var connection = new SqliteConnection($"Data Source={_folder["backup.db"]};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "CREATE TABLE IF NOT EXISTS runs (id TEXT PRIMARY KEY); INSERT OR IGNORE INTO runs VALUES ('backed-up')";
        command.ExecuteNonQuery();
        return _folder["backup.db"];
    }

    private sealed class Answers(List<string> asked) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var id = request.RequestUri!.Query["?id=".Length..];
            asked.Add(id);
            return Task.FromResult(new HttpResponseMessage(id switch { "running" => HttpStatusCode.OK, "failing" => HttpStatusCode.InternalServerError, "long" => HttpStatusCode.RequestUriTooLong, _ => HttpStatusCode.NotFound }));
        }
    }
}
