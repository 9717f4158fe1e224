using BacktestOps.Operations.Commands;
using BacktestOps.Operations.Deployments;

namespace BacktestOps.Operations.FollowUps.Scheduling;

/// <summary>A timer and a service of the user's own systemd. A run that was due while the machine was off is made up for at once.</summary>
/// <param name="commands">Runs <c>systemctl</c>.</param>
/// <param name="units">The folder of the user's units; null for the usual one.</param>
internal sealed class SystemdScheduler(ICommandRunner commands, string? units = null) : IMachineScheduler
{
    private readonly SchedulerCommands _commands = new(commands);
    private readonly string _units = units ?? Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } config ? config : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config"),
        "systemd", "user");

    public string Name => "systemd";

    public async Task<bool> IsUsableAsync(CancellationToken cancellationToken) =>
        await _commands.TryAsync(cancellationToken, "systemctl", "--user", "is-system-running").ConfigureAwait(false) is { } answer
        && answer.Output.Trim() is "running" or "degraded" or "starting";

    public string Preview(SchedulerEntry entry) => $"{File(entry.Name, ".service")}:\n{Service(entry)}\n{File(entry.Name, ".timer")}:\n{Timer(entry)}";

    public async Task<bool> RegisterAsync(SchedulerEntry entry, CancellationToken cancellationToken)
    {
        var texts = new (string Path, string Text)[] { (File(entry.Name, ".service"), Service(entry)), (File(entry.Name, ".timer"), Timer(entry)) };
        var isEnabled = await _commands.TryAsync(cancellationToken, "systemctl", "--user", "is-enabled", entry.Name + ".timer").ConfigureAwait(false) is { ExitCode: 0 };
        if (isEnabled && texts.All(unit => Own(unit.Path) == unit.Text)) return false;
        foreach (var (path, _) in texts) Own(path);
        Directory.CreateDirectory(_units);
        foreach (var (path, text) in texts) await System.IO.File.WriteAllTextAsync(path, text, cancellationToken).ConfigureAwait(false);
        await _commands.RunAsync(cancellationToken, "systemctl", "--user", "daemon-reload").ConfigureAwait(false);
        await _commands.RunAsync(cancellationToken, "systemctl", "--user", "enable", "--now", entry.Name + ".timer").ConfigureAwait(false);
        return true;
    }

    public async Task<bool> UnregisterAsync(string name, CancellationToken cancellationToken)
    {
        string[] paths = [File(name, ".service"), File(name, ".timer")];
        if (!paths.Any(System.IO.File.Exists)) return false;
        foreach (var path in paths) Own(path);
        await _commands.RunAsync(cancellationToken, "systemctl", "--user", "disable", "--now", name + ".timer").ConfigureAwait(false);
        foreach (var path in paths) System.IO.File.Delete(path);
        await _commands.RunAsync(cancellationToken, "systemctl", "--user", "daemon-reload").ConfigureAwait(false);
        return true;
    }

    public async Task<IReadOnlyList<string>> NoticesAsync(CancellationToken cancellationToken)
    {
        var answer = await _commands.TryAsync(cancellationToken, "loginctl", "show-user", Environment.UserName, "--property=Linger").ConfigureAwait(false);
        return answer?.Output.Contains("Linger=yes", StringComparison.Ordinal) == true
            ? []
            : ["The user's systemd ends with the user's last session: 'loginctl enable-linger' keeps it, and the follow-ups with it."];
    }

    /// <summary>The text of a unit that is ours; null when there is none.</summary>
    /// <exception cref="DeploymentException">A unit of that name is somebody else's.</exception>
    private static string? Own(string path)
    {
        if (!System.IO.File.Exists(path)) return null;
        var text = System.IO.File.ReadAllText(path);
        if (text.Contains("Written by Register-DeploymentFollowUp", StringComparison.Ordinal)) return text;
        throw new DeploymentException("SchedulerFailed", $"'{path}' was not written by Register-DeploymentFollowUp, so it is left as it is.", "Move it away, then try again.");
    }

    private static string Service(SchedulerEntry entry) =>
        $"""
        # {entry.Mark}
        [Unit]
        Description=Follow-ups of {Plain(entry.Title)} (BacktestOps)

        [Service]
        Type=oneshot
        {string.Concat(entry.Environment.Select(variable => $"Environment={Quote($"{variable.Key}={variable.Value}")}\n"))}ExecStart={string.Join(' ', entry.Command.Select(Quote))}

        """;

    private static string Timer(SchedulerEntry entry) =>
        $"""
        # {entry.Mark}
        [Unit]
        Description=Follow-ups of {Plain(entry.Title)} (BacktestOps)

        [Timer]
        OnCalendar=*-*-* *:{entry.MinuteText}:00
        Persistent=true

        [Install]
        WantedBy=timers.target

        """;

    private static string Plain(string text) => text.Replace("%", "%%", StringComparison.Ordinal);

    /// <summary>A word of a command line as systemd.service(5) reads it: quotes, specifiers and variables stand for themselves.</summary>
    private static string Quote(string word)
    {
        if (word.AsSpan().ContainsAny('\n', '\r')) throw new DeploymentException("SchedulerFailed", "A path with a line break can't stand in a unit.", "Name the plan and its root without line breaks.");
        return $"\"{word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("%", "%%", StringComparison.Ordinal).Replace("$", "$$", StringComparison.Ordinal)}\"";
    }

    private string File(string name, string kind) => Path.Combine(_units, name + kind);
}
