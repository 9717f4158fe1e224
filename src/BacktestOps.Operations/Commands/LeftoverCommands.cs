using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.ServiceProcesses;
using BacktestOps.Operations.Services;

namespace BacktestOps.Operations.Commands;

/// <summary>
/// Commands that a deployment started and that outlived it: its process was killed, they were not. They would go on writing
/// into a release that is being removed.
/// </summary>
internal static class LeftoverCommands
{
    /// <summary>The variable that marks them: the scope of the root.</summary>
    public const string Mark = "BACKTESTOPS_COMMAND_OF";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Ends them, and returns when they are gone. The caller has the root's lock, so none of them is anybody's.</summary>
    /// <returns>How many there were.</returns>
    public static async Task<int> EndAsync(string scope, TimeProvider clock, CancellationToken cancellationToken)
    {
        var begin = clock.GetTimestamp();
        var count = 0;
        while (Find(scope) is { Count: > 0 } left)
        {
            count = Math.Max(count, left.Count);
            if (clock.GetElapsedTime(begin) > Patience)
                throw new DeploymentException(
                    "LeftoverCommands", $"Commands of an earlier deployment can't be ended: {string.Join(", ", left.Select(process => process.Id))}.",
                    "End them as the user who began that deployment.");
            foreach (var process in left) DetachedProcess.Kill(process);
            await Task.Delay(TimeSpan.FromMilliseconds(10), clock, cancellationToken).ConfigureAwait(false);
        }

        return count;
    }

    private static List<ProcessIdentity> Find(string scope) =>
    [
        .. ProcessTable.All().Select(entry => entry.Identity)
            .Where(process => process.Id != Environment.ProcessId && ProcessTable.Variable(process.Id, Mark) == scope),
    ];
}
