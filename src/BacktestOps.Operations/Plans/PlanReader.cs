using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace BacktestOps.Operations.Plans;

/// <summary>Reads plan files.</summary>
public static partial class PlanReader
{
    private const long SizeLimit = 1 << 20;

    /// <summary>Reads a plan file. Relative paths of the file are relative to the folder that it is in.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="PlanNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidPlanException">It has faults; every one is named.</exception>
    public static DeploymentPlan Read(string file)
    {
        file = Path.GetFullPath(file);
        try
        {
            if (new FileInfo(file).Length > SizeLimit)
                throw new InvalidPlanException(file, [new PlanFault(1, "", $"it is longer than {SizeLimit} bytes, which no plan is")]);
            return Read(File.ReadAllBytes(file), file);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new PlanNotFoundException(file, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidPlanException(file, [new PlanFault(1, "", $"it can't be read: {error.Message}")], error);
        }
    }

    /// <summary>Reads the bytes of a plan file.</summary>
    /// <param name="utf8">The bytes.</param>
    /// <param name="file">The file that they are of, absolute.</param>
    /// <exception cref="InvalidPlanException">It has faults; every one is named.</exception>
    public static DeploymentPlan Read(byte[] utf8, string file)
    {
        PlanNode root;
        try
        {
            root = PlanNode.Parse(utf8);
        }
        catch (JsonException error)
        {
            throw new InvalidPlanException(file, [new PlanFault((int)(error.LineNumber ?? 0) + 1, "", $"it is not JSON: {Brief(error)}")], error);
        }
        catch (InvalidOperationException error)
        {
            throw new InvalidPlanException(file, [new PlanFault(1, "", "it is not UTF-8 text", "save it as UTF-8")], error);
        }

        var faults = new List<PlanFault>();
        var plan = new PlanFile(new PlanObject(root, faults), file, Convert.ToHexStringLower(SHA256.HashData(utf8))).Read();
        return faults.Count == 0 ? plan! : throw new InvalidPlanException(file, [.. faults.OrderBy(fault => fault.Line)]);
    }

    /// <summary>A value of a plan with its placeholders filled in.</summary>
    internal static string Fill(string text, string version, string? releaseFolder = null)
    {
        var filled = text.Replace("{version}", version, StringComparison.Ordinal);
        return releaseFolder is null ? filled : filled.Replace("{release}", releaseFolder, StringComparison.Ordinal);
    }

    /// <summary>A version that can be part of a tag and of a folder's name.</summary>
    internal static bool IsVersion(string text) => VersionPattern().IsMatch(text) && !text.Contains("..", StringComparison.Ordinal);

    private static string Brief(JsonException error) => error.Message.Split(" LineNumber:")[0];

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex VersionPattern();

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,62}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();

    /// <summary>One reading of one file.</summary>
    private sealed class PlanFile(PlanObject top, string file, string digest)
    {
        private readonly string _folder = Path.GetDirectoryName(file)!;

        public DeploymentPlan? Read()
        {
            top.Find("$schema");
            var name = top.Text("name", required: true, "\"backtest-service\"");
            if (name is not null && !NamePattern().IsMatch(name))
                top.Fault("name", $"'{name}' is no name", "lower case letters, digits and '-', 63 at most");
            var root = Absolute(top.Text("root", required: true, "\"/srv/backtest\""));
            if (root is not null && Path.GetPathRoot(root) == root) top.Fault("root", "the root of a file system can't be a deployment's root");
            var source = top.Object("source", required: true, "{ \"git\": \"…\" }") is { } from ? ReadSource(from) : null;
            var sections = new PlanSections(Absolute);
            var service = top.Object("service", required: true) is { } serviceObject ? sections.Service(serviceObject) : null;
            var health = top.Object("health", required: true) is { } healthObject ? PlanSections.Health(healthObject) : null;
            var plan = new DeploymentPlan
            {
                FilePath = file,
                Digest = digest,
                Name = name ?? "",
                Root = root ?? "",
                Source = source ?? new SourcePlan(null, "", null, new Dictionary<string, string>()),
                Build = [.. top.Items("build").Select(node => PlanSections.Build(top, node)).OfType<BuildCommand>()],
                Files = [.. top.Items("files").Select(node => PlanSections.File(top, node)).OfType<RequiredFile>()],
                Shared = ReadShared(),
                Service = service ?? new ServicePlan { Port = 0, Address = new Uri("http://127.0.0.1") },
                Database = top.Object("database") is { } database ? sections.Database(database) : null,
                Health = health ?? new HealthPlan(),
                Smoke = ReadSmoke(),
                Watch = top.Object("watch") is { } watch ? WatchSection.Watch(watch, Absolute) : new WatchPlan(),
                Rollback = top.Object("rollback") is { } rollback ? WatchSection.Rollback(rollback) : new CriteriaPlan(),
                Requirements = top.Object("requirements") is { } requirements ? PlanSections.Requirements(requirements) : new Requirements(),
                Feedback = top.Object("feedback") is { } feedback ? new FeedbackSection(Absolute).Read(feedback) : null,
                Notifications = NotificationSection.Read(top),
                FollowUp = FollowUpSection.Read(top),
                Checklist = top.Object("checklist") is { } checklist ? ChecklistSection.Read(checklist) : new ChecklistPlan(),
                Keep = (int)(top.Whole("keep", 1, 1000) ?? 5),
            };
            top.Close();
            return plan;
        }

        private string? Absolute(string? path) => path is null ? null : Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, _folder));

        private SourcePlan ReadSource(PlanObject source)
        {
            var git = source.Text("git");
            var tag = source.Text("tag") ?? "v{version}";
            var zip = source.Text("zip");
            var digests = source.Map("sha256");
            if (git is null && zip is null) source.Fault(source.Path.Length > 0 ? "git" : "", "neither 'git' nor 'zip' says where releases come from");
            if (git is not null && zip is not null) source.Fault("zip", "both 'git' and 'zip' stand here", "keep one");
            if (!tag.Contains("{version}", StringComparison.Ordinal)) source.Fault("tag", $"'{tag}' does not contain {{version}}", "for example \"v{version}\"");
            if (zip is not null && !zip.Contains("{version}", StringComparison.Ordinal))
                source.Fault("zip", $"'{zip}' does not contain {{version}}", "for example \"builds/backtest-{version}.zip\"");
            if (zip is not null && digests.Count == 0)
                source.Fault("sha256", "no archive has its SHA-256", "for example \"sha256\": { \"2.0.2\": \"64 hex digits\" }");
            foreach (var (version, text) in digests)
            {
                if (text.Length != 64 || !text.All(char.IsAsciiHexDigit))
                    source.Fault("sha256", $"the digest of '{version}' is not 64 hex digits");
            }

            // A path without a scheme or a host is a folder of this machine, and relative to the plan like any other.
            var isLocal = git is not null && !git.Contains("://", StringComparison.Ordinal) && !Regex.IsMatch(git, @"^[^/\\]{2,}:");
            source.Close();
            return new SourcePlan(isLocal ? Absolute(git) : git, tag, Absolute(zip), digests);
        }

        private List<string> ReadShared()
        {
            var shared = new List<string>();
            foreach (var path in top.Texts("shared").Select(path => path.TrimEnd('/')))
            {
                if (!PlanSections.IsInside(path)) top.Fault("shared", $"'{path}' does not lie in a release", "a relative path without '..'");
                else if (shared.Any(other => Overlap(other, path))) top.Fault("shared", $"'{path}' lies in, or holds, another shared path");
                else shared.Add(path);
            }

            return shared;
        }

        private static bool Overlap(string left, string right) =>
            $"{left}/".StartsWith($"{right}/", StringComparison.Ordinal) || $"{right}/".StartsWith($"{left}/", StringComparison.Ordinal);

        private SmokeSettings? ReadSmoke()
        {
            var node = top.Find("smoke", required: true, "{ \"start\": { \"symbols\": [ \"SP500\" ] } }, or false where there is no journey");
            if (node is null || node.Kind == JsonValueKind.False) return null;
            return SmokeSection.Read(top.Object("smoke")!);
        }
    }
}
