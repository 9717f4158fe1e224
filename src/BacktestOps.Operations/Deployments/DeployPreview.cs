using BacktestOps.Operations.Plans;
using BacktestOps.Operations.Releases;

namespace BacktestOps.Operations.Deployments;

/// <summary>What a deployment would do.</summary>
/// <param name="Live">The release that is live and would be left; null when none is.</param>
/// <param name="Release">The release that would be made.</param>
/// <param name="Steps">The exact steps, in words.</param>
public sealed record DeployPreview(string? Live, string Release, IReadOnlyList<string> Steps)
{
    internal static DeployPreview Make(
        DeploymentPlan plan, DeploymentTools tools, DeploymentLayout layout, DeploymentHistory history, DeployRequest request)
    {
        var (live, id) = (layout.LiveRelease(), history.NextId);
        var release = DeploymentLayout.ReleaseName(id, request.Version);
        return new DeployPreview(live, release, [.. Describe(plan, ReleaseSources.For(plan, layout, tools).Name, layout, live, release, id, request)]);
    }

    private static IEnumerable<string> Describe(
        DeploymentPlan plan, string source, DeploymentLayout layout, string? live, string release, int id, DeployRequest request)
    {
        var (steps, folder) = (new PlannedSteps(plan, layout), layout.ReleaseFolder(release));
        yield return steps.Lock;
        yield return "check the machine, the two versions and the running service, as Test-DeploymentReadiness does";
        if (live is not null) yield return $"measure {live} as the baseline: health, latency{(plan.Smoke is null ? "" : " and smoke journey")}";
        if (plan.Database is { } database)
            yield return File.Exists(database.Path) ? $"back up '{database.Path}' to '{layout.BackupFile(id)}' and check the copy" : $"back up nothing: '{database.Path}' is not there";
        yield return plan.Source.Git is not null
            ? $"fetch the tag '{PlanReader.Fill(plan.Source.Tag, request.Version)}' of '{source}' to '{folder}'"
            : $"unpack '{PlanReader.Fill(source, request.Version)}' to '{folder}'";
        foreach (var build in plan.Build)
            yield return $"build it with '{string.Join(' ', build.Command.Select(part => PlanReader.Fill(part, request.Version, folder)))}' (up to {build.Timeout.TotalSeconds} s)";
        yield return $"check {Facts.Many(plan.Files.Count, "required file")}, and write down the SHA-256 of every file";
        yield return steps.Stop;
        yield return steps.Switch(live, release);
        yield return steps.Start(release);
        yield return steps.Health;
        foreach (var step in steps.Smoke) yield return step;
        yield return $"record {release} as live and good, and keep the last {Facts.Many(plan.Keep, "good release")}";
        yield return (live, request.NoRollback) switch
        {
            (_, true) => $"where one of these fails: leave {release} as it is, marked bad",
            (null, _) => "where one of these fails: stop it; there is no release to go back to",
            _ => $"where one of these fails: go back to {live}",
        };
    }
}
