using System.Security.Cryptography;
using System.Text;
using BacktestOps.Operations.Files;

namespace BacktestOps.Operations.Evidence;

/// <summary>The keys that heads of a ledger are signed and verified with: ECDSA in PEM files, as openssl writes them.</summary>
public static class SigningKey
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Reads a private key.</summary>
    /// <param name="path">A PEM file that nobody else can read.</param>
    /// <param name="password">What it is encrypted with; null for nothing.</param>
    /// <exception cref="EvidenceException">It is not there, others can read it, or it is no such key.</exception>
    public static ECDsa Read(string path, string? password)
    {
        var text = Text(path);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0)
            throw new EvidenceException(
                "KeyNotPrivate", $"Others than its owner can use the key '{path}', so a signature with it proves nothing about who signed.", $"chmod 600 '{path}', or make a new key when it may have been copied.");
        return Import(path, text, key =>
        {
            if (password is null) key.ImportFromPem(text);
            else key.ImportFromEncryptedPem(text, password);
        });
    }

    /// <summary>Reads a public key.</summary>
    /// <param name="path">A PEM file.</param>
    /// <exception cref="EvidenceException">It is not there, or it is no such key.</exception>
    public static ECDsa ReadPublic(string path)
    {
        var text = Text(path);
        return Import(path, text, key => key.ImportFromPem(text));
    }

    /// <summary>Makes a key on the curve P-256: the private one where it is wanted, the public one beside it with <c>.pub</c>.</summary>
    /// <param name="path">The private key's file, which must not be there.</param>
    /// <param name="password">What to encrypt it with; null for nothing.</param>
    /// <exception cref="EvidenceException">A file is there already, or none could be written.</exception>
    public static void Create(string path, string? password)
    {
        if (File.Exists(path) || File.Exists(path + ".pub"))
            throw new EvidenceException("KeyExists", $"There is a key '{path}' already, and what was signed with it could not be told apart from what is signed with another.", "Name another file, or leave -NewKey out to sign with the key that is there.");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var text = password is null
            ? key.ExportPkcs8PrivateKeyPem()
            : key.ExportEncryptedPkcs8PrivateKeyPem(password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 600_000));
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
            // Private from its first byte on, not after it was written.
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var file = new FileStream(path, options))
            {
                file.Write(Encoding.ASCII.GetBytes(text + "\n"));
                file.Flush(flushToDisk: true);
            }

            new LocalDisk().Write(path + ".pub", Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem() + "\n"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EvidenceException("KeyNotWritten", $"The key could not be written to '{path}': {error.Message}", "Name a file in a folder that this account can write to.", error);
        }
    }

    private static string Text(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EvidenceException(
                "KeyNotReadable", $"The key '{path}' could not be read: {error.Message}", "Name a PEM file that this account can read; -NewKey makes one, and 'openssl ecparam -name prime256v1 -genkey -noout' too.", error);
        }
    }

    private static ECDsa Import(string path, string text, Action<ECDsa> import)
    {
        var key = ECDsa.Create();
        try
        {
            import(key);
            return key;
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw new EvidenceException(
                "KeyInvalid",
                text.Contains("ENCRYPTED", StringComparison.Ordinal) ? $"The key '{path}' could not be decrypted: no password, or not its password." : $"'{path}' has no ECDSA key in PEM: {error.Message}",
                "Give the key's password, or a PEM file with an ECDSA key.", error);
        }
    }
}
