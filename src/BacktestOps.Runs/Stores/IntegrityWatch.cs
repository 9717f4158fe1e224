using System.Globalization;
using BacktestOps.Contracts;
using Microsoft.Data.Sqlite;

namespace BacktestOps.Runs.Stores;

/// <summary>
/// Looks now and then, when health is asked for, whether the database is still whole: a page that was damaged or a file that
/// was put in its place under an open connection is not seen by statements that find their pages in memory.
/// </summary>
/// <param name="path">The database file.</param>
/// <param name="newest">The last run that this process saw committed, by its place in the order of acceptance.</param>
/// <param name="clock">The clock.</param>
internal sealed class IntegrityWatch(string path, Func<long> newest, TimeProvider clock)
{
    // A check reads the whole file, so one that was good holds for a while; one that was not is made again soon.
    private static readonly TimeSpan Good = TimeSpan.FromSeconds(30), Bad = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task _check = Task.CompletedTask;
    private long? _ended;

    /// <summary>What is wrong with the file; null while nothing is known to be.</summary>
    public BacktestUnavailableException? Fault { get; private set; }

    /// <summary>Makes the check if it is due; one that takes long is left to end in the background, and the last one holds.</summary>
    public void LookIfDue()
    {
        Task check;
        lock (_lock)
        {
            var isDue = _ended is not { } ended || clock.GetElapsedTime(ended) > (Fault is null ? Good : Bad);
            if (_check.IsCompleted && isDue) _check = Task.Run(Look);
            check = _check;
        }

        check.Wait(Patience);
    }

    private void Look()
    {
        var fault = Find();
        lock (_lock) (Fault, _ended) = (fault, clock.GetTimestamp());
    }

    private BacktestUnavailableException? Find()
    {
        // Known before the file is looked at: what is committed meanwhile must not look like a loss.
        var known = newest();
        try
        {
            using var session = new SqliteSession(path, SqliteOpenMode.ReadWrite, Patience);
            var answer = session.Scalar("PRAGMA quick_check(1)") as string;
            if (answer != "ok") return StoreFault.Damaged(path, answer ?? "no answer");
            var stored = Convert.ToInt64(session.Scalar("SELECT coalesce(max(seq), 0) FROM runs"), CultureInfo.InvariantCulture);
            return stored >= known ? null : StoreFault.Replaced(path, stored, known);
        }
        catch (BacktestUnavailableException fault)
        {
            // A lock that somebody holds says nothing about the file; the probe tells of it.
            return StoreFault.IsDamage(fault) ? fault : Fault;
        }
    }
}
