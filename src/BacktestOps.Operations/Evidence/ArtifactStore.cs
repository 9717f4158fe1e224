using System.Security.Cryptography;
using BacktestOps.Contracts;
using BacktestOps.Operations.Commands;

namespace BacktestOps.Operations.Evidence;

/// <summary>
/// A folder of evidence in which every file is named by the SHA-256 of its content: <c>ab/abcd…</c>. What is in it is
/// never overwritten, and is held against its name whenever it is read.
/// </summary>
/// <remarks>Several processes may write to one folder at once: the same content is the same file.</remarks>
public sealed class ArtifactStore
{
    private const int DigestLength = 64;

    private readonly Redactor _redactor;

    /// <summary>Names the folder; it is made when the first artifact is kept.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="redactor">Takes secrets out of the texts that are kept; null where there are none.</param>
    public ArtifactStore(string folder, Redactor? redactor = null) => (Folder, _redactor) = (Path.GetFullPath(folder), redactor ?? Redactor.None);

    /// <summary>The folder's full path.</summary>
    public string Folder { get; }

    /// <summary>Keeps content. When this returns, the content is on the disk under its name.</summary>
    /// <param name="name">What it is, for people.</param>
    /// <param name="mediaType">Its media type.</param>
    /// <param name="content">The bytes.</param>
    /// <exception cref="ArtifactStoreException">It could not be written, or other bytes stand under its name.</exception>
    public Artifact Put(string name, string mediaType, ReadOnlySpan<byte> content)
    {
        // Bytes that are no text hold no secret that could be read in them, and would be broken.
        if (!_redactor.IsEmpty && !IsBinary(mediaType)) content = _redactor.Redact(content);
        var artifact = new Artifact(_redactor.Redact(name), Convert.ToHexStringLower(SHA256.HashData(content)), mediaType, content.Length);
        var path = PathOf(artifact.Digest);
        try
        {
            if (!File.Exists(path)) Write(path, content);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ArtifactStoreException(
                $"'{name}' ({content.Length} bytes) could not be kept in {Folder}: {error.Message}",
                "Free space there, or name a folder that this account can write to.", error);
        }

        // Evidence that only seems to be kept is worse than none.
        Read(artifact.Digest);
        return artifact;
    }

    /// <summary>Reads what was kept.</summary>
    /// <param name="digest">SHA-256, lower-case hex.</param>
    /// <exception cref="ArtifactStoreException">There is none, it can't be read, or its bytes are not those that were kept.</exception>
    public byte[] Read(string digest)
    {
        var path = PathOf(digest);
        byte[] content;
        try
        {
            content = File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ArtifactStoreException(
                $"The artifact {digest} could not be read: {error.Message}",
                "See whether the evidence folder was moved or cleaned; what is gone can't be made again.", error);
        }

        return Convert.ToHexStringLower(SHA256.HashData(content)) == digest
            ? content
            : throw new ArtifactStoreException(
                $"{path} does not hold the bytes that were kept under this name: it was changed, or the disk is failing.",
                "Treat what rests on it as not proven; keep the file for an inquiry and check the disk.");
    }

    /// <summary>True when something stands under this digest; only reading it says whether it is whole.</summary>
    /// <param name="digest">SHA-256, lower-case hex.</param>
    public bool Contains(string digest) => File.Exists(PathOf(digest));

    /// <summary>Where an artifact lies.</summary>
    /// <param name="digest">SHA-256, lower-case hex.</param>
    /// <exception cref="ArgumentException">It is no digest.</exception>
    public string PathOf(string digest)
    {
        // The digest becomes part of a path, so nothing else may pass for one.
        if (digest.Length != DigestLength || !digest.All(char.IsAsciiHexDigitLower))
            throw new ArgumentException($"'{digest}' is no SHA-256 in lower-case hex.", nameof(digest));
        return Path.Combine(Folder, digest[..2], digest);
    }

    private static bool IsBinary(string mediaType) =>
        (mediaType.StartsWith("image/", StringComparison.OrdinalIgnoreCase) && !mediaType.Contains("svg", StringComparison.OrdinalIgnoreCase))
        || mediaType is "application/zip" or "application/gzip";

    private static void Write(string path, ReadOnlySpan<byte> content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another writer kept the same content first; the caller reads it back.
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}

/// <summary>Evidence could not be kept, or is not what was kept.</summary>
/// <param name="message">What was wrong and where.</param>
/// <param name="recommendedAction">What to do next.</param>
/// <param name="innerException">What caused it.</param>
public sealed class ArtifactStoreException(string message, string recommendedAction, Exception? innerException = null)
    : BacktestOpsException("ArtifactStoreFailed", message, recommendedAction, innerException);
