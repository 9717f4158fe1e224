using System.Collections;
using System.Globalization;
using System.Text.Json.Serialization;

namespace BacktestOps.Contracts;

/// <summary>One record of a deployment's ledger of evidence.</summary>
public sealed record DeploymentEvidence
{
    /// <summary>Its number in the ledger, from 1: what a report names as <c>evidence #12</c>.</summary>
    public required int Sequence { get; init; }

    /// <summary>When it was seen, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The kind of evidence: <c>preflight</c>, <c>smoke</c>, <c>watch</c>, <c>deployment</c>, <c>approval</c> …</summary>
    public required string Kind { get; init; }

    /// <summary>What it is about.</summary>
    public required string Subject { get; init; }

    /// <summary>The deployment that it belongs to; null for none.</summary>
    public int? Deployment { get; init; }

    /// <summary>What was expected.</summary>
    public required string Expected { get; init; }

    /// <summary>What was seen; null when nothing was.</summary>
    public string? Observed { get; init; }

    /// <summary>What it concludes.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Why, where expected and observed do not say it all.</summary>
    public string? Detail { get; init; }

    /// <summary>From the first sample to the end of the last.</summary>
    public TimeSpan Window { get; init; }

    /// <summary>How many samples it rests on.</summary>
    public int Samples { get; init; }

    /// <summary>What was seen, for programs: members by name, lists and values within; null where the kind has none.</summary>
    public IDictionary? Data { get; init; }

    /// <summary>The SHA-256 of what was kept: bytes, headers, screenshots.</summary>
    public IReadOnlyList<string> Artifacts { get; init => field = ReadableList.Of(value); } = ReadableList.Of<string>([]);

    /// <summary>The record's own hash: with its number, a head that can be noted elsewhere.</summary>
    public required string Hash { get; init; }
}

/// <summary>Where a ledger ends: noted elsewhere, it shows later that nothing before it was changed and nothing was cut off.</summary>
/// <param name="Sequence">The last record's number; 0 for an empty ledger.</param>
/// <param name="Hash">Its hash.</param>
public sealed record LedgerHead(int Sequence, string Hash)
{
    private const int HashLength = 64;

    /// <summary>Reads a head as <see cref="ToString"/> writes it.</summary>
    /// <param name="text"><c>458:4b22…</c>, the record's number and its hash.</param>
    /// <exception cref="FormatException">It is no head.</exception>
    public static LedgerHead Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Trim().Split(':');
        if (parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) && sequence > 0
            && parts[1].Length == HashLength && parts[1].All(char.IsAsciiHexDigitLower))
            return new LedgerHead(sequence, parts[1]);
        throw new FormatException($"'{text}' is no head of a ledger: write the record's number, a colon and its hash in 64 small hex digits, as Test-DeploymentEvidence shows it.");
    }

    /// <summary>The number, a colon, the hash.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Sequence}:{Hash}");
}

/// <summary>What is wrong with a ledger.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<LedgerFaultKind>))]
public enum LedgerFaultKind : long
{
    /// <summary>A record's content is not what was written.</summary>
    Edited,

    /// <summary>Records are missing between two others, or before the first.</summary>
    Removed,

    /// <summary>A record stands at another place than it was written.</summary>
    Reordered,

    /// <summary>The ledger ends before the head that was noted.</summary>
    TailCut,

    /// <summary>A line is no record.</summary>
    Unreadable,

    /// <summary>The last line was torn by a crash while it was written. Nothing before it is in doubt.</summary>
    Torn,

    /// <summary>What a record says was kept is not there any more.</summary>
    ArtifactMissing,

    /// <summary>What a record says was kept is not what lies there.</summary>
    ArtifactChanged,

    /// <summary>A signature is not that of the head beside it by the key that was given.</summary>
    SignatureInvalid,
}

/// <summary>One fault of a ledger.</summary>
/// <param name="Line">The line, 1-based.</param>
/// <param name="Kind">What is wrong.</param>
/// <param name="Detail">For people.</param>
public sealed record LedgerFault(int Line, LedgerFaultKind Kind, string Detail);

/// <summary>Whether a ledger is as it was written.</summary>
public sealed record EvidenceVerification
{
    /// <summary>The ledger's file.</summary>
    public required string Path { get; init; }

    /// <summary>
    /// Pass: every record and everything that was kept is as it was written. Fail: something is not. Inconclusive: there is no
    /// record, or no signature where one was to be verified.
    /// </summary>
    public required Verdict Verdict { get; init; }

    /// <summary>How many records were read.</summary>
    public required int Records { get; init; }

    /// <summary>Where the ledger ends: note it elsewhere, and give it as -Head the next time.</summary>
    public required LedgerHead Head { get; init; }

    /// <summary>How many kept files were held against their digests.</summary>
    public int Artifacts { get; init; }

    /// <summary>The signed heads that the key that was given signed; those of no key where none was given are not among them.</summary>
    public IReadOnlyList<SignedHead> Signatures { get; init => field = ReadableList.Of(value); } = ReadableList.Of<SignedHead>([]);

    /// <summary>What is wrong, by line; empty for a ledger as it was written.</summary>
    public IReadOnlyList<LedgerFault> Faults { get; init => field = ReadableList.Of(value); } = ReadableList.Of<LedgerFault>([]);

    /// <summary>What this verification could not see; null when it could see everything.</summary>
    public string? Limits { get; init; }
}

/// <summary>A head of a ledger that somebody signed.</summary>
public sealed record SignedHead
{
    /// <summary>The ledger's file name.</summary>
    public required string Ledger { get; init; }

    /// <summary>The record's number.</summary>
    public required int Sequence { get; init; }

    /// <summary>The record's hash.</summary>
    public required string Hash { get; init; }

    /// <summary>When it was signed, UTC, by the signer's clock.</summary>
    public required DateTimeOffset SignedAt { get; init; }

    /// <summary>Who signed, as the signer's session says; the key is the proof.</summary>
    public required string Signer { get; init; }

    /// <summary>SHA-256 of the public key (SubjectPublicKeyInfo, DER), hex.</summary>
    public required string KeySha256 { get; init; }

    /// <summary>The file whose bytes are signed.</summary>
    [JsonIgnore]
    public string Path { get; init; } = "";

    /// <summary>The signature: ECDSA over the SHA-256 of that file, DER, as <c>openssl dgst -sha256 -verify</c> reads it.</summary>
    [JsonIgnore]
    public string SignaturePath { get; init; } = "";
}
