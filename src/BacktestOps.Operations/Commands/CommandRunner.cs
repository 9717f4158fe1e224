using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Processes;

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

    /// <summary>True for a command that starts what must live on: what it starts is not ended with the deployment that ran it.</summary>
    public bool OutlivesCaller { get; init; }

    /// <summary>Told of the process that it became.</summary>
    internal Action<int>? Started { get; init; }

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
        if (command.OutlivesCaller) start.Environment.Remove(StartedThings.Variable);
        foreach (var (name, value) in command.Environment) start.Environment[name] = value;
        try
        {
            var process = Process.Start(start)!;
            command.Started?.Invoke(process.Id);
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

    /// <summary>Keeps what a program writes, without secrets, line by line: the lines of its two outputs are not mixed.</summary>
    private static async Task PumpAsync(StreamReader output, StringBuilder kept, StreamWriter? log, Redactor redactor)
    {
        var (clean, lines, buffer) = (new PiecewiseRedactor(redactor), new StringBuilder(), new char[4096]);
        for (int length; (length = await output.ReadAsync(buffer).ConfigureAwait(false)) > 0;)
        {
            lines.Append(clean.Push(new string(buffer, 0, length)));
            // A line without an end must not fill the memory.
            if (lines.Length > KeptCharacters || EndsLine(lines)) Keep(WholeLines(lines));
        }

        lines.Append(clean.Finish());
        if (lines.Length > 0 && lines[^1] != '\n') lines.Append('\n');
        Keep(lines.ToString());

        void Keep(string text)
        {
            text = text.Replace("\r\n", "\n", StringComparison.Ordinal);
            if (text.Length == 0) return;
            lock (kept)
            {
                kept.Append(text);
                if (kept.Length > 2 * KeptCharacters) kept.Remove(0, kept.Length - KeptCharacters);
                log?.Write(text);
            }
        }
    }

    private static bool EndsLine(StringBuilder text)
    {
        foreach (var chunk in text.GetChunks())
        {
            if (chunk.Span.Contains('\n')) return true;
        }

        return false;
    }

    /// <summary>Takes what there is up to the last line's end, or all of a line that is too long.</summary>
    private static string WholeLines(StringBuilder text)
    {
        var all = text.ToString();
        var end = all.LastIndexOf('\n') + 1;
        if (end == 0) end = all.Length;
        text.Clear().Append(all, end, all.Length - end);
        return all[..end];
    }
}
