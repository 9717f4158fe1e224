using System.IO.Compression;
using BacktestOps.Contracts;

namespace BacktestOps.Operations.Tests.Deployments;

/// <summary>A situation in which a deployment over a good release must fail.</summary>
/// <param name="Arrange">Makes the situation, after 1.0.0 was deployed and before 1.1.0 is.</param>
/// <param name="Outcome">How the deployment must end.</param>
/// <param name="Reason">What the reason must contain.</param>
/// <param name="Begins">False where not even a journal is begun: an exception says why.</param>
internal sealed record Situation(Action<Rig, FakeHost> Arrange, DeploymentOutcome Outcome, string Reason, bool Begins = true);

/// <summary>Situations that must fail, each with its reason.</summary>
internal static class Situations
{
    public static IReadOnlyDictionary<string, Situation> All { get; } = new Dictionary<string, Situation>
    {
        // Refused: nothing was changed.
        ["the archive is missing"] = Refused((rig, _) => File.Delete(Path.Combine(rig.Folder, "app-1.1.0.zip")), "ArchiveMissing"),
        ["the archive was changed"] = Refused((rig, _) => File.AppendAllText(Path.Combine(rig.Folder, "app-1.1.0.zip"), "x"), "DigestMismatch"),
        ["the plan has no digest of the version"] = Refused((rig, _) => rig.Forget("1.1.0"), "DigestMissing"),
        ["the archive to go back to was changed"] = Refused((rig, _) => rig.Version("1.0.0", ("note", "another")), "the version is"),
        ["the archive to go back to is missing"] = Refused((rig, _) => File.Delete(Path.Combine(rig.Folder, "app-1.0.0.zip")), "version to go back to: ArchiveMissing"),
        ["a file of the live release was changed"] = Refused((rig, _) => File.AppendAllText(rig.LiveFile("service.json"), " "), "service.json was changed"),
        ["a file of the live release is gone"] = Refused((rig, _) => File.Delete(rig.LiveFile("service.json")), "service.json is gone"),
        ["the live release is no whole release"] = Refused((rig, _) => File.Delete(rig.LiveFile("release.json")), "is not a whole release"),
        ["a stranger has the port"] = Refused((_, host) => host.Stranger = 1, "which no deployment of this root started"),
        ["the live release does not run"] = Refused((_, host) => host.Die(), "nobody, though a release is live"),
        ["the live release is not healthy"] = Refused((rig, host) => host.Restart(rig, ("health_status", 503)), "previous release's HTTP status: 503"),
        ["the live release answers nothing"] = Refused((rig, host) => host.Restart(rig, ("health", "refused")), "Connection refused"),
        ["the live release names another version"] = Refused((rig, host) => host.Restart(rig, ("says", "0.9.0")), "previous release's version: \"0.9.0\""),
        ["a required variable is not set"] = Refused((rig, _) => rig.Plan["requirements"] = new { environment = new[] { "NO_SUCH_VARIABLE" } }, "environment variable: not set"),
        ["a secret is missing"] = Refused((rig, _) => rig.ServiceKeys["environment"] = new { KEY = "secret:NO_SUCH_SECRET" }, "secret: not set"),
        ["a notification channel's secret is missing"] = Refused(
            (rig, _) => rig.Plan["notifications"] = new object[] { new { name = "operators", kind = "webhook", url = "secret:NO_SUCH_WEBHOOK" } }, "secret: not set"),
        ["a feedback channel's secret is missing"] = Refused(
            (rig, _) => rig.Plan["feedback"] = new { channels = new object[] { new { name = "slack", kind = "slack", channel = "C0123456789", token = "secret:NO_SUCH_TOKEN" } } },
            "secret: not set"),
        ["the secrets file is missing"] = Refused((rig, _) => rig.ServiceKeys["secrets_file"] = Path.Combine(rig.Folder, "none"), "secrets file"),
        ["the secrets file can be read by all"] = Refused((rig, _) => rig.SecretsFile("A=b", "644"), "can be read by others"),
        ["the secrets file has a line that is none"] = Refused((rig, _) => rig.SecretsFile("only words", "600"), "a line that is not NAME=value"),
        ["a tool is missing"] = Refused((rig, _) => rig.Plan["requirements"] = new { tools = new[] { new { name = "no-such-tool" } } }, "ToolMissing"),
        ["a tool is too old"] = Refused((rig, _) => rig.Plan["requirements"] = new { tools = new[] { new { name = "git", minimum = "999.0" } } }, "expected 999.0.0 or later"),
        ["a tool fails"] = Refused((rig, _) => rig.Plan["requirements"] = new { tools = new[] { new { name = "git", arguments = new[] { "no-such-verb" } } } }, "ended with 1"),
        ["a tool says no version"] = Refused((rig, _) => rig.Plan["requirements"] = new { tools = new[] { new { name = "echo", arguments = new[] { "hello" }, minimum = "1.0" } } }, "no version in 'hello'"),
        ["the disk is too small"] = Refused((rig, _) => rig.Plan["requirements"] = new { disk_free_bytes = long.MaxValue / 2 }, "disk space"),
        ["the root is on a network"] = Refused((rig, _) => rig.Disk(new NetworkDisk()), "NetworkFileSystem", begins: false),
        ["the database is damaged"] = Refused((rig, _) => rig.WithDatabase(50, damage: true), "database: "),
        ["the database is no database"] = Refused((rig, _) => rig.DatabaseText("these are words, and not a database of SQLite"), "not a database"),
        ["the database is not there"] = Refused((rig, _) => rig.Plan["database"] = new { path = Path.Combine(rig.Folder, "none.db") }, "no file"),
        ["current is a folder"] = Refused((rig, _) => rig.CurrentAsFolder(), "CurrentIsNoLink", begins: false),
        ["git does not know the address"] = Refused((rig, _) => rig.Plan["source"] = new { git = Path.Combine(rig.Folder, "nowhere") }, "SourceUnreachable"),

        // Taken back before the service was touched.
        ["the archive is no archive"] = Back((rig, _) => rig.Archive("1.1.0", "this is no zip"u8.ToArray()), "ArchiveInvalid"),
        ["an entry climbs out"] = Back((rig, _) => rig.Archive("1.1.0", Zip("../evil.txt")), "ArchiveUnsafe"),
        ["an entry climbs out in the middle"] = Back((rig, _) => rig.Archive("1.1.0", Zip("a/../../evil.txt")), "ArchiveUnsafe"),
        ["an entry is absolute"] = Back((rig, _) => rig.Archive("1.1.0", Zip("/tmp-evil.txt")), "ArchiveUnsafe"),
        ["an entry has backslashes"] = Back((rig, _) => rig.Archive("1.1.0", Zip("a\\b.txt")), "ArchiveUnsafe"),
        ["an entry is there twice"] = Back((rig, _) => rig.Archive("1.1.0", Zip("a.txt", "a.txt")), "ArchiveUnsafe"),
        ["an entry differs in case alone"] = Back((rig, _) => rig.Archive("1.1.0", Zip("a.txt", "A.txt")), "ArchiveUnsafe"),
        ["an entry is a link"] = Back((rig, _) => rig.Archive("1.1.0", Zip(link: true, "a.txt")), "ArchiveUnsafe"),
        ["the version has a release.json"] = Back((rig, _) => rig.Archive("1.1.0", Zip("service.json", "release.json")), "ReleaseJsonTaken"),
        ["a required file is missing"] = Back((rig, _) => rig.Archive("1.1.0", Zip("other.txt")), "FilesMissing"),
        ["a required folder is missing"] = Back((rig, _) => rig.Plan["files"] = new[] { "backend/" }, "there is no folder 'backend/'"),
        ["a required text is missing"] = Back((rig, _) => rig.Plan["files"] = new[] { new { path = "service.json", contains = "no such text" } }, "does not contain 'no such text'"),
        ["package.json names another version"] = Back(
            (rig, _) => rig.Plan["files"] = new[] { new { path = "service.json", json = new { version = "{version}-x" } } }, "has version = \"1.1.0\""),
        ["a required field is missing"] = Back((rig, _) => rig.Plan["files"] = new[] { new { path = "service.json", json = new { licence = "MIT" } } }, "'licence'"),
        ["a build command fails"] = Back((rig, _) => rig.Plan["build"] = new[] { new[] { "git", "no-such-verb" } }, "BuildFailed"),
        ["a build command is missing"] = Back((rig, _) => rig.Plan["build"] = new[] { new[] { "no-such-tool" } }, "ToolMissing"),
        ["a build command takes too long"] = Back((rig, _) => rig.Plan["build"] = new[] { new { run = new[] { "sleep", "30" }, timeout = "100ms" } }, "CommandTimedOut"),
        ["the second build command fails"] = Back((rig, _) => rig.Plan["build"] = new[] { new[] { "git", "--version" }, ["false"] }, "BuildFailed"),
        ["the disk is full at the backup"] = Back((rig, _) => rig.WithDatabase(20).Disk(new FullDisk("000002.db")), "DiskFull"),
        ["the disk is full at the release's description"] = Back((rig, _) => rig.Disk(new FullDisk("release.json")), "DiskFull"),

        // Taken back after the service was touched.
        ["the disk is full at the switch"] = Back((rig, _) => rig.Disk(new FullDisk("current")), "DiskFull"),
        ["the service can't be stopped"] = Back((_, host) => host.FailOnce("stop", "StopFailed"), "StopFailed"),
        ["the start command can't be started"] = Back((_, host) => host.FailOnce("start 000002-1.1.0", "StartFailed"), "StartFailed"),
        ["the service exits"] = Fails("ServiceExited", ("start", "exit")),
        ["health is refused"] = Fails("Unhealthy", ("health", "refused")),
        ["health answers 404"] = Fails("Unhealthy", ("health_status", 404)),
        ["health answers 503"] = Fails("Unhealthy", ("health_status", 503)),
        ["health is a page"] = Fails("Unhealthy", ("health", "<!doctype html>")),
        ["health is empty"] = Fails("Unhealthy", ("health", "{}")),
        ["health is cut"] = Fails("Unhealthy", ("health", "{\"status\":\"healthy\"")),
        ["health has a field twice"] = Fails("Unhealthy", ("health", "{\"status\":\"no\",\"status\":\"healthy\",\"version\":\"1.1.0\"}")),
        ["health lacks the status"] = Fails("the field is missing", ("health", "{\"version\":\"1.1.0\"}")),
        ["health's status is a Boolean"] = Fails("a string was expected and a Boolean was seen", ("health", "{\"status\":true,\"version\":\"1.1.0\"}")),
        ["health is degraded"] = Fails("status: \"degraded\"", ("health", "{\"status\":\"degraded\",\"version\":\"1.1.0\"}")),
        ["health names no version"] = Fails("version: nothing seen", ("health", "{\"status\":\"healthy\"}")),
        ["health's version is a number"] = Fails("VersionMismatch", ("health", "{\"status\":\"healthy\",\"version\":1.1}")),
        ["health names the old version"] = Fails("VersionMismatch", ("says", "1.0.0")),
        ["health names another process"] = Fails("process.id: 1", ("pid", 1)),
        ["a stranger took the port"] = Back((_, host) => host.StrangerAt("start 000002-1.1.0", "stop"), "StrangerAnswers"),
        ["the journey fails"] = Fails("SmokeFailed", ("journey", "fail")),
        ["the journey is inconclusive"] = Fails("SmokeInconclusive", ("journey", "inconclusive")),
        ["the journey can't be made"] = Fails("SmokeInconclusive", ("journey", "error")),
        ["the journey breaks"] = Fails("StepFailed", ("journey", "throws")),
    };

    private static Situation Refused(Action<Rig, FakeHost> arrange, string reason, bool begins = true) =>
        new(arrange, DeploymentOutcome.Refused, reason, begins);

    private static Situation Back(Action<Rig, FakeHost> arrange, string reason) => new(arrange, DeploymentOutcome.RolledBack, reason);

    private static Situation Fails(string reason, params (string Name, object Value)[] settings) =>
        Back((rig, _) => rig.Version("1.1.0", settings), reason);

    private static byte[] Zip(params string[] names) => Zip(link: false, names);

    private static byte[] Zip(bool link, params string[] names)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var name in names)
            {
                var entry = archive.CreateEntry(name);
                if (link) entry.ExternalAttributes = unchecked((int)0xA1FF0000);
                using var stream = entry.Open();
                stream.Write("{}"u8);
            }
        }

        return bytes.ToArray();
    }

    /// <summary>A disk that is full when a file of some name is written.</summary>
    private sealed class FullDisk(string name) : UnflushedDisk
    {
        public override void Write(string path, ReadOnlySpan<byte> content)
        {
            Refuse(path);
            base.Write(path, content);
        }

        public override void Append(string path, long offset, ReadOnlySpan<byte> content)
        {
            Refuse(path);
            base.Append(path, offset, content);
        }

        public override void Switch(string link, string target)
        {
            // Back to the old release needs no more room than there was.
            if (target.Contains("1.1.0", StringComparison.Ordinal)) Refuse(link);
            base.Switch(link, target);
        }

        public override void Flush(string folder)
        {
            if (name.EndsWith(".db", StringComparison.Ordinal) && folder.EndsWith("backups", StringComparison.Ordinal)) throw Full();
        }

        private void Refuse(string path)
        {
            if (Path.GetFileName(path) == name) throw Full();
        }

        private static IOException Full() => new("No space left on device", 28);
    }

    private sealed class NetworkDisk : UnflushedDisk
    {
        public override string? NetworkFileSystem(string path) => "nfs4";
    }
}
