using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using BacktestOps.Operations.Deployments;

namespace BacktestOps.Operations.Commands;

/// <summary>A program to run to its end.</summary>
public sealed record CommandLine
{
    /// <summary>The program: a name that is looked up, or a path relative to the working folder.</summary>
    public required string Program { get; init; }

    /// <summary>Its arguments.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The folder that it runs in.</summary>
    public required string Folder { get; init; }

    /// <summary>Its environment, beside this process's.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>How long it may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>A file that its output is appended to; null for none.</summary>
    public string? LogPath { get; init; }

    /// <summary>Takes secrets out of what is kept of its output.</summary>
    public Redactor Redactor { get; init; } = Redactor.None;

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', Arguments.Prepend(Program).Select(part => part.Contains(' ', StringComparison.Ordinal) ? $"'{part}'" : part));
}

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">The end of what it wrote (standard output and error, in the order of arrival), without secrets.</param>
public sealed record CommandResult(int ExitCode, string Output)
{
    /// <summary>The last lines of the output.</summary>
    /// <param name="lines">How many.</param>
    public string Tail(int lines) => string.Join(System.Environment.NewLine, Output.TrimEnd().Split('\n').TakeLast(lines));
}

/// <summary>Runs programs to their end.</summary>
public interface ICommandRunner
{
    /// <summary>Runs a program.</summary>
    /// <param name="command">The program.</param>
    /// <param name="cancellationToken">Ends it, and everything that it started.</param>
    /// <exception cref="DeploymentException">It can't be started (<c>ToolMissing</c>), or took too long (<c>CommandTimedOut</c>).</exception>
    Task<CommandResult> RunAsync(CommandLine command, CancellationToken cancellationToken);
}

/// <summary>Runs programs of this machine.</summary>
/// <param name="clock">The clock.</param>
public sealed class CommandRunner(TimeProvider clock) : ICommandRunner
{
    private const int KeptCharacters = 64 * 1024;

    /// <inheritdoc/>
    public async Task<CommandResult> RunAsync(CommandLine command, CancellationToken cancellationToken)
    {
        using var process = Start(command);
        var kept = new StringBuilder();
        await using var log = command.LogPath is null ? null : new StreamWriter(command.LogPath, append: true) { NewLine = "\n" };
        var reading = Task.WhenAll(PumpAsync(process.StandardOutput, kept, log, command.Redactor), PumpAsync(process.StandardError, kept, log, command.Redactor));
        using var patience = new CancellationTokenSource(command.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await process.WaitForExitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            throw new DeploymentException(
                "CommandTimedOut",
                FormattableString.Invariant($"'{command}' did not end within {command.Timeout.TotalSeconds:0.###} s and was ended."),
                "See why it hangs by running it by hand, or give it a longer timeout in the plan.");
        }

        // A daemon that it left behind may hold its output open for ever; what came until now is what there is.
        using var drain = new CancellationTokenSource(TimeSpan.FromSeconds(2), clock);
        await Task.WhenAny(reading, Task.Delay(Timeout.Infinite, drain.Token)).ConfigureAwait(false);
        if (reading.IsCompleted) await reading.ConfigureAwait(false);
        lock (kept) return new CommandResult(process.ExitCode, kept.ToString());
    }

    private static Process Start(CommandLine command)
    {
        var start = new ProcessStartInfo
        {
            FileName = command.Program.Contains('/', StringComparison.Ordinal) ? Path.GetFullPath(command.Program, command.Folder) : command.Program,
            WorkingDirectory = command.Folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var argument in command.Arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in command.Environment) start.Environment[name] = value;
        try
        {
            var process = Process.Start(start)!;
            process.StandardInput.Close();
            return process;
        }
        catch (Win32Exception error)
        {
            throw new DeploymentException(
                "ToolMissing", $"'{command.Program}' could not be started in '{command.Folder}': {error.Message}",
                $"Install '{command.Program}', or give its path in the plan.", error);
        }
    }

    private static async Task PumpAsync(StreamReader output, StringBuilder kept, StreamWriter? log, Redactor redactor)
    {
        while (await output.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            var clean = redactor.Redact(line);
            lock (kept)
            {
                kept.Append(clean).Append('\n');
                if (kept.Length > 2 * KeptCharacters) kept.Remove(0, kept.Length - KeptCharacters);
                log?.WriteLine(clean);
            }
        }
    }
}
