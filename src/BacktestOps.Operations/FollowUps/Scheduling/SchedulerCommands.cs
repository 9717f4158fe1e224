using System.Globalization;
using BacktestOps.Operations.Commands;
using BacktestOps.Operations.Deployments;

namespace BacktestOps.Operations.FollowUps.Scheduling;

/// <summary>Runs the commands of schedulers.</summary>
internal sealed class SchedulerCommands(ICommandRunner commands)
{
    /// <summary>Runs one; null where there is no such program.</summary>
    public async Task<CommandResult?> TryAsync(CancellationToken cancellationToken, params string[] line)
    {
        try
        {
            return await commands.RunAsync(
                new CommandLine
                {
                    Program = line[0],
                    Arguments = line[1..],
                    Folder = Path.GetTempPath(),
                    Timeout = TimeSpan.FromSeconds(20),
                    // What is looked for in the answers is English.
                    Environment = new Dictionary<string, string> { ["LC_ALL"] = "C" },
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (DeploymentException error) when (error.ErrorId is "ToolMissing" or "CommandTimedOut")
        {
            return null;
        }
    }

    /// <summary>Runs one that must succeed.</summary>
    public async Task<CommandResult> RunAsync(CancellationToken cancellationToken, params string[] line)
    {
        var result = await TryAsync(cancellationToken, line).ConfigureAwait(false);
        if (result is { ExitCode: 0 }) return result;
        throw new DeploymentException(
            "SchedulerFailed",
            result is null ? $"'{line[0]}' can't be run." : string.Create(CultureInfo.InvariantCulture, $"'{string.Join(' ', line)}' ended with {result.ExitCode}: {result.Tail(3)}"),
            "See whether this user may use the scheduler, or choose another with -Scheduler.");
    }
}
