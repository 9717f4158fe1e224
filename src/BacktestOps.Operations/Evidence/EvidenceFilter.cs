using BacktestOps.Contracts;

namespace BacktestOps.Operations.Evidence;

/// <summary>Which records of a ledger are wanted; what is empty or null asks for nothing.</summary>
public sealed record EvidenceFilter
{
    /// <summary>Of these kinds; <c>*</c> stands for any letters.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = [];

    /// <summary>Of these deployments.</summary>
    public IReadOnlyList<int> Deployments { get; init; } = [];

    /// <summary>With these verdicts.</summary>
    public IReadOnlyList<Verdict> Verdicts { get; init; } = [];

    /// <summary>With these numbers.</summary>
    public IReadOnlyList<int> Sequences { get; init; } = [];

    /// <summary>Seen at this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Seen before this time.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>True for a record that is wanted.</summary>
    /// <param name="record">The record.</param>
    public bool Admits(EvidenceRecord record) =>
        (Kinds.Count == 0 || Kinds.Any(kind => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(kind, record.Kind)))
        && (Deployments.Count == 0 || (record.Deployment is { } deployment && Deployments.Contains(deployment)))
        && (Verdicts.Count == 0 || Verdicts.Contains(record.Verdict))
        && (Sequences.Count == 0 || Sequences.Contains(record.Sequence))
        && (Since is null || record.At >= Since)
        && (Before is null || record.At < Before);
}
