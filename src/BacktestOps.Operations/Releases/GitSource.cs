using BacktestOps.Operations.Commands;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Plans;

namespace BacktestOps.Operations.Releases;

/// <summary>Releases from the tags of a git repository. A bare copy of it is kept, so that a known tag needs no network twice.</summary>
internal sealed class GitSource(SourcePlan source, DeploymentLayout layout, DeploymentTools tools) : IReleaseSource
{
    private static readonly Dictionary<string, string> Quiet = new()
    {
        // A question on the terminal would wait for ever; messages are matched, so they must be English.
        ["GIT_TERMINAL_PROMPT"] = "0",
        ["LC_ALL"] = "C",
    };

    private readonly string _url = source.Git!;

    /// <inheritdoc/>
    public string Name { get; } = Uri.TryCreate(source.Git, UriKind.Absolute, out var uri) && uri.UserInfo.Length > 0
        ? source.Git.Replace(uri.UserInfo + "@", "", StringComparison.Ordinal)
        : source.Git!;

    /// <inheritdoc/>
    public async Task<string> ResolveAsync(string version, CancellationToken cancellationToken)
    {
        var tag = PlanReader.Fill(source.Tag, version);
        // The peeled line, when there is one, names the commit of an annotated tag.
        var listed = await GitAsync(
            ["ls-remote", "--tags", "--", _url, $"refs/tags/{tag}", $"refs/tags/{tag}^{{}}"], layout.CommandFolder, cancellationToken).ConfigureAwait(false);
        if (listed.ExitCode != 0) throw Unreachable(listed);
        var lines = listed.Output.Split('\n').Select(line => line.Split('\t')).Where(parts => parts.Length == 2).ToList();
        var line = lines.Find(parts => parts[1].EndsWith("^{}", StringComparison.Ordinal)) ?? lines.Find(parts => parts[1] == $"refs/tags/{tag}");
        return line?[0] ?? throw new DeploymentException(
            "TagMissing", $"'{Name}' has no tag '{tag}'.",
            $"Push the tag, or name another version; {await OthersAsync(tag, cancellationToken).ConfigureAwait(false)}.");
    }

    /// <inheritdoc/>
    public async Task FetchAsync(string version, string revision, string folder, CancellationToken cancellationToken)
    {
        var tag = PlanReader.Fill(source.Tag, version);
        if (!File.Exists(Path.Combine(layout.Repository, "HEAD")))
            await MustAsync(["init", "--quiet", "--bare", layout.Repository], layout.Root, "FetchFailed", cancellationToken).ConfigureAwait(false);
        await MustAsync(
            ["fetch", "--quiet", "--force", "--no-tags", "--depth", "1", "--", _url, $"+refs/tags/{tag}:refs/tags/{tag}"],
            layout.Repository, "FetchFailed", cancellationToken).ConfigureAwait(false);
        var commit = (await MustAsync(["rev-parse", "--verify", $"refs/tags/{tag}^{{commit}}"], layout.Repository, "FetchFailed", cancellationToken)
            .ConfigureAwait(false)).Output.Trim();
        if (commit != revision)
            throw new DeploymentException(
                "TagMoved", $"The tag '{tag}' was {revision} when the deployment began and is {commit} now.",
                "See who moved it; deploy again when it stands still.");

        // An index of its own: the kept repository belongs to no work tree.
        var index = Path.Combine(layout.Repository, $"index-{Guid.NewGuid():N}");
        var place = new Dictionary<string, string>(Quiet) { ["GIT_INDEX_FILE"] = index };
        try
        {
            await MustAsync(["read-tree", commit], layout.Repository, "FetchFailed", cancellationToken, place).ConfigureAwait(false);
            await MustAsync(
                ["-c", "core.bare=false", "-c", "core.symlinks=true", $"--work-tree={folder}", "checkout-index", "--all", "--force"],
                layout.Repository, "FetchFailed", cancellationToken, place).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(index);
            File.Delete(index + ".lock");
        }

        if (File.Exists(Path.Combine(folder, ".gitmodules")))
            throw new DeploymentException(
                "SubmodulesNotSupported", $"The tag '{tag}' has submodules, whose content a release would lack.",
                "Deploy an archive that has them (source.zip), or let a build command fetch them and remove .gitmodules.");
    }

    private async Task<string> OthersAsync(string tag, CancellationToken cancellationToken)
    {
        var listed = await GitAsync(["ls-remote", "--tags", "--refs", "--", _url], layout.CommandFolder, cancellationToken).ConfigureAwait(false);
        var tags = listed.Output.Split('\n').Select(line => line.Split("refs/tags/")).Where(parts => parts.Length == 2).Select(parts => parts[1].Trim()).ToList();
        return tags.Count == 0 ? "it has no tags at all" : Suggestion.For(tag, [.. tags.TakeLast(20)]).TrimEnd('?');
    }

    private async Task<CommandResult> MustAsync(
        IReadOnlyList<string> arguments, string folder, string fault, CancellationToken cancellationToken, IReadOnlyDictionary<string, string>? environment = null)
    {
        var result = await GitAsync(arguments, folder, cancellationToken, environment).ConfigureAwait(false);
        if (result.ExitCode == 0) return result;
        if (result.Output.Contains("No space left on device", StringComparison.Ordinal))
            throw new DeploymentException("DiskFull", $"The disk is full; git noticed it: {result.Tail(3)}", "Free space on the root's file system, then deploy again.");
        throw new DeploymentException(
            fault, $"'git {arguments[0]}' ended with {result.ExitCode}: {result.Tail(5)}", $"Run it by hand in '{folder}' and mend what git says.");
    }

    private DeploymentException Unreachable(CommandResult result) => new(
        "SourceUnreachable", $"'{Name}' can't be asked for its tags: {result.Tail(3)}", "Check source.git of the plan, and that this user may read it.");

    private Task<CommandResult> GitAsync(
        IReadOnlyList<string> arguments, string folder, CancellationToken cancellationToken, IReadOnlyDictionary<string, string>? environment = null) =>
        tools.Commands.RunAsync(
            new CommandLine
            {
                Program = "git",
                Arguments = arguments,
                Folder = folder,
                Environment = environment ?? Quiet,
                Timeout = TimeSpan.FromMinutes(10),
            },
            cancellationToken);
}
