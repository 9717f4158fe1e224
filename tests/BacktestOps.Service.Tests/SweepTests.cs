using System.Security.Cryptography;
using System.Text.Json;
using BacktestOps.Client;
using BacktestOps.Contracts;
using BacktestOps.Runs;

namespace BacktestOps.Service.Tests;

/// <summary>A sweep over HTTP, with the real engine: the same as in the session.</summary>
public sealed class SweepTests : IDisposable
{
    private static readonly BacktestRequest s_request = new()
    {
        Symbols = ["SP500"],
        Strategy = "SmaCross",
        Sweep = new SweepRequest
        {
            Parameters = new Dictionary<string, IReadOnlyList<double>> { ["fast"] = [2, 3, 4, 5], ["slow"] = [10, 20, 30] },
            Constraints = ["slow > 2 * fast"],
        },
    };

    private readonly string _home = Directory.CreateTempSubdirectory("backtestops-test-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public async Task A_sweep_over_HTTP_gives_the_same_bytes_as_in_the_session()
    {
        await using var runner = await BacktestRunner.OpenAsync(new RunnerOptions { HomePath = _home }, Token);
        await using var service = await StartAsync(runner);
        await using var client = new BacktestClient(service.Address);
        var ended = await RunAsync(client, s_request);

        var result = JsonSerializer.Deserialize((await client.GetResultAsync(ended.BacktestId, Token)).Content.Span, ContractsJson.Default.BacktestResult)!;
        var here = await ReadAsync(runner, ended.BacktestId);
        var there = await ReadAsync(client, ended.BacktestId);

        Assert.Equal(here, there);
        Assert.Equal(result.Sweep!.File.Sha256, Convert.ToHexStringLower(SHA256.HashData(there)));
        // slow > 2 · fast leaves out 5-10 of the twelve.
        Assert.Equal(11, result.Sweep.Variants);
    }

    [Fact]
    public async Task The_file_of_variants_is_served_with_its_digest_and_in_parts()
    {
        await using var runner = await BacktestRunner.OpenAsync(new RunnerOptions { HomePath = _home }, Token);
        await using var service = await StartAsync(runner);
        var id = (await RunAsync(runner, s_request)).BacktestId;

        var whole = await service.GetAsync($"/api/backtest/variants/{id}");
        var part = await service.GetAsync($"/api/backtest/variants/{id}", ("Range", "bytes=10-19"));

        Assert.Equal((200, "text/csv"), (whole.Status, whole.ContentType?.MediaType));
        Assert.Equal($"\"{Convert.ToHexStringLower(SHA256.HashData(whole.Body))}\"", whole.Headers["ETag"]);
        Assert.Contains($"backtest-sweep-{id}.csv", whole.Headers["Content-Disposition"], StringComparison.Ordinal);
        Assert.StartsWith("variant,fast,slow,total_return,", whole.Text, StringComparison.Ordinal);
        Assert.Equal((206, whole.Text[10..20]), (part.Status, part.Text));
        Assert.Equal(304, (await service.GetAsync($"/api/backtest/variants/{id}", ("If-None-Match", whole.Headers["ETag"]))).Status);
    }

    [Fact]
    public async Task One_run_has_no_variants_and_no_run_none()
    {
        await using var runner = await BacktestRunner.OpenAsync(new RunnerOptions { HomePath = _home }, Token);
        await using var service = await StartAsync(runner);
        await using var client = new BacktestClient(service.Address);
        var id = (await RunAsync(client, s_request with { Sweep = null })).BacktestId;

        Assert.Equal(id, (await Assert.ThrowsAsync<NotASweepException>(() => client.OpenVariantsAsync(id, Token))).BacktestId);
        await Assert.ThrowsAsync<BacktestNotFoundException>(() => client.OpenVariantsAsync("20000101-000000-00000000", Token));
    }

    [Fact]
    public async Task More_variants_than_the_service_allows_are_refused_with_the_field()
    {
        var options = ServiceOptions.Parse(["--max-variants", "11"]);
        await using var runner = await BacktestRunner.OpenAsync(new RunnerOptions { HomePath = _home, Limits = options.Limits }, Token);
        await using var service = await StartAsync(runner);

        var refused = await service.PostAsync("/api/backtest/start", JsonSerializer.Serialize(s_request, ContractsJson.Default.BacktestRequest));

        Assert.Equal(400, refused.Status);
        Assert.Equal(["sweep.parameters"], refused.Problem.Errors!.Select(fault => fault.Field));
    }

    private static Task<RunningService> StartAsync(BacktestRunner runner) =>
        RunningService.StartAsync(_ => Task.FromResult(new ServiceBackend(runner, runner.GetHealthAsync, runner.CountAsync)), TimeProvider.System);

    private static async Task<BacktestProgress> RunAsync(IBacktestApi api, BacktestRequest request)
    {
        var progress = await api.StartAsync(request, Token);
        while (!progress.Status.IsTerminal())
        {
            await Task.Yield();
            progress = await api.GetProgressAsync(progress.BacktestId, Token);
        }
        Assert.True(progress.Status == BacktestStatus.Completed, progress.Error);
        return progress;
    }

    private static async Task<byte[]> ReadAsync(IBacktestApi api, string id)
    {
        using var variants = await api.OpenVariantsAsync(id, Token);
        using var copy = new MemoryStream();
        await variants.Content.CopyToAsync(copy, Token);
        return copy.ToArray();
    }
}
