using BacktestOps.Operations.Commands;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Plans;

namespace BacktestOps.Operations.Releases;

/// <summary>Makes a release folder: fetch, link what is shared, build, check, write down.</summary>
internal sealed class ReleaseBuilder(DeploymentPlan plan, DeploymentLayout layout, DeploymentTools tools, Secrets secrets)
{
    /// <summary>Fetches a version into a new folder.</summary>
    public async Task<string> FetchAsync(IReleaseSource source, string release, string version, string revision, CancellationToken cancellationToken)
    {
        var folder = layout.ReleaseFolder(release);
        Remove(folder);
        Directory.CreateDirectory(folder);
        await source.FetchAsync(version, revision, folder, cancellationToken).ConfigureAwait(false);
        if (Path.Exists(Path.Combine(folder, ReleaseManifest.FileName)))
            throw new DeploymentException(
                "ReleaseJsonTaken", $"Version {version} has a file '{ReleaseManifest.FileName}' of its own, where the release's description goes.",
                "Rename it in the source.");
        foreach (var shared in plan.Shared) Link(folder, shared);
        return folder;
    }

    /// <summary>Runs the build commands.</summary>
    public async Task<string> BuildAsync(string release, string version, string logPath, CancellationToken cancellationToken)
    {
        var folder = layout.ReleaseFolder(release);
        foreach (var build in plan.Build)
        {
            var command = build.Command.Select(part => PlanReader.Fill(part, version, folder)).ToList();
            var result = await tools.Commands.RunAsync(
                new CommandLine
                {
                    Program = command[0],
                    Arguments = [.. command.Skip(1)],
                    Folder = folder,
                    Environment = secrets.Environment,
                    Timeout = build.Timeout,
                    LogPath = logPath,
                },
                cancellationToken).ConfigureAwait(false);
            if (result.ExitCode != 0)
                throw new DeploymentException(
                    result.Output.Contains("No space left on device", StringComparison.Ordinal) ? "DiskFull" : "BuildFailed",
                    $"The build command '{string.Join(' ', command)}' ended with {result.ExitCode}: {result.Tail(8)}",
                    $"Mend what it says and deploy again; its whole output is in '{logPath}'.");
        }

        // A build server that stays would keep files of the release open.
        var left = await Leftovers.EndAsync(tools, cancellationToken).ConfigureAwait(false);
        return $"{Facts.Many(plan.Build.Count, "command")}{(left > 0 ? $"; {Facts.Many(left, "process", "processes")} left behind by them and ended" : "")}";
    }

    /// <summary>Checks that the release has what it must have, and writes down what it has.</summary>
    public ReleaseManifest Seal(IReleaseSource source, string release, string version, string revision)
    {
        var folder = layout.ReleaseFolder(release);
        var faults = plan.Files.SelectMany(file => RequiredFiles.FindFaults(folder, file, version)).ToList();
        if (faults.Count > 0)
            throw new DeploymentException(
                "FilesMissing", $"Release {release} lacks what the plan says must be in it: {string.Join("; ", faults)}.",
                "Put it into the version (or its build), or correct 'files' of the plan.");
        var (files, links) = ReleaseManifest.Scan(folder);
        var manifest = new ReleaseManifest
        {
            Release = release,
            Name = plan.Name,
            Version = version,
            Revision = revision,
            Source = source.Name,
            MadeAt = tools.Clock.GetUtcNow(),
            Files = files,
            Links = links,
        };
        manifest.Write(folder, tools.Disk);
        return manifest;
    }

    /// <summary>Removes a release folder; what is shared stays, only the links to it go.</summary>
    public static void Remove(string folder)
    {
        if (!Directory.Exists(folder)) return;
        // Without its description first: a folder that is half removed is no release.
        File.Delete(Path.Combine(folder, ReleaseManifest.FileName));
        Directory.Delete(folder, recursive: true);
    }

    private void Link(string folder, string shared)
    {
        var target = Path.Combine(layout.Shared, shared);
        var link = Path.Combine(folder, shared);
        if (new FileInfo(link).LinkTarget is not null || File.Exists(link))
        {
            // What the version brings is the first content; afterwards the shared one stays.
            if (!Path.Exists(target))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(link, target);
            }

            File.Delete(link);
        }
        else if (Directory.Exists(link))
        {
            if (!Path.Exists(target)) CopyFolder(link, target);
            Directory.Delete(link, recursive: true);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        // A shared path that nobody made yet is a folder, unless its name has an ending: .env, settings.json.
        if (!Path.Exists(target) && Path.GetExtension(shared).Length == 0) Directory.CreateDirectory(target);
        File.CreateSymbolicLink(link, target);
    }

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var inner in Directory.EnumerateDirectories(from)) CopyFolder(inner, Path.Combine(to, Path.GetFileName(inner)));
    }
}
