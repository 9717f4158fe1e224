using System.Globalization;
using BacktestOps.Contracts;

namespace BacktestOps.Runs.Stores;

/// <summary>The tables, and the steps from each version of them to the next.</summary>
internal static class RunStoreSchema
{
    /// <summary>Marks the file as ours, so that another program's database is never written to: "BTOP".</summary>
    private const long ApplicationId = 0x42544F50;

    // Each step takes a database from the version of its index to the next. A step that was released never changes.
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE runs (
            seq           INTEGER PRIMARY KEY AUTOINCREMENT,
            id            TEXT NOT NULL UNIQUE,
            status        TEXT NOT NULL CHECK (status IN ('queued', 'running', 'interrupted', 'completed', 'failed', 'cancelled')),
            progress      REAL NOT NULL DEFAULT 0,
            activity      TEXT,
            request       TEXT NOT NULL,
            data_path     TEXT,
            fingerprints  TEXT NOT NULL,
            owner         TEXT NOT NULL,
            attempts      INTEGER NOT NULL DEFAULT 0,
            accepted_at   INTEGER NOT NULL,
            started_at    INTEGER,
            ended_at      INTEGER,
            error         TEXT,
            result_digest TEXT,
            CHECK ((status = 'completed') = (result_digest IS NOT NULL))
        ) STRICT;
        CREATE INDEX runs_by_status ON runs (status, seq);
        CREATE INDEX runs_unfinished ON runs (owner, seq) WHERE status IN ('queued', 'running', 'interrupted');
        """,
        // Rows that can't be read must not keep the database from being opened: hence json_valid.
        """
        ALTER TABLE runs ADD COLUMN deaths INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE runs ADD COLUMN strategy TEXT GENERATED ALWAYS AS (CASE WHEN json_valid(request) THEN request ->> '$.strategy' END) VIRTUAL;
        CREATE INDEX runs_by_strategy ON runs (strategy, seq);
        CREATE TABLE run_symbols (
            symbol TEXT NOT NULL,
            seq    INTEGER NOT NULL,
            PRIMARY KEY (symbol, seq)
        ) STRICT, WITHOUT ROWID;
        INSERT OR IGNORE INTO run_symbols (symbol, seq)
        SELECT value, seq FROM runs, json_each(CASE WHEN json_valid(request) THEN request ELSE '{}' END, '$.symbols');
        CREATE TABLE start_keys (
            key         TEXT PRIMARY KEY,
            digest      TEXT NOT NULL,
            run_id      TEXT NOT NULL,
            accepted_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX start_keys_by_time ON start_keys (accepted_at);
        """,
        "ALTER TABLE runs ADD COLUMN strategy_fingerprint TEXT;",
        // The progress and the length of the work file at the last death: a death beyond them is not held against the run.
        """
        ALTER TABLE runs ADD COLUMN caller TEXT;
        ALTER TABLE runs ADD COLUMN cost REAL;
        ALTER TABLE runs ADD COLUMN death_progress REAL NOT NULL DEFAULT 0;
        ALTER TABLE runs ADD COLUMN death_work INTEGER NOT NULL DEFAULT 0;
        """,
    ];

    /// <summary>The version that this code writes.</summary>
    public static int Version => Steps.Length;

    /// <summary>Brings the database to this version.</summary>
    /// <exception cref="BacktestUnavailableException">It is newer, or not ours.</exception>
    public static void Prepare(SqliteSession session)
    {
        var current = Check(session);
        if (!string.Equals(session.Scalar("PRAGMA journal_mode") as string, "wal", StringComparison.OrdinalIgnoreCase))
            session.Scalar("PRAGMA journal_mode = WAL");
        if (current == Version)
            return;

        session.InTransaction(() =>
        {
            // Looked at again under the lock: another process may have just made the same step.
            for (var version = Check(session); version < Version; version++)
                session.Execute(Steps[version]);
            session.Execute(FormattableString.Invariant($"PRAGMA user_version = {Version}"));
            session.Execute(FormattableString.Invariant($"PRAGMA application_id = {ApplicationId}"));
            return true;
        });
    }

    private static int Check(SqliteSession session)
    {
        var version = Number(session, "PRAGMA user_version");
        var application = Number(session, "PRAGMA application_id");
        var isEmpty = Number(session, "SELECT count(*) FROM sqlite_master") == 0;
        if (application != ApplicationId && !isEmpty)
        {
            throw new BacktestUnavailableException(
                $"'{session.Path}' is a database of another program.", "Point BACKTESTOPS_HOME at a folder of its own.");
        }

        if (version > Version)
        {
            throw new BacktestUnavailableException(
                $"The run database '{session.Path}' was written by a newer version of BacktestOps (schema {version}; this one knows {Version}).",
                "Update BacktestOps, or point BACKTESTOPS_HOME at another folder.");
        }

        return isEmpty ? 0 : (int)version;
    }

    private static long Number(SqliteSession session, string sql) => Convert.ToInt64(session.Scalar(sql), CultureInfo.InvariantCulture);
}
