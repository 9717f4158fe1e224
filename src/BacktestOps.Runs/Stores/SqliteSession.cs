using Microsoft.Data.Sqlite;

namespace BacktestOps.Runs.Stores;

/// <summary>One connection with its prepared statements, used by one thread at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    // Pages of the file that stay in memory, KiB: the rows and indexes of some 100,000 runs. It is filled as they are read.
    private const int CacheSize = 32 << 10;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);
    private bool _isClosed;

    /// <summary>Opens a connection.</summary>
    /// <param name="path">The database file.</param>
    /// <param name="mode">Whether the file may be created.</param>
    /// <param name="patience">How long another process's lock is waited for.</param>
    /// <param name="synchronous">FULL: a commit is on the disk when it returns. NORMAL: it outlives the process, not a power cut.</param>
    public SqliteSession(string path, SqliteOpenMode mode, TimeSpan patience, string synchronous = "FULL")
    {
        Path = path;
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false, // The runner holds its connections for its life; a pool would hold the file open after it.
            DefaultTimeout = Math.Max(1, (int)patience.TotalSeconds),
        }.ToString());
        try
        {
            Translate(() =>
            {
                _connection.Open();
                Execute(FormattableString.Invariant($"PRAGMA busy_timeout = {(int)patience.TotalMilliseconds}"));
                Execute($"PRAGMA synchronous = {synchronous}");
                Execute(FormattableString.Invariant($"PRAGMA cache_size = -{CacheSize}"));
            });
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>The database file.</summary>
    public string Path { get; }

    /// <summary>Runs a statement; gives the number of rows changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = Prepare(sql, parameters);
        return Translate(command.ExecuteNonQuery);
    }

    /// <summary>The first column of the first row; null without a row.</summary>
    public object? Scalar(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = Prepare(sql, parameters);
        return Translate(command.ExecuteScalar);
    }

    /// <summary>All rows.</summary>
    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> map, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = Prepare(sql, parameters);
        return Translate(() =>
        {
            using var reader = command.ExecuteReader();
            var rows = new List<T>();
            while (reader.Read())
                rows.Add(map(reader));
            return rows;
        });
    }

    /// <summary>Runs the work in a transaction that holds the write lock from its first statement; any exception rolls it back.</summary>
    public T InTransaction<T>(Func<T> work)
    {
        Execute("BEGIN IMMEDIATE");
        try
        {
            var result = work();
            Execute("COMMIT");
            return result;
        }
        catch
        {
            // The disk may have rolled back already; what is to be told is the first fault.
            try
            {
                Execute("ROLLBACK");
            }
            catch (Contracts.BacktestUnavailableException)
            {
            }

            throw;
        }
    }

    public void Dispose()
    {
        _isClosed = true;
        foreach (var command in _commands.Values)
            command.Dispose();
        _connection.Dispose();
    }

    private SqliteCommand Prepare(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            foreach (var (name, _) in parameters)
                command.Parameters.Add(new SqliteParameter { ParameterName = name });
            _commands.Add(sql, command);
        }

        for (var i = 0; i < parameters.Length; i++)
            command.Parameters[i].Value = parameters[i].Value ?? DBNull.Value;
        return command;
    }

    private void Translate(Action work) => Translate(() =>
    {
        work();
        return true;
    });

    private T Translate<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException fault)
        {
            throw StoreFault.Describe(fault, Path);
        }
    }
}
