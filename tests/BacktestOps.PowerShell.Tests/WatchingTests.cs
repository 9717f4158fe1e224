using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Tests.Support;
using BacktestOps.PowerShell.Watching;
using Microsoft.Extensions.Time.Testing;
using static BacktestOps.Contracts.BacktestStatus;

namespace BacktestOps.PowerShell.Tests;

public sealed class WatchingTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Time_left_is_what_the_pace_since_the_first_look_makes_of_it()
    {
        var progress = new WaitProgress(1, _clock);
        progress.Add(Seen("a", Running, 20));
        Assert.Equal(-1, progress.SecondsLeft());

        _clock.Advance(TimeSpan.FromSeconds(10));
        progress.Add(Seen("a", Running, 40));

        // 20 % in 10 s leaves 60 %, which takes 30 s.
        Assert.Equal(30, progress.SecondsLeft());
    }

    [Fact]
    public void A_run_that_failed_or_can_not_be_seen_counts_as_done()
    {
        var progress = new WaitProgress(4, _clock);

        progress.Add(Seen("a", Failed, 10));
        progress.Add(Seen("b", Running, 50));
        progress.Add(new WatchEvent("c", null, new BacktestNotFoundException("c", "here")));

        Assert.Equal((100 + 50 + 100 + 0) / 4.0, progress.Percent);
        Assert.Equal(2, progress.Ended);
    }

    [Fact]
    public async Task A_watch_looks_often_at_first_and_four_times_a_second_later()
    {
        var clock = new ImpatientClock();
        var api = new FakeBacktestApi().With("a", [.. Enumerable.Repeat((Running, 1.0), 12), (Completed, 100)]);

        var seen = new List<double>();
        await foreach (var change in new BacktestWatch(api, clock).ChangesAsync(["a"], TestContext.Current.CancellationToken))
            seen.Add(change.Progress!.Progress);

        Assert.Equal([1, 100], seen);
        Assert.Equal([10, 15, 22], clock.Pauses.Take(3).Select(pause => pause.TotalMilliseconds));
        Assert.Equal(12, clock.Pauses.Count);
        Assert.Equal([250, 250, 250], clock.Pauses.TakeLast(3).Select(pause => pause.TotalMilliseconds));
    }

    [Fact]
    public void The_bar_is_drawn_ten_times_a_second_at_most_and_closed_once()
    {
        var records = new List<ProgressRecord>();
        var bar = new ProgressBar(records.Add, _clock);
        var progress = new WaitProgress(1, _clock);
        for (var percent = 0; percent < 100; percent++)
        {
            progress.Add(Seen("a", Running, percent));
            bar.Show(1, progress);
            _clock.Advance(TimeSpan.FromMilliseconds(10));
        }

        bar.Complete();

        Assert.Equal(11, records.Count);
        Assert.Equal([0, 10, 20, 30, 40, 50, 60, 70, 80, 90], records.SkipLast(1).Select(record => record.PercentComplete));
        Assert.Equal("SmaCross on AAPL", records[0].Activity);
        Assert.Equal(ProgressRecordType.Completed, records[^1].RecordType);
    }

    [Fact]
    public void A_bar_that_was_never_shown_is_not_closed_either()
    {
        var records = new List<ProgressRecord>();

        new ProgressBar(records.Add, _clock).Complete();

        Assert.Empty(records);
    }

    private static WatchEvent Seen(string id, BacktestStatus status, double percent) =>
        new(id, FakeBacktestApi.Run(id, status, percent), null);

    /// <summary>Writes down how long somebody wants to wait, and lets nobody wait.</summary>
    private sealed class ImpatientClock : TimeProvider
    {
        public List<TimeSpan> Pauses { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Pauses.Add(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
