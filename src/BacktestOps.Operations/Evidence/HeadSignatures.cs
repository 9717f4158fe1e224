using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using BacktestOps.Contracts;
using BacktestOps.Operations.Files;

namespace BacktestOps.Operations.Evidence;

/// <summary>
/// Signed heads of a ledger. Each is a pair of files in <c>heads/</c> beside it: a line of JSON, and an ECDSA signature over
/// exactly those bytes (SHA-256, DER), so that <c>openssl dgst -sha256 -verify</c> can say the same without this module.
/// </summary>
public static class HeadSignatures
{
    private const string Folder = "heads";

    /// <summary>Signs the head that a ledger has now.</summary>
    /// <param name="path">The ledger.</param>
    /// <param name="key">The private key.</param>
    /// <param name="signer">Who signs, for the record.</param>
    /// <param name="clock">The clock.</param>
    /// <exception cref="EvidenceException">The ledger is damaged or empty, or the files could not be written.</exception>
    public static SignedHead Sign(string path, ECDsa key, string signer, TimeProvider clock)
    {
        var verified = Require(path);
        var head = new SignedHead
        {
            Ledger = Path.GetFileName(path),
            Sequence = verified.Head.Sequence,
            Hash = verified.Head.Hash,
            SignedAt = clock.GetUtcNow(),
            Signer = signer,
            KeySha256 = Fingerprint(key),
        };
        var name = string.Create(CultureInfo.InvariantCulture, $"{head.Sequence:D6}-{head.KeySha256[..12]}.json");
        head = head with { Path = Path.Combine(FolderOf(path), name), SignaturePath = Path.Combine(FolderOf(path), name + ".sig") };
        byte[] content = [.. JsonSerializer.SerializeToUtf8Bytes(head, SignedHeadJson.Default.SignedHead), (byte)'\n'];
        try
        {
            var disk = new LocalDisk();
            Directory.CreateDirectory(FolderOf(path));
            // The content last: a signature whose content is not there yet is nothing, and says nothing.
            disk.Write(head.SignaturePath, key.SignData(content, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
            disk.Write(head.Path, content);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EvidenceException("HeadNotWritten", $"The signed head could not be written to '{FolderOf(path)}': {error.Message}", "Free space there, or sign as the user who deploys.", error);
        }

        return head;
    }

    /// <summary>What a ledger is, if it can be signed: asked before anything is made for it.</summary>
    /// <param name="path">The ledger.</param>
    /// <exception cref="EvidenceException">The ledger is damaged or empty, or there is none.</exception>
    public static EvidenceVerification Require(string path)
    {
        var verified = LedgerAudit.Verify(path, new LedgerAuditRequest { SkipArtifacts = true });
        return verified.Verdict == Verdict.Pass ? verified : throw new EvidenceException(
            "LedgerNotWhole",
            verified.Records == 0 ? $"The ledger '{path}' has no record to sign." : $"The ledger '{path}' is not as it was written: line {verified.Faults[0].Line}, {verified.Faults[0].Detail}.",
            "Test-DeploymentEvidence names every fault; a signature would only cover it up.");
    }

    /// <summary>The heads that stand beside a ledger, whoever signed them, the oldest first.</summary>
    internal static IReadOnlyList<SignedHead> Read(string path)
    {
        if (!Directory.Exists(FolderOf(path))) return [];
        var heads = new List<SignedHead>();
        foreach (var file in Directory.EnumerateFiles(FolderOf(path), "*.json").Order(StringComparer.Ordinal))
        {
            try
            {
                if (JsonSerializer.Deserialize(File.ReadAllBytes(file), SignedHeadJson.Default.SignedHead) is { } head)
                    heads.Add(head with { Path = file, SignaturePath = file + ".sig" });
            }
            catch (UnauthorizedAccessException error)
            {
                throw new EvidenceException("EvidenceNotReadable", $"The signed head '{file}' can't be read: {error.Message}", "Let this account read it, or take a copy of the evidence folder.", error);
            }
            catch (JsonException)
            {
                // It vouches for nothing; where a signature is asked for, its absence is what is said.
            }
        }

        return [.. heads.OrderBy(head => head.Sequence)];
    }

    /// <summary>The heads that a key signed; a head that names this key and is not signed by it is a fault.</summary>
    internal static IReadOnlyList<SignedHead> Verify(IReadOnlyList<SignedHead> heads, string publicKey, List<LedgerFault> faults)
    {
        using var key = SigningKey.ReadPublic(publicKey);
        var fingerprint = Fingerprint(key);
        var signed = new List<SignedHead>();
        foreach (var head in heads.Where(head => head.KeySha256 == fingerprint))
        {
            if (IsSigned(head, key)) signed.Add(head);
            else faults.Add(new LedgerFault(head.Sequence, LedgerFaultKind.SignatureInvalid, $"'{head.Path}' is not what was signed with the key {fingerprint[..12]}…"));
        }

        return signed;
    }

    private static bool IsSigned(SignedHead head, ECDsa key)
    {
        try
        {
            return key.VerifyData(File.ReadAllBytes(head.Path), File.ReadAllBytes(head.SignaturePath), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return false;
        }
    }

    /// <summary>The folders beside a ledger that an audit of it reads.</summary>
    internal static IEnumerable<string> FoldersOf(string path, bool withArtifacts)
    {
        yield return FolderOf(path);
        if (withArtifacts) yield return Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, "artifacts");
    }

    private static string FolderOf(string path) => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, Folder);

    private static string Fingerprint(ECDsa key) => Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SignedHead))]
internal sealed partial class SignedHeadJson : JsonSerializerContext;
