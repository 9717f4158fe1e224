using BacktestOps.Contracts;
using BacktestOps.Engine;
using BacktestOps.Engine.Sweeps;
using BacktestOps.Runs.Execution;
using BacktestOps.Runs.MarketData;
using BacktestOps.Runs.Sweeps;
using BacktestOps.Runs.Tests.Support;
using BacktestOps.Runs.Tests.Sweeps;
using Microsoft.Extensions.Time.Testing;

namespace BacktestOps.Runs.Tests.Queueing;

/// <summary>A real sweep makes room for a short run, goes on where it was, and gives the same bytes.</summary>
public sealed class MakingRoomTests : IDisposable
{
    private const double Marked = 54_321;

    // Of two stocks each variant takes a while.
    private static readonly BacktestRequest s_sweep = new()
    {
        Symbols = ["AAA", "BBB"],
        Strategy = "SmaCross",
        Sweep = new SweepRequest
        {
            Parameters = new Dictionary<string, IReadOnlyList<double>>
            {
                ["fast"] = [.. Enumerable.Range(2, 99).Select(n => (double)n)],
                ["slow"] = [.. Enumerable.Range(101, 60).Select(n => (double)n)],
            },
        },
    };

    private static readonly BacktestRequest s_short = new() { Symbols = ["AAA"], Strategy = "BuyAndHold", InitialCash = Marked };

    private readonly TempFolder _home = new(), _undisturbed = new(), _data = new();
    private readonly SemaphoreSlim _gate = new(0);

    public MakingRoomTests()
    {
        _data.Write("AAA.csv", SomeBars.Csv(300));
        _data.Write("BBB.csv", SomeBars.Csv(300, 1));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _gate.Dispose();
        _home.Dispose();
        _undisturbed.Dispose();
        _data.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task NoThreadOfASweepRunsMoreThanTheVariantsItIsAtBeforeAShortRunHasItsPlace(int threads)
    {
        var catalog = new CatalogSet(_data.Path).For(_data.Path);
        var sweep = Sweep.Prepare(RequestValidator.Normalize(s_sweep), [catalog.Load("AAA").Bars, catalog.Load("BBB").Bars], Token);
        using var queue = new RunQueue(1, TimeProvider.System);
        queue.Add(new RunTicket(1, "sweep", cost: 1000));
        var ticket = queue.Take(Token);
        int ticks = 0, atArrival = 0;
        var working = Task.Run(
            () => new SweepDrive(threads).Run(
                sweep, 0, (_, _) => { },
                _ =>
                {
                    if (Interlocked.Increment(ref ticks) != 40) return;
                    queue.Add(new RunTicket(2, "short"));
                    atArrival = Volatile.Read(ref ticks);
                },
                token => queue.Pass(ticket, token), Token),
            Token);

        var first = queue.Take(Token);
        await Waiting.UntilAsync(() => ticket.IsPaused, "the sweep to make room");
        Assert.Equal("short", first.Id);
        // Nobody goes on before the short run leaves: each other thread ends at most the few variants that it was at.
        queue.Add(new RunTicket(3, "behind"));
        queue.Leave(first);
        var behind = queue.Take(Token);
        Assert.Equal("behind", behind.Id);
        Assert.InRange(Volatile.Read(ref ticks) - atArrival, 0, threads - 1);
        Assert.False(working.IsCompleted);
        // The sweep ends undisturbed.
        queue.Leave(behind);
        await working;
    }

    [Fact]
    public async Task AShortRunEndsBeforeAQueueOfSweepsWhichGoOnToTheBytesOfUndisturbedOnes()
    {
        var expected = await UndisturbedAsync();
        await using var runner = await OpenAsync(_home.Path);
        var sweeps = new List<string>();
        for (var i = 0; i < 3; i++) sweeps.Add((await runner.StartAsync(s_sweep, Token)).BacktestId);
        await runner.WhenAsync(sweeps[0], run => run.Sweep is { Done: > 0 });

        var id = (await runner.StartAsync(s_short, Token)).BacktestId;
        await runner.WhenAsync(id, run => run.Status == BacktestStatus.Running);
        var paused = await runner.WhenAsync(sweeps[0], run => run.Activity == LiveRuns.PausedActivity || run.Status.IsTerminal());
        Assert.Equal(BacktestStatus.Running, paused.Status);
        Assert.Equal(2, (await runner.CountAsync(Token)).Waiting);
        _gate.Release();
        Assert.Equal(BacktestStatus.Completed, (await runner.EndAsync(id)).Status);

        foreach (var sweep in sweeps)
        {
            var progress = sweep == sweeps[0] ? paused.Progress : 0;
            var ended = await runner.EndAsync(sweep, seen =>
            {
                Assert.True(seen.Progress >= progress, $"progress fell from {progress}: {seen}");
                progress = seen.Progress;
            });
            Assert.True(ended.Status == BacktestStatus.Completed, ended.Error);
            Assert.Equal(1, ended.Attempts);
            Assert.Equal(expected, await TextAsync(runner, ended));
        }

        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_home.Path, "sweeps")));
    }

    [Fact]
    public async Task ASweepThatMakesRoomCanBeCancelledAndLeavesNoWorkFile()
    {
        await using var runner = await OpenAsync(_home.Path);
        var sweep = (await runner.StartAsync(s_sweep, Token)).BacktestId;
        await runner.WhenAsync(sweep, run => run.Sweep is { Done: > 0 });
        var id = (await runner.StartAsync(s_short, Token)).BacktestId;
        await runner.WhenAsync(sweep, run => run.Activity == LiveRuns.PausedActivity || run.Status.IsTerminal());

        Assert.Equal(BacktestStatus.Cancelled, (await runner.CancelAsync(sweep, Token)).Status);
        await Waiting.UntilAsync(() => Directory.GetFileSystemEntries(Path.Combine(_home.Path, "sweeps")).Length == 0, "the work file to be removed");
        _gate.Release();
        Assert.Equal(BacktestStatus.Completed, (await runner.EndAsync(id)).Status);
    }

    [Fact]
    public void TheTimeThatARunMakesRoomIsNotItsOwn()
    {
        var clock = new FakeTimeProvider();
        using var time = new TimeAllowance(TimeSpan.FromSeconds(10), clock);
        clock.Advance(TimeSpan.FromSeconds(6));
        time.Pause(true);
        clock.Advance(TimeSpan.FromHours(1));
        Assert.False(time.Over.IsCancellationRequested);
        time.Pause(false);
        clock.Advance(TimeSpan.FromSeconds(3));
        Assert.False(time.Over.IsCancellationRequested);
        clock.Advance(TimeSpan.FromSeconds(1.5));
        Assert.True(time.Over.IsCancellationRequested);
    }

    // The run with the marked cash waits at the gate; all others are the engine's own.
    private Task<BacktestRunner> OpenAsync(string home) => BacktestRunner.OpenAsync(
        new RunnerOptions
        {
            HomePath = home,
            DataPath = _data.Path,
            MaxParallelRuns = 1,
            Engine = new EngineCalls
            {
                Run = (request, universe, benchmark, progress, token) =>
                {
                    if (request.InitialCash == Marked) _gate.Wait(token);
                    return Backtester.Run(request, universe, benchmark, progress, token);
                },
            },
        },
        Token);

    private async Task<string> UndisturbedAsync()
    {
        await using var runner = await OpenAsync(_undisturbed.Path);
        return await TextAsync(runner, await runner.EndAsync((await runner.StartAsync(s_sweep, Token)).BacktestId));
    }

    private static async Task<string> TextAsync(BacktestRunner runner, BacktestProgress ended)
    {
        using var variants = await runner.OpenVariantsAsync(ended.BacktestId, Token);
        using var reader = new StreamReader(variants.Content);
        return SweepRunTests.Neutral((await runner.GetResultAsync(ended.BacktestId, Token)).Content.Span, ended) + await reader.ReadToEndAsync(Token);
    }
}
