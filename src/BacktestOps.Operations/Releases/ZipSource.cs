using System.IO.Compression;
using System.Security.Cryptography;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Plans;

namespace BacktestOps.Operations.Releases;

/// <summary>Releases from zip archives whose SHA-256 the plan knows.</summary>
internal sealed class ZipSource(SourcePlan source) : IReleaseSource
{
    private const int LinkType = 0xA000;
    private const int TypeMask = 0xF000;

    /// <inheritdoc/>
    public string Name => source.Zip!;

    /// <inheritdoc/>
    public Task<string> ResolveAsync(string version, CancellationToken cancellationToken)
    {
        using var file = Open(version, out _);
        return Task.FromResult("sha256:" + Expected(version));
    }

    /// <inheritdoc/>
    public async Task FetchAsync(string version, string revision, string folder, CancellationToken cancellationToken)
    {
        // One open file from the digest to the last entry: nobody can change it between.
        using var file = Open(version, out var path);
        file.Position = 0;
        try
        {
            using var archive = new ZipArchive(file, ZipArchiveMode.Read);
            var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            foreach (var entry in archive.Entries)
            {
                Refuse(entry, names, path);
                var target = Path.Combine(folder, entry.FullName);
                if (entry.FullName.EndsWith('/'))
                {
                    Directory.CreateDirectory(target);
                    continue;
                }

                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                await ExtractAsync(entry, target, path, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (InvalidDataException error)
        {
            throw new DeploymentException("ArchiveInvalid", $"'{path}' is no whole zip archive: {error.Message}", "Build the archive again.", error);
        }
    }

    private string Expected(string version) => source.Digests.TryGetValue(version, out var digest)
        ? digest.ToLowerInvariant()
        : throw new DeploymentException(
            "DigestMissing", $"The plan has no SHA-256 for version '{version}'; it has those of {string.Join(", ", source.Digests.Keys)}.",
            "Add the digest that the archive's builder published to source.sha256.");

    private FileStream Open(string version, out string path)
    {
        var expected = Expected(version);
        path = PlanReader.Fill(source.Zip!, version);
        if (!File.Exists(path))
            throw new DeploymentException("ArchiveMissing", $"There is no archive '{path}'.", "Put it there, or correct source.zip of the plan.");
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        try
        {
            var digest = Convert.ToHexStringLower(SHA256.HashData(file));
            return digest == expected ? file : throw new DeploymentException(
                "DigestMismatch", $"The SHA-256 of '{path}' is {digest}, and the plan says {expected}.",
                "Get the archive again; change the plan only when its builder confirms the new digest.");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static void Refuse(ZipArchiveEntry entry, HashSet<string> names, string path)
    {
        var type = (entry.ExternalAttributes >> 16) & TypeMask;
        var why = !PlanSections.IsInside(entry.FullName) ? "would be written outside the release"
            : type == LinkType ? "is a link, which could lead outside the release"
            : !names.Add(entry.FullName.TrimEnd('/')) ? "is there twice"
            : null;
        if (why is not null)
            throw new DeploymentException("ArchiveUnsafe", $"The entry '{entry.FullName}' of '{path}' {why}.", "Build the archive again, without such entries.");
    }

    private static async Task ExtractAsync(ZipArchiveEntry entry, string target, string path, CancellationToken cancellationToken)
    {
        using (var from = await entry.OpenAsync(cancellationToken).ConfigureAwait(false))
        using (var to = new FileStream(target, FileMode.CreateNew, FileAccess.Write))
        {
            // The header says how long it is; one that goes on is made to fill disks.
            var buffer = new byte[81920];
            var left = entry.Length;
            int read;
            while ((read = await from.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                if ((left -= read) < 0)
                    throw new DeploymentException("ArchiveUnsafe", $"The entry '{entry.FullName}' of '{path}' is longer than it says.", "Build the archive again.");
                await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            }
        }

        var mode = (UnixFileMode)((entry.ExternalAttributes >> 16) & 0x1FF);
        if (!OperatingSystem.IsWindows() && mode.HasFlag(UnixFileMode.UserExecute))
            File.SetUnixFileMode(target, File.GetUnixFileMode(target) | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
    }
}
