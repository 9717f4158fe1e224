using System.Globalization;
using System.Text;
using BacktestOps.Operations.Commands;
using BacktestOps.Operations.Deployments;

namespace BacktestOps.Operations.FollowUps.Scheduling;

/// <summary>The user's crontab. An entry stands between two marked lines; every other line stays as it is, to the byte.</summary>
/// <param name="commands">Runs <c>crontab</c>.</param>
/// <param name="isDaemonSeen">Whether a cron daemon runs; null to look among this machine's processes.</param>
internal sealed class CronScheduler(ICommandRunner commands, Func<bool>? isDaemonSeen = null) : IMachineScheduler
{
    private static readonly string[] Daemons = ["cron", "crond", "fcron"];

    private readonly SchedulerCommands _commands = new(commands);

    public string Name => "cron";

    public async Task<bool> IsUsableAsync(CancellationToken cancellationToken) =>
        await _commands.TryAsync(cancellationToken, "crontab", "-l").ConfigureAwait(false) is { } answer && (answer.ExitCode == 0 || IsEmpty(answer));

    public string Preview(SchedulerEntry entry) => Block(entry);

    public async Task<bool> RegisterAsync(SchedulerEntry entry, CancellationToken cancellationToken)
    {
        var before = await ReadAsync(cancellationToken).ConfigureAwait(false);
        var (others, own) = Split(before, entry.Name);
        if (own == Block(entry)) return false;
        if (others.Length > 0 && !others.EndsWith('\n')) others += "\n";
        await WriteAsync(others + Block(entry), cancellationToken).ConfigureAwait(false);
        return true;
    }

    public async Task<bool> UnregisterAsync(string name, CancellationToken cancellationToken)
    {
        var (others, own) = Split(await ReadAsync(cancellationToken).ConfigureAwait(false), name);
        if (own.Length == 0) return false;
        if (others.Length > 0) await WriteAsync(others, cancellationToken).ConfigureAwait(false);
        // A crontab that was made for the entry goes with it.
        else await _commands.RunAsync(cancellationToken, "crontab", "-r").ConfigureAwait(false);
        return true;
    }

    public Task<IReadOnlyList<string>> NoticesAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>((isDaemonSeen ?? IsDaemonSeen)() ? [] : ["No cron daemon was seen to run on this machine: until one does, nothing is run."]);

    /// <summary>The lines of an entry.</summary>
    internal static string Block(SchedulerEntry entry)
    {
        var words = entry.Environment.Select(variable => $"{variable.Key}={Quote(variable.Value)}").Concat(entry.Command.Select(Quote));
        // What comes after a '%' would be the command's input.
        var command = $"{string.Join(' ', words)} >> {Quote(entry.LogPath)} 2>&1".Replace("%", "\\%", StringComparison.Ordinal);
        if (command.AsSpan().ContainsAny('\n', '\r')) throw new DeploymentException("SchedulerFailed", "A path with a line break can't stand in a crontab.", "Name the plan and its root without line breaks.");
        return string.Create(CultureInfo.InvariantCulture, $"{Begin(entry.Name)}\n# {entry.Mark}\n{entry.Minute} * * * * {command}\n{End(entry.Name)}\n");
    }

    private static string Begin(string name) => $"# BEGIN {name}";

    private static string End(string name) => $"# END {name}";

    private static string Quote(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static (string Others, string Own) Split(string crontab, string name)
    {
        var (others, own, inside) = (new StringBuilder(), new StringBuilder(), false);
        foreach (var line in Lines(crontab))
        {
            var text = line.TrimEnd('\r', '\n');
            inside |= text == Begin(name);
            (inside ? own : others).Append(line);
            if (text == End(name)) inside = false;
        }

        if (inside)
            throw new DeploymentException("SchedulerFailed", $"The crontab has '{Begin(name)}' and no '{End(name)}': what stands between can't be told apart from other entries.", "Mend it with 'crontab -e'.");
        return (others.ToString(), own.ToString());
    }

    private static IEnumerable<string> Lines(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOf('\n', at);
            end = end < 0 ? text.Length : end + 1;
            yield return text[at..end];
            at = end;
        }
    }

    private async Task<string> ReadAsync(CancellationToken cancellationToken)
    {
        var answer = await _commands.TryAsync(cancellationToken, "crontab", "-l").ConfigureAwait(false);
        if (answer is not null && IsEmpty(answer)) return "";
        return (answer is { ExitCode: 0 } ? answer : await _commands.RunAsync(cancellationToken, "crontab", "-l").ConfigureAwait(false)).Output;
    }

    private async Task WriteAsync(string crontab, CancellationToken cancellationToken)
    {
        // A crontab may have secrets of others in it: the file is the user's alone, and gone at once.
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, crontab, cancellationToken).ConfigureAwait(false);
            await _commands.RunAsync(cancellationToken, "crontab", file).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static bool IsEmpty(CommandResult answer) => answer.ExitCode == 1 && answer.Output.Contains("no crontab for", StringComparison.OrdinalIgnoreCase);

    private static bool IsDaemonSeen() => !Directory.Exists("/proc") || Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])).Any(folder =>
    {
        try
        {
            return Daemons.Contains(File.ReadAllText(Path.Combine(folder, "comm")).TrimEnd());
        }
        catch (IOException)
        {
            // It has ended.
            return false;
        }
    });
}
