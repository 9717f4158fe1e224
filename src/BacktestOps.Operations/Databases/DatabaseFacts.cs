using Microsoft.Data.Sqlite;

namespace BacktestOps.Operations.Databases;

/// <summary>What is known of a database at one moment.</summary>
/// <param name="Tables">The rows of each table.</param>
internal sealed record DatabaseFacts(IReadOnlyDictionary<string, long> Tables)
{
    /// <summary>All rows.</summary>
    public long Rows => Tables.Values.Sum();

    /// <summary>For the record: <c>runs 12, symbols 8</c>.</summary>
    public override string ToString() =>
        Tables.Count == 0 ? "no tables" : string.Join(", ", Tables.OrderBy(table => table.Key, StringComparer.Ordinal).Select(table => $"{table.Key} {table.Value}"));
}

/// <summary>Opens SQLite files and asks them what every SQLite file can tell.</summary>
internal static class SqliteFile
{
    private const int BusySeconds = 30;

    /// <summary>Opens a database that others may be using.</summary>
    public static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        // Not pooled: a connection that lingers keeps the file, and its -wal, alive.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = BusySeconds,
        }.ToString());
        connection.Open();
        return connection;
    }

    /// <summary>Opens a file that nobody writes, without making the files beside it that a reader of a WAL database makes.</summary>
    public static SqliteConnection OpenImmutable(string path)
    {
        var uri = "file:" + Uri.EscapeDataString(path).Replace("%2F", "/", StringComparison.Ordinal) + "?immutable=1";
        var connection = new SqliteConnection($"Data Source={uri};Mode=ReadOnly;Pooling=False");
        connection.Open();
        return connection;
    }

    /// <summary>What SQLite's integrity check finds; null when all is well.</summary>
    public static string? IntegrityFault(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check(5)";
        using var reader = command.ExecuteReader();
        var lines = new List<string>();
        while (reader.Read()) lines.Add(reader.GetString(0));
        return lines is ["ok"] ? null : string.Join("; ", lines);
    }

    /// <summary>Counts the rows of every table.</summary>
    public static DatabaseFacts Count(SqliteConnection connection)
    {
        var names = new List<string>();
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";
            using var reader = command.ExecuteReader();
            while (reader.Read()) names.Add(reader.GetString(0));
        }

        var tables = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var name in names) tables[name] = Number(connection, $"SELECT count(*) FROM {Quote(name)}");
        return new DatabaseFacts(tables);
    }

    public static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>A name as SQL has it; SQL standard, doubled quotes.</summary>
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
