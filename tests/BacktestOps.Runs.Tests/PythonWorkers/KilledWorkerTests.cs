using System.Diagnostics;
using System.Globalization;
using BacktestOps.Contracts;
using BacktestOps.Runs.PythonWorkers;
using BacktestOps.Runs.Tests.Support;

namespace BacktestOps.Runs.Tests.PythonWorkers;

/// <summary>Who ends a worker from outside (an operator, the system for want of memory) is not taken for the strategy.</summary>
public sealed class KilledWorkerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("os.getpid()")]
    [InlineData("os.getppid()")]
    public async Task AWorkerThatIsKilledOnceIsReplacedAndTheRunGivesWhatItAlwaysGives(string who)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals, and a worker has one process there.");
        using var lab = new PythonLab();
        var mark = Path.Combine(lab.Folder, "waits");
        lab.WithBody("waits", $"if not os.path.exists('{mark}'):\n    with open('{mark}.new', 'w') as file: file.write(str({who}))\n    os.rename('{mark}.new', '{mark}')\n    time.sleep(10000)\nreturn [t % 2 for t in range(n)]")
            .WithBody("same", "return [t % 2 for t in range(n)]");

        var run = Task.Run(() => lab.Run("py:waits"), Token);
        await Waiting.UntilAsync(() => File.Exists(mark), "the strategy to be called");
        using (var process = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(mark, Token), CultureInfo.InvariantCulture))) process.Kill();

        Assert.Equal(lab.Run("py:same").Performance, (await run).Performance);
        Assert.Contains("asking another one", lab.AllOfLog, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(9, "SIGKILL (signal 9)")]
    [InlineData(15, "SIGTERM (signal 15)")]
    [InlineData(1, "signal 1")]
    public void WorkersThatAreKilledEachTimeFailTheRunAndNotTheStrategy(int signal, string words)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals.");
        using var lab = new PythonLab().WithBody("killed", $"os.kill(os.getpid(), {signal})").WithBody("good", "return [1] * n");

        var fault = Assert.Throws<PythonWorkerKilledException>(() => lab.Run("py:killed"));

        Assert.StartsWith($"killed.py: the worker was ended by {words}, as were the 2 before.", fault.Message, StringComparison.Ordinal);
        Assert.Contains("nothing about the strategy", fault.Message, StringComparison.Ordinal);
        Assert.Contains("journalctl", fault.RecommendedAction, StringComparison.Ordinal);
        Assert.DoesNotContain("Correct the strategy", fault.RecommendedAction, StringComparison.Ordinal);
        Assert.NotEmpty(lab.Run("py:good").OpenPositions);
    }

    [Fact]
    public void AFileThatCanNotBeDescribedForKillsIsNotRefusedAsWrongButMayBeSentLater()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals.");
        using var lab = new PythonLab().With("killed", "import os\nos.kill(os.getpid(), 9)\n");

        var fault = Assert.Throws<BacktestUnavailableException>(() => lab.Validate(PythonLab.Request("py:killed")));

        Assert.Contains("SIGKILL", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatAStrategyStartsAndLeavesEndsWithItsCall()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no groups of processes, and no sleep.");
        using var lab = new PythonLab();
        var started = Path.Combine(lab.Folder, "started");
        lab.WithBody("leaves", $"import subprocess\nwith open('{started}', 'w') as file: file.write(str(subprocess.Popen(['sleep', '10000']).pid))\nreturn [1] * n");

        lab.Run("py:leaves");

        var left = int.Parse(await File.ReadAllTextAsync(started, Token), CultureInfo.InvariantCulture);
        await Waiting.UntilAsync(() => !PythonLab.IsAlive(left), "what the strategy started to be gone");
    }
}
