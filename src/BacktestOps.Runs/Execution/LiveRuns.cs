using System.Collections.Concurrent;
using BacktestOps.Contracts;
using BacktestOps.Runs.Stores;

namespace BacktestOps.Runs.Execution;

/// <summary>The runs that this process executes now: their state in memory, and the way to stop them.</summary>
/// <remarks>
/// A progress value is shown only after it is stored, so that no death of the process makes it fall. It is stored when
/// it has grown by enough, or by something after a while, so that short runs write nothing.
/// </remarks>
internal sealed class LiveRuns(RunStore store, string owner, TimeProvider clock)
{
    /// <summary>What a run is doing that makes room for others.</summary>
    public const string PausedActivity = "paused: other runs have their turn";

    private const double LargeStep = 5, SmallStep = 0.5;

    // The longer interval is for any growth: a long run whose process dies again and again is seen to get further.
    private static readonly TimeSpan StoreEvery = TimeSpan.FromMilliseconds(100), StoreAnyEvery = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Live> _runs = new(StringComparer.Ordinal);

    /// <summary>The tickets of all runs.</summary>
    public IEnumerable<RunTicket> Tickets => _runs.Values.Where(live => live.State is not null).Select(live => live.Ticket);

    /// <summary>The state of a run that is being executed here, or null.</summary>
    public BacktestProgress? Find(string id) => _runs.TryGetValue(id, out var live) ? live.Shown : null;

    /// <summary>Makes a run stoppable; its state is still the store's.</summary>
    public void Enter(RunTicket ticket) => _runs[ticket.Id] = new Live(ticket);

    /// <summary>Shows a run whose execution begins, unless it was stopped meanwhile.</summary>
    public void Show(RunRecord run)
    {
        if (!_runs.TryGetValue(run.Id, out var live))
            return;
        live.StoredAt = clock.GetTimestamp();
        live.State = run.ToProgress();
    }

    /// <summary>Shows that a run makes room for others, or goes on.</summary>
    public void Pause(string id, bool isPaused)
    {
        if (_runs.TryGetValue(id, out var live))
            live.IsPaused = isPaused;
    }

    /// <summary>Stops showing a run; its state is the store's again.</summary>
    public void Leave(string id) => _runs.TryRemove(id, out _);

    /// <summary>Stops the execution of a run if it is here.</summary>
    public void Stop(string id)
    {
        if (_runs.TryRemove(id, out var live))
            live.Ticket.Stop();
    }

    /// <summary>Tells how far a run is.</summary>
    /// <param name="id">The run.</param>
    /// <param name="percent">0 to below 100; only publishing makes it 100.</param>
    /// <param name="activity">What is being done.</param>
    /// <param name="sweep">How far the variants of a sweep are; null for one run.</param>
    public void Report(string id, double percent, string activity, SweepProgress? sweep = null)
    {
        if (!_runs.TryGetValue(id, out var live))
            return;
        lock (live)
        {
            if (live.State is not { } state)
                return;
            // Also across executions: a second one starts over, and is shown when it passes the first.
            var shown = Math.Max(state.Progress, Math.Clamp(double.IsFinite(percent) ? percent : 0, 0, 99.9));
            var growth = shown - state.Progress;
            var waited = clock.GetElapsedTime(live.StoredAt);
            var isDue = growth >= LargeStep || (growth >= SmallStep && waited >= StoreEvery) || (growth > 0 && waited >= StoreAnyEvery);
            if (isDue && TryStore(id, shown, activity))
            {
                live.StoredAt = clock.GetTimestamp();
                live.State = state with { Progress = shown, Activity = activity, Sweep = sweep };
            }
            else if (state.Activity != activity)
            {
                live.State = state with { Activity = activity, Sweep = sweep };
            }
        }
    }

    // A database that is locked for a while holds up what is shown, never the run.
    private bool TryStore(string id, double percent, string activity)
    {
        try
        {
            store.SaveProgress(id, owner, percent, activity);
            return true;
        }
        catch (BacktestUnavailableException)
        {
            return false;
        }
    }

    private sealed class Live(RunTicket ticket)
    {
        private volatile BacktestProgress? _state;
        private volatile bool _isPaused;

        public RunTicket Ticket => ticket;

        public BacktestProgress? State
        {
            get => _state;
            set => _state = value;
        }

        public bool IsPaused
        {
            set => _isPaused = value;
        }

        // What it was doing it is not doing now.
        public BacktestProgress? Shown => _state is { } state && _isPaused ? state with { Activity = PausedActivity } : _state;

        public long StoredAt { get; set; }
    }
}
