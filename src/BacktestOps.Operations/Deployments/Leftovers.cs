namespace BacktestOps.Operations.Deployments;

/// <summary>What a deployment started and left: it would go on writing into a release that is being removed, or hold memory and a profile for ever.</summary>
internal static class Leftovers
{
    /// <summary>Ends it, and returns when it is gone. The caller has the root's lock, so none of it is anybody's.</summary>
    /// <param name="tools">The tools that it was started with, or their like.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many processes there were.</returns>
    /// <exception cref="DeploymentException">Some can't be ended.</exception>
    public static async Task<int> EndAsync(DeploymentTools tools, CancellationToken cancellationToken)
    {
        if (tools.Started is null) return 0;
        var (ended, left) = await tools.Started.EndAsync(tools.Clock, cancellationToken).ConfigureAwait(false);
        if (left.Count > 0)
            throw new DeploymentException(
                "LeftoverCommands", $"Processes that an earlier deployment started can't be ended: {string.Join(", ", left)}.",
                "End them as the user who began that deployment.");
        return ended;
    }
}
