using BacktestOps.Contracts;

namespace BacktestOps.Runs.Stores;

/// <summary>A key that lets a start be repeated.</summary>
/// <param name="Key">The caller's key.</param>
/// <param name="Digest">SHA-256 of the request that it was sent with.</param>
/// <param name="Expired">Keys of this time and before are forgotten.</param>
internal sealed record StartKey(string Key, string Digest, DateTimeOffset Expired);

/// <summary>What a key stands for.</summary>
/// <param name="Digest">SHA-256 of the request that it was first sent with.</param>
/// <param name="BacktestId">The run.</param>
internal sealed record KeptStart(string Digest, string BacktestId);

/// <summary>What came of adding a run.</summary>
/// <param name="Sequence">The place in the order of acceptance; null when nothing was added.</param>
/// <param name="Kept">What the key stands for already; null also when the run's id was taken.</param>
internal sealed record AddedRun(long? Sequence, KeptStart? Kept);

/// <summary>Acceptance.</summary>
internal sealed partial class RunStore
{
    /// <summary>Adds a run, and its key in the same transaction, so that neither is there without the other.</summary>
    /// <exception cref="BacktestUnavailableException">The database can't be used.</exception>
    public AddedRun Add(RunRecord run, IReadOnlyList<string> symbols, StartKey? key)
    {
        // SQLite would go on writing into a file that has been deleted, and what it accepts would be lost.
        if (!File.Exists(Path))
            throw new BacktestUnavailableException($"The run database '{Path}' is gone.", "Restore it from a backup, or start anew; a new one is made at the next start.");
        if (Integrity.Fault is { } damage) throw damage;
        lock (_writeLock)
        {
            var added = _write.InTransaction(() =>
            {
                if (key is not null && FindKey(_write, key) is { } kept)
                    return new AddedRun(null, kept);
                if (Insert(run, symbols) is not { } sequence)
                    return new AddedRun(null, null);
                if (key is not null)
                    Keep(key, run);
                return new AddedRun(sequence, null);
            });
            if (added.Sequence is { } newest) Interlocked.Exchange(ref _newest, newest);
            return added;
        }
    }

    /// <summary>What a key stands for, or null.</summary>
    public KeptStart? FindKey(StartKey key)
    {
        lock (_readLock)
            return FindKey(_read, key);
    }

    private static KeptStart? FindKey(SqliteSession session, StartKey key) => session.Query(
        "SELECT digest, run_id FROM start_keys WHERE key = $key AND accepted_at > $expired",
        row => new KeptStart(row.GetString(0), row.GetString(1)),
        ("$key", key.Key), ("$expired", key.Expired.ToUnixTimeMilliseconds())).SingleOrDefault();

    /// <summary>Enters a completed run again that the database does not know any more.</summary>
    /// <param name="run">The run.</param>
    /// <param name="symbols">Its symbols.</param>
    /// <param name="sequence">Its place in the order of acceptance; null for the end.</param>
    public void Restore(RunRecord run, IReadOnlyList<string> symbols, long? sequence = null)
    {
        lock (_writeLock)
        {
            _write.InTransaction(() =>
            {
                if (Insert(run, symbols, sequence) is not { } added) return false;
                _write.Execute(
                    "UPDATE runs SET status = 'completed', progress = 100, attempts = $attempts, ended_at = $at, result_digest = $digest WHERE seq = $seq",
                    ("$attempts", run.Attempts), ("$at", run.EndedAt?.ToUnixTimeMilliseconds()), ("$digest", run.ResultDigest), ("$seq", added));
                return true;
            });
        }
    }

    /// <summary>Marks a completed run as failed whose result is lost.</summary>
    public void MarkLost(string id, string error)
    {
        lock (_writeLock)
            _write.Execute("UPDATE runs SET status = 'failed', result_digest = NULL, error = $error WHERE id = $id AND status = 'completed'", ("$error", error), ("$id", id));
    }

    private long? Insert(RunRecord run, IReadOnlyList<string> symbols, long? sequence = null)
    {
        var added = _write.Query(
            """
            INSERT INTO runs (seq, id, status, request, data_path, fingerprints, strategy_fingerprint, owner, accepted_at, caller, cost)
            VALUES ($seq, $id, 'queued', $request, $data_path, $fingerprints, $strategy, $owner, $at, $caller, $cost)
            ON CONFLICT (id) DO NOTHING RETURNING seq
            """,
            row => row.GetInt64(0),
            ("$seq", sequence), ("$id", run.Id), ("$request", run.RequestJson), ("$data_path", run.DataPath),
            ("$fingerprints", string.Join(' ', run.Fingerprints)), ("$strategy", run.StrategyFingerprint), ("$owner", run.Owner), ("$at", run.AcceptedAt.ToUnixTimeMilliseconds()),
            ("$caller", run.Caller), ("$cost", run.Cost));
        if (added.Count == 0)
            return null;
        foreach (var symbol in symbols)
            _write.Execute("INSERT OR IGNORE INTO run_symbols (symbol, seq) VALUES ($symbol, $seq)", ("$symbol", symbol), ("$seq", added[0]));
        return added[0];
    }

    private void Keep(StartKey key, RunRecord run)
    {
        _write.Execute("DELETE FROM start_keys WHERE accepted_at <= $expired", ("$expired", key.Expired.ToUnixTimeMilliseconds()));
        _write.Execute(
            "INSERT INTO start_keys (key, digest, run_id, accepted_at) VALUES ($key, $digest, $run, $at)",
            ("$key", key.Key), ("$digest", key.Digest), ("$run", run.Id), ("$at", run.AcceptedAt.ToUnixTimeMilliseconds()));
    }
}
