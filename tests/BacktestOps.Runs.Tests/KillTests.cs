using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Runs.Tests.Support;

namespace BacktestOps.Runs.Tests;

/// <summary>A process killed with SIGKILL at random points of real work, again and again.</summary>
/// <remarks>BACKTESTOPS_KILLS says how often; the number of kills that hit unfinished work is printed.</remarks>
public sealed class KillTests : IDisposable
{
    private const int Symbols = 60, BarsPerSymbol = 4000, TimesEach = 12;

    private readonly TempFolder _home = new(), _undisturbed = new(), _data = new();
    private int _executedAgain;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _home.Dispose();
        _undisturbed.Dispose();
        _data.Dispose();
    }

    [Fact]
    public async Task EveryAcceptedRunEndsWithTheResultOfAnUndisturbedOne()
    {
        var kills = int.Parse(Environment.GetEnvironmentVariable("BACKTESTOPS_KILLS") ?? "5", CultureInfo.InvariantCulture);
        var seed = int.Parse(Environment.GetEnvironmentVariable("BACKTESTOPS_SEED") ?? Environment.TickCount.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var random = new Random(seed);
        for (var i = 0; i < Symbols; i++)
            _data.Write($"S{i:00}.csv", SomeBars.Csv(BarsPerSymbol, i));
        BacktestRequest[] kinds =
        [
            new() { Symbols = [.. Enumerable.Range(0, Symbols).Select(i => $"S{i:00}")], Strategy = "SmaCross", Parameters = new Dictionary<string, double> { ["fast"] = 5, ["slow"] = 20 } },
            new() { Symbols = ["S01"], Strategy = "SmaCross" },
            new() { Symbols = ["S02", "S03"], Strategy = "BuyAndHold", Adjusted = true },
        ];
        var documents = await RunUndisturbedAsync(kinds);
        BacktestRequest[] requests = [.. Enumerable.Repeat(kinds, TimesEach).SelectMany(each => each)];
        string[] expected = [.. Enumerable.Repeat(documents, TimesEach).SelectMany(each => each)];
        // A round without a kill tells how many beats the work takes here and now.
        var beats = 0;
        using (var host = StartHost(Path.Combine(_undisturbed.Path, "host"), requests))
            Assert.True(await FollowAsync(host, int.MaxValue, [], [], () => beats++));

        var (hits, rounds) = (0, 0);
        while (hits < kills && rounds < 4 * kills)
        {
            rounds++;
            hits += await KillRoundAsync(requests, expected, random, beats, kills - hits, seed);
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{hits} kills hit unfinished work of {requests.Length} runs ({beats} beats), in {rounds} rounds, seed {seed}; {_executedAgain} executions were begun again.");
        Assert.True(_executedAgain > 0, "No run was executed twice, so no kill hit one in the middle.");
        Assert.True(hits >= kills, $"Only {hits} of {kills} kills hit unfinished work.");
    }

    // One home from acceptance over up to three kills to the end of all runs; gives the number of kills that hit.
    private async Task<int> KillRoundAsync(BacktestRequest[] requests, string[] expected, Random random, int beats, int most, int seed)
    {
        var home = Path.Combine(_home.Path, Guid.NewGuid().ToString("N"));
        var ids = new List<string>();
        var progress = new Dictionary<string, double>();
        var hits = 0;
        for (var kill = 0; kill < Math.Min(3, most); kill++)
        {
            using var host = StartHost(home, kill == 0 ? requests : []);
            if (await FollowAsync(host, random.Next(1, beats), ids, progress))
                break;
            hits++;
        }

        await using var runner = await BacktestRunner.OpenAsync(new RunnerOptions { HomePath = home, DataPath = _data.Path }, Token);
        Assert.Equal(requests.Length, ids.Count);
        for (var i = 0; i < ids.Count; i++)
        {
            var ended = await runner.EndAsync(ids[i], seen =>
            {
                Assert.True(seen.Progress >= progress.GetValueOrDefault(ids[i]), $"progress fell, seed {seed}: {seen}");
                progress[ids[i]] = seen.Progress;
            });
            Assert.True(ended.Status == BacktestStatus.Completed, $"seed {seed}: {ended}");
            _executedAgain += ended.Attempts - 1;
            var file = await File.ReadAllBytesAsync(Path.Combine(home, "results", ended.ResultsFile!), Token);
            Assert.Equal(ended.ResultDigest, Convert.ToHexStringLower(SHA256.HashData(file)));
            Assert.Equal(expected[i], Neutral(file, ended));
        }

        Assert.Equal(ids.Count, Directory.GetFileSystemEntries(Path.Combine(home, "results")).Length);
        Assert.Single(Directory.GetFiles(Path.Combine(home, "owners")));
        return hits;
    }

    // Reads the host's lines and kills it after some of them; true when it was done before.
    private static async Task<bool> FollowAsync(Process host, int beats, List<string> ids, Dictionary<string, double> progress, Action? onBeat = null)
    {
        while (await host.StandardOutput.ReadLineAsync(Token) is { } line)
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words[0] == "accepted")
                ids.Add(words[1]);
            foreach (var state in words[0] == "beat" ? words[1..] : [])
            {
                var (id, value) = (state.Split('=')[0], double.Parse(state.Split('=')[1], CultureInfo.InvariantCulture));
                Assert.True(value >= progress.GetValueOrDefault(id), $"progress of {id} fell from {progress.GetValueOrDefault(id)} to {value}");
                progress[id] = value;
            }

            if (words[0] == "beat")
                onBeat?.Invoke();
            if (words[0] == "beat" && --beats == 0)
            {
                host.Kill(); // SIGKILL: no handler, no finally.
                await host.WaitForExitAsync(Token);
                return false;
            }
        }

        await host.WaitForExitAsync(Token);
        Assert.True(host.ExitCode == 0, $"The host ended with {host.ExitCode}: {await host.StandardError.ReadToEndAsync(Token)}");
        return true;
    }

    private Process StartHost(string home, BacktestRequest[] requests)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "BacktestOps.Runs.TestHost.dll"));
        start.ArgumentList.Add(home);
        start.ArgumentList.Add(_data.Path);
        foreach (var request in requests)
            start.ArgumentList.Add(JsonSerializer.Serialize(request, ContractsJson.Default.BacktestRequest));
        return Process.Start(start)!;
    }

    private async Task<string[]> RunUndisturbedAsync(BacktestRequest[] requests)
    {
        await using var runner = await BacktestRunner.OpenAsync(new RunnerOptions { HomePath = _undisturbed.Path, DataPath = _data.Path }, Token);
        var documents = new List<string>();
        foreach (var request in requests)
        {
            var ended = await runner.EndAsync((await runner.StartAsync(request, Token)).BacktestId);
            Assert.Equal(BacktestStatus.Completed, ended.Status);
            documents.Add(Neutral((await runner.GetResultAsync(ended.BacktestId, Token)).Content.Span, ended));
        }

        return [.. documents];
    }

    // The document without its id and its time.
    private static string Neutral(ReadOnlySpan<byte> content, BacktestProgress run) => Encoding.UTF8.GetString(content)
        .Replace(run.BacktestId, "ID", StringComparison.Ordinal)
        .Replace($"\"completed_at\": {JsonSerializer.Serialize(run.EndedAt!.Value)}", "\"completed_at\": TIME", StringComparison.Ordinal);
}
