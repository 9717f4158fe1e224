using BacktestOps.Contracts;
using BacktestOps.Runs.Stores;
using BacktestOps.Runs.Tests.Support;

namespace BacktestOps.Runs.Tests;

/// <summary>The database decides every race: what may change a run, and what may not.</summary>
public sealed class RunStoreTests : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_795_000_000_123);

    private readonly TempFolder _home = new();
    private readonly RunStore _store;

    public RunStoreTests() => _store = new RunStore(Path.Combine(_home.Path, "runs.db"), TimeProvider.System);

    public void Dispose()
    {
        _store.Dispose();
        _home.Dispose();
    }

    [Theory]
    [InlineData(BacktestStatus.Completed)]
    [InlineData(BacktestStatus.Failed)]
    [InlineData(BacktestStatus.Cancelled)]
    public void NothingChangesARunThatHasEnded(BacktestStatus end)
    {
        Add("a");
        _store.Begin("a", "me", Now);
        switch (end)
        {
            case BacktestStatus.Completed:
                Assert.True(_store.Complete("a", "me", Now, "digest", () => { }));
                break;
            case BacktestStatus.Failed:
                Assert.True(_store.Fail("a", "me", Now, "why", () => { }));
                break;
            default:
                _store.Cancel("a", Now, () => { });
                break;
        }

        var before = _store.Find("a")!;
        Assert.Equal(end, before.Status);
        var later = Now.AddHours(1);
        Assert.Null(_store.Begin("a", "me", later));
        Assert.False(_store.Complete("a", "me", later, "other", () => Assert.Fail("published")));
        Assert.False(_store.Fail("a", "me", later, "other", () => Assert.Fail("discarded")));
        _store.Cancel("a", later, () => Assert.Fail("discarded"));
        _store.SaveProgress("a", "me", 50, "x");
        _store.Postpone("a", "me", "x");
        _store.Release("me");
        Assert.Empty(_store.TakeOver("me", "you"));
        Assert.Equal(before with { Fingerprints = [] }, _store.Find("a")! with { Fingerprints = [] });
    }

    [Fact]
    public void WhoAskedForARunAndWhatItCostsOutliveTheProcess()
    {
        _store.Add(
            new RunRecord
            {
                Id = "of-desk", Status = BacktestStatus.Queued, Owner = "dead", Fingerprints = [], AcceptedAt = DateTimeOffset.UnixEpoch,
                RequestJson = """{"symbols":["SP500"],"strategy":"BuyAndHold"}""", Caller = "desk", Cost = 12.5,
            },
            ["SP500"], null);
        var taken = Assert.Single(_store.TakeOver("dead", "next"));
        Assert.Equal(("desk", 12.5), (taken.Caller, taken.Cost));
    }

    [Fact]
    public void OnlyTheOwnerMovesARunForward()
    {
        Add("a");
        Assert.Null(_store.Begin("a", "you", Now));
        _store.Begin("a", "me", Now);
        _store.SaveProgress("a", "you", 50, "x");
        Assert.False(_store.Complete("a", "you", Now, "digest", () => Assert.Fail("published")));
        Assert.False(_store.Fail("a", "you", Now, "why", () => { }));
        _store.Postpone("a", "you", "x");
        _store.Release("you");
        Assert.Equal((BacktestStatus.Running, 0, 1), (_store.Find("a")!.Status, _store.Find("a")!.Progress, _store.Find("a")!.Attempts));
    }

    [Fact]
    public void ADeadOwnersRunsAreSeenAsInterruptedAndComeInTheOrderOfAcceptance()
    {
        foreach (var id in new[] { "c", "a", "b" })
            Add(id);
        _store.Begin("a", "me", Now);
        _store.SaveProgress("a", "me", 40, "simulating");
        _store.Begin("b", "me", Now);
        _store.Complete("b", "me", Now, "digest", () => { });
        var taken = _store.TakeOver("me", "you");
        Assert.Equal([("c", BacktestStatus.Queued, 0.0, 0), ("a", BacktestStatus.Interrupted, 40.0, 1)], taken.Select(run => (run.Id, run.Status, run.Progress, run.Attempts)));
        Assert.All(taken, run => Assert.Equal("you", run.Owner));
        Assert.Empty(_store.TakeOver("me", "third"));
        Assert.Equal(2, _store.Begin("a", "you", Now)!.Attempts);
    }

    [Fact]
    public void AFailedPublicationLeavesTheRunAsItWas()
    {
        Add("a");
        _store.Begin("a", "me", Now);
        Assert.Throws<IOException>(() => _store.Complete("a", "me", Now, "digest", () => throw new IOException("no space")));
        Assert.Equal((BacktestStatus.Running, null), (_store.Find("a")!.Status, _store.Find("a")!.ResultDigest));
        Assert.True(_store.Complete("a", "me", Now, "digest", () => { }));
    }

    [Fact]
    public void ATakenIdIsNotGivenAgain()
    {
        Add("a");
        Assert.Null(_store.Add(Run("a"), [], null).Sequence);
    }

    [Fact]
    public void WhatIsStoredComesBack()
    {
        var run = Run("a") with { DataPath = "/some/where", Fingerprints = ["f1", "f2"] };
        var sequence = Assert.NotNull(_store.Add(run, [], null).Sequence);
        var found = _store.Find("a")!;
        Assert.Equal(run with { Sequence = sequence, Fingerprints = [] }, found with { Fingerprints = [] });
        Assert.Equal(run.Fingerprints, found.Fingerprints);
    }

    [Fact]
    public void ARequestOfANewerVersionIsStillListed()
    {
        _store.Add(Run("a") with { RequestJson = """{"symbols":["X","Y"],"strategy":"Tomorrow","unheard_of":1}""" }, [], null);
        var progress = Assert.Single(_store.List(new BacktestQuery { Limit = 10 })!).ToProgress();
        Assert.Equal("Tomorrow", progress.Strategy);
        Assert.Equal(["X", "Y"], progress.Symbols);
    }

    private void Add(string id) => Assert.NotNull(_store.Add(Run(id), [], null).Sequence);

    private static RunRecord Run(string id) => new()
    {
        Id = id,
        Status = BacktestStatus.Queued,
        RequestJson = """{"symbols":["X"],"strategy":"BuyAndHold"}""",
        Fingerprints = ["f"],
        Owner = "me",
        AcceptedAt = Now,
    };
}
