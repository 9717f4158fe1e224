using BacktestOps.Operations.Databases;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Files;
using BacktestOps.Operations.Tests.Fixtures;
using Microsoft.Data.Sqlite;

namespace BacktestOps.Operations.Tests.Databases;

public sealed class DatabaseBackupTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DatabaseBackup _backup;

    public DatabaseBackupTests() => _backup = new DatabaseBackup(Live, new LocalDisk());

    private string Live => _folder["live database?#%.db"];

    private string Copy => _folder["copy.db"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("WAL")]
    [InlineData("DELETE")]
    public void A_backup_has_the_rows_that_only_the_log_has_while_the_database_is_in_use(string mode)
    {
        using var user = Open(mode);
        Insert(user, 100);

        var facts = _backup.Make(Copy);

        Assert.Equal(100, facts.Tables["runs"]);
        Assert.Equal("runs 100", DatabaseBackup.Verify(Copy).ToString());
        Assert.Equal([Copy], Directory.GetFiles(_folder.Path, "copy*"));
        Insert(user, 5);
        Assert.Equal(5, _backup.CountSince(Copy, "runs", "id"));
    }

    [Fact]
    public void What_is_restored_is_the_backup_although_newer_rows_lie_in_the_log()
    {
        using (var user = Open("WAL"))
        {
            Insert(user, 100);
            _backup.Make(Copy);
            Insert(user, 50);
            // Its log stays behind, as when the process is killed.
            File.Copy(Live, _folder["k.db"]);
            File.Copy(Live + "-wal", _folder["k.db-wal"]);
        }

        File.Move(_folder["k.db"], Live, overwrite: true);
        File.Move(_folder["k.db-wal"], Live + "-wal", overwrite: true);

        var facts = _backup.Restore(Copy, _folder["given-up.db"]);

        Assert.Equal(100, facts.Rows);
        Assert.Equal(100, Count(Live));
        Assert.Equal(150, Count(_folder["given-up.db"]));
        Assert.Equal(100, _backup.Restore(Copy, _folder["given-up.db"]).Rows);
        Assert.Equal(150, Count(_folder["given-up.db"]));
    }

    [Fact]
    public void A_damaged_database_is_moved_aside_with_its_log_and_replaced()
    {
        using (var user = Open("WAL")) Insert(user, 100);
        _backup.Make(Copy);
        File.WriteAllText(Live, "these are no pages");
        File.WriteAllText(Live + "-wal", "nor is this a log");
        Assert.NotNull(_backup.IntegrityFault());

        Assert.Equal(100, _backup.Restore(Copy, _folder["given-up.db"]).Rows);

        Assert.Equal("these are no pages", File.ReadAllText(_folder["given-up.db.damaged"]));
        Assert.Equal(100, Count(Live));
    }

    [Fact]
    public void A_damaged_backup_is_not_restored()
    {
        using (var user = Open("WAL")) Insert(user, 200);
        _backup.Make(Copy);
        var bytes = File.ReadAllBytes(Copy);
        bytes.AsSpan(4096, 4096).Fill(0xEE);
        File.WriteAllBytes(Copy, bytes);

        var error = Assert.Throws<DeploymentException>(() => _backup.Restore(Copy, _folder["given-up.db"]));

        Assert.Equal("BackupDamaged", error.ErrorId);
        Assert.Equal(200, Count(Live));
    }

    [Fact]
    public void A_database_that_somebody_has_open_is_not_restored_over()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Who has a file open is seen in /proc.");
        using var user = Open("WAL");
        Insert(user, 10);
        _backup.Make(Copy);

        var error = Assert.Throws<DeploymentException>(() => _backup.Restore(Copy, _folder["given-up.db"]));

        Assert.Equal("DatabaseInUse", error.ErrorId);
        Assert.Contains($"{Environment.ProcessId}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_that_is_not_there_is_said_and_not_counted_as_nothing()
    {
        using (var user = Open("WAL")) Insert(user, 1);
        _backup.Make(Copy);

        var error = Assert.Throws<DeploymentException>(() => _backup.CountSince(Copy, "no\"such", "id"));

        Assert.Equal("AcceptedNotCounted", error.ErrorId);
    }

    private SqliteConnection Open(string mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Live, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA journal_mode = {mode}; CREATE TABLE IF NOT EXISTS runs (id TEXT PRIMARY KEY, note TEXT)";
        command.ExecuteNonQuery();
        return connection;
    }

    private static void Insert(SqliteConnection connection, int rows)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            $"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) INSERT INTO runs SELECT hex(randomblob(8)), 'note ' || i FROM n";
        command.ExecuteNonQuery();
    }

    private static long Count(string file)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM runs";
        return (long)command.ExecuteScalar()!;
    }
}
