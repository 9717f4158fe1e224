namespace BacktestOps.Runs.Execution;

/// <summary>Decides which run is next, and which one makes room: by class of cost, in a class by caller, of one caller the oldest.</summary>
/// <remarks>
/// <para>Classes share the workers by weight and callers of a class evenly, both by measured time. So a short run goes before long
/// ones as long as short runs have had no more than their share; a stream of them leaves long runs theirs.</para>
/// <para>A run that can pause is asked between two pieces of its work. It keeps what it holds in memory and gives up only its place,
/// so no work is done twice. Where all places are taken by longer runs, one short run begins at once beside them, without
/// waiting for one to pause: not every run can, and not at every moment.</para>
/// <para>It has no clock, no thread and no lock: its caller brings them.</para>
/// </remarks>
/// <param name="slots">Runs that are executed at once.</param>
internal sealed class RunScheduler(int slots)
{
    // Seconds by weight: the claim that a class may save up, what a run may have before it makes room for its equals, and what any start costs.
    private const double Credit = 0.25, Slice = 1, LeastCost = 0.001;

    // Runs that are begun and not ended, of more than a moment, for each place: each holds its data in memory.
    private const int BegunPerSlot = 4;

    private static readonly double[] s_weights = [8, 3, 1];

    // Seconds of execution after which a run is no longer of its class.
    private static readonly double[] s_longest = [1, 30, double.PositiveInfinity];

    private readonly FairShares<CostClass> _classes = new();
    private readonly ClassOfRuns[] _runs = [new(), new(), new()];
    private readonly List<RunTicket> _executing = [];
    private int _paused;

    /// <summary>Runs that have not begun.</summary>
    public int Waiting { get; private set; }

    /// <summary>Whether somebody may have to make room.</summary>
    public bool IsContended => Waiting + _paused > 0 || _executing.Count > slots;

    /// <summary>Runs that are executed now; paused ones are not.</summary>
    public IReadOnlyList<RunTicket> Executing => _executing;

    /// <summary>Takes a run in.</summary>
    public void Add(RunTicket ticket)
    {
        // Who may end the process has no claim to be served soon, and no other short run waits behind it.
        if (ticket.IsSuspect) ticket.Class = CostClass.Long;
        Enter(ticket);
        FlowOf(ticket).New.Add(ticket);
        Waiting++;
    }

    /// <summary>The next run that begins or goes on now; null for none. It is executed from now on.</summary>
    public RunTicket? Next(double now)
    {
        Count(now);
        if (Choose() is not { } next) return null;
        var flow = FlowOf(next);
        if (flow.Paused.Remove(next))
        {
            _paused--;
        }
        else
        {
            flow.New.Remove(next);
            Waiting--;
            Charge(next, LeastCost);
        }

        next.CountedAt = now;
        _executing.Add(next);
        return next;
    }

    /// <summary>Whether a run that is executed makes room for another.</summary>
    public bool ShouldPause(RunTicket ticket, double now)
    {
        if (ticket.IsSuspect || !_executing.Contains(ticket)) return false;
        Count(now);
        var (mine, had) = (ticket.Class, _classes.Of(ticket.Class));
        if (_executing.Count > slots)
            return mine != CostClass.Short && mine == _executing.Max(run => run.Class) && _classes.Of(CostClass.Short) <= had;
        var other = Best(_ => true, HasRoomToBegin);
        if (other is null || other.IsSuspect) return false;
        return other.Class < mine ? _classes.Of(other.Class) <= had
            : other.Class > mine ? _classes.Of(other.Class) + Slice <= had
            : other.Caller != ticket.Caller && _runs[(int)mine].Callers.Of(other.Caller) + Slice <= _runs[(int)mine].Callers.Of(ticket.Caller);
    }

    /// <summary>A run gives up its place until it is its turn again.</summary>
    public void Pause(RunTicket ticket, double now)
    {
        Count(now);
        _executing.Remove(ticket);
        FlowOf(ticket).Paused.Add(ticket);
        _paused++;
    }

    /// <summary>A run has ended, executed or paused.</summary>
    public void End(RunTicket ticket, double now)
    {
        Count(now);
        var flow = FlowOf(ticket);
        if (flow.Paused.Remove(ticket)) _paused--;
        else if (!_executing.Remove(ticket)) return;
        Leave(ticket);
    }

    private RunTicket? Choose()
    {
        if (_executing.Exists(run => run.IsSuspect)) return null;
        if (_executing.Count < slots)
        {
            var best = Best(_ => true, HasRoomToBegin);
            if (best is not { IsSuspect: true }) return best;
            if (_executing.Count + _paused == 0) return best;
            // The suspect waits until it is alone. What has begun is ended; short runs hold nothing up while a longer one is.
            var isLonger = _paused > 0 || _executing.Exists(run => run.Class != CostClass.Short);
            return Best(_ => true, run => isLonger && run.Class == CostClass.Short);
        }

        return _executing.Count == slots && !_executing.Exists(run => run.Class == CostClass.Short)
            ? Best(of => of == CostClass.Short, _ => true)
            : null;
    }

    private bool HasRoomToBegin(RunTicket ticket) =>
        ticket.Class == CostClass.Short || ticket.IsSuspect || _executing.Count + _paused < BegunPerSlot * slots;

    private RunTicket? Best(Func<CostClass, bool> isAsked, Func<RunTicket, bool> mayBegin)
    {
        (RunTicket Run, double Class, double Caller)? best = null;
        foreach (var cost in (ReadOnlySpan<CostClass>)[CostClass.Short, CostClass.Medium, CostClass.Long])
        {
            if (!isAsked(cost) || (best is { } found && found.Class <= _classes.Of(cost))) continue;
            (RunTicket Run, double Class, double Caller)? inClass = null;
            foreach (var (caller, flow) in _runs[(int)cost].Flows)
            {
                if (flow.First(mayBegin) is not { } first) continue;
                var had = _runs[(int)cost].Callers.Of(caller);
                if (inClass is not { } before || had < before.Caller || (had == before.Caller && first.Sequence < before.Run.Sequence))
                    inClass = (first, _classes.Of(cost), had);
            }

            best = inClass ?? best;
        }

        return best?.Run;
    }

    // What each has had since it was counted last.
    private void Count(double now)
    {
        foreach (var run in _executing)
        {
            var time = Math.Max(0, now - run.CountedAt);
            run.CountedAt = now;
            if (time == 0) continue;
            run.Executed += time;
            Charge(run, time);
            while (run.Executed > s_longest[(int)run.Class])
            {
                Leave(run);
                run.Class++;
                Enter(run);
            }
        }
    }

    private void Charge(RunTicket ticket, double time)
    {
        _classes.Charge(ticket.Class, time / s_weights[(int)ticket.Class]);
        _runs[(int)ticket.Class].Callers.Charge(ticket.Caller, time);
    }

    private void Enter(RunTicket ticket)
    {
        var of = _runs[(int)ticket.Class];
        if (of.Flows.Count == 0)
        {
            _classes.Enter(
                ticket.Class, Enum.GetValues<CostClass>().Where(other => other != ticket.Class && _runs[(int)other].Flows.Count > 0), Credit);
        }

        if (!of.Flows.TryGetValue(ticket.Caller, out var flow))
        {
            of.Callers.Enter(ticket.Caller, of.Flows.Keys);
            of.Flows[ticket.Caller] = flow = new Flow();
        }

        flow.Runs++;
    }

    private void Leave(RunTicket ticket)
    {
        var flows = _runs[(int)ticket.Class].Flows;
        if (--flows[ticket.Caller].Runs == 0) flows.Remove(ticket.Caller);
    }

    private Flow FlowOf(RunTicket ticket) => _runs[(int)ticket.Class].Flows[ticket.Caller];

    /// <summary>The runs of one class, by caller; callers without any are not in it.</summary>
    private sealed class ClassOfRuns
    {
        public Dictionary<string, Flow> Flows { get; } = new(StringComparer.Ordinal);

        public FairShares<string> Callers { get; } = new();
    }

    /// <summary>The runs of one caller and class, in the order of acceptance.</summary>
    private sealed class Flow
    {
        private static readonly Comparer<RunTicket> s_order = Comparer<RunTicket>.Create((a, b) => a.Sequence.CompareTo(b.Sequence));

        public SortedSet<RunTicket> New { get; } = new(s_order);

        public SortedSet<RunTicket> Paused { get; } = new(s_order);

        /// <summary>All, those that are executed too.</summary>
        public int Runs { get; set; }

        // What has begun goes first: it holds memory, and it is the older.
        public RunTicket? First(Func<RunTicket, bool> mayBegin) => Paused.Min ?? (New.Min is { } first && mayBegin(first) ? first : null);
    }
}
