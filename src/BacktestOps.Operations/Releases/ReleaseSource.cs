using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Plans;

namespace BacktestOps.Operations.Releases;

/// <summary>Where releases come from.</summary>
internal interface IReleaseSource
{
    /// <summary>What it is, for the record: a URL without a password, a path.</summary>
    string Name { get; }

    /// <summary>Finds a version.</summary>
    /// <returns>The commit id, or <c>sha256:</c> and the archive's digest.</returns>
    /// <exception cref="DeploymentException">There is no such version, or the source can't be asked.</exception>
    Task<string> ResolveAsync(string version, CancellationToken cancellationToken);

    /// <summary>Puts the files of a version into a folder that exists and is empty.</summary>
    /// <exception cref="DeploymentException">They can't be had, or are not what was resolved.</exception>
    Task FetchAsync(string version, string revision, string folder, CancellationToken cancellationToken);
}

/// <summary>Chooses the source of a plan.</summary>
internal static class ReleaseSources
{
    public static IReleaseSource For(DeploymentPlan plan, DeploymentLayout layout, DeploymentTools tools) => plan.Source.Git is not null
        ? new GitSource(plan.Source, layout, tools)
        : new ZipSource(plan.Source);
}
