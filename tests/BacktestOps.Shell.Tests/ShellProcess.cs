using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace BacktestOps.Shell.Tests;

/// <summary>What a finished shell left behind.</summary>
public sealed record ShellResult(int ExitCode, string Output, string Error);

/// <summary>The built shell in a process of its own, from its own folder: nothing of the test's is loaded into it.</summary>
public sealed class ShellProcess : IAsyncDisposable
{
    // Far beyond what any test needs on a busy machine; only a hang reaches it.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly CancellationTokenSource _deadline;
    private readonly StringBuilder _output = new();
    private readonly Task<string> _error;

    private ShellProcess(Process process)
    {
        _process = process;
        _deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        _deadline.CancelAfter(Longest);
        _error = process.StandardError.ReadToEndAsync(_deadline.Token);
    }

    /// <summary>The assembly of the shell in the configuration that the tests were built in.</summary>
    public static string AssemblyPath { get; } = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "BacktestOps.Shell",
        Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "BacktestOps.Shell.dll"));

    /// <summary>Starts the shell with redirected streams.</summary>
    public static ShellProcess Start(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? workingDirectory = null)
    {
        return Start("dotnet", [AssemblyPath, .. arguments], environment, workingDirectory);
    }

    /// <summary>
    /// Starts the shell so that Ctrl+C reaches it: a script that starts the tests in the background has them ignore SIGINT, and
    /// what a process ignores its children ignore too. coreutils' <c>env</c> takes that back.
    /// </summary>
    public static ShellProcess StartInterruptible(IReadOnlyList<string> arguments) => IgnoresInterrupt()
        ? Start("env", ["--default-signal=INT", "dotnet", AssemblyPath, .. arguments], environment: null, workingDirectory: null)
        : Start(arguments);

    /// <summary>Starts the shell on a terminal of its own, which util-linux's <c>script</c> gives.</summary>
    public static ShellProcess StartOnTerminal(string arguments) => Start(
        "/usr/bin/script", ["-qec", $"dotnet '{AssemblyPath}' {arguments}", "/dev/null"],
        new Dictionary<string, string> { ["TERM"] = "xterm" }, workingDirectory: null);

    private static ShellProcess Start(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment, string? workingDirectory)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory ?? Path.GetTempPath(),
        };
        foreach (var name in start.Environment.Keys.Where(IsOurs).ToList()) start.Environment.Remove(name);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return new ShellProcess(Process.Start(start)!);
    }

    /// <summary>Runs the shell to its end.</summary>
    public static async Task<ShellResult> RunAsync(
        IEnumerable<string> arguments, string input = "", IReadOnlyDictionary<string, string>? environment = null, string? workingDirectory = null)
    {
        await using var shell = Start(arguments, environment, workingDirectory);
        await shell.WriteInputAsync(input);
        return await shell.WaitAsync();
    }

    /// <summary>Gives standard input and closes it.</summary>
    public async Task WriteInputAsync(string input)
    {
        try
        {
            await _process.StandardInput.WriteAsync(input);
            _process.StandardInput.Close();
        }
        catch (IOException) when (_process.HasExited)
        {
            // It ended without reading, as a wrong command line does.
        }
    }

    /// <summary>Types on the terminal of <see cref="StartOnTerminal"/>.</summary>
    public async Task TypeAsync(string keys)
    {
        await _process.StandardInput.WriteAsync(keys);
        await _process.StandardInput.FlushAsync(_deadline.Token);
    }

    /// <summary>Reads standard output up to a line that starts with <paramref name="start"/>.</summary>
    /// <returns>That line.</returns>
    public Task<string> ReadUntilAsync(string start) => ReadUntilAsync(
        $"a line that starts with '{start}'",
        output => output[..(output.LastIndexOf('\n') + 1)].Split('\n').FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal))?.TrimEnd('\r'));

    /// <summary>Reads standard output until it ends with <paramref name="text"/>, at the start of which a prompt or line begins.</summary>
    public Task<string> ReadUntilEndsAsync(string text) => ReadUntilAsync(
        $"'{text}' at the end", output => output.EndsWith(text, StringComparison.Ordinal) ? output : null);

    /// <summary>Reads standard output until a line ends behind what is there now.</summary>
    public Task<string> ReadNextLineAsync()
    {
        var from = _output.Length;
        return ReadUntilAsync("the end of the line", output => output.IndexOf('\n', from) >= 0 ? output : null);
    }

    private async Task<string> ReadUntilAsync(string what, Func<string, string?> find)
    {
        var buffer = new char[1024];
        while (true)
        {
            if (find(_output.ToString()) is { } found) return found;
            var read = await _process.StandardOutput.ReadAsync(buffer, _deadline.Token);
            if (read == 0) throw new InvalidOperationException($"The shell ended without {what}. Output: {_output} Error: {await _error}");
            _output.Append(buffer, 0, read);
        }
    }

    /// <summary>Sends a signal by its name, such as INT.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Waits for the end.</summary>
    public async Task<ShellResult> WaitAsync()
    {
        _output.Append(await _process.StandardOutput.ReadToEndAsync(_deadline.Token));
        await _process.WaitForExitAsync(_deadline.Token);
        return new ShellResult(_process.ExitCode, _output.ToString(), await _error);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
        _deadline.Dispose();
    }

    // What would make a result depend on who runs the tests.
    private static bool IsOurs(string name) =>
        name.StartsWith("BACKTESTOPS_", StringComparison.OrdinalIgnoreCase)
        || name is "NO_COLOR" or "COLUMNS" or "LC_ALL" or "LC_MESSAGES" or "LANG" or "PSModulePath" or "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT";

    // The mask of ignored signals, hexadecimal; SIGINT is number 2, so the second bit.
    private static bool IgnoresInterrupt() =>
        File.Exists("/proc/self/status")
        && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } mask
        && (ulong.Parse(mask["SigIgn:".Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & 2) != 0;
}
