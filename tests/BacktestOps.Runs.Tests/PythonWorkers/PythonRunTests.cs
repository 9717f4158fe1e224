using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Runs.Tests.Support;

namespace BacktestOps.Runs.Tests.PythonWorkers;

/// <summary>Strategies in Python in the life of a run.</summary>
public sealed class PythonRunTests : IDisposable
{
    private readonly PythonLab _lab = new();
    private readonly TempFolder _home = new(), _data = new();

    public PythonRunTests() => _data.Write("ABC.csv", SomeBars.Csv(400));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _lab.Dispose();
        _home.Dispose();
        _data.Dispose();
    }

    [Fact]
    public async Task ARunIsAcceptedExecutedAndPublishedAsAnyOther()
    {
        _lab.With("flip", "def signals(bars, every=20): return [t // every % 2 for t in range(len(bars))]\n");
        await using var runner = await OpenAsync();

        var strategies = await runner.GetStrategiesAsync(Token);
        var ended = await runner.EndAsync((await runner.StartAsync(PythonLab.Request("py:FLIP"), Token)).BacktestId);
        var result = JsonSerializer.Deserialize((await runner.GetResultAsync(ended.BacktestId, Token)).Content.Span, ContractsJson.Default.BacktestResult)!;
        var health = await runner.GetHealthAsync(Token);

        Assert.Contains("py:flip", strategies.Select(strategy => strategy.Name));
        Assert.Contains("SmaCross", strategies.Select(strategy => strategy.Name));
        Assert.Equal((BacktestStatus.Completed, "py:flip"), (ended.Status, result.Request.Strategy));
        Assert.Equal(20, result.Request.Parameters["every"]);
        Assert.Equal(9, result.Performance.TotalTrades);
        Assert.Equal(new StrategyFileUsed("flip.py", Digest("flip")), result.StrategyFile);
        Assert.Equal(("ready", null), (health.PythonWorker.Word, health.PythonWorker.Problem));
    }

    [Fact]
    public async Task AFileThatIsEditedBetweenAcceptanceAndExecutionIsSaidInTheResult()
    {
        _lab.With("flip", "def signals(bars): return [t // 20 % 2 for t in range(len(bars))]\n");
        var accepted = Digest("flip");
        var first = await OpenAsync(maxParallelRuns: 1);
        _lab.With("slow", "import time\ndef signals(bars):\n    while True: time.sleep(1)\n");
        await first.StartAsync(PythonLab.Request("py:slow"), Token);
        var id = (await first.StartAsync(PythonLab.Request("py:flip"), Token)).BacktestId;
        await first.DisposeAsync();
        _lab.With("flip", "def signals(bars): return [t // 40 % 2 for t in range(len(bars))]\n");
        _lab.With("slow", "def signals(bars): return [0] * len(bars)\n");

        await using var second = await OpenAsync();
        await second.EndAsync(id);
        var result = JsonSerializer.Deserialize((await second.GetResultAsync(id, Token)).Content.Span, ContractsJson.Default.BacktestResult)!;

        Assert.Equal(Digest("flip"), result.StrategyFile!.Fingerprint);
        Assert.Contains(result.Warnings, warning => warning.StartsWith($"The strategy's file flip.py changed after the run was accepted (fingerprint {accepted} then)", StringComparison.Ordinal));
    }

    private string Digest(string name) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(_lab.Folder, name + ".py"))));

    [Fact]
    public async Task ARunWhoseStrategyFailsFailsWithThePlaceAndNoTrace()
    {
        _lab.WithBody("bad", "return [1 / 0] * n");
        await using var runner = await OpenAsync();

        var ended = await runner.EndAsync((await runner.StartAsync(PythonLab.Request("py:bad"), Token)).BacktestId);

        Assert.Equal(BacktestStatus.Failed, ended.Status);
        Assert.StartsWith("bad.py, line 5: ZeroDivisionError: division by zero", ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Traceback", ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(_lab.Folder, ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACancelledRunStopsComputing()
    {
        var started = Path.Combine(_lab.Folder, "started");
        _lab.WithBody("hangs", $"with open(r'{started}', 'w') as file: file.write(str(os.getpid()))\nwhile True: pass");
        await using var runner = await OpenAsync();
        var run = await runner.StartAsync(PythonLab.Request("py:hangs"), Token);
        await Waiting.UntilAsync(() => File.Exists(started) && File.ReadAllText(started).Length > 0, "the strategy to be called");

        var cancelled = await runner.CancelAsync(run.BacktestId, Token);

        Assert.Equal(BacktestStatus.Cancelled, cancelled.Status);
        var worker = int.Parse(await File.ReadAllTextAsync(started, Token), CultureInfo.InvariantCulture);
        await Waiting.UntilAsync(() => !PythonLab.IsAlive(worker), "the worker to be gone");
    }

    [Theory]
    [InlineData("while True: pass")]
    [InlineData("time.sleep(10000)")]
    public async Task NoWorkerOutlivesAProcessThatIsKilled(string body)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "SIGKILL is of Unix.");
        var started = Path.Combine(_lab.Folder, "started");
        _lab.WithBody("hangs", $"with open(r'{started}', 'w') as file: file.write(str(os.getpid()))\n{body}");
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
        };
        start.Environment["BACKTESTOPS_PYTHON_STRATEGIES"] = _lab.Folder;
        foreach (var argument in (string[])[
            Path.Combine(AppContext.BaseDirectory, "BacktestOps.Runs.TestHost.dll"), _home.Path, _data.Path,
            JsonSerializer.Serialize(PythonLab.Request("py:hangs"), ContractsJson.Default.BacktestRequest)])
            start.ArgumentList.Add(argument);
        using var host = Process.Start(start)!;
        _ = host.StandardOutput.BaseStream.CopyToAsync(Stream.Null, Token);
        await Waiting.UntilAsync(() => (File.Exists(started) && File.ReadAllText(started).Length > 0) || host.HasExited, "the strategy to be called");
        var worker = int.Parse(await File.ReadAllTextAsync(started, Token), CultureInfo.InvariantCulture);
        Assert.True(PythonLab.IsAlive(worker));

        host.Kill(); // SIGKILL of the process alone, not of its tree.
        await host.WaitForExitAsync(Token);

        await Waiting.UntilAsync(() => !PythonLab.IsAlive(worker), "the worker to be gone");
    }

    private Task<BacktestRunner> OpenAsync(int? maxParallelRuns = null) => BacktestRunner.OpenAsync(
        new RunnerOptions
        {
            HomePath = _home.Path,
            DataPath = _data.Path,
            MaxParallelRuns = maxParallelRuns ?? Environment.ProcessorCount,
            Python = new() { StrategiesPath = _lab.Folder, Log = _lab.Log.Enqueue },
        },
        Token);
}
