using BacktestOps.Runs.Execution;

namespace BacktestOps.Runs.Tests.Queueing;

/// <summary>Runs of known length on places of a scheduler, in steps of simulated time; no thread and no clock.</summary>
internal sealed class SimulatedMachine(int slots, double step = 0.01)
{
    private readonly RunScheduler _scheduler = new(slots);
    private readonly Dictionary<RunTicket, double> _left = [];
    private readonly Dictionary<RunTicket, double> _arrived = [];
    private readonly HashSet<RunTicket> _stubborn = [];
    private long _sequence;

    public double Now { get; private set; }

    /// <summary>The ids in the order in which the runs began, and how long each had waited.</summary>
    public List<(string Id, double Waited)> Begun { get; } = [];

    public List<string> Ended { get; } = [];

    public Dictionary<string, double> Executed { get; } = [];

    public int MostExecuting { get; private set; }

    public int MostBegun { get; private set; }

    /// <summary>A run arrives.</summary>
    public RunTicket Add(string id, double seconds, string caller = "", double? estimate = null, bool canPause = true, int deaths = 0)
    {
        var ticket = new RunTicket(++_sequence, id, caller, estimate ?? seconds) { Deaths = deaths };
        (_left[ticket], _arrived[ticket]) = (seconds, Now);
        if (!canPause) _stubborn.Add(ticket);
        _scheduler.Add(ticket);
        Settle();
        return ticket;
    }

    public void Cancel(RunTicket ticket)
    {
        _scheduler.End(ticket, Now);
        _left.Remove(ticket);
        Settle();
    }

    /// <summary>Time passes; what is told to happen happens before each step.</summary>
    public void Go(double seconds, Action? before = null)
    {
        for (var end = Now + seconds; Now < end - step / 2; Step())
            before?.Invoke();
    }

    public bool IsExecuting(string id) => _scheduler.Executing.Any(run => run.Id == id);

    private void Step()
    {
        Now += step;
        foreach (var run in _scheduler.Executing.ToArray())
        {
            Executed[run.Id] = Executed.GetValueOrDefault(run.Id) + step;
            if ((_left[run] -= step) < step / 2)
            {
                _left.Remove(run);
                Ended.Add(run.Id);
                _scheduler.End(run, Now);
            }
            else if (!_stubborn.Contains(run) && _scheduler.ShouldPause(run, Now))
            {
                _scheduler.Pause(run, Now);
            }
        }

        Settle();
    }

    private void Settle()
    {
        while (_scheduler.Next(Now) is { } next)
        {
            if (_arrived.Remove(next, out var arrived)) Begun.Add((next.Id, Now - arrived));
        }

        MostExecuting = Math.Max(MostExecuting, _scheduler.Executing.Count);
        MostBegun = Math.Max(MostBegun, Begun.Count - Ended.Count);
    }
}
