using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Runs.Tests.Support;

namespace BacktestOps.Runs.Tests.Sweeps;

/// <summary>A sweep whose process is killed with SIGKILL goes on, and publishes the same bytes.</summary>
public sealed class SweepKillTests : IDisposable
{
    private const int Kills = 6;

    private readonly TempFolder _home = new(), _undisturbed = new(), _data = new();

    // Two stocks: each variant takes a while, and kills find the sweep at work.
    private static readonly BacktestRequest s_request = new()
    {
        Symbols = ["AAA", "BBB"],
        Strategy = "SmaCross",
        Commission = new CommissionTerms { Rate = 0.001, Minimum = 1 },
        Sweep = new SweepRequest
        {
            Parameters = new Dictionary<string, IReadOnlyList<double>>
            {
                ["fast"] = [.. Enumerable.Range(2, 99).Select(n => (double)n)],
                ["slow"] = [.. Enumerable.Range(101, 60).Select(n => (double)n)],
            },
        },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _home.Dispose();
        _undisturbed.Dispose();
        _data.Dispose();
    }

    [Fact]
    public async Task ASweepKilledMoreOftenThanARunMayDieGoesOnFromItsLastPieceToTheSameBytes()
    {
        _data.Write("AAA.csv", SomeBars.Csv(300));
        _data.Write("BBB.csv", SomeBars.Csv(300, 1));
        var expected = await RunToEndAsync(_undisturbed.Path, async runner => (await runner.StartAsync(s_request, Token)).BacktestId);
        string? id = null;
        long done = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            using var host = StartHost(id is null);
            id = await KillBeyondAsync(host, id, 10 + 12 * kill, done);
            var left = WorkLength(id);
            Assert.True(left > done, $"kill {kill}: {left} bytes were left to go on from, after {done}");
            done = left;
        }

        var actual = await RunToEndAsync(_home.Path, _ => Task.FromResult(id!));

        Assert.Equal(Kills + 1, actual.Attempts);
        Assert.Equal(expected.Text, actual.Text);
        Assert.Equal(2, Directory.GetFileSystemEntries(Path.Combine(_home.Path, "results")).Length);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_home.Path, "sweeps")));
    }

    private async Task<(string Text, int Attempts)> RunToEndAsync(string home, Func<BacktestRunner, Task<string>> start)
    {
        await using var runner = await BacktestRunner.OpenAsync(new RunnerOptions { HomePath = home, DataPath = _data.Path }, Token);
        var ended = await runner.EndAsync(await start(runner));
        Assert.True(ended.Status == BacktestStatus.Completed, ended.Error);
        using var variants = await runner.OpenVariantsAsync(ended.BacktestId, Token);
        using var reader = new StreamReader(variants.Content);
        var document = await runner.GetResultAsync(ended.BacktestId, Token);
        return (SweepRunTests.Neutral(document.Content.Span, ended) + await reader.ReadToEndAsync(Token), ended.Attempts);
    }

    // Bytes of finished pieces on the disk; -1 where there is no file.
    private long WorkLength(string? id) => new FileInfo(Path.Combine(_home.Path, "sweeps", $"{id}.work")) is { Exists: true } work ? work.Length : -1;

    // Kills the host when the sweep is beyond a percentage and has a finished piece more on the disk; gives the run's id. Pieces are kept in
    // their order, so one thread that waits for a processor holds back what others have run.
    private async Task<string> KillBeyondAsync(Process host, string? id, double percent, long done)
    {
        while (await host.StandardOutput.ReadLineAsync(Token) is { } line)
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words[0] == "accepted") id = words[1];
            if (words[0] != "beat" || words.Length < 2 || double.Parse(words[1].Split('=')[1], CultureInfo.InvariantCulture) < percent || WorkLength(id) <= done) continue;
            host.Kill(); // SIGKILL: no handler, no finally.
            await host.WaitForExitAsync(Token);
            return id!;
        }
        throw new InvalidOperationException($"The host ended before the sweep was at {percent} %: {await host.StandardError.ReadToEndAsync(Token)}");
    }

    private Process StartHost(bool withRequest)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "BacktestOps.Runs.TestHost.dll"));
        start.ArgumentList.Add(_home.Path);
        start.ArgumentList.Add(_data.Path);
        if (withRequest) start.ArgumentList.Add(JsonSerializer.Serialize(s_request, ContractsJson.Default.BacktestRequest));
        return Process.Start(start)!;
    }
}
