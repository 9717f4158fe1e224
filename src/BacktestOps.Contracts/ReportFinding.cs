using System.Text.Json.Serialization;

namespace BacktestOps.Contracts;

/// <summary>What a finding says about a claim.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<FindingClass>))]
public enum FindingClass : long
{
    /// <summary>The document, or the ledger, shows the opposite.</summary>
    Contradicted,

    /// <summary>Nothing that is shown supports it.</summary>
    Unsupported,

    /// <summary>What is shown decides it neither way.</summary>
    Undecidable,

    /// <summary>It is said of something that had not happened yet.</summary>
    Premature,
}

/// <summary>How much a finding weighs.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<FindingSeverity>))]
public enum FindingSeverity : long
{
    /// <summary>The document can't be accepted with it.</summary>
    Error,

    /// <summary>Somebody should look at it before accepting the document.</summary>
    Warning,

    /// <summary>Worth knowing; it may well be right.</summary>
    Note,
}

/// <summary>One thing that an audit found in a report: the claim, the arithmetic, and what would settle it.</summary>
public sealed record ReportFinding
{
    /// <summary>The rule's id, stable: <c>duration-range</c>.</summary>
    public required string Rule { get; init; }

    /// <summary>What it says about the claim.</summary>
    public required FindingClass Class { get; init; }

    /// <summary>How much it weighs.</summary>
    public required FindingSeverity Severity { get; init; }

    /// <summary>The document, as the caller named it.</summary>
    public string Path { get; init; } = "";

    /// <summary>The line of the claim, 1-based.</summary>
    public required int Line { get; init; }

    /// <summary>Other lines that say the same or that the arithmetic rests on, ascending.</summary>
    public IReadOnlyList<int> OtherLines { get; init => field = ReadableList.Of(value); } = ReadableList.Of<int>([]);

    /// <summary>The claim, quoted.</summary>
    public required string Claim { get; init; }

    /// <summary>The arithmetic, or the reason, in words.</summary>
    public required string Arithmetic { get; init; }

    /// <summary>What would settle it.</summary>
    public required string Settles { get; init; }
}
