using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using BacktestOps.Operations.Files;
using BacktestOps.Operations.Plans;

namespace BacktestOps.Operations.Deployments;

/// <summary>Where everything of a deployment's root lies.</summary>
internal sealed class DeploymentLayout(DeploymentPlan plan)
{
    public string Root => plan.Root;

    /// <summary>The link to the live release; on Windows a file with its name.</summary>
    public string Current => Path.Combine(Root, OperatingSystem.IsWindows() ? "current.txt" : "current");

    public string Releases => Path.Combine(Root, "releases");

    public string Shared => Path.Combine(Root, "shared");

    public string Logs => Path.Combine(Root, "logs");

    public string Backups => Path.Combine(Root, "backups");

    public string State => Path.Combine(Root, "state");

    public string LockFile => Path.Combine(State, "lock");

    /// <summary>What was started and has not been seen to end: a file each.</summary>
    public string Started => Path.Combine(State, "started");

    public string ServiceRecord => Path.Combine(State, "service.json");

    public string Repository => Path.Combine(State, "source.git");

    public string Deployments => Path.Combine(State, "deployments");

    public string Evidence => Path.Combine(Root, "evidence");

    public string Ledger => Path.Combine(Evidence, "ledger.jsonl");

    /// <summary>
    /// Tells this root's processes apart from all others: the plan's name, and the root's real path in short. The
    /// processes of a service carry it in their environment, so that they are found whatever became of their parents.
    /// </summary>
    public string Scope { get; } = $"{plan.Name}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(RealPath.Of(plan.Root))))[..12]}";

    public string ReleaseFolder(string release) => Path.Combine(Releases, release);

    public string DeploymentFolder(int id) => Path.Combine(Deployments, id.ToString("D6", CultureInfo.InvariantCulture));

    public string BackupFile(int id) => Path.Combine(Backups, id.ToString("D6", CultureInfo.InvariantCulture) + ".db");

    /// <summary>A folder to run commands in: the root, or where there is none yet, the temporary folder.</summary>
    public string CommandFolder => Directory.Exists(Root) ? Root : Path.GetTempPath();

    public static string ReleaseName(int id, string version) => string.Create(CultureInfo.InvariantCulture, $"{id:D6}-{version}");

    /// <summary>The release that <c>current</c> names; null when it names none.</summary>
    /// <exception cref="DeploymentException">Something else stands where the link should.</exception>
    public string? LiveRelease()
    {
        if (OperatingSystem.IsWindows())
            return File.Exists(Current) ? Path.GetFileName(File.ReadAllText(Current).Trim()) : null;
        var link = new FileInfo(Current);
        if (link.LinkTarget is { } target) return Path.GetFileName(Path.TrimEndingDirectorySeparator(target));
        if (!link.Exists && !Directory.Exists(Current)) return null;
        throw new DeploymentException(
            "CurrentIsNoLink",
            $"'{Current}' is a {(Directory.Exists(Current) ? "folder" : "file")} and not the link to a release that a deployment makes.",
            "Move it away (its content is not a release that can be gone back to), then deploy.");
    }

    /// <summary>Makes the folders that every deployment needs.</summary>
    public void Prepare()
    {
        // Backups hold the users' data and logs what the service says: nobody else's business. What the operator opened for an auditor
        // stays open.
        foreach (var folder in (string[])[State, Backups, Logs, Evidence]) MakePrivate(folder);
        foreach (var folder in (string[])[Releases, Shared, Deployments]) Directory.CreateDirectory(folder);
    }

    /// <summary>Makes a folder that is its owner's alone; one that is there keeps its rights.</summary>
    public static void MakePrivate(string folder)
    {
        if (Directory.Exists(folder)) return;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
