using System.Globalization;
using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Plans;

namespace BacktestOps.Operations.Releases;

/// <summary>What a sealed release has, as checks that are kept as evidence.</summary>
internal static class ReleaseFacts
{
    /// <summary>One check for each thing that the plan says must be in it, and one for the release as a whole.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="manifest">The release; sealing it has held it against the plan.</param>
    /// <param name="clock">The clock.</param>
    public static IReadOnlyList<CheckResult> Of(DeploymentPlan plan, ReleaseManifest manifest, TimeProvider clock)
    {
        CheckResult Seen(string name, string subject, string expected, string observed) => new()
        {
            Name = name,
            Subject = subject,
            Verdict = Verdict.Pass,
            Expected = expected,
            Observed = observed,
            Samples = 1,
            ObservedAt = clock.GetUtcNow(),
        };

        return
        [
            .. plan.Files.Select(file => Seen("file", file.Path, Describe(file, manifest.Version), Of(file, manifest))),
            Seen(
                "release", manifest.Release, $"every file of {manifest.Revision} with its SHA-256",
                string.Create(
                    CultureInfo.InvariantCulture, $"{Facts.Many(manifest.Files.Count, "file")}, {Facts.Many(manifest.Files.Sum(file => file.Size), "byte")}, {Facts.Many(manifest.Links.Count, "link")}")),
        ];
    }

    private static string Describe(RequiredFile file, string version)
    {
        var wanted = file.Json.Select(field => $"{field.Key} = {PlanReader.Fill(field.Value, version)}").ToList();
        if (file.Contains is { } text) wanted.Add($"containing '{PlanReader.Fill(text, version)}'");
        return $"{(file.Path.EndsWith('/') ? "a folder that is not empty" : "a file")}{(wanted.Count > 0 ? $", {string.Join(", ", wanted)}" : "")}";
    }

    private static string Of(RequiredFile required, ReleaseManifest manifest)
    {
        if (required.Path.EndsWith('/'))
        {
            var inside = manifest.Files.Where(file => file.Path.StartsWith(required.Path, StringComparison.Ordinal)).ToList();
            return string.Create(CultureInfo.InvariantCulture, $"{Facts.Many(inside.Count, "file")}, {Facts.Many(inside.Sum(file => file.Size), "byte")}");
        }

        var found = manifest.Files.FirstOrDefault(file => file.Path == required.Path);
        return found is null ? "there, outside the release's own files" : string.Create(CultureInfo.InvariantCulture, $"{found.Size} bytes, SHA-256 {found.Sha256}");
    }
}
