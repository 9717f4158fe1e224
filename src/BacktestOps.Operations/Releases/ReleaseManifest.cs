using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using BacktestOps.Operations.Files;

namespace BacktestOps.Operations.Releases;

/// <summary>A file of a release.</summary>
/// <param name="Path">Relative to the release, with slashes.</param>
/// <param name="Size">Its size, in bytes.</param>
/// <param name="Sha256">Its digest, hex.</param>
internal sealed record ReleaseFile(string Path, long Size, string Sha256);

/// <summary>A symbolic link of a release.</summary>
/// <param name="Path">Relative to the release, with slashes.</param>
/// <param name="Target">Where it points, as it is written.</param>
internal sealed record ReleaseLink(string Path, string Target);

/// <summary>
/// What a release is made of: its <c>release.json</c>. It is written last, in one step, after everything else is on the disk,
/// so a folder without it is no release.
/// </summary>
internal sealed record ReleaseManifest
{
    public const string FileName = "release.json";

    public required string Release { get; init; }

    public required string Name { get; init; }

    public required string Version { get; init; }

    /// <summary>The commit id, or <c>sha256:</c> and the archive's digest.</summary>
    public required string Revision { get; init; }

    public required string Source { get; init; }

    public required DateTimeOffset MadeAt { get; init; }

    public required IReadOnlyList<ReleaseFile> Files { get; init; }

    public required IReadOnlyList<ReleaseLink> Links { get; init; }

    /// <summary>Reads the manifest of a release folder; null when there is none that can be read.</summary>
    public static ReleaseManifest? Read(string folder)
    {
        try
        {
            var path = Path.Combine(folder, FileName);
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), ReleaseManifestJson.Default.ReleaseManifest) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public void Write(string folder, IDisk disk)
    {
        disk.Flush(folder);
        disk.Write(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this, ReleaseManifestJson.Default.ReleaseManifest));
    }

    /// <summary>Every file and link of a release folder; links are not followed, so what is shared is not part of it.</summary>
    public static (IReadOnlyList<ReleaseFile> Files, IReadOnlyList<ReleaseLink> Links) Scan(string folder)
    {
        var (files, links) = (new List<ReleaseFile>(), new List<ReleaseLink>());
        Scan(new DirectoryInfo(folder), folder, files, links);
        return ([.. files.OrderBy(file => file.Path, StringComparer.Ordinal)], [.. links.OrderBy(link => link.Path, StringComparer.Ordinal)]);
    }

    /// <summary>What of the release is not as it was made; files that were added are not looked at (programs leave caches).</summary>
    /// <param name="folder">The release folder.</param>
    /// <returns>One entry a difference; none when it is as it was made.</returns>
    public IReadOnlyList<string> FindDifferences(string folder)
    {
        var differences = new List<string>();
        foreach (var file in Files)
        {
            var path = Path.Combine(folder, file.Path);
            var found = new FileInfo(path);
            if (!found.Exists) differences.Add($"{file.Path} is gone");
            else if (found.Length != file.Size || Digest(path) != file.Sha256) differences.Add($"{file.Path} was changed");
        }

        foreach (var link in Links)
        {
            if (new FileInfo(Path.Combine(folder, link.Path)).LinkTarget != link.Target) differences.Add($"the link {link.Path} was changed");
        }

        return differences;
    }

    public static string Digest(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static void Scan(DirectoryInfo folder, string root, List<ReleaseFile> files, List<ReleaseLink> links)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            var path = Path.GetRelativePath(root, entry.FullName).Replace(Path.DirectorySeparatorChar, '/');
            if (path == FileName) continue;
            if (entry.LinkTarget is { } target) links.Add(new ReleaseLink(path, target));
            else if (entry is DirectoryInfo inner) Scan(inner, root, files, links);
            else files.Add(new ReleaseFile(path, ((FileInfo)entry).Length, Digest(entry.FullName)));
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(ReleaseManifest))]
internal sealed partial class ReleaseManifestJson : JsonSerializerContext;
