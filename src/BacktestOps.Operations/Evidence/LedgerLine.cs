using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace BacktestOps.Operations.Evidence;

/// <summary>
/// A record as a line: its JSON, and as the last member the SHA-256 of all bytes before that member. The JSON names the hash
/// of the line before, so a line can't be changed, taken out or moved without the ones after it showing it.
/// </summary>
internal static class LedgerLine
{
    public const string NoHash = "0000000000000000000000000000000000000000000000000000000000000000";

    private static readonly byte[] Member = ",\"hash\":\""u8.ToArray();
    private static readonly byte[] End = "\"}"u8.ToArray();

    /// <summary>Writes a record.</summary>
    public static byte[] Write(EvidenceRecord record, out string hash)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(record, EvidenceJson.Default.EvidenceRecord);
        var body = json.AsSpan(0, json.Length - 1);
        hash = Convert.ToHexStringLower(SHA256.HashData(body));
        return [.. body, .. Member, .. Encoding.ASCII.GetBytes(hash), .. End, (byte)'\n'];
    }

    /// <summary>Reads a line without its line break.</summary>
    /// <param name="line">The line.</param>
    /// <param name="record">The record, when it is one.</param>
    /// <param name="hash">The hash that the line gives itself.</param>
    /// <param name="isWhole">True when that hash is the hash of the rest.</param>
    public static bool TryRead(ReadOnlySpan<byte> line, out EvidenceRecord? record, out string hash, out bool isWhole)
    {
        (record, hash, isWhole) = (null, "", false);
        var tail = Member.Length + NoHash.Length + End.Length;
        if (line.Length <= tail || !line.EndsWith(End) || !line[^tail..].StartsWith(Member)) return false;
        var body = line[..^tail];
        try
        {
            record = JsonSerializer.Deserialize([.. body, (byte)'}'], EvidenceJson.Default.EvidenceRecord);
        }
        catch (JsonException)
        {
            return false;
        }

        hash = Encoding.ASCII.GetString(line.Slice(body.Length + Member.Length, NoHash.Length));
        isWhole = hash == Convert.ToHexStringLower(SHA256.HashData(body));
        return record is not null;
    }
}
