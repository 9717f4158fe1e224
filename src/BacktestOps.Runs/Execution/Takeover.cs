using BacktestOps.Contracts;
using BacktestOps.Runs.Stores;
using BacktestOps.Runs.Sweeps;

namespace BacktestOps.Runs.Execution;

/// <summary>Finds runs whose process died and takes them up; follows cancellations that other processes asked for.</summary>
internal sealed class Takeover : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);
    private const int LooksPerSearch = 8;

    private readonly RunStore _store;
    private readonly ResultFiles _files;
    private readonly SweepFiles _sweeps;
    private readonly OwnerLease _lease;
    private readonly RunQueue _queue;
    private readonly LiveRuns _live;
    private readonly TimeProvider _clock;
    private readonly int _mostDeaths;
    private readonly Lock _lock = new();
    private ITimer? _timer;
    private int _looks;
    private bool _isClosed;

    public Takeover(RunStore store, ResultFiles files, SweepFiles sweeps, OwnerLease lease, RunQueue queue, LiveRuns live, int mostDeaths, TimeProvider clock)
    {
        (_store, _files, _sweeps, _lease, _queue, _live, _mostDeaths, _clock) = (store, files, sweeps, lease, queue, live, mostDeaths, clock);
    }

    /// <summary>Takes up what is there now, and from then on looks again and again.</summary>
    /// <exception cref="BacktestUnavailableException">The database can't be used.</exception>
    public void Start()
    {
        TakeUp();
        // Also what an owner left that has neither a lock nor a run any more.
        _files.DiscardTemporaryFiles(IsDead);
        _timer = _clock.CreateTimer(_ => Look(), null, LookEvery, LookEvery);
    }

    public async ValueTask DisposeAsync()
    {
        if (_timer is not null)
            await _timer.DisposeAsync().ConfigureAwait(false);
        lock (_lock)
            _isClosed = true;
    }

    // What dead runners left: their runs go on here, their temporary files are removed.
    private void TakeUp()
    {
        // Lock files first: a dead runner without runs leaves one too.
        foreach (var owner in _lease.Others().Concat(_store.OtherOwners(_lease.Owner)).Distinct().ToArray())
        {
            using var dead = _lease.TryClaim(owner);
            if (dead is null)
                continue;
            foreach (var run in _store.TakeOver(owner, _lease.Owner, _sweeps.LengthOf))
                TakeUp(run);
            _files.DiscardTemporaryFiles(of => of == owner);
            // It may have died between the end of a run and the removal of its work file.
            _sweeps.DiscardEnded(_store.Find);
        }
    }

    private void TakeUp(RunRecord run)
    {
        if (run.Deaths < _mostDeaths)
        {
            _queue.Add(new RunTicket(run.Sequence, run.Id, run.Caller, RunCost.Of(run)) { Deaths = run.Deaths });
            return;
        }

        _store.Fail(
            run.Id, _lease.Owner, _clock.ToMilliseconds(),
            $"{run.Deaths} processes died in a row while they executed this run, and it got no further, so it is not tried again. Ask for less (fewer symbols, a shorter range), give the machine more memory, or look at the log of the service.",
            () =>
            {
                _files.DiscardPublished(run.Id);
                _sweeps.Discard(run.Id);
            });
    }

    private bool IsDead(string owner)
    {
        using var dead = owner == _lease.Owner ? null : _lease.TryClaim(owner);
        return dead is not null;
    }

    private void Look()
    {
        // A look that takes longer than the interval must not pile up.
        if (!_lock.TryEnter())
            return;
        try
        {
            if (_isClosed)
                return;
            foreach (var ticket in _live.Tickets)
            {
                if (_store.Find(ticket.Id) is not { Status: BacktestStatus.Running } run || run.Owner != _lease.Owner)
                    _live.Stop(ticket.Id);
            }

            _queue.Look();
            if (++_looks % LooksPerSearch == 0)
                TakeUp();
        }
        catch (Exception)
        {
            // A timer's exception would end the process. Health tells what is wrong; the next look tries again.
        }
        finally
        {
            _lock.Exit();
        }
    }
}
