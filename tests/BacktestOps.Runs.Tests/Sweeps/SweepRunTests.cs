using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Runs.Tests.Support;

namespace BacktestOps.Runs.Tests.Sweeps;

/// <summary>A sweep through the public surface, with the real engine and the bundled prices.</summary>
public sealed class SweepRunTests : IDisposable
{
    private static readonly BacktestRequest s_request = new()
    {
        Symbols = ["SP500"],
        Strategy = "SmaCross",
        FractionalShares = true,
        Commission = new CommissionTerms { Rate = 0.0005 },
        Sweep = new SweepRequest
        {
            Parameters = new Dictionary<string, IReadOnlyList<double>>
            {
                ["Fast"] = [.. Enumerable.Range(2, 40).Select(n => (double)n)],
                ["Slow"] = [.. Enumerable.Range(20, 60).Select(n => (double)n)],
            },
            Constraints = ["Fast < Slow"],
        },
    };

    private readonly TempFolder _home = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task ASweepGivesTheRunOfItsBestVariantAndAFileWithAllOfThem()
    {
        await using var runner = await OpenAsync();
        var (ended, result) = await RunAsync(runner, s_request);

        var sweep = result.Sweep!;
        Assert.Equal((2400, sweep.Combinations - sweep.LeftOut), (sweep.Combinations, sweep.Variants));
        Assert.Equal(20, sweep.Top.Count);
        Assert.Equal(sweep.Top.OrderByDescending(variant => variant.SharpeRatio).Select(variant => variant.Variant), sweep.Top.Select(variant => variant.Variant));
        Near(sweep.Best!.SharpeRatio, result.Performance.SharpeRatio);
        Near(sweep.Best.TotalReturn, result.Performance.TotalReturn);
        Assert.InRange(sweep.Statistics.ProbabilisticSharpeRatio!.Value, 0.5, 1);
        Assert.InRange(sweep.Statistics.DeflatedSharpeRatio!.Value, 0, sweep.Statistics.ProbabilisticSharpeRatio.Value);
        Assert.InRange(sweep.Statistics.ProbabilityOfOverfitting!.Value, 0, 1);
        Assert.Equal((40, 60, "fast", "slow"), (sweep.Heatmap!.YValues.Count, sweep.Heatmap.XValues.Count, sweep.Heatmap.Y, sweep.Heatmap.X));
        Assert.Contains(result.Warnings, warning => warning.Contains("in hindsight", StringComparison.Ordinal));

        var rows = await ReadVariantsAsync(runner, ended.BacktestId, sweep.File);
        Assert.Equal(sweep.Variants, rows.Length);
        Assert.Equal(sweep.Best.SharpeRatio, rows.Max(row => row["sharpe_ratio"]));
        foreach (var row in new[] { rows[0], rows[777], rows[^1] })
        {
            var (_, single) = await RunAsync(runner, s_request with
            {
                Sweep = null, Parameters = new Dictionary<string, double> { ["fast"] = row["fast"]!.Value, ["slow"] = row["slow"]!.Value },
            });
            Near(single.Performance.TotalReturn, row["total_return"]);
            Near(single.Performance.Cagr, row["cagr"]);
            Near(single.Performance.SharpeRatio, row["sharpe_ratio"]);
            Near(single.Performance.MaxDrawdown, row["max_drawdown"]);
            Near(single.Performance.CalmarRatio, row["calmar_ratio"]);
            Near(single.Performance.AnnualVolatility, row["annual_volatility"]);
            Near(single.Performance.WinRate, row["win_rate"]);
            Near(single.Performance.ProfitFactor, row["profit_factor"]);
            Near(single.Performance.Exposure, row["exposure"]);
            Assert.Equal(single.Performance.TotalTrades, row["total_trades"]);
        }
        Assert.Empty(Directory.GetFiles(Path.Combine(_home.Path, "sweeps")));
    }

    [Fact]
    public async Task TheBytesAreTheSameOnOneThreadAndOnMany()
    {
        var documents = new List<string>();
        foreach (var threads in new[] { 1, 3 })
        {
            await using var runner = await OpenAsync(threads);
            var (ended, result) = await RunAsync(runner, s_request with { Sweep = s_request.Sweep! with { WalkForward = new() { InSample = 1500, OutOfSample = 800 } } });
            using var variants = await runner.OpenVariantsAsync(ended.BacktestId, Token);
            using var reader = new StreamReader(variants.Content);
            documents.Add(Neutral((await runner.GetResultAsync(ended.BacktestId, Token)).Content.Span, ended) + await reader.ReadToEndAsync(Token));
        }

        Assert.Equal(documents[0], documents[1]);
    }

    [Fact]
    public async Task AWalkForwardTradesWhatWasChosenBefore()
    {
        await using var runner = await OpenAsync();
        var (_, result) = await RunAsync(runner, s_request with { Sweep = s_request.Sweep! with { WalkForward = new() { InSample = 1000, OutOfSample = 500, Anchored = true } } });

        var windows = result.Sweep!.Windows!;
        Assert.Equal(9, windows.Count);
        Assert.Equal(windows[0].OutOfSampleFirst, result.EquityCurve[0].Date);
        Assert.Equal(windows[^1].OutOfSampleLast, result.EquityCurve[^1].Date);
        Assert.All(windows, window => Assert.True(window.InSampleLast < window.OutOfSampleFirst));
        Near(result.Performance.TotalReturn, windows.Aggregate(1.0, (growth, window) => growth * (1 + window.OutOfSampleReturn)) - 1);
        Assert.True(windows.Select(window => window.Chosen!.Variant).Distinct().Count() > 1, "every stretch chose the same variant");
        Assert.DoesNotContain(result.Warnings, warning => warning.Contains("in hindsight", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ASampleRunsAsManyAsItDraws()
    {
        await using var runner = await OpenAsync();
        var (_, result) = await RunAsync(runner, s_request with { Sweep = s_request.Sweep! with { Sample = 50, Seed = 3, Objective = "calmar_ratio" } });

        Assert.Equal(50, result.Sweep!.Variants);
        Assert.Equal(result.Sweep.Best!.CalmarRatio, result.Sweep.Top.Max(variant => variant.CalmarRatio));
    }

    [Fact]
    public async Task MoreVariantsThanTheLimitAreRefused()
    {
        await using var runner = await BacktestRunner.OpenAsync(new RunnerOptions { HomePath = _home.Path, Limits = new() { Variants = 1000 } }, Token);
        var fault = await Assert.ThrowsAsync<InvalidRequestException>(() => runner.StartAsync(s_request, Token));

        Assert.Equal(["sweep.parameters: make 2,400 variants (at most 1,000 a sweep: fewer values, or a sample)"], fault.Faults.Select(each => each.ToString()));
        await runner.StartAsync(s_request with { Sweep = s_request.Sweep! with { Sample = 1000 } }, Token);
    }

    [Fact]
    public async Task OneRunHasNoVariants()
    {
        await using var runner = await OpenAsync();
        var (ended, _) = await RunAsync(runner, s_request with { Sweep = null });

        await Assert.ThrowsAsync<NotASweepException>(() => runner.OpenVariantsAsync(ended.BacktestId, Token));
    }

    [Fact]
    public async Task ACancelledSweepLeavesNothingBehindAndSaysHowFarItWas()
    {
        await using var runner = await OpenAsync(1);
        // Whole shares of many stocks have no short way: long enough to be cancelled in the middle.
        var slow = s_request with { Symbols = ["SP500", "SYN-GROW", "SYN-FALL"], FractionalShares = false };
        var accepted = await runner.StartAsync(slow, Token);
        var running = await runner.WhenAsync(accepted.BacktestId, progress => progress.Sweep is not null || progress.Status.IsTerminal());
        Assert.Equal(BacktestStatus.Running, running.Status);
        Assert.InRange(running.Sweep!.Done, 1, running.Sweep.Variants);
        Assert.Contains("variants", running.Activity, StringComparison.Ordinal);

        var cancelled = await runner.CancelAsync(accepted.BacktestId, Token);

        Assert.Equal(BacktestStatus.Cancelled, cancelled.Status);
        await runner.DisposeAsync();
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_home.Path, "results")));
        await using var again = await OpenAsync();
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_home.Path, "sweeps")));
    }

    internal static string Neutral(ReadOnlySpan<byte> content, BacktestProgress run) => Encoding.UTF8.GetString(content)
        .Replace(run.BacktestId, "ID", StringComparison.Ordinal)
        .Replace($"\"completed_at\": {JsonSerializer.Serialize(run.EndedAt!.Value)}", "\"completed_at\": TIME", StringComparison.Ordinal);

    private static void Near(double? expected, double? actual)
    {
        Assert.Equal(expected is null, actual is null);
        if (expected is not null) Assert.True(Math.Abs(expected.Value - actual!.Value) <= 1e-9 * Math.Max(1e-3, Math.Abs(expected.Value)), $"{expected:R} and {actual:R}");
    }

    private static async Task<(BacktestProgress, BacktestResult)> RunAsync(BacktestRunner runner, BacktestRequest request)
    {
        var ended = await runner.EndAsync((await runner.StartAsync(request, Token)).BacktestId);
        Assert.True(ended.Status == BacktestStatus.Completed, ended.Error);
        return (ended, JsonSerializer.Deserialize((await runner.GetResultAsync(ended.BacktestId, Token)).Content.Span, ContractsJson.Default.BacktestResult)!);
    }

    private static async Task<Dictionary<string, double?>[]> ReadVariantsAsync(BacktestRunner runner, string id, SweepFile expected)
    {
        using var variants = await runner.OpenVariantsAsync(id, Token);
        using var copy = new MemoryStream();
        await variants.Content.CopyToAsync(copy, Token);
        Assert.Equal((expected.Name, expected.Bytes, expected.Sha256), (variants.FileName, copy.Length, Convert.ToHexStringLower(SHA256.HashData(copy.ToArray()))));
        var lines = Encoding.UTF8.GetString(copy.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var header = lines[0].Split(',');
        return [.. lines.Skip(1).Select(line => header.Zip(line.Split(','))
            .ToDictionary(pair => pair.First, pair => pair.Second.Length == 0 ? (double?)null : double.Parse(pair.Second, CultureInfo.InvariantCulture)))];
    }

    private Task<BacktestRunner> OpenAsync(int threads = 2) => BacktestRunner.OpenAsync(new RunnerOptions { HomePath = _home.Path, SweepThreads = threads }, Token);
}
