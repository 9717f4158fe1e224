using System.Diagnostics;
using BacktestOps.Contracts;
using BacktestOps.Runs.Stores;
using BacktestOps.Runs.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace BacktestOps.Runs.Tests;

/// <summary>Disks that are full, that fail to flush, and databases that are locked or mangled: accepted runs wait, and end when they can.</summary>
public sealed class DiskFaultTests : IDisposable
{
    private static readonly BacktestRequest Request = new() { Symbols = ["SP500"], Strategy = "BuyAndHold" };

    private readonly TempFolder _home = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero));
    private readonly GatedEngine _engine = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _engine.Dispose();
        _home.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AFlushThatFailsPublishesNothingAndTheRunWaitsForOneThatDoes(bool isFile)
    {
        var isFailing = true;
        void FailIf(bool here)
        {
            if (here && isFailing)
                throw new IOException("injected: the disk did not flush");
        }

        var real = new DiskFlush();
        var flush = new DiskFlush
        {
            File = file => { FailIf(isFile); real.File(file); },
            Folder = folder => { FailIf(!isFile); real.Folder(folder); },
        };
        _engine.Open();
        await using var runner = await OpenAsync(_home.Path, flush);
        var id = (await runner.StartAsync(Request, Token)).BacktestId;
        var waiting = await runner.WhenAsync(id, run => run.Activity?.Contains("did not flush", StringComparison.Ordinal) == true);
        Assert.Equal(BacktestStatus.Queued, waiting.Status);
        await Assert.ThrowsAsync<ResultNotReadyException>(() => runner.GetResultAsync(id, Token));

        isFailing = false;
        var ended = await EndAsync(runner, id);
        Assert.Equal(BacktestStatus.Completed, ended.Status);
        Assert.Equal(ended.ResultDigest, (await runner.GetResultAsync(id, Token)).Digest);
        Assert.Equal([$"backtest-result-{id}.json"], Directory.GetFileSystemEntries(Path.Combine(_home.Path, "results")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task OnAFullDiskNothingIsLostAndNothingIsAcceptedThatCouldBe()
    {
        var disk = Path.Combine(_home.Path, "disk");
        Directory.CreateDirectory(disk);
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "A small disk of its own can be mounted only by root on Linux.");
        var (mounted, why) = Run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk);
        Assert.SkipUnless(mounted, $"A small disk could not be mounted here: {why}");
        try
        {
            await using var runner = await OpenAsync(Path.Combine(disk, "home"));
            string[] ids = [(await runner.StartAsync(Request, Token)).BacktestId, (await runner.StartAsync(Request, Token)).BacktestId];
            await Waiting.UntilAsync(() => _engine.Running == 1, "the first simulation to begin");
            var filler = Path.Combine(disk, "filler");
            Fill(filler);

            _engine.Open();
            await Waiting.UntilAsync(() => runner.CountAsync(Token).GetAwaiter().GetResult().Waiting == 2, "both runs to be put off");
            var ill = await runner.GetHealthAsync(Token);
            Assert.NotEqual("writable", ill.ResultStore.Word);
            Assert.Contains("Free space", ill.ResultStore.Problem, StringComparison.Ordinal);
            // Whether the log of the database has room for one more is the disk's affair; what is accepted must be kept.
            try
            {
                ids = [.. ids, (await runner.StartAsync(Request, Token)).BacktestId];
            }
            catch (BacktestUnavailableException)
            {
            }

            File.Delete(filler);
            foreach (var id in ids)
                Assert.Equal(BacktestStatus.Completed, (await EndAsync(runner, id)).Status);
            Assert.Equal(ids.Length, (await runner.ListAsync(new BacktestQuery(), Token)).Count);
            Assert.Equal(ids.Length, Directory.GetFileSystemEntries(Path.Combine(disk, "home", "results")).Length);
            Assert.Equal(("connected", "writable"), (await runner.GetHealthAsync(Token)) is var well ? (well.Database.Word, well.ResultStore.Word) : default);
        }
        finally
        {
            Run("umount", disk);
        }
    }

    [Fact]
    public async Task WhileTheDatabaseIsLockedARunWaitsAndNothingIsAccepted()
    {
        await using var runner = await OpenAsync(_home.Path);
        var id = (await runner.StartAsync(Request, Token)).BacktestId;
        await Waiting.UntilAsync(() => _engine.Running == 1, "the simulation to begin");
        using (var other = Connect())
        {
            Execute(other, "BEGIN EXCLUSIVE");
            _engine.Open();
            Assert.Contains("is locked", (await Assert.ThrowsAsync<BacktestUnavailableException>(() => runner.StartAsync(Request, Token))).Message, StringComparison.Ordinal);
            Assert.Equal("locked", (await runner.GetHealthAsync(Token)).Database.Word);
        }

        Assert.Equal(BacktestStatus.Completed, (await EndAsync(runner, id)).Status);
        Assert.Single(await runner.ListAsync(new BacktestQuery(), Token));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4096)]
    public async Task ADatabaseThatIsDamagedWhileItIsOpenIsNamedAcceptsNothingAndWhatWasAcceptedComesBackWithIt(int from)
    {
        var database = Path.Combine(_home.Path, "runs.db");
        string id;
        byte[] whole;
        await using (var runner = await OpenAsync(_home.Path))
        {
            for (var i = 0; i < 40; i++) await runner.StartAsync(Request, Token);
            id = (await runner.StartAsync(Request, Token)).BacktestId;
            using (var other = Connect()) Execute(other, "PRAGMA wal_checkpoint(TRUNCATE)");
            Assert.Equal("connected", (await runner.GetHealthAsync(Token)).Database.Word);
            whole = await ReadSharedAsync(database);
            using (var file = new FileStream(database, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            {
                file.Position = from;
                file.Write(Enumerable.Repeat((byte)0x5A, whole.Length - from).ToArray());
            }

            _clock.Advance(TimeSpan.FromMinutes(1));
            var ill = await runner.GetHealthAsync(Token);
            Assert.Equal("damaged", ill.Database.Word);
            Assert.Contains("restore the database from a backup", ill.Database.Problem, StringComparison.Ordinal);
            var refused = await Assert.ThrowsAsync<BacktestUnavailableException>(() => runner.StartAsync(Request, Token));
            Assert.Contains("is damaged", refused.Message, StringComparison.Ordinal);
            _engine.Open();
        }

        foreach (var beside in (string[])["-wal", "-shm"]) File.Delete(database + beside);
        await File.WriteAllBytesAsync(database, whole, Token);
        await using var next = await OpenAsync(_home.Path);
        Assert.Equal(BacktestStatus.Completed, (await EndAsync(next, id)).Status);
        Assert.Equal(41, (await next.ListAsync(new BacktestQuery(), Token)).Count);
    }

    [Fact]
    public async Task ADatabaseThatIsReplacedWhileItIsOpenAcceptsNothingMore()
    {
        await using var runner = await OpenAsync(_home.Path);
        await runner.StartAsync(Request, Token);
        using (var other = Connect()) Execute(other, $"VACUUM INTO '{Path.Combine(_home.Path, "old.db")}'");
        await runner.StartAsync(Request, Token);
        foreach (var beside in (string[])["-wal", "-shm"]) File.Delete(Path.Combine(_home.Path, "runs.db" + beside));
        File.Move(Path.Combine(_home.Path, "old.db"), Path.Combine(_home.Path, "runs.db"), overwrite: true);

        var health = await runner.GetHealthAsync(Token);
        Assert.Equal("damaged", health.Database.Word);
        Assert.Contains("was replaced while it was open: it ends at run 1, and run 2 was committed", health.Database.Problem, StringComparison.Ordinal);
        await Assert.ThrowsAsync<BacktestUnavailableException>(() => runner.StartAsync(Request, Token));
    }

    private static async Task<byte[]> ReadSharedAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var content = new byte[file.Length];
        await file.ReadExactlyAsync(content, Token);
        return content;
    }

    [Fact]
    public async Task ARowThatIsMangledFailsAloneAndHidesNoOther()
    {
        string id;
        await using (var runner = await OpenAsync(_home.Path))
        {
            id = (await runner.StartAsync(Request, Token)).BacktestId;
            await runner.StartAsync(Request, Token);
        }

        using (var connection = Connect())
            Execute(connection, $"UPDATE runs SET request = substr(request, 1, 20) WHERE id = '{id}'");
        _engine.Open();
        await using var next = await OpenAsync(_home.Path);
        var runs = await next.ListAsync(new BacktestQuery(), Token);
        Assert.Equal(2, runs.Count);
        var ends = new List<BacktestStatus>();
        foreach (var run in runs)
            ends.Add((await EndAsync(next, run.BacktestId)).Status);
        Assert.Equal([BacktestStatus.Completed, BacktestStatus.Failed], ends);
        Assert.Contains("unexpected error", (await next.GetProgressAsync(id, Token)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AClockThatJumpsLosesNoRunAndKeepsTheirOrderAndTheirKeys()
    {
        var clock = new JumpingClock { Now = new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero) };
        await using var runner = await BacktestRunner.OpenAsync(
            new RunnerOptions { HomePath = _home.Path, Clock = clock, Engine = _engine.Calls, MaxParallelRuns = 1 }, Token);
        var ids = new List<string>();
        await JumpAsync(0, -36, 1);
        // A key of the future, after the clock went back, is as good as one of today.
        for (var i = 0; i < ids.Count; i++)
            Assert.Equal(ids[i], (await runner.StartAsync(Request with { InitialCash = 1000 + i }, $"key-{i}", Token)).BacktestId);
        await JumpAsync(24 * 400, -24 * 800);
        _engine.Open();
        foreach (var id in ids)
        {
            clock.Now -= TimeSpan.FromDays(3);
            Assert.Equal(BacktestStatus.Completed, (await runner.EndAsync(id)).Status);
        }

        Assert.Equal([1000, 1001, 1002, 1003, 1004], _engine.Begun);
        Assert.Equal(ids.AsEnumerable().Reverse(), (await runner.ListAsync(new BacktestQuery(), Token)).Select(run => run.BacktestId));

        async Task JumpAsync(params int[] hours)
        {
            foreach (var jump in hours)
            {
                clock.Now += TimeSpan.FromHours(jump);
                ids.Add((await runner.StartAsync(Request with { InitialCash = 1000 + ids.Count }, $"key-{ids.Count}", Token)).BacktestId);
            }
        }
    }

    private Task<BacktestRunner> OpenAsync(string home, DiskFlush? flush = null) => BacktestRunner.OpenAsync(
        new RunnerOptions { HomePath = home, Clock = _clock, Engine = _engine.Calls, MaxParallelRuns = 1, Flush = flush ?? new DiskFlush() }, Token);

    // What was put off is due again whenever the clock is told so.
    private Task<BacktestProgress> EndAsync(BacktestRunner runner, string id) =>
        runner.EndAsync(id, _ => _clock.Advance(TimeSpan.FromSeconds(5)));

    private static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (true)
                file.Write(block);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    private static (bool Done, string Why) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var why = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode == 0, why);
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(_home.Path, "runs.db")};Pooling=False");
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>The system's clock, but for the time of day, which the test sets as it likes.</summary>
    private sealed class JumpingClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
