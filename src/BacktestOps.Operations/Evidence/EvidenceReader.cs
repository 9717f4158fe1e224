using System.Collections;
using System.Text.Json;
using BacktestOps.Contracts;

namespace BacktestOps.Operations.Evidence;

/// <summary>Reads a ledger's records for people and scripts.</summary>
public static class EvidenceReader
{
    /// <summary>The records that a filter admits, in their order.</summary>
    /// <param name="path">The ledger.</param>
    /// <param name="filter">Which.</param>
    /// <exception cref="EvidenceException">The ledger is not there or can't be read.</exception>
    public static IEnumerable<DeploymentEvidence> Read(string path, EvidenceFilter filter)
    {
        foreach (var line in LedgerFile.Lines(Bytes(path)))
        {
            if (line.IsEnded && LedgerLine.TryRead(line.Bytes.Span, out var record, out var hash, out _) && filter.Admits(record!)) yield return Of(record!, hash);
        }
    }

    /// <summary>The bytes of a ledger.</summary>
    /// <param name="path">The ledger.</param>
    /// <exception cref="EvidenceException">The ledger is not there or can't be read.</exception>
    public static byte[] Bytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new EvidenceException(
                "LedgerNotFound", $"There is no ledger '{path}'.", "Name the plan whose deployments wrote it, or the ledger.jsonl of its evidence folder.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EvidenceException(
                "LedgerNotReadable", $"The ledger '{path}' could not be read: {error.Message}", "Name a ledger.jsonl that this account can read.", error);
        }
    }

    private static DeploymentEvidence Of(EvidenceRecord record, string hash) => new()
    {
        Sequence = record.Sequence,
        At = record.At,
        Kind = record.Kind,
        Subject = record.Subject,
        Deployment = record.Deployment,
        Expected = record.Expected,
        Observed = record.Observed,
        Verdict = record.Verdict,
        Detail = record.Detail,
        Window = TimeSpan.FromSeconds(record.WindowSeconds),
        Samples = record.Samples,
        Data = record.Data is { ValueKind: JsonValueKind.Object } data ? (IDictionary)Value(data)! : null,
        Artifacts = record.Artifacts,
        Hash = hash,
    };

    /// <summary>JSON as a script takes it: members by name in their order, lists, texts, whole numbers and others.</summary>
    private static object? Value(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                // Its members answer to a dot.
                var members = new ReadableTable();
                foreach (var member in element.EnumerateObject()) members[member.Name] = Value(member.Value);
                return members;
            case JsonValueKind.Array:
                return element.EnumerateArray().Select(Value).ToArray();
            case JsonValueKind.String:
                return element.GetString();
            case JsonValueKind.Number:
                return element.TryGetInt64(out var whole) ? (object)whole : element.GetDouble();
            case JsonValueKind.True or JsonValueKind.False:
                return element.ValueKind == JsonValueKind.True;
            default:
                return null;
        }
    }
}
