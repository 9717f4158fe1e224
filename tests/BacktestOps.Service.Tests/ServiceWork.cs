using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BacktestOps.Client;
using BacktestOps.Contracts;

namespace BacktestOps.Service.Tests;

/// <summary>Prices and requests that keep a service busy, and what an undisturbed service answers to them.</summary>
internal sealed class ServiceWork : IDisposable
{
    private const int Symbols = 20, Bars = 2000;

    private readonly string _folder = Directory.CreateTempSubdirectory("backtestops-work-").FullName;
    private readonly Dictionary<string, string> _expected = [];

    public ServiceWork(int timesEach)
    {
        Directory.CreateDirectory(Data);
        for (var i = 0; i < Symbols; i++)
            File.WriteAllText(Path.Combine(Data, $"S{i:00}.csv"), Csv(i));
        Kinds =
        [
            new() { Symbols = [.. Enumerable.Range(0, Symbols).Select(i => $"S{i:00}")], Strategy = "SmaCross" },
            new() { Symbols = ["S01"], Strategy = "SmaCross" },
            new() { Symbols = ["S02", "S03"], Strategy = "BuyAndHold" },
        ];
        Requests = [.. Enumerable.Repeat(Kinds, timesEach).SelectMany(each => each)];
    }

    public string Data => Path.Combine(_folder, "data");

    public BacktestRequest[] Kinds { get; }

    public BacktestRequest[] Requests { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public string NewHome() => Path.Combine(_folder, Guid.NewGuid().ToString("N"));

    public Task<ServiceProcess> ServeAsync(string home) => ServiceProcess.StartAsync("--home", home, "--data", Data);

    /// <summary>Lets an undisturbed service do every kind once.</summary>
    public async Task LearnAsync()
    {
        await using var service = await ServeAsync(NewHome());
        foreach (var kind in Kinds)
        {
            var ended = await EndAsync(service.Client, (await service.Client.StartAsync(kind, Token)).BacktestId);
            Assert.Equal(BacktestStatus.Completed, ended.Status);
            _expected[Key(kind)] = Neutral((await service.Client.GetResultAsync(ended.BacktestId, Token)).Content.Span, ended);
        }
    }

    /// <summary>Waits for the run's end and holds its result, over HTTP and on the disk, against the undisturbed one.</summary>
    public async Task ProveAsync(BacktestClient client, string home, BacktestRequest request, string id, string when)
    {
        var ended = await EndAsync(client, id);
        Assert.True(ended.Status == BacktestStatus.Completed, $"{when}: {ended}");
        var document = await client.GetResultAsync(id, Token);
        var file = await File.ReadAllBytesAsync(Path.Combine(home, "results", ended.ResultsFile!), Token);
        Assert.Equal(ended.ResultDigest, Convert.ToHexStringLower(SHA256.HashData(file)));
        Assert.Equal(file, document.Content.ToArray());
        Assert.Equal(_expected[Key(request)], Neutral(file, ended));
    }

    public static async Task<BacktestProgress> EndAsync(BacktestClient client, string id)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(TimeSpan.FromMinutes(3)); // only turns a hang into a failure
        while (true)
        {
            var run = await client.GetProgressAsync(id, patience.Token);
            if (run.Status.IsTerminal())
                return run;
        }
    }

    /// <summary>The files of a home's results, of which each run has one and nobody else has any.</summary>
    public static string[] Results(string home) => Directory.GetFileSystemEntries(Path.Combine(home, "results"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Key(BacktestRequest request) => $"{request.Strategy} {request.Symbols.Count}";

    /// <summary>The document without its id and its time.</summary>
    public static string Neutral(ReadOnlySpan<byte> content, BacktestProgress run) => Encoding.UTF8.GetString(content)
        .Replace(run.BacktestId, "ID", StringComparison.Ordinal)
        .Replace($"\"completed_at\": {JsonSerializer.Serialize(run.EndedAt!.Value)}", "\"completed_at\": TIME", StringComparison.Ordinal);

    private static string Csv(int variant)
    {
        var text = new StringBuilder("date,open,high,low,close,adj_close,volume\n");
        for (var i = 0; i < Bars; i++)
        {
            var close = 100 + 20 * Math.Sin((i + 17 * variant) / (15.0 + variant % 7)) + i * 0.01;
            text.Append(CultureInfo.InvariantCulture,
                $"{new DateTime(2000, 1, 1).AddDays(i):yyyy-MM-dd},{close - 0.5:0.0000},{close + 1:0.0000},{close - 1:0.0000},{close:0.0000},{close / 2:0.000000},{1000 + i}\n");
        }

        return text.ToString();
    }
}
