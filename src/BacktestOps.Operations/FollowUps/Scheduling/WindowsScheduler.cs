using System.Globalization;
using System.Text;
using System.Xml.Linq;
using BacktestOps.Operations.Commands;

namespace BacktestOps.Operations.FollowUps.Scheduling;

/// <summary>A task of Windows' Task Scheduler, of the user's own and only while the user is logged on: it needs no stored password.</summary>
/// <param name="commands">Runs <c>schtasks</c>.</param>
internal sealed class WindowsScheduler(ICommandRunner commands) : IMachineScheduler
{
    private static readonly XNamespace Task = "http://schemas.microsoft.com/windows/2004/02/mit/task";

    private readonly SchedulerCommands _commands = new(commands);

    public string Name => "task_scheduler";

    public Task<bool> IsUsableAsync(CancellationToken cancellationToken) => System.Threading.Tasks.Task.FromResult(OperatingSystem.IsWindows());

    public string Preview(SchedulerEntry entry) => Xml(entry).ToString();

    public async Task<bool> RegisterAsync(SchedulerEntry entry, CancellationToken cancellationToken)
    {
        var known = await _commands.TryAsync(cancellationToken, "schtasks", "/Query", "/TN", Path(entry.Name), "/XML").ConfigureAwait(false);
        // Windows gives back more than it was given; the mark has the digest of what it was given.
        if (known is { ExitCode: 0 } && known.Output.Contains(Digest(entry), StringComparison.Ordinal)) return false;
        var file = System.IO.Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, $"<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n{Xml(entry)}", Encoding.Unicode, cancellationToken).ConfigureAwait(false);
            await _commands.RunAsync(cancellationToken, "schtasks", "/Create", "/TN", Path(entry.Name), "/XML", file, "/F").ConfigureAwait(false);
        }
        finally
        {
            File.Delete(file);
        }

        return true;
    }

    public async Task<bool> UnregisterAsync(string name, CancellationToken cancellationToken)
    {
        if (await _commands.TryAsync(cancellationToken, "schtasks", "/Query", "/TN", Path(name)).ConfigureAwait(false) is not { ExitCode: 0 }) return false;
        await _commands.RunAsync(cancellationToken, "schtasks", "/Delete", "/TN", Path(name), "/F").ConfigureAwait(false);
        return true;
    }

    public Task<IReadOnlyList<string>> NoticesAsync(CancellationToken cancellationToken) =>
        System.Threading.Tasks.Task.FromResult<IReadOnlyList<string>>(["The task runs while its user is logged on."]);

    private static string Path(string name) => $"\\BacktestOps\\{name}";

    private static string Digest(SchedulerEntry entry) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', [.. entry.Command, entry.MinuteText]))));

    private static XElement Xml(SchedulerEntry entry) => new(
        Task + "Task",
        new XAttribute("version", "1.2"),
        new XElement(Task + "RegistrationInfo", new XElement(Task + "Description", $"Follow-ups of {entry.Title}. {entry.Mark} {Digest(entry)}")),
        new XElement(Task + "Triggers", new XElement(
            Task + "TimeTrigger",
            new XElement(Task + "Repetition", new XElement(Task + "Interval", "PT1H")),
            new XElement(Task + "StartBoundary", string.Create(CultureInfo.InvariantCulture, $"2026-01-01T00:{entry.Minute:00}:00")))),
        new XElement(
            Task + "Settings",
            new XElement(Task + "MultipleInstancesPolicy", "IgnoreNew"),
            new XElement(Task + "DisallowStartIfOnBatteries", "false"),
            new XElement(Task + "StopIfGoingOnBatteries", "false"),
            new XElement(Task + "StartWhenAvailable", "true")),
        new XElement(Task + "Actions", new XElement(
            Task + "Exec",
            new XElement(Task + "Command", entry.Command[0]),
            new XElement(Task + "Arguments", string.Join(' ', entry.Command.Skip(1).Select(Quote))))));

    /// <summary>An argument as Windows programs take their command line apart.</summary>
    private static string Quote(string word) => word.Contains(' ', StringComparison.Ordinal) ? $"\"{(word.EndsWith('\\') ? word + "\\" : word)}\"" : word;
}
