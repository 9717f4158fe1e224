using System.Text.Json;
using System.Text.Json.Serialization;
using BacktestOps.Contracts;

namespace BacktestOps.Operations.Evidence;

/// <summary>One fact that was seen, as the ledger keeps it.</summary>
public sealed record EvidenceRecord
{
    /// <summary>From 1, without gaps.</summary>
    public int Sequence { get; init; }

    /// <summary>When it was seen, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The kind of evidence: one of <see cref="EvidenceKind"/>, or the step of a deployment that saw it.</summary>
    public required string Kind { get; init; }

    /// <summary>What it is about: <c>HTTP status of http://127.0.0.1:3000/api/health</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>The deployment that it belongs to; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Deployment { get; init; }

    /// <summary>What was expected.</summary>
    public required string Expected { get; init; }

    /// <summary>What was seen; null when nothing was.</summary>
    public string? Observed { get; init; }

    /// <summary>What it concludes.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Why, where expected and observed do not say it all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Detail { get; init; }

    /// <summary>From the first sample to the end of the last, in seconds.</summary>
    public double WindowSeconds { get; init; }

    /// <summary>How many samples it rests on.</summary>
    public int Samples { get; init; }

    /// <summary>
    /// What was seen, for programs: one object whose members the kind gives. A figure of a report is computed from here,
    /// never parsed out of <see cref="Observed"/>.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Data { get; init; }

    /// <summary>The SHA-256 of what was kept: bytes, headers, screenshots.</summary>
    public IReadOnlyList<string> Artifacts { get; init; } = [];

    /// <summary>The hash of the record before; 64 zeros for the first.</summary>
    public string Previous { get; init; } = "";

    /// <summary>The evidence that a check gives.</summary>
    /// <param name="kind">The kind of evidence.</param>
    /// <param name="check">The check.</param>
    /// <param name="deployment">The deployment that it belongs to.</param>
    /// <param name="artifacts">The SHA-256 of what was kept; null for what the check names.</param>
    public static EvidenceRecord Of(string kind, CheckResult check, int? deployment = null, IReadOnlyList<string>? artifacts = null) => new()
    {
        At = check.ObservedAt,
        Kind = kind,
        Subject = $"{check.Name} of {check.Subject}",
        Deployment = deployment,
        Expected = check.Expected,
        Observed = check.Observed,
        Verdict = check.Verdict,
        Detail = check.Detail,
        WindowSeconds = check.Window.TotalSeconds,
        Samples = check.Samples,
        Artifacts = artifacts ?? [.. check.Artifacts.Select(artifact => artifact.Digest)],
    };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(EvidenceRecord))]
internal sealed partial class EvidenceJson : JsonSerializerContext;
