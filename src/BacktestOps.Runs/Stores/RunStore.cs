using System.Globalization;
using BacktestOps.Contracts;
using Microsoft.Data.Sqlite;

namespace BacktestOps.Runs.Stores;

/// <summary>The runs in one SQLite file, shared by every process that has the home open.</summary>
/// <remarks>
/// Changes of state are durable when the call returns. Each is one conditional statement, so that the database decides
/// every race: a terminal status never changes, and only the owner moves a run forward.
/// </remarks>
internal sealed partial class RunStore : IDisposable
{
    private const string Unfinished = "status IN ('queued', 'running', 'interrupted')";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(1);

    private readonly Lock _writeLock = new(), _progressLock = new(), _readLock = new();
    private readonly SqliteSession _write, _progress, _read;
    private long _newest;

    /// <summary>Opens the database, making or updating it.</summary>
    /// <exception cref="BacktestUnavailableException">It can't be used.</exception>
    public RunStore(string path, TimeProvider clock)
    {
        Path = path;
        Integrity = new IntegrityWatch(path, () => Interlocked.Read(ref _newest), clock);
        var opened = new Stack<SqliteSession>();
        try
        {
            MakePrivate(path);
            opened.Push(_write = new SqliteSession(path, SqliteOpenMode.ReadWriteCreate, Patience));
            RunStoreSchema.Prepare(_write);
            // Progress is told often and is worth no flush of the disk: it must outlive the process, not a power cut.
            opened.Push(_progress = new SqliteSession(path, SqliteOpenMode.ReadWrite, Patience, "NORMAL"));
            opened.Push(_read = new SqliteSession(path, SqliteOpenMode.ReadWrite, Patience));
        }
        catch
        {
            while (opened.TryPop(out var session))
                session.Dispose();
            throw;
        }
    }

    // SQLite gives the files beside it the rights of the database.
    private static void MakePrivate(string path)
    {
        try
        {
            if (!File.Exists(path)) PrivateFile.Open(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite).Dispose();
            foreach (var file in (string[])[path, path + "-wal", path + "-shm"])
                if (File.Exists(file)) PrivateFile.Tighten(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Another process has just made it, or nothing can be made here: SQLite says what is wrong.
        }
    }

    /// <summary>The database file.</summary>
    public string Path { get; }

    /// <summary>Whether the file is whole.</summary>
    public IntegrityWatch Integrity { get; }

    /// <summary>Begins an execution; null when the run has ended or is not the owner's.</summary>
    public RunRecord? Begin(string id, string owner, DateTimeOffset at)
    {
        lock (_writeLock)
        {
            return _write.Query(
                $"""
                UPDATE runs SET status = 'running', attempts = attempts + 1, started_at = $at, activity = NULL
                WHERE id = $id AND owner = $owner AND {Unfinished} RETURNING {RunRecord.Columns}
                """,
                RunRecord.Read, ("$id", id), ("$owner", owner), ("$at", at.ToUnixTimeMilliseconds())).SingleOrDefault();
        }
    }

    /// <summary>Puts a running run back among those that wait.</summary>
    public void Postpone(string id, string owner, string activity)
    {
        lock (_writeLock)
        {
            _write.Execute(
                "UPDATE runs SET status = 'queued', activity = $activity WHERE id = $id AND owner = $owner AND status = 'running'",
                ("$id", id), ("$owner", owner), ("$activity", activity));
        }
    }

    /// <summary>Stores progress of a running run. It never falls.</summary>
    public void SaveProgress(string id, string owner, double progress, string? activity)
    {
        lock (_progressLock)
        {
            _progress.Execute(
                "UPDATE runs SET progress = max(progress, $progress), activity = $activity WHERE id = $id AND owner = $owner AND status = 'running'",
                ("$id", id), ("$owner", owner), ("$progress", progress), ("$activity", activity));
        }
    }

    /// <summary>Ends a run with a result; false when it has ended otherwise or is not the owner's.</summary>
    /// <param name="id">The run.</param>
    /// <param name="owner">Who executed it.</param>
    /// <param name="at">When it was completed.</param>
    /// <param name="digest">SHA-256 of the result file.</param>
    /// <param name="publish">Gives the result file its name; done inside the transaction, so that nobody can end the run meanwhile.</param>
    public bool Complete(string id, string owner, DateTimeOffset at, string digest, Action publish)
    {
        lock (_writeLock)
        {
            return _write.InTransaction(() =>
            {
                var changed = _write.Execute(
                    """
                    UPDATE runs SET status = 'completed', progress = 100, activity = NULL, ended_at = $at, result_digest = $digest
                    WHERE id = $id AND owner = $owner AND status = 'running'
                    """,
                    ("$id", id), ("$owner", owner), ("$at", at.ToUnixTimeMilliseconds()), ("$digest", digest));
                if (changed == 0)
                    return false;
                publish();
                return true;
            });
        }
    }

    /// <summary>Ends a run with an error; false when it has ended otherwise or is not the owner's.</summary>
    public bool Fail(string id, string owner, DateTimeOffset at, string error, Action discard)
    {
        lock (_writeLock)
        {
            return End($"owner = $owner AND {Unfinished}", "failed", discard, ("$id", id), ("$at", at.ToUnixTimeMilliseconds()), ("$error", error), ("$owner", owner));
        }
    }

    /// <summary>Ends a run on request, whoever owns it; a run that has ended stays as it is.</summary>
    /// <param name="id">The run.</param>
    /// <param name="at">When it was asked for.</param>
    /// <param name="discard">Removes a result file that a dead process named and did not commit.</param>
    public void Cancel(string id, DateTimeOffset at, Action discard)
    {
        lock (_writeLock)
        {
            End(Unfinished, "cancelled", discard, ("$id", id), ("$at", at.ToUnixTimeMilliseconds()), ("$error", null));
        }
    }

    /// <summary>Marks the owner's running runs as interrupted: it stops.</summary>
    public void Release(string owner)
    {
        lock (_writeLock)
        {
            _write.Execute("UPDATE runs SET status = 'interrupted', activity = NULL WHERE owner = $owner AND status = 'running'", ("$owner", owner));
        }
    }

    /// <summary>Gives the unfinished runs of a dead owner to another; oldest first.</summary>
    /// <remarks>A death is held against a run that got no further than at the death before; one that got further has none again.</remarks>
    /// <param name="deadOwner">Who died.</param>
    /// <param name="newOwner">Who goes on.</param>
    /// <param name="workOf">How much work of a run is kept on the disk, in any unit that grows; null where there is none.</param>
    public IReadOnlyList<RunRecord> TakeOver(string deadOwner, string newOwner, Func<string, long>? workOf = null)
    {
        lock (_writeLock)
        {
            return _write.InTransaction(() =>
            {
                foreach (var id in _write.Query("SELECT id FROM runs WHERE owner = $dead AND status = 'running'", row => row.GetString(0), ("$dead", deadOwner)))
                {
                    _write.Execute(
                        """
                        UPDATE runs SET status = 'interrupted',
                            deaths = CASE WHEN progress > death_progress OR $work > death_work THEN 0 ELSE deaths + 1 END,
                            death_progress = max(progress, death_progress), death_work = max($work, death_work)
                        WHERE id = $id
                        """,
                        ("$id", id), ("$work", workOf?.Invoke(id) ?? 0));
                }

                var taken = _write.Query(
                    $"UPDATE runs SET owner = $new, activity = NULL WHERE owner = $dead AND {Unfinished} RETURNING {RunRecord.Columns}",
                    RunRecord.Read, ("$new", newOwner), ("$dead", deadOwner));
                return taken.OrderBy(run => run.Sequence).ToArray();
            });
        }
    }

    /// <summary>Who else owns unfinished runs.</summary>
    public IReadOnlyList<string> OtherOwners(string owner)
    {
        lock (_readLock)
        {
            return _read.Query($"SELECT DISTINCT owner FROM runs WHERE owner <> $owner AND {Unfinished}", row => row.GetString(0), ("$owner", owner));
        }
    }

    /// <summary>One run, or null.</summary>
    public RunRecord? Find(string id)
    {
        lock (_readLock)
        {
            return _read.Query($"SELECT {RunRecord.Columns} FROM runs WHERE id = $id", RunRecord.Read, ("$id", id)).SingleOrDefault();
        }
    }

    /// <summary>How many runs wait or are being executed, in all processes; seen through a new connection that takes the write lock.</summary>
    /// <exception cref="BacktestUnavailableException">The database can't be used.</exception>
    public int Probe()
    {
        using var session = new SqliteSession(Path, SqliteOpenMode.ReadWrite, ProbePatience);
        session.Execute("BEGIN IMMEDIATE");
        var unfinished = session.Scalar($"SELECT count(*) FROM runs WHERE {Unfinished}");
        session.Execute("ROLLBACK");
        return Convert.ToInt32(unfinished, CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        lock (_progressLock)
        lock (_readLock)
        lock (_writeLock)
        {
            _progress.Dispose();
            _read.Dispose();
            _write.Dispose();
        }
    }

    private bool End(string condition, string status, Action discard, params (string, object?)[] parameters) => _write.InTransaction(() =>
    {
        var changed = _write.Execute(
            $"UPDATE runs SET status = '{status}', activity = NULL, ended_at = $at, error = $error WHERE id = $id AND {condition}", parameters);
        if (changed > 0)
            discard();
        return changed > 0;
    });
}
