using BacktestOps.Contracts;
using BacktestOps.Runs.Stores;
using BacktestOps.Runs.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace BacktestOps.Runs.Tests;

/// <summary>What a run may take, and what happens at each limit.</summary>
public sealed class RunLimitTests : IDisposable
{
    private static readonly BacktestRequest Request = new() { Symbols = ["SP500"], Strategy = "BuyAndHold" };

    private readonly TempFolder _home = new();
    private readonly GatedEngine _engine = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _engine.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task AFullQueueRefusesUntilARunHasEndedButStillKnowsItsKeys()
    {
        await using var runner = await OpenAsync(new RunLimits { Queued = 2 });
        var running = (await runner.StartAsync(Request, Token)).BacktestId;
        await runner.WhenAsync(running, progress => progress.Status == BacktestStatus.Running);
        var first = (await runner.StartAsync(Request, "key", Token)).BacktestId;
        await runner.StartAsync(Request, Token);

        Assert.Contains("2 backtests wait", (await Assert.ThrowsAsync<QueueFullException>(() => runner.StartAsync(Request, Token))).Message, StringComparison.Ordinal);
        Assert.Equal(first, (await runner.StartAsync(Request, "key", Token)).BacktestId);
        Assert.Equal(3, (await runner.ListAsync(new BacktestQuery(), Token)).Count);

        _engine.Open(1);
        await runner.WhenAsync(first, progress => progress.Status == BacktestStatus.Running);
        Assert.Equal(BacktestStatus.Queued, (await runner.StartAsync(Request, Token)).Status);
    }

    [Fact]
    public async Task TooManySymbolsOrBarsAreFaultsOfTheRequest()
    {
        await using var runner = await OpenAsync(new RunLimits { Symbols = 1, Bars = 100 });
        var symbols = await runner.GetSymbolsAsync(Token);
        var many = Request with { Symbols = [symbols[0].Symbol, symbols[1].Symbol] };
        Assert.Contains("at most 1 a run", (await Assert.ThrowsAsync<InvalidRequestException>(() => runner.StartAsync(many, Token))).Message, StringComparison.Ordinal);
        Assert.Contains("at most 100 a run", (await Assert.ThrowsAsync<InvalidRequestException>(() => runner.StartAsync(Request, Token))).Message, StringComparison.Ordinal);
        Assert.Empty(await runner.ListAsync(new BacktestQuery(), Token));
    }

    [Fact]
    public async Task ARunThatTakesTooLongFailsAndSaysSo()
    {
        var clock = new FakeTimeProvider();
        await using var runner = await BacktestRunner.OpenAsync(
            new RunnerOptions { HomePath = _home.Path, Engine = _engine.Calls, Clock = clock, Limits = new RunLimits { Time = TimeSpan.FromMinutes(3) } }, Token);
        var id = (await runner.StartAsync(Request, Token)).BacktestId;
        await Waiting.UntilAsync(() => _engine.Running == 1, "the simulation to begin");
        clock.Advance(TimeSpan.FromMinutes(3));
        var ended = await runner.EndAsync(id);
        Assert.Equal(BacktestStatus.Failed, ended.Status);
        Assert.Contains("longer than 180 s", ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, BacktestStatus.Failed)]
    [InlineData(2, BacktestStatus.Completed)]
    public async Task ARunThatKillsItsProcessIsTriedAFewTimesThenFails(int deaths, BacktestStatus end)
    {
        await (await OpenAsync(new RunLimits())).DisposeAsync();
        using (var store = new RunStore(Path.Combine(_home.Path, "runs.db"), TimeProvider.System))
        {
            store.Add(
                new RunRecord
                {
                    Id = "culprit", Status = BacktestStatus.Queued, Owner = "0", Fingerprints = [], AcceptedAt = DateTimeOffset.UnixEpoch,
                    RequestJson = """{"symbols":["SP500"],"strategy":"BuyAndHold"}""",
                },
                ["SP500"], null);
            // Each owner begins it and is gone: what a process leaves that dies.
            for (var owner = 0; owner < deaths; owner++)
            {
                Assert.NotNull(store.Begin("culprit", $"{owner}", DateTimeOffset.UnixEpoch));
                if (owner + 1 < deaths)
                    Assert.Equal(owner + 1, Assert.Single(store.TakeOver($"{owner}", $"{owner + 1}")).Deaths);
            }
        }

        _engine.Open();
        await using var runner = await OpenAsync(new RunLimits { Deaths = 3 });
        var ended = await runner.EndAsync("culprit");
        Assert.Equal(end, ended.Status);
        if (end == BacktestStatus.Failed)
            Assert.Contains("3 processes died", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARestartOnPurposeIsNotADeath()
    {
        string id;
        await using (var runner = await OpenAsync(new RunLimits { Deaths = 1 }))
        {
            id = (await runner.StartAsync(Request, Token)).BacktestId;
            await Waiting.UntilAsync(() => _engine.Running == 1, "the simulation to begin");
        }

        _engine.Open();
        await using var next = await OpenAsync(new RunLimits { Deaths = 1 });
        Assert.Equal(BacktestStatus.Completed, (await next.EndAsync(id)).Status);
    }

    private Task<BacktestRunner> OpenAsync(RunLimits limits) => BacktestRunner.OpenAsync(
        new RunnerOptions { HomePath = _home.Path, MaxParallelRuns = 1, Engine = _engine.Calls, Limits = limits }, Token);
}
