using BacktestOps.Contracts;

namespace BacktestOps.PowerShell.Watching;

/// <summary>How far a set of runs is as a whole, and how long it will take from here.</summary>
/// <param name="total">How many runs are waited for.</param>
/// <param name="clock">The clock.</param>
internal sealed class WaitProgress(int total, TimeProvider clock)
{
    private readonly Dictionary<string, BacktestProgress> _runs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _lost = new(StringComparer.Ordinal);
    private readonly long _begin = clock.GetTimestamp();
    private double? _firstPercent;

    /// <summary>Runs that have ended, or can't be seen any more.</summary>
    public int Ended => _runs.Values.Count(run => run.Status.IsTerminal()) + _lost.Count;

    /// <summary>Percent done, the mean of the runs; one that has ended is done, however it ended.</summary>
    public double Percent => total == 0 ? 100 :
        ((100.0 * _lost.Count) + _runs.Values.Sum(run => run.Status.IsTerminal() ? 100 : run.Progress)) / total;

    /// <summary>The run that changed last and has not ended; null when there is none.</summary>
    public BacktestProgress? Latest { get; private set; }

    /// <summary>Takes in what was seen.</summary>
    public void Add(WatchEvent seen)
    {
        if (seen.Progress is null) _lost.Add(seen.BacktestId);
        else _runs[seen.BacktestId] = seen.Progress;
        Latest = seen.Progress is { } progress && !progress.Status.IsTerminal() ? progress : Latest;
        _firstPercent ??= Percent;
    }

    /// <summary>Runs that have not ended.</summary>
    public IEnumerable<BacktestProgress> Unfinished => _runs.Values.Where(run => !run.Status.IsTerminal());

    /// <summary>Seconds to go if it goes on as it did since the first look; −1 while that can't be said.</summary>
    public int SecondsLeft()
    {
        var done = Percent - (_firstPercent ?? 0);
        if (done <= 0) return -1;
        var left = clock.GetElapsedTime(_begin).TotalSeconds * (100 - Percent) / done;
        return left < int.MaxValue ? (int)Math.Ceiling(left) : -1;
    }
}
