using BacktestOps.Operations.Commands;
using BacktestOps.Operations.Deployments;

namespace BacktestOps.Operations.Tests.FollowUps;

/// <summary>Answers as <c>crontab</c>, <c>systemctl</c>, <c>loginctl</c> and <c>schtasks</c> do, and remembers what it was asked.</summary>
internal sealed class ImitatedMachine : ICommandRunner
{
    private readonly HashSet<string> _enabled = [];

    /// <summary>The crontab; null for none.</summary>
    public string? Crontab { get; set; }

    public bool HasCron { get; set; } = true;

    public bool HasSystemd { get; set; }

    public string Linger { get; set; } = "no";

    public List<string> Calls { get; } = [];

    /// <summary>The task's XML; null for none.</summary>
    public string? TaskXml { get; private set; }

    public Task<CommandResult> RunAsync(CommandLine command, CancellationToken cancellationToken)
    {
        Calls.Add(string.Join(' ', command.Arguments.Prepend(command.Program)));
        return Task.FromResult((command.Program, command.Arguments) switch
        {
            ("crontab", _) when !HasCron => throw Missing(command.Program),
            ("crontab", ["-l"]) => Crontab is null ? new CommandResult(1, "no crontab for ops\n") : new CommandResult(0, Crontab),
            ("crontab", ["-r"]) => Done(() => Crontab = null),
            ("crontab", [var file]) => Done(() => Crontab = File.ReadAllText(file)),
            ("systemctl", _) when !HasSystemd => throw Missing(command.Program),
            ("systemctl", ["--user", "is-system-running"]) => new CommandResult(1, "degraded\n"),
            ("systemctl", ["--user", "is-enabled", var timer]) => new CommandResult(_enabled.Contains(timer) ? 0 : 1, ""),
            ("systemctl", ["--user", "enable", "--now", var timer]) => Done(() => _enabled.Add(timer)),
            ("systemctl", ["--user", "disable", "--now", var timer]) => Done(() => _enabled.Remove(timer)),
            ("systemctl", ["--user", "daemon-reload"]) => new CommandResult(0, ""),
            ("loginctl", _) => new CommandResult(0, $"Linger={Linger}\n"),
            ("schtasks", ["/Query", "/TN", _]) or ("schtasks", ["/Query", "/TN", _, "/XML"]) => TaskXml is null ? new CommandResult(1, "ERROR") : new CommandResult(0, TaskXml),
            ("schtasks", ["/Create", "/TN", _, "/XML", var file, "/F"]) => Done(() => TaskXml = File.ReadAllText(file)),
            ("schtasks", ["/Delete", "/TN", _, "/F"]) => Done(() => TaskXml = null),
            _ => throw Missing(command.Program),
        });
    }

    private static CommandResult Done(Action change)
    {
        change();
        return new CommandResult(0, "");
    }

    private static DeploymentException Missing(string program) => new("ToolMissing", $"'{program}' could not be started.", "Install it.");
}
