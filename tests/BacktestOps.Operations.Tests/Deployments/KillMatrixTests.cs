using System.Diagnostics;
using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Processes;
using BacktestOps.Operations.Services;

namespace BacktestOps.Operations.Tests.Deployments;

/// <summary>
/// A deploying process is killed (SIGKILL, by itself, the moment a record of its journal is on the disk) after every record
/// that there is; the service is killed at every one; then Resume-Deployment must find a root that is sound.
/// </summary>
public class KillMatrixTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_a_kill_at_every_record_of_a_deployment_resume_leaves_one_release_live_and_healthy()
    {
        SkipWithoutSignals();
        var cases = await RecordsOfAsync(rig => rig.DeployAsync("1.1.0"));
        await InParallelAsync(Enumerable.Range(1, cases), async kill =>
        {
            await using var rig = await ReadyAsync();
            Assert.Equal(137, await RunAsync(rig, "deploy", rig.PlanPath, "1.1.0", $"{kill}"));
            await ResumeAndAssertAsync(rig);
        });

        TestContext.Current.TestOutputHelper?.WriteLine($"{cases} kills of a deploying process, every one resumed.");
        Assert.InRange(cases, 20, 40);
    }

    [Fact]
    public async Task After_a_kill_at_every_record_of_a_rollback_with_its_database_resume_leaves_the_rollback_finished()
    {
        SkipWithoutSignals();
        var cases = await RecordsOfAsync(
            async rig =>
            {
                await rig.DeployAsync("1.1.0");
                return await rig.Deployer().RollBackAsync(
                    new() { RestoreDatabase = true, ConfirmLoss = _ => Task.FromResult(true) }, cancellationToken: Token);
            });
        await InParallelAsync(Enumerable.Range(1, cases), async kill =>
        {
            await using var rig = await ReadyAsync();
            await rig.DeployAsync("1.1.0");
            await RunAsync(rig, "rollback", rig.PlanPath, "restore", $"{kill}");
            await rig.Deployer().ResumeAsync(cancellationToken: Token);
            await rig.AssertSoundAsync("1.0.0");
            Assert.Equal("ok", rig.DatabaseIntegrity());
            Assert.Equal(100, rig.CountRuns());
        });

        TestContext.Current.TestOutputHelper?.WriteLine($"{cases} kills of a process that rolls back, every one finished.");
        Assert.InRange(cases, 12, 30);
    }

    [Fact]
    public async Task After_a_kill_of_the_resuming_process_too_the_next_resume_finishes()
    {
        SkipWithoutSignals();
        var cases = 0;
        await InParallelAsync([1, 2, 3, 4, 5, 6, 7, 8, 9], async kill =>
        {
            await using var rig = await ReadyAsync();
            var start = RecordNumber(rig, "start");
            Assert.Equal(137, await RunAsync(rig, "deploy", rig.PlanPath, "1.1.0", $"{start}"));
            if (await RunAsync(rig, "resume", rig.PlanPath, $"{kill}") == 137) Interlocked.Increment(ref cases);
            await ResumeAndAssertAsync(rig);
        });

        TestContext.Current.TestOutputHelper?.WriteLine($"{cases} kills of a resuming process, every one resumed.");
        Assert.InRange(cases, 5, 9);
    }

    [Fact]
    public async Task A_kill_of_the_service_at_every_record_leaves_a_root_that_resume_makes_sound()
    {
        SkipWithoutSignals();
        var cases = await RecordsOfAsync(rig => rig.DeployAsync("1.1.0"));
        await InParallelAsync(Enumerable.Range(1, cases), async at =>
        {
            await using var rig = await ReadyAsync();
            var killed = 0;
            rig.Tools = rig.Tools with
            {
                Recorded = record =>
                {
                    if (record.Sequence == at && Interlocked.Exchange(ref killed, 1) == 0) KillService(rig);
                },
            };
            await rig.DeployAsync("1.1.0");
            await ResumeAndAssertAsync(rig);
        });

        TestContext.Current.TestOutputHelper?.WriteLine($"{cases} kills of the service during a deployment, every one mended.");
    }

    private static async Task ResumeAndAssertAsync(Rig rig)
    {
        var resumed = await rig.Deployer().ResumeAsync(cancellationToken: Token);
        Assert.NotNull(resumed);
        Assert.NotEqual(DeploymentOutcome.Open, resumed.Outcome);
        var live = rig.Layout.LiveRelease()!;
        await rig.AssertSoundAsync(live[(live.IndexOf('-', StringComparison.Ordinal) + 1)..]);
        Assert.Equal("ok", rig.DatabaseIntegrity());
        Assert.Equal(100, rig.CountRuns());
        // A second look finds nothing to do.
        Assert.Equal(resumed.Id, (await rig.Deployer().ResumeAsync(cancellationToken: Token))!.Id);
    }

    private static async Task<Rig> ReadyAsync()
    {
        var rig = new Rig().Version("1.0.0").Version("1.1.0").WithDatabase(100);
        var first = await rig.DeployAsync("1.0.0");
        Assert.True(first.Outcome == DeploymentOutcome.Succeeded, first.Reason);
        return rig;
    }

    private static async Task<int> RecordsOfAsync(Func<Rig, Task<Deployment>> work)
    {
        await using var rig = await ReadyAsync();
        var deployment = await work(rig);
        Assert.True(deployment.Outcome == DeploymentOutcome.Succeeded, deployment.Reason);
        return Journal.Read(rig.Layout.DeploymentFolder(deployment.Id), out _).Count;
    }

    /// <summary>Where in a deployment's journal the intent of a step stands.</summary>
    private static int RecordNumber(Rig rig, string step)
    {
        var first = Journal.Read(rig.Layout.DeploymentFolder(1), out _);
        // The baseline is measured from the second deployment on: an intent and a done more.
        return first.Find(record => record.Step == step)!.Sequence + 2;
    }

    private static void KillService(Rig rig)
    {
        foreach (var entry in ProcessTable.All())
        {
            if (ProcessTable.Variable(entry.Identity.Id, ProcessServiceHost.Mark)?.StartsWith(rig.Layout.Scope, StringComparison.Ordinal) != true) continue;
            using var service = Process.GetProcessById(entry.Identity.Id);
            service.Kill();
        }
    }

    private static async Task<int> RunAsync(Rig rig, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [rig.ServiceProgram, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = process.StandardError.ReadToEndAsync(Token);
        await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        var error = await said;
        Assert.True(process.ExitCode is 0 or 1 or 137, $"{process.ExitCode}: {error}");
        return process.ExitCode;
    }

    private static Task InParallelAsync(IEnumerable<int> cases, Func<int, Task> run) =>
        Parallel.ForEachAsync(cases, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Token }, async (number, _) =>
        {
            try
            {
                await run(number);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                throw new InvalidOperationException($"case {number}: {error.Message}", error);
            }
        });

    private static void SkipWithoutSignals() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are found by /proc, which only Linux has.");
}
