using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using BacktestOps.Contracts;
using BacktestOps.Engine;
using BacktestOps.Engine.Bars;
using BacktestOps.Runs.Execution;
using BacktestOps.Runs.PythonWorkers;
using BacktestOps.Runs.Tests.Support;

namespace BacktestOps.Runs.Tests.PythonWorkers;

/// <summary>A folder of strategies of a test's own, with workers on it; skips the test where there is no Python.</summary>
internal sealed class PythonLab : IDisposable
{
    private static readonly Lazy<string?> WhyNot = new(FindPython);

    private readonly TempFolder _folder = new();
    private readonly Lazy<PythonStrategies> _strategies;

    /// <param name="clock">The clock; null for the system's.</param>
    /// <param name="change">Changes the settings.</param>
    public PythonLab(TimeProvider? clock = null, Func<PythonSettings, PythonSettings>? change = null)
    {
        Assert.SkipUnless(WhyNot.Value is null, $"There is no Python to test with: {WhyNot.Value}");
        var settings = new PythonSettings(Folder, Interpreter, TimeSpan.FromSeconds(60), 1L << 30, Workers: 1, clock ?? TimeProvider.System, Log.Enqueue);
        Settings = change?.Invoke(settings) ?? settings;
        _strategies = new(() => new PythonStrategies(Settings));
    }

    public static string Interpreter =>
        Environment.GetEnvironmentVariable("BACKTESTOPS_PYTHON") ?? (OperatingSystem.IsWindows() ? "python" : "python3");

    public string Folder => _folder.Path;

    public ConcurrentQueue<string> Log { get; } = new();

    public PythonSettings Settings { get; }

    public PythonStrategies Strategies => _strategies.Value;

    public string AllOfLog => string.Join('\n', Log);

    /// <summary>The first interpreter that can import numpy, the system's own behind the one in PATH; skips the test where there is none.</summary>
    public string InterpreterWithNumpy()
    {
        string[] known = [Interpreter, "/usr/bin/python3"];
        var found = Array.Find(known, interpreter => HasNumpy(interpreter));
        Assert.SkipWhen(found is null, $"numpy can't be imported by any of {string.Join(", ", known)}.");
        return found;
    }

    /// <summary>An interpreter of an environment of its own, in which nothing is installed.</summary>
    public string InterpreterWithoutNumpy()
    {
        var environment = Path.Combine(_folder.Path, "environment");
        using var making = Process.Start(new ProcessStartInfo(Interpreter, ["-m", "venv", "--without-pip", environment]))!;
        making.WaitForExit();
        Assert.Equal(0, making.ExitCode);
        return Path.Combine(environment, OperatingSystem.IsWindows() ? "Scripts/python.exe" : "bin/python3");
    }

    /// <summary>Bars of a wave, so that averages cross.</summary>
    public static BarSeries Wave(int count = 300, string symbol = "ABC")
    {
        double[] close = [.. Enumerable.Range(0, count).Select(t => Math.Round(100 + 20 * Math.Sin(t / 9.0) + 0.01 * t, 2))];
        double[] open = [.. close.Select(price => price - 0.5)];
        return new BarSeries(
            symbol, [.. Enumerable.Range(0, count).Select(t => new DateTime(2000, 1, 3).AddDays(t))],
            open, [.. close.Select(price => price + 1)], [.. close.Select(price => price - 1)], close, [.. close.Select(_ => 1000.0)]);
    }

    public static BacktestRequest Request(string strategy, params (string Name, double Value)[] parameters) => new()
    {
        Symbols = ["ABC"],
        Strategy = strategy,
        Parameters = parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value),
    };

    /// <summary>Writes a strategy's file.</summary>
    public PythonLab With(string name, string text)
    {
        _folder.Write($"{name}.py", text);
        return this;
    }

    /// <summary>Writes a strategy whose signals() has this body.</summary>
    public PythonLab WithBody(string name, string body) =>
        With(name, $"import os, sys, time\n\ndef signals(bars):\n    n = len(bars)\n{string.Join('\n', body.Split('\n').Select(line => $"    {line}"))}\n");

    public BacktestOutcome Run(string strategy, BarSeries? bars = null, CancellationToken? cancellationToken = null) =>
        Run(Request(strategy), bars, cancellationToken);

    public BacktestOutcome Run(BacktestRequest request, BarSeries? bars = null, CancellationToken? cancellationToken = null) =>
        PythonStrategies.Join(new EngineCalls(), Strategies).Run(request, [bars ?? Wave()], null, null, cancellationToken ?? TestContext.Current.CancellationToken);

    public IReadOnlyList<RequestFault> Validate(BacktestRequest request) => PythonStrategies.Join(new EngineCalls(), Strategies).Validate(request, new ValidationTerms());

    /// <summary>What a run of the strategy fails with.</summary>
    public string FaultOf(string strategy, BarSeries? bars = null)
    {
        var fault = Assert.Throws<PythonStrategyException>(() => Run(strategy, bars));
        Assert.DoesNotContain("Traceback", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
        return fault.Message;
    }

    /// <summary>True while a process of this id computes or waits; an exited one that nobody has reaped is gone.</summary>
    public static bool IsAlive(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            if (process.HasExited)
                return false;
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException)
        {
            return false;
        }

        try
        {
            return !OperatingSystem.IsLinux()
                || File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat")).Split(") ")[^1][0] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        if (_strategies.IsValueCreated)
            _strategies.Value.Dispose();
        _folder.Dispose();
    }

    private bool HasNumpy(string interpreter)
    {
        try
        {
            using var worker = PythonProcess.Start(Settings with { Interpreter = interpreter }, TestContext.Current.CancellationToken);
            return worker.Numpy is not null;
        }
        catch (PythonStrategyException)
        {
            return false;
        }
    }

    private static string? FindPython()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(Interpreter, ["-c", "import sys; sys.exit(sys.version_info < (3, 8))"]) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"'{Interpreter}' is no Python 3.8 or later.";
        }
        catch (Win32Exception fault)
        {
            return $"'{Interpreter}' can't be started: {fault.Message}";
        }
    }
}
