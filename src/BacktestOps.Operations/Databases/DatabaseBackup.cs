using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Files;
using BacktestOps.Operations.Processes;
using Microsoft.Data.Sqlite;

namespace BacktestOps.Operations.Databases;

/// <summary>
/// Copies a database while it is in use, and puts it back. Both go through SQLite's backup interface: a copied file lacks
/// what is in the -wal beside it, and a file put back beside an old -wal gets the new rows again.
/// </summary>
/// <param name="path">The database.</param>
/// <param name="disk">Flushes.</param>
internal sealed class DatabaseBackup(string path, IDisk disk)
{
    private const int DiskFull = 13;
    private const int CannotOpen = 14;

    /// <summary>What the database's integrity check finds; null when all is well.</summary>
    public string? IntegrityFault()
    {
        try
        {
            using var connection = SqliteFile.Open(path, SqliteOpenMode.ReadWrite);
            return SqliteFile.IntegrityFault(connection);
        }
        catch (SqliteException error)
        {
            return error.Message;
        }
    }

    /// <summary>Makes a verified copy.</summary>
    /// <param name="target">The copy; it is there whole, or not at all.</param>
    /// <returns>The rows of the copy.</returns>
    public DatabaseFacts Make(string target)
    {
        var temporary = target + ".tmp";
        Delete(temporary);
        try
        {
            using (var from = SqliteFile.Open(path, SqliteOpenMode.ReadWrite))
            using (var to = SqliteFile.Open(temporary, SqliteOpenMode.ReadWriteCreate))
            {
                from.BackupDatabase(to);
            }

            var facts = Verify(temporary);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(temporary, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            disk.Flush(Path.GetDirectoryName(target)!);
            File.Move(temporary, target, overwrite: true);
            disk.Flush(Path.GetDirectoryName(target)!);
            return facts;
        }
        catch (SqliteException error)
        {
            throw Fault(error, $"The database '{path}' could not be backed up");
        }
        finally
        {
            Delete(temporary);
        }
    }

    /// <summary>Checks a copy and counts its rows.</summary>
    /// <exception cref="DeploymentException">It is damaged.</exception>
    public static DatabaseFacts Verify(string copy)
    {
        try
        {
            using var connection = SqliteFile.OpenImmutable(copy);
            if (SqliteFile.IntegrityFault(connection) is { } fault) throw new DeploymentException(
                "BackupDamaged", $"The backup '{copy}' is damaged: {fault}", "Check the database and the disk; nothing was restored from it.");
            return SqliteFile.Count(connection);
        }
        catch (SqliteException error)
        {
            throw new DeploymentException("BackupDamaged", $"The backup '{copy}' is no database: {error.Message}", "Check the disk; nothing was restored from it.", error);
        }
    }

    /// <summary>How many entries of a table the database has that a copy has not.</summary>
    /// <param name="copy">The copy.</param>
    /// <param name="table">The table.</param>
    /// <param name="key">Its key column.</param>
    public long CountSince(string copy, string table, string key)
    {
        try
        {
            using var connection = SqliteFile.Open(path, SqliteOpenMode.ReadWrite);
            using (var attach = connection.CreateCommand())
            {
                attach.CommandText = "ATTACH DATABASE $copy AS copy";
                attach.Parameters.AddWithValue("$copy", copy);
                attach.ExecuteNonQuery();
            }

            var (t, k) = (SqliteFile.Quote(table), SqliteFile.Quote(key));
            return SqliteFile.Number(connection, $"SELECT count(*) FROM main.{t} AS live WHERE NOT EXISTS (SELECT 1 FROM copy.{t} AS old WHERE old.{k} = live.{k})");
        }
        catch (SqliteException error)
        {
            throw new DeploymentException(
                "AcceptedNotCounted", $"What was accepted since the backup could not be counted in '{path}': {error.Message}",
                "Correct database.accepted_table and accepted_key of the plan; nothing was restored.", error);
        }
    }

    /// <summary>Puts a copy back. Nobody else may have the database open. Doing it twice gives the same.</summary>
    /// <param name="copy">The copy.</param>
    /// <param name="givenUp">Where the database goes that is given up; nothing is thrown away.</param>
    /// <returns>The rows of the restored database.</returns>
    public DatabaseFacts Restore(string copy, string givenUp)
    {
        var expected = Verify(copy);
        RefuseIfOpen();
        try
        {
            if (File.Exists(path) && !File.Exists(givenUp) && IntegrityFault() is null) Make(givenUp);
            if (!TryWriteOver(copy)) Replace(copy, givenUp);
            using var connection = SqliteFile.Open(path, SqliteOpenMode.ReadWrite);
            var (fault, facts) = (SqliteFile.IntegrityFault(connection), SqliteFile.Count(connection));
            if (fault is not null || facts.ToString() != expected.ToString())
                throw new DeploymentException(
                    "RestoreFailed", $"The restored database is not the backup: {fault ?? $"it has {facts}, the backup has {expected}"}.",
                    $"Stop the service and look at '{path}'; the backup is '{copy}', what it replaced is '{givenUp}'.");
            return facts;
        }
        catch (SqliteException error)
        {
            throw Fault(error, $"The database '{path}' could not be restored");
        }
    }

    private void RefuseIfOpen()
    {
        if (ProcessTable.WithOpenFile(RealPath.Of(path)) is { Count: > 0 } others)
            throw new DeploymentException(
                "DatabaseInUse", $"'{path}' is open in process {string.Join(", ", others)}, which would write over what is restored.",
                "End that process, then roll back again.");
    }

    /// <summary>One transaction of SQLite: a crash leaves the old rows, or has the new.</summary>
    private bool TryWriteOver(string copy)
    {
        try
        {
            using var from = SqliteFile.OpenImmutable(copy);
            using var to = SqliteFile.Open(path, SqliteOpenMode.ReadWrite);
            from.BackupDatabase(to);
            SqliteFile.Number(to, "PRAGMA wal_checkpoint(TRUNCATE)");
            return true;
        }
        catch (SqliteException error) when (error.SqliteErrorCode is not DiskFull)
        {
            // Damaged, gone, or of another page size: it can't be written over, only replaced.
            return false;
        }
    }

    private void Replace(string copy, string givenUp)
    {
        var temporary = path + ".restore";
        File.Copy(copy, temporary, overwrite: true);
        disk.Flush(Path.GetDirectoryName(path)!);
        // The database and what belongs to it are moved together: an old -wal beside the new file would undo it.
        foreach (var suffix in (string[])["-wal", "-shm", "-journal", ""])
        {
            if (File.Exists(path + suffix)) File.Move(path + suffix, $"{givenUp}.damaged{suffix}", overwrite: true);
        }

        File.Move(temporary, path, overwrite: true);
        disk.Flush(Path.GetDirectoryName(path)!);
    }

    private static void Delete(string file)
    {
        foreach (var suffix in (string[])["", "-wal", "-shm", "-journal"]) File.Delete(file + suffix);
    }

    private static DeploymentException Fault(SqliteException error, string what) => error.SqliteErrorCode switch
    {
        DiskFull => new("DiskFull", $"{what}: the disk is full.", "Free space on the file systems of the database and the root, then try again.", error),
        CannotOpen => new("DatabaseUnreadable", $"{what}: {error.Message}", "Check database.path of the plan and the rights of this user.", error),
        _ => new("DatabaseFault", $"{what}: {error.Message}", "Check the database; the service that runs was not touched by this.", error),
    };
}
