using System.Net;
using BacktestOps.Contracts;
using Microsoft.Data.Sqlite;

namespace BacktestOps.Service.Tests;

/// <summary>What callers are told of a home that is down or has lost something: enough to act on, and no folder of the machine.</summary>
public sealed class HiddenFolderTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("backtestops-hidden-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public async Task A_database_that_is_locked_is_told_without_where_it_lies()
    {
        await using var service = await ServiceProcess.StartAsync("--home", _home);
        using var http = new HttpClient { BaseAddress = service.Address };
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_home, "runs.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "BEGIN EXCLUSIVE";
        command.ExecuteNonQuery();

        using var answer = await http.PostAsync(new Uri("/api/backtest/start", UriKind.Relative), new StringContent("""{"symbols": ["SP500"], "strategy": "BuyAndHold"}""", null, "application/json"), Token);
        var text = await answer.Content.ReadAsStringAsync(Token);

        Assert.True(answer.StatusCode == HttpStatusCode.ServiceUnavailable, text);
        Assert.Contains("runs.db", text, StringComparison.Ordinal);
        Assert.DoesNotContain(_home, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_result_that_is_gone_is_an_answer_for_good_and_health_names_it()
    {
        await using var service = await ServiceProcess.StartAsync("--home", _home);
        var run = await service.Client.StartAsync(new BacktestRequest { Symbols = ["SP500"], Strategy = "BuyAndHold" }, Token);
        var ended = await ServiceWork.EndAsync(service.Client, run.BacktestId);
        File.Delete(Path.Combine(_home, "results", ended.ResultsFile!));
        using var http = new HttpClient { BaseAddress = service.Address };

        using var answer = await http.GetAsync(new Uri($"/api/backtest/result/{run.BacktestId}", UriKind.Relative), Token);
        var text = await answer.Content.ReadAsStringAsync(Token);

        Assert.True(answer.StatusCode == HttpStatusCode.Gone, text);
        Assert.Null(answer.Headers.RetryAfter);
        Assert.Contains("urn:backtestops:result-lost", text, StringComparison.Ordinal);
        Assert.DoesNotContain(_home, text, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ResultLostException>(() => service.Client.GetResultAsync(run.BacktestId, Token));
        using var health = await http.GetAsync(new Uri("/api/health", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.Contains(run.BacktestId, await health.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }
}
