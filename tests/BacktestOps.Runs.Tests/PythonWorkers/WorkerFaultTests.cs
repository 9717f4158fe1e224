using System.Diagnostics;
using BacktestOps.Contracts;
using BacktestOps.Runs.PythonWorkers;
using BacktestOps.Runs.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace BacktestOps.Runs.Tests.PythonWorkers;

/// <summary>Workers that die, hang, take too much memory or send garbage are replaced, and the run says why.</summary>
public sealed class WorkerFaultTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("os._exit(7)", "ended with exit code 7")]
    [InlineData("os._exit(0)", "ended with exit code 0")]
    [InlineData("import ctypes\nctypes.string_at(0)", "was ended by SIGSEGV (signal 11)")]
    [InlineData("os.abort()", "was ended by SIGABRT (signal 6)")]
    public void AStrategyThatEndsItsProcessInEveryCallFailsTheRunWithHowItEnded(string body, string words)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals, and other exit codes.");
        using var lab = new PythonLab().WithBody("dies", body).WithBody("good", "return [1] * n");

        var fault = lab.FaultOf("py:dies");

        Assert.StartsWith($"dies.py: the worker {words}", fault, StringComparison.Ordinal);
        Assert.Contains("so did the one before", fault, StringComparison.Ordinal);
        Assert.NotEmpty(lab.Run("py:good").OpenPositions);
        Assert.Equal("ready", lab.Strategies.Check().Word);
    }

    [Fact]
    public void AWorkerThatDiesOnceIsReplacedAndTheRunKnowsNothing()
    {
        using var lab = new PythonLab();
        var mark = Path.Combine(lab.Folder, "died");
        lab.WithBody("once", $"if not os.path.exists({Quote(mark)}):\n    open({Quote(mark)}, 'w').close()\n    os._exit(1)\nreturn [1] * n");

        Assert.NotEmpty(lab.Run("py:once").OpenPositions);
        Assert.Contains("asking another one", lab.AllOfLog, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnIdleWorkerThatWasKilledIsReplaced()
    {
        using var lab = new PythonLab().WithBody("good", "return [1] * n");
        lab.Run("py:good");
        var first = Assert.Single(lab.Strategies.Pool.Idle);
        using (var process = Process.GetProcessById(first))
        {
            process.Kill();
            await process.WaitForExitAsync(Token);
        }

        Assert.NotEmpty(lab.Run("py:good").OpenPositions);
        Assert.NotEqual(first, Assert.Single(lab.Strategies.Pool.Idle));
    }

    [Theory]
    [InlineData("while True: pass")]
    [InlineData("time.sleep(10000)")]
    public async Task AStrategyThatHangsIsKilledWhenItsTimeIsOverByTheClock(string body)
    {
        var clock = new FakeTimeProvider();
        using var lab = new PythonLab(clock, settings => settings with { TimeLimit = TimeSpan.FromSeconds(40) });
        var started = Path.Combine(lab.Folder, "started");
        lab.WithBody("hangs", $"with open({Quote(started)}, 'w') as file: file.write(str(os.getpid()))\n{body}").WithBody("good", "return [1] * n");

        var run = Task.Run(() => lab.FaultOf("py:hangs"), Token);
        await Waiting.UntilAsync(() => File.Exists(started) && File.ReadAllText(started).Length > 0, "the strategy to be called");
        clock.Advance(TimeSpan.FromSeconds(39));
        Assert.False(run.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("hangs.py: no answer within 40 s; the worker was killed.", await run);
        Assert.False(PythonLab.IsAlive(int.Parse(await File.ReadAllTextAsync(started, Token), System.Globalization.CultureInfo.InvariantCulture)));
        Assert.NotEmpty(lab.Run("py:good").OpenPositions);
    }

    [Fact]
    public async Task AnEndlessTopLevelIsKilledToo()
    {
        var clock = new FakeTimeProvider();
        using var lab = new PythonLab(clock);
        var started = Path.Combine(lab.Folder, "started");
        lab.With("hangs", $"open({Quote(started)}, 'w').close()\nwhile True: pass\n");

        var check = Task.Run(() => lab.Validate(PythonLab.Request("py:hangs")), Token);
        await Waiting.UntilAsync(() => File.Exists(started), "the file to be run");
        clock.Advance(PythonSettings.ShortLimit);

        Assert.Contains("no answer within 20 s", Assert.Single(await check).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void AWorkerThatNobodyKillsEndsItselfEvenWhenForeignCodeHoldsTheInterpreter()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no alarm signal.");
        // The clock of the service stands still, and the regular expression lets no thread of the worker run.
        using var lab = new PythonLab(new FakeTimeProvider(), settings => settings with { TimeLimit = TimeSpan.FromSeconds(0.2), Grace = TimeSpan.FromSeconds(0.3) })
            .WithBody("stuck", "import re\nre.match('(a+)+$', 'a' * 60 + 'b')");

        Assert.Equal("stuck.py: no answer within 0.2 s; the worker was killed.", lab.FaultOf("py:stuck"));
    }

    [Fact]
    public async Task ACancelledRunKillsItsWorkerAtOnce()
    {
        using var lab = new PythonLab();
        var started = Path.Combine(lab.Folder, "started");
        lab.WithBody("hangs", $"with open({Quote(started)}, 'w') as file: file.write(str(os.getpid()))\nwhile True: pass");
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var run = Task.Run(() => lab.Run("py:hangs", cancellationToken: cancellation.Token), Token);
        await Waiting.UntilAsync(() => File.Exists(started) && File.ReadAllText(started).Length > 0, "the strategy to be called");
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.False(PythonLab.IsAlive(int.Parse(await File.ReadAllTextAsync(started, Token), System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("x = bytearray(10 << 30)")]
    [InlineData("x = [0]\nwhile True: x = x + x")]
    public void AStrategyThatWantsTenGigabytesIsRefusedThemByTheSystem(string body)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux limits a process's address space.");
        using var lab = new PythonLab().WithBody("eats", body).WithBody("good", "return [1] * n");

        Assert.StartsWith("eats.py, line ", lab.FaultOf("py:eats"), StringComparison.Ordinal);
        Assert.Contains("more memory than the 1024 MiB", lab.FaultOf("py:eats"), StringComparison.Ordinal);
        Assert.NotEmpty(lab.Run("py:good").OpenPositions);
    }

    [Fact]
    public void WhereTheSystemLimitsNothingTheMemoryIsWatched()
    {
        using var lab = new PythonLab(change: settings => settings with { LimitsAddressSpace = false, MemoryLimit = 256L << 20 })
            .WithBody("eats", "x = []\nwhile len(x) < 40:\n    x.append(bytearray(os.urandom(1)) * (16 << 20))\n    time.sleep(0.02)\nwhile True: time.sleep(1)");

        Assert.Equal("eats.py: it wanted more memory than the 256 MiB that a worker may have.", lab.FaultOf("py:eats"));
    }

    [Theory]
    [InlineData("b'garbage that is no frame at all'")]
    [InlineData("b'BOPW' + b'\\xff' * 8")]
    [InlineData("b'BOPW\\0\\0\\0\\2\\0\\0\\0\\0{]'")]
    [InlineData("b'BOPW\\0\\0\\0\\7\\0\\0\\0\\0{\"id\":9}'[:19]")]
    public void GarbageInThePipeOfTheAnswersEndsTheWorkerAndTheRunSaysSo(string garbage)
    {
        using var lab = new PythonLab().WithBody("vandal", $"for fd in range(3, 20):\n    try: os.write(fd, {garbage})\n    except OSError: pass\nreturn [0] * n")
            .WithBody("good", "return [1] * n");

        var fault = lab.FaultOf("py:vandal");

        Assert.StartsWith("vandal.py: the worker", fault, StringComparison.Ordinal);
        Assert.NotEmpty(lab.Run("py:good").OpenPositions);
    }

    [Fact]
    public void AnInterpreterThatIsNotThereMakesRunsWaitAndHealthFail()
    {
        using var lab = new PythonLab(change: settings => settings with { Interpreter = "python-of-no-such-name" }).WithBody("good", "return [0] * n");

        var fault = Assert.Throws<BacktestUnavailableException>(() => lab.Run("py:good"));
        var health = lab.Strategies.Check();

        Assert.Contains("python-of-no-such-name", fault.Message, StringComparison.Ordinal);
        Assert.Contains("--python", fault.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal("failed", health.Word);
        Assert.Contains("python-of-no-such-name", health.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void AProgramThatIsNoPythonMakesHealthFailWithWhatItSaid()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The program of this test is a Unix one.");
        using var lab = new PythonLab(change: settings => settings with { Interpreter = "false" });

        var health = lab.Strategies.Check();

        Assert.Equal("failed", health.Word);
        Assert.Contains("exit code 1", health.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderThatIsGoneMakesHealthFail()
    {
        using var lab = new PythonLab(change: settings => settings with { Folder = Path.Combine(settings.Folder, "gone") });

        var health = lab.Strategies.Check();

        Assert.Equal("failed", health.Word);
        Assert.Contains("does not exist", health.Problem, StringComparison.Ordinal);
        Assert.Throws<BacktestUnavailableException>(() => lab.Validate(PythonLab.Request("py:any")));
        Assert.Empty(lab.Strategies.List());
    }

    [Fact]
    public async Task ManyCallersShareFewWorkers()
    {
        using var lab = new PythonLab(change: settings => settings with { Workers = 2 }).WithBody("good", "return [1] * n");

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => lab.Run("py:good"), Token)));

        Assert.All(outcomes, outcome => Assert.Single(outcome.OpenPositions));
        Assert.InRange(lab.Strategies.Pool.Idle.Count(), 1, 2);
    }

    [Fact]
    public void ClosingEndsEveryWorker()
    {
        int worker;
        using (var lab = new PythonLab().WithBody("good", "return [1] * n"))
        {
            lab.Run("py:good");
            worker = Assert.Single(lab.Strategies.Pool.Idle);
            Assert.True(PythonLab.IsAlive(worker));
        }

        Assert.False(PythonLab.IsAlive(worker));
    }

    private static string Quote(string path) => $"r'{path}'";
}
