using System.Management.Automation.Runspaces;

namespace BacktestOps.Shell;

/// <summary>What the host was asked to run.</summary>
internal enum ShellMode
{
    /// <summary>Read commands from a person, one after the other.</summary>
    Interactive,

    /// <summary>Run a script file.</summary>
    File,

    /// <summary>Run the text of <c>-Command</c>.</summary>
    Command,

    /// <summary>Run all of standard input as one script.</summary>
    StandardInput,

    /// <summary>Print the help.</summary>
    Help,

    /// <summary>Print the version.</summary>
    Version,
}

/// <summary>The command line, read the way <c>pwsh</c> reads its own.</summary>
internal sealed record CommandLine
{
    public ShellMode Mode { get; init; }

    /// <summary>The script's full path (<see cref="ShellMode.File"/>).</summary>
    public string? File { get; init; }

    /// <summary>The script's arguments in order: a name without value is a switch, a value without name is positional.</summary>
    public IReadOnlyList<CommandParameter> Arguments { get; init; } = [];

    /// <summary>The text to run (<see cref="ShellMode.Command"/>).</summary>
    public string? Command { get; init; }

    /// <summary>True when nobody is there to answer: prompts fail instead of waiting.</summary>
    public bool NonInteractive { get; init; }

    /// <summary>True to go on interactively after the file or command.</summary>
    public bool NoExit { get; init; }

    /// <summary>True to leave out the banner.</summary>
    public bool NoLogo { get; init; }

    /// <summary>The execution policy for this process; heeded on Windows only, where there is one.</summary>
    public string? ExecutionPolicy { get; init; }

    /// <summary>Where to start; null for the directory of the process.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>What is wrong with the command line, or null. The exit code is then 64, as pwsh gives it.</summary>
    public string? Error { get; init; }

    /// <summary>Reads <paramref name="arguments"/>.</summary>
    /// <param name="arguments">The arguments of the process, without its name.</param>
    /// <param name="inputRedirected">Whether standard input is a file or a pipe.</param>
    /// <returns>The command line; with <see cref="Error"/> set when it makes no sense.</returns>
    public static CommandLine Parse(IReadOnlyList<string> arguments, bool inputRedirected)
    {
        var line = new CommandLine { Mode = inputRedirected ? ShellMode.StandardInput : ShellMode.Interactive };
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            var name = SwitchName(argument);
            switch (name)
            {
                case "noprofile" or "nop":
                    break;
                case "nologo" or "nol":
                    line = line with { NoLogo = true };
                    break;
                case "noninteractive" or "noni":
                    line = line with { NonInteractive = true };
                    break;
                case "interactive" or "i":
                    line = line with { NonInteractive = false };
                    break;
                case "noexit" or "noe":
                    line = line with { NoExit = true };
                    break;
                case "help" or "h" or "?":
                    return line with { Mode = ShellMode.Help };
                case "version" or "v":
                    return line with { Mode = ShellMode.Version };
                case "executionpolicy" or "ex" or "ep":
                    if (++i >= arguments.Count) return line.Wrong(argument, "needs a policy, such as RemoteSigned");
                    line = line with { ExecutionPolicy = arguments[i] };
                    break;
                case "workingdirectory" or "wd" or "wo":
                    if (++i >= arguments.Count) return line.Wrong(argument, "needs a directory");
                    line = line with { WorkingDirectory = arguments[i] };
                    break;
                case "command" or "c":
                    return line.WithCommand(argument, [.. arguments.Skip(i + 1)]);
                case "file" or "f":
                    return line.WithFile(argument, [.. arguments.Skip(i + 1)]);
                case null:
                    return line.WithFile("-File", [.. arguments.Skip(i)]);
                default:
                    return line.Wrong(argument, "is not an option of this host; -Help lists them");
            }
        }

        return line;
    }

    private CommandLine WithCommand(string option, IReadOnlyList<string> rest)
    {
        if (rest.Count == 0) return Wrong(option, "needs the text to run, or - to read it from standard input");
        return rest is ["-"]
            ? this with { Mode = ShellMode.StandardInput }
            : this with { Mode = ShellMode.Command, Command = string.Join(' ', rest) };
    }

    private CommandLine WithFile(string option, IReadOnlyList<string> rest)
    {
        if (rest.Count == 0) return Wrong(option, "needs a script, or - to read it from standard input");
        if (rest is ["-"]) return this with { Mode = ShellMode.StandardInput };
        var path = Path.GetFullPath(rest[0]);
        return System.IO.File.Exists(path)
            ? this with { Mode = ShellMode.File, File = path, Arguments = ScriptArguments.Parse(rest.Skip(1)) }
            : this with { Error = $"The script '{rest[0]}' does not exist ({path}). Check the path; it is looked up from the current directory." };
    }

    private CommandLine Wrong(string option, string what) => this with { Error = $"{option} {what}." };

    private static string? SwitchName(string argument)
    {
        if (argument.Length < 2 || argument[0] is not ('-' or '/' or '\u2013' or '\u2014')) return null;

        // A path such as /home/me/job.ps1 starts with a slash and is no option.
        if (argument[0] == '/' && argument.AsSpan(1).ContainsAnyExcept(Letters)) return null;
        return argument.TrimStart('-', '/', '\u2013', '\u2014').ToLowerInvariant();
    }

    private static readonly System.Buffers.SearchValues<char> Letters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ?");
}
