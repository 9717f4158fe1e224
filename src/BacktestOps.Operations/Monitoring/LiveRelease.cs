using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Releases;

namespace BacktestOps.Operations.Monitoring;

/// <summary>The release that is live, and the deployment that made it so.</summary>
/// <param name="Release">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Deployment">The deployment or rollback; null where none is closed that did.</param>
/// <param name="Since">When that began, UTC.</param>
internal sealed record LiveRelease(string Release, string? Version, int? Deployment, DateTimeOffset? Since)
{
    /// <summary>Finds it.</summary>
    /// <exception cref="DeploymentException">Nothing is live.</exception>
    public static LiveRelease Find(DeploymentLayout layout)
    {
        var release = layout.LiveRelease() ?? throw new DeploymentException(
            "NothingIsLive", $"No release is live in '{layout.Root}', so there is nothing to watch.", "Deploy a version first: Invoke-Deployment.");
        var deployment = DeploymentHistory.Read(layout).Deployments().LastOrDefault(deployment => deployment.IsCurrent);
        return new LiveRelease(release, ReleaseManifest.Read(layout.ReleaseFolder(release))?.Version, deployment?.Id, deployment?.StartedAt);
    }
}
