using BacktestOps.Contracts;
using BacktestOps.Runs.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace BacktestOps.Runs.Tests;

/// <summary>A start that is repeated under its key gives the run that it gave before, whatever happened meanwhile.</summary>
public sealed class StartKeyTests : IDisposable
{
    private static readonly BacktestRequest Request = new() { Symbols = ["SP500"], Strategy = "SmaCross", Parameters = new Dictionary<string, double> { ["fast"] = 5, ["slow"] = 20 } };

    private readonly TempFolder _home = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero));
    private readonly GatedEngine _engine = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _engine.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task TheSameKeyAndRequestGiveTheSameRunAlsoAfterARestartAndWithParametersInAnotherOrder()
    {
        string id;
        await using (var runner = await OpenAsync())
        {
            id = (await runner.StartAsync(Request, "key", Token)).BacktestId;
            Assert.Equal(id, (await runner.StartAsync(Request, "key", Token)).BacktestId);
        }

        await using var next = await OpenAsync();
        var turned = Request with { Parameters = new Dictionary<string, double> { ["slow"] = 20, ["fast"] = 5 } };
        Assert.Equal(id, (await next.StartAsync(turned, "key", Token)).BacktestId);
        Assert.Single(await next.ListAsync(new BacktestQuery(), Token));
    }

    [Fact]
    public async Task ARepetitionTellsHowTheRunStandsNow()
    {
        await using var runner = await OpenAsync();
        var id = (await runner.StartAsync(Request, "key", Token)).BacktestId;
        _engine.Open();
        await runner.EndAsync(id);
        Assert.Equal(BacktestStatus.Completed, (await runner.StartAsync(Request, "key", Token)).Status);
    }

    [Fact]
    public async Task AnotherRequestUnderTheKeyIsRefusedAndNothingIsStored()
    {
        await using var runner = await OpenAsync();
        var id = (await runner.StartAsync(Request, "key", Token)).BacktestId;
        var fault = await Assert.ThrowsAsync<IdempotencyKeyReusedException>(() => runner.StartAsync(Request with { InitialCash = 1 }, "key", Token));
        Assert.Contains(id, fault.Message, StringComparison.Ordinal);
        Assert.Single(await runner.ListAsync(new BacktestQuery(), Token));
    }

    [Fact]
    public async Task AFaultyRequestLeavesItsKeyFree()
    {
        await using var runner = await OpenAsync();
        await Assert.ThrowsAsync<InvalidRequestException>(() => runner.StartAsync(Request with { Symbols = [] }, "key", Token));
        Assert.Equal(BacktestStatus.Queued, (await runner.StartAsync(Request, "key", Token)).Status);
    }

    [Fact]
    public async Task AKeyIsForgottenAfterADay()
    {
        await using var runner = await OpenAsync();
        var id = (await runner.StartAsync(Request, "key", Token)).BacktestId;
        _clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(id, (await runner.StartAsync(Request, "key", Token)).BacktestId);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.NotEqual(id, (await runner.StartAsync(Request with { InitialCash = 1 }, "key", Token)).BacktestId);
    }

    [Fact]
    public async Task WhileTheFirstIsLookedAtTheSecondIsToldToWait()
    {
        using var looking = new SemaphoreSlim(0);
        using var go = new SemaphoreSlim(0);
        var calls = _engine.Calls with
        {
            Validate = (_, _) =>
            {
                looking.Release();
                go.Wait(Token);
                return [];
            },
        };
        await using var runner = await BacktestRunner.OpenAsync(new RunnerOptions { HomePath = _home.Path, Engine = calls }, Token);
        var first = runner.StartAsync(Request, "key", Token);
        await looking.WaitAsync(Token);
        await Assert.ThrowsAsync<IdempotencyKeyInUseException>(() => runner.StartAsync(Request, "key", Token));
        go.Release();
        Assert.Equal((await first).BacktestId, (await runner.StartAsync(Request, "key", Token)).BacktestId);
    }

    [Fact]
    public async Task TwoRunnersOfOneHomeAcceptAKeyOnce()
    {
        await using var one = await OpenAsync();
        await using var two = await OpenAsync();
        var runs = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => StartAsync(i % 2 == 0 ? one : two)));
        Assert.Single(runs.OfType<string>().Distinct());
        Assert.Single(await one.ListAsync(new BacktestQuery(), Token));

        static async Task<string?> StartAsync(BacktestRunner runner)
        {
            try
            {
                return (await runner.StartAsync(Request, "key", Token)).BacktestId;
            }
            catch (IdempotencyKeyInUseException)
            {
                return null;
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("é")]
    public async Task WhatCanNotBeAKeyIsAFault(string key)
    {
        await using var runner = await OpenAsync();
        var fault = await Assert.ThrowsAsync<InvalidRequestException>(() => runner.StartAsync(Request, key, Token));
        Assert.Equal("Idempotency-Key", Assert.Single(fault.Faults).Field);
    }

    private Task<BacktestRunner> OpenAsync() =>
        BacktestRunner.OpenAsync(new RunnerOptions { HomePath = _home.Path, Clock = _clock, Engine = _engine.Calls }, Token);
}
