using System.Security.Cryptography;
using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Runs.Tests.Support;

namespace BacktestOps.Runs.Tests;

/// <summary>The main job through the public surface, with the real engine and the bundled prices.</summary>
public sealed class MainJobTests : IDisposable
{
    private static readonly BacktestRequest Request = new()
    {
        Symbols = ["sp500", "SYN-GROW"],
        Strategy = "smacross",
        Parameters = new Dictionary<string, double> { ["fast"] = 10, ["slow"] = 50 },
    };

    private readonly TempFolder _home = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task ARunGoesFromAcceptedToAResultThatIsWhatItsDigestSays()
    {
        await using var runner = await OpenAsync();
        var accepted = await runner.StartAsync(Request, Token);
        Assert.Equal(BacktestStatus.Queued, accepted.Status);
        Assert.Matches("^[0-9]{8}-[0-9]{6}-[0-9a-f]{8}$", accepted.BacktestId);
        Assert.Equal(["SP500", "SYN-GROW"], accepted.Symbols);
        Assert.Equal("SmaCross", accepted.Strategy);

        var last = 0.0;
        var ended = await runner.EndAsync(accepted.BacktestId, progress =>
        {
            Assert.True(progress.Progress >= last, $"progress fell from {last} to {progress.Progress}");
            Assert.True(progress.Progress < 100 || progress.Status == BacktestStatus.Completed);
            last = progress.Progress;
        });
        Assert.Equal(BacktestStatus.Completed, ended.Status);
        Assert.Equal(100, ended.Progress);
        Assert.Equal(1, ended.Attempts);
        Assert.Null(ended.Error);
        Assert.Equal($"backtest-result-{ended.BacktestId}.json", ended.ResultsFile);

        var document = await runner.GetResultAsync(ended.BacktestId, Token);
        Assert.Equal(ended.ResultDigest, document.Digest);
        Assert.Equal(ended.ResultDigest, Convert.ToHexStringLower(SHA256.HashData(document.Content.Span)));
        Assert.Equal(document.Content.ToArray(), await File.ReadAllBytesAsync(Path.Combine(_home.Path, "results", document.FileName), Token));
        var result = JsonSerializer.Deserialize(document.Content.Span, ContractsJson.Default.BacktestResult)!;
        Assert.Equal(ended.EndedAt, result.CompletedAt);
        Assert.Equal(["SP500", "SYN-GROW"], result.Data.Select(data => data.Symbol));
        Assert.Equal(5105, result.Data[0].Bars);
        Assert.Equal("bundled", result.Data[0].Source);
        Assert.True(result.Performance.TotalTrades > 10);
        Assert.Equal(5105, result.EquityCurve.Count);
    }

    [Fact]
    public async Task TheSameRequestTwiceGivesTheSameBytesOutsideIdAndTimes()
    {
        await using var runner = await OpenAsync();
        var documents = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            var ended = await runner.EndAsync((await runner.StartAsync(Request, Token)).BacktestId);
            var result = await runner.GetResultAsync(ended.BacktestId, Token);
            documents.Add(System.Text.Encoding.UTF8.GetString(result.Content.Span)
                .Replace(ended.BacktestId, "ID", StringComparison.Ordinal)
                .Replace(JsonSerializer.Serialize(ended.EndedAt!.Value), "\"TIME\"", StringComparison.Ordinal));
        }

        Assert.Contains("\"completed_at\": \"TIME\"", documents[0], StringComparison.Ordinal);
        Assert.Equal(documents[0], documents[1]);
    }

    [Fact]
    public async Task EveryFaultOfARequestIsNamedAtOnceAndNothingIsStored()
    {
        await using var runner = await OpenAsync();
        var request = Request with { Symbols = ["SP5OO", "SYN-FALL", "SYN-YOUNG"], Strategy = "Magic", InitialCash = -1, Adjusted = true, To = new DateOnly(2001, 1, 1) };
        var fault = await Assert.ThrowsAsync<InvalidRequestException>(() => runner.StartAsync(request, Token));
        Assert.Equal(fault.Faults, await runner.CheckAsync(request, Token));
        Assert.Empty(await runner.CheckAsync(Request, Token));
        Assert.Equal(
            ["initial_cash", "strategy", "symbols[0]", "symbols[1]", "symbols[2]"],
            fault.Faults.Select(each => each.Field).Distinct().Order(StringComparer.Ordinal));
        Assert.Contains("did you mean SP500?", fault.Message, StringComparison.Ordinal);
        Assert.Contains("no adjusted close", fault.Message, StringComparison.Ordinal);
        Assert.Empty(await runner.ListAsync(new BacktestQuery(), Token));
        Assert.Empty(Directory.GetFiles(Path.Combine(_home.Path, "results")));
    }

    private Task<BacktestRunner> OpenAsync() => BacktestRunner.OpenAsync(new RunnerOptions { HomePath = _home.Path }, Token);
}
